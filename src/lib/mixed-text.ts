import iconv from 'iconv-lite';

export interface TextReader {
  /** What is certain by now of the bytes so far. */
  push(bytes: Uint8Array): string;
  /** What was held back. */
  end(): string;
}

/** Of a line that does not end, no more is held back. */
const HELD_MOST = 64 << 10;
const LINE_ENDS = [0x0a, 0x0d];

/** UTF-8 alone; characters come whole, whatever the pieces. */
export function utf8Reader(): TextReader {
  const decoder = new TextDecoder();
  return { push: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/**
 * Lines in UTF-8 or, those that are not, in an older code page: tools of Windows write by that of the console, and some of them
 * UTF-8. A line is one or the other, so from its first letter beyond ASCII on it is held back until it ends. Second bytes of the
 * Chinese, Japanese and Korean pages may be letters of ASCII, never the end of a line.
 *
 * @param page "cp936"; of one that nobody knows only UTF-8 is read
 */
export function mixedReader(page: string): TextReader {
  if (!iconv.encodingExists(page)) return utf8Reader();
  let held: Buffer = Buffer.alloc(0);
  let begun = false;

  /** `whole`: no character goes on behind it. */
  function read(bytes: Buffer, whole: boolean): string {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: !whole });
    } catch {
      return iconv.decode(bytes, page);
    }
  }
  function told(text: string): string {
    const first = !begun && text !== '';
    begun ||= first;
    return first ? text.replace(/^\uFEFF/, '') : text;
  }

  return {
    push(bytes) {
      held = Buffer.concat([held, bytes]);
      let text = '';
      for (let at = 0, from = 0; ; ) {
        while (at < held.length && !LINE_ENDS.includes(held[at]!)) at++;
        if (at < held.length) {
          text += read(held.subarray(from, ++at), true);
          from = at;
          continue;
        }
        held = held.subarray(from);
        break;
      }
      const sure = held.length > HELD_MOST ? lastCut(held) : held.findIndex((byte) => byte > 0x7f);
      const plain = sure < 0 ? held.length : sure;
      text += read(held.subarray(0, plain), true);
      held = held.subarray(plain);
      return told(text);
    },
    end() {
      const rest = held;
      held = Buffer.alloc(0);
      return told(read(rest, false));
    },
  };
}

/** Behind the last byte that is a letter of its own in every page: signs below the digits are no second bytes. All of it where there is none. */
function lastCut(bytes: Buffer): number {
  for (let at = bytes.length - 1; at >= 0; at--) if (bytes[at]! < 0x30) return at + 1;
  return bytes.length;
}
