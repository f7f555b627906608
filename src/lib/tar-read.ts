/** What stands before each entry of a tar. Names are bytes: they need not be text. */
export interface TarHead {
  name: Buffer;
  type: 'file' | 'folder' | 'link' | 'hard-link' | 'char' | 'block' | 'fifo' | 'other';
  /** Bytes that follow. */
  size: number;
  /** Permission bits with setuid, setgid and sticky (0–07777). */
  mode: number;
  uid: number;
  gid: number;
  /** ms since 1970. */
  modified: number;
  /** Where a link leads. */
  target: Buffer;
  user: string;
  group: string;
}

export interface TarReader {
  /** The next entry; what is left of the one before is passed over. null at the end. @throws TarError */
  next(): Promise<TarHead | null>;
  /** The bytes of the entry that `next` gave. @throws TarError when they end too soon */
  body(): AsyncGenerator<Buffer>;
  /** Bytes that were read so far. */
  position(): number;
}

export class TarError extends Error {}

const BLOCK = 512;
/** Of a record that only says more about the entry behind it. */
const RECORD_MOST = 1 << 20;
const TYPES: Record<string, TarHead['type']> = { '0': 'file', '\0': 'file', '7': 'file', '1': 'hard-link', '2': 'link', '3': 'char', '4': 'block', '5': 'folder', '6': 'fifo' };

/**
 * Reads a tar (POSIX.1-2001 with pax records, and GNU's long names) as it comes. A package would do, but for two things: names
 * that are no UTF-8 stand in pax records as they are, and what nobody wants is passed over here without being looked at.
 */
export function createTarReader(source: AsyncIterable<Buffer>): TarReader {
  const pieces = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let read = 0;
  /** Bytes of the current entry that nobody took, and what fills its last block. */
  let left = 0;
  let padding = 0;

  /** At least one byte in `held`; false at the end. */
  async function more(): Promise<boolean> {
    while (held.length === 0) {
      const next = await pieces.next();
      if (next.done) return false;
      held = next.value;
      read += held.length;
    }
    return true;
  }

  async function take(most: number): Promise<Buffer> {
    if (!(await more())) throw new TarError('the archive ends in the middle of an entry');
    const piece = held.subarray(0, most);
    held = held.subarray(piece.length);
    return piece;
  }

  async function exactly(size: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let got = 0; got < size; ) {
      const piece = await take(size - got);
      parts.push(piece);
      got += piece.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  async function pass() {
    for (let size = left + padding; size > 0; ) size -= (await take(size)).length;
    left = padding = 0;
  }

  const begin = (size: number) => {
    left = size;
    padding = (BLOCK - (size % BLOCK)) % BLOCK;
  };

  async function record(size: number): Promise<Buffer> {
    if (size > RECORD_MOST) throw new TarError('a record that is too long');
    begin(size);
    const bytes = Buffer.from(await exactly(size));
    left = 0;
    await pass();
    return bytes;
  }

  return {
    position: () => read,
    async next() {
      await pass();
      let pax = new Map<string, Buffer>();
      let longName: Buffer | null = null;
      let longTarget: Buffer | null = null;
      for (;;) {
        if (!(await more())) return null;
        const block = await exactly(BLOCK);
        if (block.every((byte) => byte === 0)) return null;
        checkSum(block);
        const type = String.fromCharCode(block[156]!);
        const size = numberAt(block, 124, 12);
        if (type === 'x') pax = paxOf(await record(size));
        else if (type === 'g') await record(size);
        else if (type === 'L') longName = untilNul(await record(size));
        else if (type === 'K') longTarget = untilNul(await record(size));
        else {
          const head = headOf(block, pax, longName, longTarget);
          // Only files have bytes behind them, whatever the header says (pax, "ustar Interchange Format").
          begin(head.type === 'file' || head.type === 'other' ? head.size : 0);
          return head;
        }
      }
    },
    async *body() {
      while (left > 0) {
        const piece = await take(left);
        left -= piece.length;
        yield piece;
      }
    },
  };
}

function headOf(block: Buffer, pax: ReadonlyMap<string, Buffer>, longName: Buffer | null, longTarget: Buffer | null): TarHead {
  const text = (name: string, at: number, length: number) => (pax.get(name) ?? untilNul(block.subarray(at, at + length))).toString();
  const number = (name: string, at: number, length: number) => {
    const given = pax.get(name);
    return given === undefined ? numberAt(block, at, length) : bounded(Number(given.toString()));
  };
  return {
    name: pax.get('path') ?? longName ?? nameAt(block), type: TYPES[String.fromCharCode(block[156]!)] ?? 'other', size: number('size', 124, 12), mode: numberAt(block, 100, 8) & 0o7777,
    uid: number('uid', 108, 8), gid: number('gid', 116, 8), modified: Math.floor(number('mtime', 136, 12) * 1000),
    target: pax.get('linkpath') ?? longTarget ?? untilNul(block.subarray(157, 257)), user: text('uname', 265, 32), group: text('gname', 297, 32),
  };
}

/** With the prefix of POSIX; GNU keeps times there. */
function nameAt(block: Buffer): Buffer {
  const name = untilNul(block.subarray(0, 100));
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? untilNul(block.subarray(345, 500)) : Buffer.alloc(0);
  return prefix.length ? Buffer.concat([prefix, Buffer.from('/'), name]) : name;
}

function untilNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or with the first bit set the bytes of the number itself (GNU). */
function numberAt(block: Buffer, at: number, length: number): number {
  if (block[at]! & 0x80) {
    let value = block[at]! & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + block[at + i]!;
    return bounded(value);
  }
  const digits = block.toString('latin1', at, at + length).replace(/[\0 ]+$/, '').trim();
  return digits === '' ? 0 : bounded(parseInt(digits, 8));
}

function bounded(value: number): number {
  if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) throw new TarError('a number that is none');
  return value;
}

/** The sum of all bytes, with spaces in the place of the sum. */
function checkSum(block: Buffer) {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : block[i]!;
  if (sum !== numberAt(block, 148, 8)) throw new TarError('no header of a tar');
}

/** `30 mtime=1350244992.023960108\n`, each with its own length before it. */
function paxOf(bytes: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space < 0 ? NaN : Number(bytes.toString('latin1', at, space));
    const equals = bytes.indexOf(0x3d, space);
    if (!(length > 0) || at + length > bytes.length || equals < 0 || equals >= at + length) throw new TarError('a record that is none');
    found.set(bytes.toString('utf8', space + 1, equals), Buffer.from(bytes.subarray(equals + 1, at + length - 1)));
    at += length;
  }
  return found;
}
