import { deflateRawSync } from 'node:zlib';
import { clampSize, decodeOffset, decodeSize, FRAME, type Size } from '../../platform/pty-host/frames.ts';
import { PtyHostError, type ViewerClient } from '../../platform/pty-host/client.ts';
import type { Presence } from '../../platform/pty-host/protocol.ts';
import type { App } from '../app.ts';
import { LinePace } from './line-pace.ts';

export interface ViewingOptions {
  id: string;
  /** Offset up to which the browser has drawn everything; null: it has an empty screen. */
  from: number | null;
  size: Size | null;
  readOnly: boolean;
  /** Who looks, as others see them. */
  name: string;
  /** Looks by a link, without an account: is told how many others look, not who. */
  guest?: boolean;
}

type EndOfViewing = 'gone' | 'bad' | 'leaving';

/** What a browser is on the other end. */
export interface Browser {
  /** One binary frame: type and payload. Only lent. */
  send(bytes: Uint8Array): void;
  /** 'gone': the terminal has ended or there is none; 'bad': the browser said something that no page of ours says; 'leaving': to be tried again. */
  end(why: EndOfViewing): void;
}

export interface Viewing {
  /** A binary frame of the browser; only lent. */
  take(bytes: Buffer): void;
  close(): void;
}

/** Before the shells' process has answered, so much of what a browser sends waits. */
const EARLY_MOST = 64 * 1024;
/** Less is not worth packing. */
const PACK_LEAST = 1024;
const PING_MOST = 64;

/**
 * One browser on one terminal. What either side says goes through as it is, in the frames of pty-host/frames.ts; only what
 * a slow line would take long for is packed, and what a viewer may not say stays here.
 */
export function openViewing(app: App, { id, from, size, readOnly, name, guest = false }: ViewingOptions, browser: Browser): Viewing {
  const line = new LinePace(() => app.clock.monotonic());
  const early: Buffer[] = [];
  let viewer: ViewerClient | null = null;
  let over = false;
  /** Everything before it is on its way to the browser. */
  let offset = from ?? 0;

  const end = (why: EndOfViewing) => {
    if (over) return;
    close();
    browser.end(why);
  };
  const close = () => {
    over = true;
    viewer?.close();
  };

  const fromHost = (type: number, payload: Buffer) => {
    if (over) return;
    if (type === FRAME.restart) offset = payload.readDoubleLE(0);
    if (type === FRAME.output) {
      offset += payload.length;
      const packed = line.isSlow && payload.length >= PACK_LEAST ? deflateRawSync(payload, { level: 1 }) : null;
      const pays = packed !== null && packed.length < payload.length * 0.9;
      line.sent(offset, pays ? packed.length : payload.length);
      if (pays) return browser.send(frame(FRAME.deflated, packed));
    }
    browser.send(frame(type, guest && (type === FRAME.attached || type === FRAME.presence) ? withoutNames(payload) : payload));
  };

  const toHost = (to: ViewerClient, type: number | undefined, payload: Buffer) => {
    if (type === FRAME.input) {
      if (!readOnly) to.input(payload);
      return;
    }
    const room = type === FRAME.size ? decodeSize(payload) : null;
    if (room) return to.size(clampSize(room));
    const drawn = type === FRAME.ack ? decodeOffset(payload) : null;
    // A page that was slow may still acknowledge what was before a restart.
    if (drawn === null) return end('bad');
    if (drawn > offset) return;
    line.drawn(drawn);
    to.ack(drawn);
  };

  const take = (bytes: Buffer) => {
    if (over) return;
    if (bytes[0] === FRAME.ping) return browser.send(bytes.subarray(0, PING_MOST));
    if (viewer) return toHost(viewer, bytes[0], bytes.subarray(1));
    early.push(Buffer.from(bytes));
    if (early.reduce((sum, one) => sum + one.length, 0) > EARLY_MOST) end('bad');
  };

  app.terminals.view({ id, from, size, readOnly, name }, { frame: fromHost, close: () => end('gone') }).then(
    (connected) => {
      viewer = connected;
      if (over) return viewer.close();
      for (const bytes of early.splice(0)) take(bytes);
    },
    (error: unknown) => end(error instanceof PtyHostError && error.code === 'silent' ? 'leaving' : 'gone'),
  );
  return { take, close };
}

function withoutNames(payload: Buffer): Buffer {
  const { viewers, ...rest } = JSON.parse(payload.toString()) as Presence;
  return Buffer.from(JSON.stringify({ ...rest, viewers: viewers.map(({ readOnly }) => ({ name: '', readOnly })) }));
}

function frame(type: number, payload: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(payload.length + 1);
  bytes[0] = type;
  bytes.set(payload, 1);
  return bytes;
}
