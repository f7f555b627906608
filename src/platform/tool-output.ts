import { dlopen } from 'bun:ffi';
import { mixedReader, utf8Reader, type TextReader } from '../lib/mixed-text.ts';

let page: string | null | undefined;

/** That of consoles, in which tools of Windows write: "cp936" on a Chinese one. null elsewhere, where UTF-8 is written. */
function consolePage(): string | null {
  if (page === undefined) {
    try {
      page = process.platform === 'win32' ? `cp${dlopen('kernel32.dll', { GetOEMCP: { args: [], returns: 'u32' } }).symbols.GetOEMCP()}` : null;
    } catch {
      page = null;
    }
  }
  return page;
}

const readerOf = (other: string | null): TextReader => (other === null ? utf8Reader() : mixedReader(other));

/** What a tool writes to one pipe: keeps the first `cap` bytes; `stop` gives what there is and lets the pipe go. `other`: what is not UTF-8 is in. */
export function collect(stream: ReadableStream<Uint8Array>, cap: number, onText: (text: string) => void, other = consolePage()) {
  const live = readerOf(other);
  const kept: Uint8Array[] = [];
  let bytes = 0;
  const reader = stream.getReader();
  let over = false;
  const tell = (text: string) => {
    if (text && !over) onText(text);
  };
  const read = (async () => {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      tell(live.push(next.value));
      if (bytes < cap) kept.push(next.value.subarray(0, cap - bytes));
      bytes += next.value.length;
    }
    tell(live.end());
  })().catch(() => {});
  return {
    read,
    bytes: () => bytes,
    stop() {
      over = true;
      void reader.cancel().catch(() => {});
      const whole = readerOf(other);
      return { text: whole.push(Buffer.concat(kept)) + whole.end(), truncated: bytes > cap };
    },
  };
}
