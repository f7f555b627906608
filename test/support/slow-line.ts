import { createServer, connect, type Socket } from 'node:net';

/**
 * A line between a browser and the panel that can be slow, cut and mended, and a proxy that is strict about methods and
 * sizes: what networks do to uploads.
 */
export interface SlowLine {
  url: string;
  /** Bytes a second towards the panel. */
  rate(bytes: number): void;
  /** Ends every connection, and takes none until `mend`. */
  cut(): void;
  mend(): void;
  /** Leads to another port from now on. */
  to(port: string): void;
  /** Refuses as a proxy does: 413 for longer bodies, 405 for other methods. */
  limit(rule: { body: number; methods: readonly string[] } | null): void;
  stop(): void;
}

const TICK_MS = 20;

export async function slowLine(first: string): Promise<SlowLine> {
  let port = Number(first);
  let perSecond = Infinity;
  let isCut = false;
  let rule: { body: number; methods: readonly string[] } | null = null;
  const open = new Set<Socket>();
  const server = createServer((from) => {
    if (isCut) return void from.destroy();
    const to = connect(port, '127.0.0.1');
    open.add(from).add(to);
    for (const [one, other] of [[from, to], [to, from]] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => (open.delete(one), other.destroy()));
    }
    to.on('data', (bytes) => void (from.write(bytes) || (to.pause(), from.once('drain', () => to.resume()))));
    from.on('data', (bytes: Buffer) => {
      const refused = rule && refusal(bytes, rule);
      if (refused) {
        from.removeAllListeners('data');
        from.on('data', () => {});
        return void from.end(refused);
      }
      to.write(bytes);
      if (perSecond === Infinity) return;
      from.pause();
      setTimeout(() => from.resume(), Math.max(TICK_MS, (bytes.length / perSecond) * 1000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = () => open.forEach((socket) => socket.destroy());
  return {
    url: `http://127.0.0.1:${(server.address() as { port: number }).port}`,
    rate: (bytes) => void (perSecond = bytes),
    cut: () => ((isCut = true), drop()),
    mend: () => void (isCut = false),
    to: (next) => void (port = Number(next)),
    limit: (next) => ((rule = next), drop()),
    stop: () => (drop(), void server.close()),
  };
}

function refusal(bytes: Buffer, { body, methods }: { body: number; methods: readonly string[] }): string | null {
  const head = /^([A-Z]+) \S+ HTTP\/1\.1\r\n/.exec(bytes.subarray(0, 4096).toString('latin1'));
  if (!head) return null;
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(bytes.subarray(0, 4096).toString('latin1'))?.[1] ?? 0);
  const status = !methods.includes(head[1]!) ? '405 Not Allowed' : length > body ? '413 Request Entity Too Large' : null;
  return status && `HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`;
}
