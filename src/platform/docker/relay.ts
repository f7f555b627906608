import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Conversation } from '../exec.ts';

export interface Relay {
  /** What the last program that ended by itself complained of; '' for nothing. */
  complaint(): string;
  close(): void;
}

/** What has said all ends by itself, and so long it may take. */
const LAST_MS = 2000;

/** A Unix socket of which each connection is led through a program that speaks to an engine by its input and output. */
export async function openRelay(path: string, dial: () => Conversation): Promise<Relay> {
  const open = new Set<Conversation>();
  let last: Conversation | undefined;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const program = dial();
    open.add(program);
    let saidAll = false;
    // Whoever went away is answered by the end of the program; but one that is about to end by itself has yet to say why.
    const gone = async () => {
      const ended = saidAll && (await Promise.race([program.exited.then(() => true), Bun.sleep(LAST_MS).then(() => false)]));
      if (!ended && open.delete(program)) program.end();
    };
    socket.on('error', gone);
    socket.on('close', gone);
    // What it does not take any more keeps no answer back.
    void inwards(socket, program).catch(() => {});
    void outwards(socket, program)
      .then(() => (saidAll = true), () => {})
      .finally(async () => {
        const code = await program.exited;
        if (open.delete(program) && code !== 0) last = program;
        // What is on its way still goes out.
        socket.destroySoon();
      });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    // What it says comes a moment after it has ended.
    complaint: () => last?.complaints().trim() ?? '',
    close() {
      server.close();
      for (const program of open) program.end();
      open.clear();
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
