import { existsSync, readFileSync } from 'node:fs';
import { startApart } from '../apart.ts';
import type { Exec } from '../exec.ts';
import { watchMark } from './plan.ts';

/** How long a watchdog may take until it watches. */
const START_MS = 10_000;

/**
 * Starts the process that reverts an armed change when the panel is dead.
 * @param argv `mantou watchdog …`
 * @returns how it was started; null when it does not watch
 */
export async function startWatchdog(exec: Exec, folder: string, id: string, argv: readonly [string, ...string[]]): Promise<string | null> {
  const how = await startApart(exec, { unit: `mantou-watchdog-${id.slice(-12)}`, description: 'Reverts a change of the Mantou panel that nobody keeps', properties: PROPERTIES }, argv);
  const until = performance.now() + START_MS;
  while (performance.now() < until) {
    if (isWatched(folder, id)) return how;
    await Bun.sleep(20);
  }
  return null;
}

/** Is there a process that watches it? Its number may belong to another by now: only that of a watchdog counts. */
export function isWatched(folder: string, id: string): boolean {
  const mark = watchMark(folder, id);
  if (!existsSync(mark)) return false;
  const pid = Number(readFileSync(mark, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const line = `/proc/${pid}/cmdline`;
  return !existsSync(line) || readFileSync(line, 'utf8').includes(id);
}

const PROPERTIES = [
  // It is not the one that is ended when memory is short.
  'OOMScoreAdjust=-900',
  // Long enough for a few steps while the machine goes down.
  'TimeoutStopSec=45',
  'KillMode=mixed',
];
