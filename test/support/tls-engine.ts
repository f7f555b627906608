import { connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import type { Pair } from './pki.ts';

export interface TlsEngine {
  port: number;
  /** From now on connections are taken and nothing comes. */
  hang(on: boolean): void;
  stop(): void;
}

/** The engine of this machine behind TLS, as `dockerd --tlsverify` offers it: whoever shows no certificate of `ca` is sent away. */
export async function tlsEngine({ ca, pair }: { ca: string; pair: Pair }, socket = '/var/run/docker.sock'): Promise<TlsEngine> {
  let hangs = false;
  const open = new Set<TLSSocket>();
  const server = createServer({ ca, cert: pair.cert, key: pair.key, requestCert: true, rejectUnauthorized: true }, (client) => {
    open.add(client);
    client.on('close', () => open.delete(client)).on('error', () => client.destroy());
    if (hangs) return void client.resume();
    const engine = connect(socket);
    engine.on('error', () => client.destroy()).on('close', () => client.destroy());
    client.on('close', () => engine.destroy());
    client.pipe(engine).pipe(client);
  });
  server.on('tlsClientError', () => {});
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    port: (server.address() as { port: number }).port,
    hang(on) {
      hangs = on;
      for (const client of open) client.destroy();
    },
    stop() {
      server.close();
      for (const client of open) client.destroy();
    },
  };
}
