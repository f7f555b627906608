import type { Context } from 'hono';
import type { App } from '../core/app.ts';
import { findToken, liveSessions } from '../core/sessions/sessions.ts';
import { watchToken } from '../core/tokens/watch.ts';
import type { Role } from '../db/schema/users.ts';
import { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';

const HEARTBEAT_MS = 15_000;
/** A page that reads nothing while this much waits for it is let go; it reconnects. */
const WAITING_MAX = 1 << 20;
/** More pages than anybody has open at once. */
const PER_SESSION = 100;

export interface Stream {
  /** Sends one event; `payload` is text, or JSON already encoded. */
  send(event: string, payload: string, id?: string): void;
  /** Sends bytes that `frame` made: encode once, send to many. */
  sendFrame(frame: Uint8Array): void;
  /** Bytes that the page has not taken yet: whoever has much to say waits, and says less. */
  waiting(): number;
  /** Runs when the stream ends, for whatever reason. */
  onEnd(run: () => void): void;
  end(): void;
}

/** One event on the wire (WHATWG HTML, 9.2.6): every line of the payload gets its `data:`. */
export function frame(event: string, payload: string, id?: string): Uint8Array {
  const lines = payload.split('\n').map((line) => `data: ${line}\n`).join('');
  return new TextEncoder().encode(`${id ? `id: ${id}\n` : ''}event: ${event}\n${lines}\n`);
}

interface Who {
  sessionId: string | null;
  tokenId: string | null;
}

interface Open extends Who {
  end(reason: EndReason): void;
  beat(): void;
}

/** Why something that was open is ended by the panel. */
export type EndReason = 'signed-out' | 'stop' | 'restart';

/** All open streams and sockets of the panel: who is connected, and the one place that ends them. */
const SLOW_BYTES = 128 << 10;
/** Does a page leave so much lie that it is told only the newest when it comes back to it? */
export const isSlow = (stream: Pick<Stream, 'waiting'>) => stream.waiting() >= SLOW_BYTES;

export interface Streams {
  open(c: Context<Env>, run: (stream: Stream) => void): Response;
  /**
   * Watches something else that is open for whoever asks, such as a socket: `end` is called when their session or token is
   * over, or the panel goes.
   * @returns what to call when it has ended by itself
   * @throws AppError unavailable when the session or the token has too many, denied when it is over
   */
  hold(c: Context<Env>, end: (reason: EndReason) => void): () => void;
  count(): number;
  stop(reason: 'stop' | 'restart'): void;
}

const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

const HEARTBEAT = new TextEncoder().encode(': \n\n');

function personOf(c: Context<Env>): Who & { role: Role | null } {
  const actor = c.get('actor');
  if (actor?.kind !== 'user') return { sessionId: null, tokenId: null, role: null };
  const { sessionId, tokenId, role } = actor;
  return { sessionId, tokenId, role };
}

export function createStreams(app: App, heartbeatMs = HEARTBEAT_MS): Streams {
  const streams = new Set<Open>();
  const endWhere = (match: (sessionId: string) => boolean) => {
    for (const stream of [...streams]) if (stream.sessionId && match(stream.sessionId)) stream.end('signed-out');
  };
  app.bus.on('sessions.ended', ({ ids }) => endWhere((id) => ids.includes(id)));
  const endOver = () => {
    const held = [...new Set([...streams].flatMap((stream) => stream.sessionId ?? []))];
    const live = liveSessions(app, held);
    endWhere((id) => !live.has(id));
  };
  app.bus.on('database.changed', endOver);
  /** Nobody says when the time of a session is over; with each heartbeat it is asked for. */
  const pulse = () => {
    try {
      endOver();
    } catch (error) {
      app.log.warn('sessions not asked for', { error: error as Error });
    }
    streams.forEach((stream) => stream.beat());
  };
  // One timer for all, only while there are streams.
  let beat: ReturnType<typeof setInterval> | undefined;
  const follow = () => {
    if (streams.size && !beat) beat = setInterval(pulse, heartbeatMs);
    if (!streams.size && beat) beat = void clearInterval(beat) as undefined;
  };

  const bye = (reason: 'stop' | 'restart') => frame('bye', JSON.stringify({ reason, version: app.version }));
  const refuseTooMany = ({ sessionId, tokenId }: Who) => {
    const mine = [...streams].filter((stream) => stream.sessionId === sessionId && stream.tokenId === tokenId).length;
    if ((sessionId || tokenId) && mine >= PER_SESSION) throw new AppError('unavailable', (t) => t.errors.tooManyPages, { retryAfter: 60 });
  };

  return {
    count: () => streams.size,
    stop(reason) {
      for (const stream of [...streams]) stream.end(reason);
    },
    hold(c, end) {
      const who = personOf(c);
      refuseTooMany(who);
      // A socket opens a moment after its person was asked for.
      if (who.sessionId && !liveSessions(app, [who.sessionId]).has(who.sessionId)) throw new AppError('denied', (t) => t.errors.denied);
      const entry: Open = { ...who, end, beat: () => {} };
      streams.add(entry);
      follow();
      const bearer = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
      // One that may do less by now is over, too: what is open asks nobody what it may.
      const isGood = () => findToken(app, bearer, c.get('ip'))?.role === who.role;
      const leave = who.tokenId ? watchToken(app, isGood, () => end('signed-out')) : undefined;
      return () => {
        leave?.();
        streams.delete(entry);
        follow();
      };
    },
    open(c, run) {
      // A HEAD is answered at once: nobody would ever read, or end, a stream behind it.
      if (c.req.method === 'HEAD') return new Response(null, { headers: HEADERS });
      const { sessionId, tokenId } = personOf(c);
      refuseTooMany({ sessionId, tokenId });
      // Bun closes a quiet connection after 10 s unless told otherwise.
      c.env.server.timeout(c.req.raw, 0);
      const ends: (() => void)[] = [];
      let controller: ReadableStreamDefaultController<Uint8Array>;
      let open = true;
      const write = (bytes: Uint8Array) => {
        if (!open) return;
        if ((controller.desiredSize ?? 0) < -WAITING_MAX) return end();
        controller.enqueue(bytes);
      };
      const entry: Open = { sessionId, tokenId, beat: () => write(HEARTBEAT), end: (reason) => end(reason === 'signed-out' ? frame('signed-out', '{}') : bye(reason)) };
      const end = (last?: Uint8Array) => {
        if (!open) return;
        if (last) controller.enqueue(last);
        open = false;
        streams.delete(entry);
        follow();
        for (const run of ends) run();
        try {
          controller.close();
        } catch {
          // The browser went first.
        }
      };
      const body = new ReadableStream<Uint8Array>(
        {
          start(created) {
            controller = created;
            streams.add(entry);
            follow();
            // Bun sends the headers with the first bytes: without any, the browser would not know that it is connected.
            controller.enqueue(HEARTBEAT);
            run({
              send: (event, payload, id) => write(frame(event, payload, id)),
              sendFrame: write,
              waiting: () => (open ? Math.max(0, -(controller.desiredSize ?? 0)) : 0),
              onEnd: (run) => ends.push(run),
              end: () => end(),
            });
          },
          cancel: () => end(),
        },
        { highWaterMark: 0, size: (chunk) => chunk!.byteLength },
      );
      c.req.raw.signal.addEventListener('abort', () => end(), { once: true });
      return new Response(body, { headers: HEADERS });
    },
  };
}
