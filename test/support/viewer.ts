import { decodeSize, FRAME } from '../../src/platform/pty-host/frames.ts';
import { connectViewer } from '../../src/platform/pty-host/client.ts';
import type { PtyHostPlace } from '../../src/platform/pty-host/place.ts';
import type { ViewerHello } from '../../src/platform/pty-host/protocol.ts';
import { until } from './until.ts';

/** What a viewer was told, in order; `output` is all of it since the last restart. */
export class Seen {
  readonly types: string[] = [];
  readonly json: Record<string, unknown[]> = {};
  readonly sizes: string[] = [];
  restarts: { offset: number; modes: string }[] = [];
  output: Buffer[] = [];
  /** Offset after the last byte that came. */
  offset = 0;
  closed = false;

  take(type: number, payload: Buffer) {
    this.types.push(String.fromCharCode(type));
    if (type === FRAME.output) {
      this.output.push(Buffer.from(payload));
      this.offset += payload.length;
    } else if (type === FRAME.restart) {
      this.offset = payload.readDoubleLE(0);
      this.restarts.push({ offset: this.offset, modes: payload.toString('latin1', 8) });
      this.output = [];
    } else if (type === FRAME.size) {
      const { cols, rows } = decodeSize(payload)!;
      this.sizes.push(`${cols}x${rows}`);
    } else if (type !== FRAME.ping && type !== FRAME.deflated) (this.json[String.fromCharCode(type)] ??= []).push(JSON.parse(payload.toString()));
  }

  get bytes() {
    return Buffer.concat(this.output);
  }

  get text() {
    return this.bytes.toString('latin1');
  }
}

/** Connects as the panel does for a browser. `acks`: says at once that everything has been drawn. */
export async function view(place: PtyHostPlace, hello: Partial<ViewerHello> & { id: string }, { acks = true } = {}) {
  const seen = new Seen();
  seen.offset = hello.from ?? 0;
  const client = await connectViewer(place, { from: null, size: null, readOnly: false, name: 'lin', ...hello }, {
    frame(type, payload) {
      seen.take(type, payload);
      if (acks && type === FRAME.output) queueMicrotask(() => client.ack(seen.offset));
    },
    close: () => void (seen.closed = true),
  });
  return { seen, client, saw: (text: string) => until(() => seen.text.includes(text)), told: (type: string) => until(() => seen.types.includes(type)) };
}
