/**
 * What the panel and the process that holds the shells say to each other over their socket:
 *
 *     length of what follows, 4 bytes, little endian | type, 1 byte (ASCII) | payload
 *
 * The same types and payloads, without the length, are the binary frames of the browser's WebSocket.
 */
export const FRAME = {
  /** First on every connection, JSON: who it is (`Hello`). */
  hello: 0x6b,
  /** A question with an id and its answer with the same, JSON. */
  call: 0x63,
  answer: 0x64,
  /** JSON: what happened to a terminal (`HostEvent`). */
  event: 0x65,

  /** JSON: what a viewer sees (`Attached`); first to every viewer. */
  attached: 0x68,
  /** Bytes of the program. */
  output: 0x6f,
  /** The same, deflated (RFC 1951); from the panel to browsers only. */
  deflated: 0x7a,
  /** Float64: what comes next begins at this offset, on an empty screen; what was between is forgotten. */
  restart: 0x72,
  /** Two 16-bit numbers: columns and rows; from a viewer what it has room for, to a viewer what counts. */
  size: 0x73,
  /** JSON: title, how many look, recording (`Presence`). */
  presence: 0x76,
  /** JSON: how the program ended (`PtyExit`). */
  exit: 0x78,
  /** Keys of a viewer. */
  input: 0x69,
  /** Float64: everything before this offset has been drawn. */
  ack: 0x61,
  /** Any bytes, which come back as they are: how far away the panel is. */
  ping: 0x70,
} as const;

/** Nothing that is sent is longer (a list of thousands of terminals has 2 MB); whoever sends more is cut off. */
export const FRAME_MOST = 4 << 20;

const HEAD = 5;

export function encodeFrame(type: number, payload: Uint8Array | string = ''): Buffer {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const frame = Buffer.allocUnsafe(HEAD + bytes.length);
  frame.writeUInt32LE(bytes.length + 1, 0);
  frame[4] = type;
  frame.set(bytes, HEAD);
  return frame;
}

export const encodeJson = (type: number, value: unknown) => encodeFrame(type, JSON.stringify(value));

export function encodeOffset(offset: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(offset);
  return bytes;
}

export function encodeSize({ cols, rows }: Size): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt16LE(cols, 0);
  bytes.writeUInt16LE(rows, 2);
  return bytes;
}

export interface Size {
  cols: number;
  rows: number;
}

/** What a terminal may measure: xterm.js draws no less, and nobody has a larger wall. */
export const SIZE_LEAST: Size = { cols: 2, rows: 1 };
export const SIZE_MOST: Size = { cols: 1000, rows: 500 };

/** A size that nobody can draw becomes the nearest that somebody can. */
export const clampSize = ({ cols, rows }: Size): Size => ({ cols: clamp(cols, 'cols'), rows: clamp(rows, 'rows') });
const clamp = (value: number, key: keyof Size) => Math.min(SIZE_MOST[key], Math.max(SIZE_LEAST[key], Math.trunc(value) || SIZE_LEAST[key]));

/** @returns null for anything that is not two numbers */
export const decodeSize = (payload: Buffer): Size | null =>
  payload.length === 4 ? { cols: payload.readUInt16LE(0), rows: payload.readUInt16LE(2) } : null;

/** @returns null for anything that is not an offset */
export function decodeOffset(payload: Buffer): number | null {
  const offset = payload.length === 8 ? payload.readDoubleLE(0) : NaN;
  return Number.isSafeInteger(offset) && offset >= 0 ? offset : null;
}

/** Cuts a stream into frames; pieces may end anywhere. The payload is a view, good until `onFrame` returns. */
export class FrameReader {
  /** The beginning of a frame whose rest has not come yet: `#have` bytes of it. */
  #partial: Buffer = Buffer.alloc(0);
  #have = 0;

  constructor(
    private readonly onFrame: (type: number, payload: Buffer) => void,
    private readonly most = FRAME_MOST,
  ) {}

  /** @throws Error for a frame that is longer than allowed, or empty */
  push(bytes: Buffer) {
    let at = 0;
    while (this.#have > 0 && at < bytes.length) at += this.#complete(bytes.subarray(at));
    for (let left = bytes.length - at; left > 0; left = bytes.length - at) {
      const length = left < 4 ? 0 : this.#check(bytes.readUInt32LE(at));
      if (left < 4 || left < 4 + length) return this.#keep(bytes.subarray(at), 4 + length);
      this.onFrame(bytes[at + 4]!, bytes.subarray(at + HEAD, at + 4 + length));
      at += 4 + length;
    }
  }

  /** Adds to what is kept, up to the end of its length or of its frame. @returns how many bytes it took */
  #complete(bytes: Buffer): number {
    const length = this.#have < 4 ? 0 : this.#partial.readUInt32LE(0);
    const taken = Math.min(bytes.length, 4 + length - this.#have);
    this.#partial.set(bytes.subarray(0, taken), this.#have);
    this.#have += taken;
    if (this.#have === 4 && length === 0) this.#makeRoom(4 + this.#check(this.#partial.readUInt32LE(0)));
    else if (length > 0 && this.#have === 4 + length) {
      const frame = this.#partial;
      this.#have = 0;
      this.#partial = Buffer.alloc(0);
      this.onFrame(frame[4]!, frame.subarray(HEAD, 4 + length));
    }
    return taken;
  }

  /** A copy: what the socket lent us is written over. */
  #keep(bytes: Buffer, size: number) {
    this.#makeRoom(size);
    this.#partial.set(bytes);
    this.#have = bytes.length;
  }

  #makeRoom(size: number) {
    const before = this.#partial.subarray(0, this.#have);
    this.#partial = Buffer.allocUnsafe(Math.max(4, size));
    this.#partial.set(before);
  }

  #check(length: number): number {
    if (length < 1 || length > this.most + 1) throw new Error(`a frame of ${length} bytes`);
    return length;
  }
}
