import { readdirSync, readlinkSync } from 'node:fs';
import { libc, type Libc } from './libc.ts';
import { PtyMaster } from './master.ts';
import { exitOf, LAST_WORDS_MS, ofProgram, startOf } from './program.ts';
import type { PtyDriver, PtyOptions } from './pty.ts';

/** How often that is waited for while there is more and more to read. */
const LAST_WORDS_TIMES = 20;

/** File descriptors of this process that are masters of pseudo-terminals. */
const masters = () => readdirSync('/proc/self/fd').filter((fd) => {
  try {
    return /^\/dev\/(pts\/)?ptmx$/.test(readlinkSync(`/proc/self/fd/${fd}`));
  } catch {
    return false;
  }
});

/**
 * A program on a terminal of its own, and a master of that which is ours.
 * @throws Error with `code` EMFILE when there are too many files, and what Bun.spawn throws
 */
function begin(c: Libc, options: PtyOptions) {
  const { argv, cols, rows } = options;
  const others = new Set(masters());
  // A terminal that is opened before would not become the controlling one of the program.
  const child = Bun.spawn([...argv], { ...startOf(options), terminal: { cols, rows } });
  const its = masters().find((fd) => !others.has(fd));
  const fd = its === undefined ? -1 : c.duplicate(Number(its));
  child.terminal!.close();
  if (fd >= 0) return { child, fd };
  child.kill('SIGKILL');
  throw Object.assign(new Error('no room for another terminal'), { code: 'EMFILE' });
}

/**
 * Bun opens the terminal and starts the program on it, and then lets go of it: its own reading takes up to 256 KiB at a time,
 * for as long as a slow program needs to say so much, and cannot be stopped (Bun 1.4). Null where there is no known C library.
 */
export function linuxTerminal(): PtyDriver | null {
  const c = libc();
  if (!c) return null;
  return (options) => {
    const { child, fd } = begin(c, options);
    const master = new PtyMaster(c, fd, { output: (bytes) => options.onOutput(bytes), drain: () => options.onDrain() });
    void child.exited.then(async (code) => {
      // A program that was held when it ended has more to say.
      master.release();
      for (let times = 0; times === 0 || (master.flooding && times < LAST_WORDS_TIMES); times++) await Promise.race([master.ended, Bun.sleep(LAST_WORDS_MS)]);
      master.close();
      options.onExit(exitOf(child, code));
    });
    return {
      ...ofProgram(child),
      write: (bytes) => master.write(bytes),
      resize: (cols, rows) => master.resize(cols, rows),
      hold() {
        master.hold();
        return true;
      },
      release: () => master.release(),
      close: () => master.close(),
    };
  };
}
