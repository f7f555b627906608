import { join } from 'node:path';
import { findDataDir } from '../config/load.ts';
import { hostProgram } from '../platform/windows/program-host/host.ts';
import type { Invocation } from './command.ts';

/** `mantou program NAME`: ends with the service that it is. */
export async function program({ values, positionals, env, t, warn }: Invocation): Promise<number> {
  const { dataDir } = findDataDir(values, env);
  const name = positionals[0]!;
  if (process.platform === 'win32' && /^[a-z0-9-]{1,40}$/.test(name) && (await hostProgram(join(dataDir, 'programs'), name))) return 0;
  warn(`mantou: ${t.commands.programAlone}`);
  return 2;
}
