import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { openLibc } from '../../libc.ts';
import type { ProcessSignal } from '../../processes.ts';

/** The same on every 64-bit system (Linux 5.1 and 5.3). */
const PIDFD_SEND_SIGNAL = 424n;
const PIDFD_OPEN = 434n;

type Syscall = (number: bigint, ...words: bigint[]) => bigint;
let known: Syscall | null | undefined;

function syscall(): Syscall | null {
  if (known === undefined) known = (openLibc({ syscall: { args: ['i64', 'i64', 'i64', 'i64', 'i64'], returns: 'i64' } })?.syscall as Syscall | undefined) ?? null;
  return known;
}

/**
 * Sends a signal to the process that `isIt` still finds behind this number, and never to the next one that gets it: the
 * kernel's handle of a process (pidfd_open(2)) is taken before it is looked at, and stays that of this one process.
 * @returns false when it is not that one any more. @throws Error with its `code` (EPERM)
 */
export function sendSignal(pid: number, signal: ProcessSignal, isIt: () => boolean): boolean {
  const call = syscall();
  const handle = call ? Number(call(PIDFD_OPEN, BigInt(pid), 0n, 0n, 0n)) : -1;
  try {
    if (!isIt()) return false;
    const sent = handle >= 0 && Number(call!(PIDFD_SEND_SIGNAL, BigInt(handle), BigInt(constants.signals[`SIG${signal}`]), 0n, 0n)) === 0;
    if (sent) return true;
    // Kernels without handles.
    if (handle < 0) process.kill(pid, `SIG${signal}`);
    // That call does not tell why it refused; the number may be another's by now, so only the reason is asked for.
    else process.kill(pid, 0);
    return handle < 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  } finally {
    if (handle >= 0) closeSync(handle);
  }
}
