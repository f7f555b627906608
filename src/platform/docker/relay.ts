import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Conversation } from '../exec.ts';

export interface Relay {
  /** What the last program that ended by itself complained of; '' for nothing. */
  complaint(): string;
  close(): void;
}

/** A Unix socket of which each connection is led through a program that speaks to an engine by its input and output. */
export async function openRelay(path: string, dial: () => Conversation): Promise<Relay> {
  const open = new Set<Conversation>();
  let complaint = '';
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const program = dial();
    open.add(program);
    // Whoever went away is answered by the end of the program, which ends with its input.
    socket.on('error', () => program.end());
    socket.on('close', () => program.end());
    void inwards(socket, program).catch(() => program.end());
    void outwards(socket, program)
      .catch(() => {})
      .finally(async () => {
        if ((await program.exited) !== 0) complaint = program.complaints().trim();
        open.delete(program);
        // What is on its way still goes out.
        socket.destroySoon();
      });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    complaint: () => complaint,
    close() {
      server.close();
      for (const program of open) program.end();
    },
  };
}

async function inwards(socket: Socket, { stdin }: Conversation) {
  // The end of what is asked is not the end of the answer.
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    stdin.write(piece as Buffer<ArrayBuffer>);
    await stdin.flush();
  }
  await stdin.end();
}

async function outwards(socket: Socket, { stdout }: Conversation) {
  for await (const piece of stdout) if (!socket.write(piece)) await once(socket, 'drain');
  socket.end();
}
