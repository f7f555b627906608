import { startApart } from '../apart.ts';
import type { Exec } from '../exec.ts';

/**
 * Starts the process that holds the shells, so that it outlives this one.
 *
 * @param argv `mantou pty-host …`
 * @returns how it was started, for the log. It listens a moment later, or never.
 */
export const startPtyHost = (exec: Exec, argv: readonly [string, ...string[]]): Promise<string> =>
  startApart(exec, { unit: 'mantou-terminals', description: 'Terminals of the Mantou panel', properties: PROPERTIES }, argv);

const PROPERTIES = [
  // Hung up on like a terminal, when the machine goes down.
  'SendSIGHUP=yes',
  'TimeoutStopSec=5',
  // A program that runs out of memory does not take the others along.
  'OOMPolicy=continue',
  'TasksMax=infinity',
  'LimitNOFILE=65536',
];
