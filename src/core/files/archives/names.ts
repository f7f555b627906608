import iconv from 'iconv-lite';
import { nameOf } from '../../../lib/file-name.ts';

/** Encodings of names in zips that say nothing of them; the person may choose. */
export const NAME_ENCODINGS = ['auto', 'utf8', 'gb18030', 'big5', 'shift_jis', 'euc-kr', 'cp437', 'windows-1252'] as const;
export type NameEncoding = (typeof NAME_ENCODINGS)[number];

const strict = new TextDecoder('utf-8', { fatal: true });

export function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * Text of such names: UTF-8 where they are, else GBK where every name is that and most of it Chinese characters in
 * common use, else code page 437, which zip was made with.
 */
export function guessEncoding(names: readonly Uint8Array[]): Exclude<NameEncoding, 'auto'> {
  const odd = names.filter((bytes) => bytes.some((byte) => byte >= 0x80));
  if (odd.every(isUtf8)) return 'utf8';
  return odd.every(isCommonGbk) ? 'gb18030' : 'cp437';
}

/** GB 2312: both bytes from 0xA1, the first from 0xB0 to 0xF7 for characters and 0xA1 to 0xA9 for signs. */
function isCommonGbk(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const first = bytes[at]!;
    if (first < 0x80) continue;
    const second = bytes[++at] ?? 0;
    if (!((first >= 0xb0 && first <= 0xf7) || (first >= 0xa1 && first <= 0xa9)) || second < 0xa1 || second === 0xff) return false;
  }
  return true;
}

export function decodeName(bytes: Uint8Array, encoding: Exclude<NameEncoding, 'auto'>): string {
  return encoding === 'utf8' ? nameOf(bytes) : iconv.decode(Buffer.from(bytes), encoding);
}
