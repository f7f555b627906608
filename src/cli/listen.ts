import type { Server } from 'bun';
import type { Hono } from 'hono';
import type { Config } from '../config/load.ts';
import type { KeyPair } from '../core/certificate/certificate.ts';
import type { AssetSource, Env } from '../http/env.ts';
import { websocket, type SocketEvents } from '../http/socket.ts';
import { AppError } from '../lib/errors.ts';

interface Listen {
  config: Pick<Config, 'host' | 'port'>;
  pair: KeyPair | null;
  assets: AssetSource;
  hono: Hono<Env>;
  /** ms for which a port in use is tried again: the process before this one may still be leaving. */
  waitMs: number;
}

/** The panel's door. */
export interface Listener {
  /** The real one when 0 was asked for. */
  port: number;
  /** Serves further connections with this certificate. Requests and streams under way go on undisturbed. */
  swap(pair: KeyPair): Promise<void>;
  /** Lets go of every connection as soon as what is under way on it has been answered: who comes next has to be let in anew. */
  renew(): Promise<void>;
  /** Takes no more connections; resolves when what was under way has been answered. */
  close(): Promise<unknown>;
  /** Ends what is still open. */
  abort(): void;
}

/** How long a port that was just given up may take to be free for the same process again. */
const SWAP_MS = 5000;

/** Opens the socket. @throws AppError unavailable for a port or an address that cannot be had. */
export async function listen({ config, pair, assets, hono, waitMs }: Listen): Promise<Listener> {
  const open = (port: number, tls: KeyPair | null): Server<SocketEvents> =>
    Bun.serve<SocketEvents>({
      hostname: config.host,
      port,
      // Uploads set their own limits; 2^40 because a shift would overflow 32 bits.
      maxRequestBodySize: 2 ** 40,
      idleTimeout: 30,
      development: false,
      // Without this `development: false` shares the port with another panel (Bun 1.4): each would get half the requests.
      reusePort: false,
      ...(tls ? { tls, http2: true } : {}),
      websocket,
      fetch: (request, server) => hono.fetch(request, { server, assets }),
    });
  let server = await whenFree(() => open(config.port, pair), waitMs).catch((cause: unknown) => {
    throw explainListen(config, cause);
  });
  const port = server.port!;
  // Servers with an earlier certificate, until their last stream has ended.
  const leaving = new Set<Server<SocketEvents>>();
  let used = pair;
  // Bun.serve cannot change its certificate: the socket is closed and opened again, which takes less than a
  // millisecond; a connection that falls into it is tried again by the browser.
  const swap = async (next: KeyPair | null) => {
    used = next;
    const before = server;
    leaving.add(before);
    void before.stop(false).then(() => leaving.delete(before));
    server = await whenFree(() => open(port, next), SWAP_MS);
  };
  return {
    port,
    swap,
    renew: () => swap(used),
    close: () => Promise.all([server, ...leaving].map((each) => each.stop(false))),
    abort() {
      for (const each of [server, ...leaving]) void each.stop(true);
    },
  };
}

async function whenFree<T>(open: () => T, ms: number): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    try {
      return open();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || performance.now() > until) throw error;
      await Bun.sleep(2);
    }
  }
}

/** What kept the socket from opening, in words; anything unknown passes unchanged. */
export function explainListen({ host, port }: Pick<Config, 'host' | 'port'>, cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (code === 'EADDRINUSE') return new AppError('unavailable', (t) => t.start.portInUse({ host, port }), { cause });
  // EAGAIN: a name that no resolver answered for.
  if (['EADDRNOTAVAIL', 'EAGAIN', 'EAFNOSUPPORT', 'ENOTFOUND'].includes(code)) {
    return new AppError('unavailable', (t) => t.start.addressMissing({ host }), { cause });
  }
  if (code === 'EACCES') return new AppError('unavailable', (t) => t.start.portDenied({ port }), { cause });
  return cause;
}
