import { loadConfig } from '../config/load.ts';
import type { Invocation } from './command.ts';
import { runPanel } from './panel.ts';

/** Runs the panel until it is told to stop. */
export async function serve({ values, env, t, print }: Invocation): Promise<number> {
  return runPanel(loadConfig(values, env), { t, print, env });
}
