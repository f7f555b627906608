/**
 * Names of files as text, without losing a byte. Linux allows any bytes but `/` and NUL; what is no UTF-8 must still be
 * shown, opened and deleted. A byte 0x80–0xFF that decodes to nothing becomes U+10FF80–U+10FFFF (the end of the last
 * private plane, so the text stays well-formed: JSON, URLs, HTML and SQLite carry it). A name that really contains one of
 * these characters has its bytes written the same way, so that the way back is exact for every name.
 * (The same idea as Python's surrogateescape, PEP 383, which uses lone surrogates: those no URL can carry.)
 */
const FIRST = 0x10ff80;
const SHIFT = FIRST - 0x80;
const ESCAPED = /[\u{10ff80}-\u{10ffff}]/u;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of a name as the system gave it. */
export function nameOf(bytes: Uint8Array): string {
  try {
    const text = strict.decode(bytes);
    if (!ESCAPED.test(text)) return text;
  } catch {
    // Below, byte for byte.
  }
  return byPieces(bytes);
}

/** What a system call takes: text as it is, bytes where the text stands for bytes. */
export function systemName(text: string): string | Buffer {
  if (!ESCAPED.test(text)) return text;
  const parts = [...text].map((char) => {
    const code = char.codePointAt(0)!;
    return code >= FIRST ? Buffer.of(code - SHIFT) : Buffer.from(char);
  });
  return Buffer.concat(parts);
}

/** Bytes that the name takes on disk: file systems allow 255 (Linux) of them. */
export const nameBytes = (text: string): number => Buffer.byteLength(systemName(text) as string);

/** For people: `caf\xe9`. */
export const shownName = (text: string): string =>
  ESCAPED.test(text) ? text.replace(/[\u{10ff80}-\u{10ffff}]/gu, (char) => `\\x${(char.codePointAt(0)! - SHIFT).toString(16)}`) : text;

/** Is it one whose bytes are no text? */
export const isBroken = (text: string): boolean => ESCAPED.test(text);

function byPieces(bytes: Uint8Array): string {
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(bytes[at]!);
    const piece = bytes.subarray(at, at + length);
    const char = length === piece.length ? decodeOne(piece) : null;
    if (char === null) {
      out += String.fromCodePoint(bytes[at]! + SHIFT);
      at += 1;
    } else {
      out += char;
      at += length;
    }
  }
  return out;
}

const lengthOf = (first: number) => (first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1);

function decodeOne(piece: Uint8Array): string | null {
  try {
    const char = strict.decode(piece);
    return ESCAPED.test(char) ? null : char;
  } catch {
    return null;
  }
}
