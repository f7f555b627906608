import { inflateRawSync } from 'node:zlib';
import { encodeOffset, encodeSize, FRAME } from '../../src/platform/pty-host/frames.ts';
import { until } from './until.ts';
import { turnedMs } from './turns.ts';
import { Seen } from './viewer.ts';

export interface SocketOptions {
  headers: Record<string, string>;
  /** Says at once that everything has been drawn. */
  acks?: boolean;
  /** Where it had got to. */
  from?: number;
}

/** What a slow line packs, as if it had come plain. */
const unpacked = (frame: Buffer) => (frame[0] === FRAME.deflated ? Buffer.concat([Buffer.from([FRAME.output]), inflateRawSync(frame.subarray(1))]) : frame);

/** A terminal's WebSocket as a program has it: what it saw, and how it was closed. */
export async function openSocket(url: string, { headers, acks = true, from = 0 }: SocketOptions) {
  const seen = new Seen();
  seen.offset = from;
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers, tls: { rejectUnauthorized: false } } as never);
  socket.binaryType = 'arraybuffer';
  const closed = Promise.withResolvers<{ code: number; after: number }>();
  const opened = Promise.withResolvers<void>();
  const early: Buffer[] = [];
  let listener: (frame: Buffer) => void = (frame) => early.push(frame);
  let began = turnedMs();
  const send = (type: number, payload: Uint8Array | string = '') => socket.send(Buffer.concat([Buffer.from([type]), Buffer.from(payload as never)]));
  socket.onopen = () => opened.resolve();
  socket.onerror = () => opened.reject(new Error('refused'));
  socket.onmessage = ({ data }) => {
    const frame = unpacked(Buffer.from(data as ArrayBuffer));
    seen.take(frame[0]!, frame.subarray(1));
    listener(frame);
    if (acks && frame[0] === FRAME.output) send(FRAME.ack, encodeOffset(seen.offset));
  };
  socket.onclose = ({ code }) => {
    seen.closed = true;
    closed.resolve({ code, after: turnedMs() - began });
    opened.reject(new Error(`closed: ${code}`));
  };
  await opened.promise;
  return {
    seen, send,
    /** What came before somebody listened. */
    early,
    onFrame: (listen: (frame: Buffer) => void) => void (listener = listen),
    type: (keys: string) => send(FRAME.input, keys),
    size: (cols: number, rows: number) => send(FRAME.size, encodeSize({ cols, rows })),
    ack: () => send(FRAME.ack, encodeOffset(seen.offset)),
    saw: (what: string) => until(() => seen.bytes.includes(what)),
    told: (type: string) => until(() => seen.types.includes(type)),
    close: () => socket.close(),
    /** Begins to count the time until it is closed. */
    mark: () => void (began = turnedMs()),
    closed: closed.promise,
    socket,
  };
}
