import { exitOf, LAST_WORDS_MS, ofProgram, startOf } from './program.ts';
import type { PtyDriver } from './pty.ts';

/** Bun's own terminal, where nothing better is known: ConPTY on Windows, openpty(3) on macOS. It cannot be held. */
export const bunTerminal: PtyDriver = (options) => {
  const ended = Promise.withResolvers<void>();
  const child = Bun.spawn([...options.argv], {
    ...startOf(options),
    terminal: {
      cols: options.cols,
      rows: options.rows,
      data: (_terminal, bytes) => options.onOutput(bytes),
      drain: () => options.onDrain(),
      exit: () => ended.resolve(),
    },
  });
  const terminal = child.terminal!;
  void child.exited.then(async (code) => {
    await Promise.race([ended.promise, Bun.sleep(LAST_WORDS_MS)]);
    if (!terminal.closed) terminal.close();
    options.onExit(exitOf(child, code));
  });
  return {
    ...ofProgram(child),
    write: (bytes) => void (terminal.closed || terminal.write(bytes)),
    resize: (cols, rows) => void (terminal.closed || terminal.resize(cols, rows)),
    hold: () => false,
    release: () => {},
    close: () => void (terminal.closed || terminal.close()),
  };
};
