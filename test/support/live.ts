import { loadAssets } from '../../src/http/assets.ts';
import { websocket, type SocketEvents } from '../../src/http/socket.ts';
import type { TestApp } from './app.ts';

/** The test panel on a real socket: what Bun makes of a request before hono sees it is part of the door. */
export function live(t: TestApp, more: { tls?: { cert: string; key: string } } = {}) {
  const assets = loadAssets();
  const server = Bun.serve<SocketEvents>({
    hostname: '127.0.0.1',
    port: 0,
    idleTimeout: 30,
    ...(more.tls ? { tls: more.tls, http2: true } : {}),
    websocket,
    fetch: (request, bun) => t.server.hono.fetch(request, { server: bun as never, assets }),
  });
  const port = server.port!;
  const origin = `${more.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return { server, port, origin, raw: (text: string) => raw(port, text), stop: () => server.stop(true) };
}

/** Sends bytes as they are and returns the whole answer: for headers that no client library would send. */
async function raw(port: number, text: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let answer = '';
  const socket = await Bun.connect({
    hostname: '127.0.0.1',
    port,
    socket: {
      data(_socket, bytes) {
        answer += bytes;
        const [head = '', body = ''] = answer.split('\r\n\r\n', 2);
        const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? (/^HTTP\/1.1 (101|30|4)/.test(head) ? 0 : NaN));
        if (answer.includes('\r\n\r\n') && Buffer.byteLength(body) >= length) resolve();
      },
      close: () => resolve(),
      error: () => resolve(),
    },
  });
  socket.write(text);
  await promise;
  socket.end();
  return answer;
}
