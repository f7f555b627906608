import { Terminal } from '@xterm/headless';
import { FRAME } from '../../src/platform/pty-host/frames.ts';
import { openSocket, type SocketOptions } from './terminal-socket.ts';
import { until } from './until.ts';

/** A terminal as a person sees it: what its socket says, drawn as the page does. */
export async function openScreen(url: string, options: SocketOptions, { cols, rows } = { cols: 80, rows: 24 }) {
  const socket = await openSocket(url, options);
  const terminal = new Terminal({ cols, rows, scrollback: 1000, allowProposedApi: true, logLevel: 'off' });
  const take = (bytes: Buffer) => {
    const [type, payload] = [bytes[0], bytes.subarray(1)];
    if (type === FRAME.output) terminal.write(payload);
    if (type === FRAME.size) terminal.resize(payload.readUInt16LE(0), payload.readUInt16LE(2));
    if (type === FRAME.restart) {
      terminal.reset();
      terminal.write(payload.subarray(8));
    }
  };
  for (const bytes of socket.early) take(bytes);
  socket.onFrame(take);
  // What a terminal is asked, it answers: vim asks for colours and versions.
  terminal.onData((answer) => socket.type(answer));
  const lines = () => Array.from({ length: terminal.rows }, (_, row) => terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)?.translateToString(true).trimEnd() ?? '');
  const text = () => lines().join('\n');
  return {
    ...socket, terminal, lines, text,
    shows: (what: string | RegExp) =>
      until(() => (typeof what === 'string' ? text().includes(what) : what.test(text()))).catch(() => {
        throw new Error(`the screen never showed ${what}:\n${text()}`);
      }),
  };
}

export type Screen = Awaited<ReturnType<typeof openScreen>>;
