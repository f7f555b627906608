import type { Subprocess } from 'bun';
import type { SystemdHost } from './systemd-host.ts';

/**
 * A port of loopback that leads to one of a machine in a container, through a program that is run there: browser
 * tests run in a network of their own, from which the engine's is not to be reached.
 */
export function relayTo(host: SystemdHost, port: number): { port: number; stop(): void } {
  const children = new Set<Subprocess>();
  const server = Bun.listen<{ child: Subprocess<'pipe', 'pipe', 'ignore'> }>({
    hostname: '127.0.0.1', port: 0,
    socket: {
      open(socket) {
        const child = Bun.spawn(host.enter('nc', '127.0.0.1', String(port)), { stdin: 'pipe', stdout: 'pipe', stderr: 'ignore' });
        children.add(child);
        socket.data = { child };
        void (async () => {
          for await (const piece of child.stdout) {
            for (let rest: Uint8Array = piece; rest.length; ) {
              const written = socket.write(rest);
              if (written < 0) return;
              rest = rest.subarray(written);
              if (rest.length) await Bun.sleep(2);
            }
          }
          socket.end();
        })().catch(() => socket.end());
      },
      data(socket, bytes) {
        void socket.data.child.stdin.write(bytes);
        void socket.data.child.stdin.flush();
      },
      close(socket) {
        socket.data.child.kill();
        children.delete(socket.data.child);
      },
      error() {},
    },
  });
  return {
    port: server.port,
    stop() {
      for (const child of children) child.kill();
      server.stop(true);
    },
  };
}
