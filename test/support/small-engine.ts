import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallEngine {
  socket: string;
  /** On loopback, without TLS. */
  port: number;
  /** What was asked, "GET /version". */
  asked: string[];
  /** Streams that are open now. */
  streams(): number;
  stop(): Promise<void>;
}

/** An engine with one container, on a socket of its own: as much of Docker's API as lists need. */
export function smallEngine(name: string): SmallEngine {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-small-'));
  const socket = join(folder, 'docker.sock');
  const asked: string[] = [];
  let streams = 0;
  const id = new Bun.CryptoHasher('sha256').update(name).digest('hex');
  const held = (signal: AbortSignal) => {
    streams++;
    signal.addEventListener('abort', () => streams--, { once: true });
    return new Response(new ReadableStream({ start: (controller) => controller.enqueue('\n') }));
  };
  const serve = {
    idleTimeout: 0,
    fetch(request: Request) {
      const { pathname } = new URL(request.url);
      asked.push(`${request.method} ${pathname}`);
      if (pathname === '/version') return Response.json({ Version: `9.9.9-${name}`, ApiVersion: '1.47' });
      if (pathname === '/_ping') return new Response('OK');
      if (pathname === '/info') return Response.json({ NCPU: 3, MemTotal: 1 << 30, Name: name, ServerVersion: `9.9.9-${name}` });
      if (pathname === '/events') return held(request.signal);
      if (pathname === '/system/df') return Response.json({ LayersSize: 1 });
      if (pathname === '/volumes') return Response.json({ Volumes: [{ Name: `${name}-volume`, Driver: 'local', Mountpoint: '/etc' }] });
      if (pathname === '/containers/json') {
        return Response.json([{ Id: id, Names: [`/${name}-web`], Image: 'nginx', ImageID: 'sha256:1', Command: '', Created: 1, State: 'exited', Status: 'Exited (0) 1 hour ago', Ports: [], Labels: {}, Mounts: [], NetworkSettings: { Networks: {} } }]);
      }
      if (['/images/json', '/networks'].includes(pathname)) return Response.json([]);
      return Response.json({ message: `No such thing: ${pathname}` }, { status: 404 });
    },
  };
  const servers = [Bun.serve({ unix: socket, ...serve } as never), Bun.serve({ hostname: '127.0.0.1', port: 0, ...serve } as never)];
  return {
    socket, asked,
    port: servers[1]!.port!,
    streams: () => streams,
    async stop() {
      for (const server of servers) await server.stop(true);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
