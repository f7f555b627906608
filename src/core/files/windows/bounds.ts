import type { TextEncoding } from '../text/encodings.ts';

/** Bytes that an encoding counts in: a line end of UTF-16 is two, at an even place. */
export const unitOf = (encoding: TextEncoding) => (encoding.startsWith('utf-16') ? 2 : 1);

/**
 * Where the next line end begins, or -1. In every encoding here but UTF-16 the byte 0x0A is nothing else: the second
 * bytes of GBK, Big5 and Shift-JIS begin at 0x30.
 */
export function lineEndAfter(bytes: Buffer, from: number, encoding: TextEncoding): number {
  if (unitOf(encoding) === 1) return bytes.indexOf(10, from);
  const low = encoding === 'utf-16le' ? 0 : 1;
  for (let at = bytes.indexOf(10, from + low); at >= 0; at = bytes.indexOf(10, at + 1)) {
    const start = at - low;
    if (start % 2 === 0 && bytes[low === 0 ? at + 1 : at - 1] === 0) return start;
  }
  return -1;
}

/** Where the line that `before` lies in begins, as far as `bytes` tell; -1 when they do not. */
export function lineStartBefore(bytes: Buffer, before: number, encoding: TextEncoding): number {
  const unit = unitOf(encoding);
  if (unit === 1) {
    const at = before > 0 ? bytes.lastIndexOf(10, before - 1) : -1;
    return at < 0 ? -1 : at + 1;
  }
  for (let at = before - 2; at >= 0; at -= 2) if ((encoding === 'utf-16le' ? bytes.readUInt16LE(at) : bytes.readUInt16BE(at)) === 10) return at + 2;
  return -1;
}

/** The last place up to `to` where a character ends, counted from `from`, where one begins. */
export function characterEnd(bytes: Buffer, from: number, to: number, encoding: TextEncoding): number {
  if (to >= bytes.length) return bytes.length;
  if (encoding === 'utf-8') {
    let at = to;
    while (at > from && to - at < 4 && (bytes[at]! & 0xc0) === 0x80) at--;
    return at > from && to - at < 4 ? at : to;
  }
  if (unitOf(encoding) === 2) {
    const at = to - ((to - from) % 2);
    const high = encoding === 'utf-16le' ? bytes[at - 1]! : bytes[at - 2]!;
    return high >= 0xd8 && high <= 0xdb ? at - 2 : at;
  }
  if (encoding === 'latin1' || encoding.startsWith('windows')) return to;
  let at = from;
  for (let next = at; next <= to; next = at + lengthAt(bytes, at, encoding)) at = next;
  return at > from ? at : to;
}

function lengthAt(bytes: Buffer, at: number, encoding: TextEncoding): number {
  const lead = bytes[at]!;
  if (lead < 0x81 || (encoding === 'shift_jis' && lead >= 0xa0 && lead <= 0xdf)) return 1;
  if (encoding === 'gb18030' && bytes[at + 1]! >= 0x30 && bytes[at + 1]! <= 0x39) return 4;
  return encoding === 'euc-jp' && lead === 0x8f ? 3 : 2;
}

/** The first place from `at` on where a character may begin, for somebody who jumps into the middle of a file. */
export function characterStart(bytes: Buffer, at: number, encoding: TextEncoding): number {
  if (encoding !== 'utf-8') return at;
  let start = at;
  while (start < bytes.length && start - at < 3 && (bytes[start]! & 0xc0) === 0x80) start++;
  return start;
}

/** How many of these bytes are whole characters: the last one may still be on its way. */
export function wholeCharacters(bytes: Buffer, encoding: TextEncoding): number {
  if (encoding === 'utf-8') {
    for (let back = 1; back <= Math.min(4, bytes.length); back++) {
      const byte = bytes[bytes.length - back]!;
      if ((byte & 0xc0) === 0x80) continue;
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
      return length > back ? bytes.length - back : bytes.length;
    }
    return bytes.length;
  }
  return bytes.length - (bytes.length % unitOf(encoding));
}
