import type { Context } from 'hono';
import type { App } from '../core/app.ts';
import { liveSessions } from '../core/sessions/sessions.ts';
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
  /** Runs when the stream ends, for whatever reason. */
  onEnd(run: () => void): void;
  end(): void;
}

/** One event on the wire (WHATWG HTML, 9.2.6): every line of the payload gets its `data:`. */
export function frame(event: string, payload: string, id?: string): Uint8Array {
  const lines = payload.split('\n').map((line) => `data: ${line}\n`).join('');
  return new TextEncoder().encode(`${id ? `id: ${id}\n` : ''}event: ${event}\n${lines}\n`);
}

interface Open {
  sessionId: string | null;
  end(event?: Uint8Array): void;
  write(bytes: Uint8Array): void;
}

/** All open streams of the panel: who is connected, and the one place that ends them. */
export interface Streams {
  open(c: Context<Env>, run: (stream: Stream) => void): Response;
  count(): number;
  stop(reason: 'stop' | 'restart'): void;
}

const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

const HEARTBEAT = new TextEncoder().encode(': \n\n');

export function createStreams(app: App): Streams {
  const streams = new Set<Open>();
  const endWhere = (match: (sessionId: string) => boolean) => {
    for (const stream of [...streams]) if (stream.sessionId && match(stream.sessionId)) stream.end(frame('signed-out', '{}'));
  };
  app.bus.on('sessions.ended', ({ ids }) => endWhere((id) => ids.includes(id)));
  app.bus.on('database.changed', () => {
    const held = [...new Set([...streams].flatMap((stream) => stream.sessionId ?? []))];
    const live = liveSessions(app, held);
    endWhere((id) => !live.has(id));
  });
  // One timer for all, only while there are streams.
  let beat: ReturnType<typeof setInterval> | undefined;
  const follow = () => {
    if (streams.size && !beat) beat = setInterval(() => streams.forEach((stream) => stream.write(HEARTBEAT)), HEARTBEAT_MS);
    if (!streams.size && beat) beat = void clearInterval(beat) as undefined;
  };

  return {
    count: () => streams.size,
    stop(reason) {
      const bye = frame('bye', JSON.stringify({ reason, version: app.version }));
      for (const stream of [...streams]) stream.end(bye);
    },
    open(c, run) {
      // A HEAD is answered at once: nobody would ever read, or end, a stream behind it.
      if (c.req.method === 'HEAD') return new Response(null, { headers: HEADERS });
      const actor = c.get('actor');
      const sessionId = actor?.kind === 'user' ? actor.sessionId : null;
      const mine = [...streams].filter((stream) => stream.sessionId === sessionId).length;
      if (sessionId && mine >= PER_SESSION) throw new AppError('unavailable', (t) => t.errors.tooManyPages, { retryAfter: 60 });
      // Bun closes a quiet connection after 10 s unless told otherwise.
      c.env.server.timeout(c.req.raw, 0);
      const ends: (() => void)[] = [];
      let controller: ReadableStreamDefaultController<Uint8Array>;
      let open = true;
      const entry: Open = {
        sessionId,
        write(bytes) {
          if (!open) return;
          if ((controller.desiredSize ?? 0) < -WAITING_MAX) return entry.end();
          controller.enqueue(bytes);
        },
        end(last) {
          if (!open) return;
          if (last) controller.enqueue(last);
          open = false;
          streams.delete(entry);
          follow();
          for (const end of ends) end();
          try {
            controller.close();
          } catch {
            // The browser went first.
          }
        },
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
              send: (event, payload, id) => entry.write(frame(event, payload, id)),
              sendFrame: (bytes) => entry.write(bytes),
              onEnd: (end) => ends.push(end),
              end: () => entry.end(),
            });
          },
          cancel: () => entry.end(),
        },
        { highWaterMark: 0, size: (chunk) => chunk!.byteLength },
      );
      c.req.raw.signal.addEventListener('abort', () => entry.end(), { once: true });
      return new Response(body, { headers: HEADERS });
    },
  };
}
