import type { Pty, PtyExit, PtyOptions } from './pty.ts';
import { endSession, foreground } from './session.ts';

/** Programs that were started in the background keep the terminal open after their shell has gone; what it said last is there at once. */
export const LAST_WORDS_MS = 100;

/** How Bun.spawn starts the program, but for its terminal. */
export const startOf = ({ argv0, cwd, env }: PtyOptions) => ({ ...(argv0 ? { argv0 } : {}), cwd, env: { ...env } });

type Child = Pick<Bun.Subprocess, 'pid' | 'exitCode' | 'signalCode'>;

export function exitOf({ signalCode }: Child, code: number): PtyExit {
  const signal = signalCode === null ? null : String(signalCode);
  return { code: signal ? null : code, signal };
}

/** What of a terminal is the program's alone, whoever reads it. */
export const ofProgram = (child: Child): Pick<Pty, 'pid' | 'foreground' | 'kill'> => ({
  pid: child.pid,
  foreground: () => foreground(child.pid),
  kill: () => endSession(child.pid, () => child.exitCode !== null || child.signalCode !== null),
});
