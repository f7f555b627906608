import iconv from 'iconv-lite';

/** Encodings that a text can be opened and saved in. Each is written back byte for byte or not at all. */
export const ENCODINGS = [
  'utf-8', 'utf-16le', 'utf-16be', 'gb18030', 'gbk', 'big5', 'shift_jis', 'euc-jp', 'euc-kr', 'latin1', 'windows-1252', 'windows-1251',
] as const;
export type TextEncoding = (typeof ENCODINGS)[number];

/** As people know them; the same in every language. */
export const ENCODING_NAMES: Readonly<Record<TextEncoding, string>> = {
  'utf-8': 'UTF-8', 'utf-16le': 'UTF-16 LE', 'utf-16be': 'UTF-16 BE', gb18030: 'GB18030', gbk: 'GBK', big5: 'Big5', shift_jis: 'Shift-JIS',
  'euc-jp': 'EUC-JP', 'euc-kr': 'EUC-KR', latin1: 'Latin-1', 'windows-1252': 'Windows-1252', 'windows-1251': 'Windows-1251',
};

/** Byte order marks (Unicode 16, 23.8), longest first. */
const BOMS: readonly [TextEncoding, readonly number[]][] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

export interface Decoded {
  text: string;
  /** It began with a byte order mark, which is not in the text. */
  bom: boolean;
  /** Encoding the text again gives these very bytes. */
  exact: boolean;
}

/** The encoding whose byte order mark stands first; UTF-32 LE begins like UTF-16 LE and is none of ours. */
export function bomOf(bytes: Uint8Array): TextEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe && bytes[2] === 0 && bytes[3] === 0 && bytes.length % 4 === 0) return null;
  return BOMS.find(([, mark]) => mark.every((byte, i) => bytes[i] === byte))?.[0] ?? null;
}

export const hasBom = (encoding: TextEncoding) => BOMS.some(([name]) => name === encoding);

const markOf = (encoding: TextEncoding) => Buffer.from(BOMS.find(([name]) => name === encoding)?.[1] ?? []);

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

export function decode(bytes: Uint8Array, encoding: TextEncoding): Decoded {
  const mark = markOf(encoding);
  const bom = mark.length > 0 && mark.every((byte, i) => bytes[i] === byte);
  const rest = bom ? bytes.subarray(mark.length) : bytes;
  if (encoding === 'utf-8') {
    try {
      return { text: strict.decode(rest), bom, exact: true };
    } catch {
      return { text: lenient.decode(rest), bom, exact: false };
    }
  }
  const text = iconv.decode(Buffer.from(rest.buffer, rest.byteOffset, rest.length), encoding, { stripBOM: false });
  return { text, bom, exact: encodeText(text, encoding).equals(rest) };
}

/** Without looking whether every character could be written: what could not is `?`. */
const encodeText = (text: string, encoding: TextEncoding) => (encoding === 'utf-8' ? Buffer.from(text) : iconv.encode(text, encoding, { addBOM: false }));

export interface Unwritable {
  /** From 1. The column counts UTF-16 units, as editors do. */
  line: number;
  column: number;
  char: string;
}

/**
 * Bytes of a text.
 * @returns the first character that the encoding has no bytes for, instead of losing it
 */
export function encode(text: string, encoding: TextEncoding, bom: boolean): Buffer | Unwritable {
  const body = encodeText(text, encoding);
  const back = encoding === 'utf-8' ? body.toString() : iconv.decode(body, encoding, { stripBOM: false });
  if (back !== text) return firstDifference(text, back);
  return bom && hasBom(encoding) ? Buffer.concat([markOf(encoding), body]) : body;
}

export const isUnwritable = (found: Buffer | Unwritable): found is Unwritable => !Buffer.isBuffer(found);

function firstDifference(text: string, back: string): Unwritable {
  let at = 0;
  while (at < text.length && text[at] === back[at]) at++;
  // Both halves of a pair belong to one character.
  if (at > 0 && /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1]!)) at--;
  const before = text.slice(0, at).split(/\r\n?|\n/);
  return { line: before.length, column: before.at(-1)!.length + 1, char: String.fromCodePoint(text.codePointAt(at) ?? 0xfffd) };
}
