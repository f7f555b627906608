import { findDataDir } from '../config/load.ts';
import { watchPlan } from '../platform/armed/watch.ts';
import { exec } from '../platform/exec.ts';
import type { Invocation } from './command.ts';

/** `mantou watchdog ID`: ends when the change is kept or reverted. */
export async function watchdog({ values, positionals, env }: Invocation): Promise<number> {
  const { dataDir } = findDataDir(values, env);
  // Whoever started the panel leaves: this stays.
  for (const name of ['SIGHUP', 'SIGINT'] as const) process.on(name, () => {});
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  await watchPlan(exec, dataDir, positionals[0]!, stop.signal);
  return 0;
}
