import type { Server } from 'bun';
import type { Hono } from 'hono';
import type { Config } from '../config/load.ts';
import type { AssetSource, Env } from '../http/env.ts';
import { AppError } from '../lib/errors.ts';

interface Listen {
  config: Config;
  tls: { cert: string; key: string } | null;
  assets: AssetSource;
  hono: Hono<Env>;
}

/** Opens the socket. @throws AppError unavailable for a port or an address that cannot be had. */
export function listen({ config, tls, assets, hono }: Listen): Server<unknown> {
  const { host, port } = config;
  try {
    return Bun.serve({
      hostname: host,
      port,
      // Uploads set their own limits; 2^40 because a shift would overflow 32 bits.
      maxRequestBodySize: 2 ** 40,
      idleTimeout: 30,
      development: false,
      ...(tls ? { tls, http2: true } : {}),
      fetch: (request, server) => hono.fetch(request, { server, assets }),
    });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new AppError('unavailable', (t) => t.start.portInUse({ host, port }), { cause });
    if (code === 'EADDRNOTAVAIL') throw new AppError('unavailable', (t) => t.start.addressMissing({ host }), { cause });
    if (code === 'EACCES') throw new AppError('unavailable', (t) => t.start.portDenied({ port }), { cause });
    throw cause;
  }
}
