import { analyse, type EncodingName } from 'chardet';
import { bomOf, decode, type Decoded, type TextEncoding } from './encodings.ts';

export interface Detected extends Decoded {
  encoding: TextEncoding;
  /** Bytes that are in no text: NUL and other controls. A person may still open it in an encoding they name. */
  binary: boolean;
}

/** What the detector calls them. */
const KNOWN: Partial<Record<EncodingName, readonly TextEncoding[]>> = {
  // GBK first: who writes GBK again for software that knows nothing newer is told when a character does not fit.
  GB18030: ['gbk', 'gb18030'],
  Big5: ['big5'],
  Shift_JIS: ['shift_jis'],
  'EUC-JP': ['euc-jp'],
  'EUC-KR': ['euc-kr'],
  'ISO-8859-1': ['latin1'],
  'windows-1252': ['windows-1252', 'latin1'],
  'windows-1251': ['windows-1251'],
};

/** Statistics need no more; they begin where the text stops being ASCII. */
const SAMPLE = 64 << 10;
/** Below this the detector guesses. */
const SURE = 50;

/** Strictly UTF-8, else by its byte order mark, else by what the bytes look like, and only what can be written back. */
export function detect(bytes: Uint8Array): Detected {
  const marked = bomOf(bytes);
  if (marked) return { encoding: marked, ...decode(bytes, marked), binary: false };
  const utf8 = decode(bytes, 'utf-8');
  if (utf8.exact && !bytes.includes(0)) return { encoding: 'utf-8', ...utf8, binary: false };
  const wide = wideWithoutMark(bytes);
  if (wide) return { encoding: wide, ...decode(bytes, wide), binary: false };
  if (bytes.includes(0)) return { encoding: 'utf-8', ...utf8, binary: true };
  for (const encoding of candidates(bytes)) {
    const found = decode(bytes, encoding);
    if (found.exact && !hasControls(found.text) && !(encoding === 'latin1' && /[\x80-\x9f]/.test(found.text))) return { encoding, ...found, binary: false };
  }
  return { encoding: 'utf-8', ...utf8, binary: hasControls(utf8.text) };
}

/** Controls that no text has: not tab, line ends, form feed, backspace, escape (colours in logs) or the Ctrl-Z of DOS. */
const hasControls = (text: string) => /[\x00-\x07\x0e-\x19\x1c-\x1f]/.test(text);

/** UTF-16 of mostly Latin text has a NUL in nearly every second byte. */
function wideWithoutMark(bytes: Uint8Array): TextEncoding | null {
  if (bytes.length < 4 || bytes.length % 2 === 1) return null;
  const sample = bytes.subarray(0, SAMPLE);
  const nuls = [0, 0];
  for (let at = 0; at < sample.length; at++) if (sample[at] === 0) nuls[at % 2]!++;
  const half = sample.length / 2;
  const wide = nuls[1]! > half * 0.4 && nuls[0]! < half * 0.05 ? 'utf-16le' : nuls[0]! > half * 0.4 && nuls[1]! < half * 0.05 ? 'utf-16be' : null;
  return wide && !hasControls(decode(sample, wide).text) ? wide : null;
}

function candidates(bytes: Uint8Array): TextEncoding[] {
  const sample = sampleOf(bytes);
  // Nearly UTF-8: a byte of it is broken, and no other encoding would show the rest right.
  if (isNearlyUtf8(decode(sample, 'utf-8').text)) return [];
  const found = analyse(sample);
  const known = found.flatMap(({ name }) => KNOWN[name] ?? []);
  // A few Chinese words are too little for statistics, but every pair of them is in GB 2312.
  if ((found[0]?.confidence ?? 0) < SURE && isGb2312(sample)) known.unshift('gbk', 'gb18030');
  return [...new Set(known)];
}

/** From the line before the first byte that is no ASCII, without cutting a character at its start. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte >= 0x80);
  const from = bytes.subarray(0, first).lastIndexOf(10) + 1;
  return bytes.subarray(from, from + SAMPLE);
}

/** Bytes of other encodings hardly ever make a longer character of UTF-8: four good ones for each broken byte are no chance. */
function isNearlyUtf8(text: string): boolean {
  const broken = text.match(/\ufffd/g)?.length ?? 0;
  const good = text.match(/[^\x00-\x7f\ufffd]/gu)?.length ?? 0;
  return good >= 4 * broken;
}

function isGb2312(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! < 0x80) continue;
    const second = bytes[++at];
    if (second === undefined) return true;
    if (bytes[at - 1]! < 0xa1 || bytes[at - 1]! > 0xf7 || second < 0xa1 || second === 0xff) return false;
  }
  return true;
}
