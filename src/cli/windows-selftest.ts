import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../lib/errors.ts';
import { exec } from '../platform/exec.ts';
import { createScripts } from '../platform/scripts.ts';
import { selftest } from '../platform/windows/powershell/selftest.ts';
import { createWindowsRegistry } from '../platform/windows/registry/registry.ts';
import { startPowerShell } from '../platform/windows/powershell/start.ts';
import { VERSION } from '../version.ts';
import type { Invocation } from './command.ts';

/** `mantou doctor --windows-selftest`: changes nothing but for a script in a folder of its own. Exit code 1 when something fails. */
export async function windowsSelftest({ print }: Pick<Invocation, 'print'>, platform: NodeJS.Platform = process.platform): Promise<number> {
  if (platform !== 'win32') throw new AppError('unsupported', (t) => t.doctor.selftestElsewhere({ system: platform }));
  const folder = mkdtempSync(join(tmpdir(), 'mantou-selftest-'));
  const shell = startPowerShell(exec, createScripts(exec, folder));
  print(`Mantou ${VERSION}, Bun ${Bun.version}, ${process.platform} ${process.arch}`);
  try {
    const failed = (await registryWorks(print)) + (await selftest(shell, print));
    print(failed ? `${failed} failed` : 'all good');
    return failed ? 1 : 0;
  } finally {
    shell.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The registry is asked without PowerShell. @returns 1 when it does not answer */
async function registryWorks(print: Invocation['print']): Promise<number> {
  const begun = performance.now();
  const found = await createWindowsRegistry().read({ path: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion', view: 64 }).catch((error: Error) => error);
  const ms = `${Math.round(performance.now() - begun)} ms`.padStart(9);
  const good = found !== null && !(found instanceof Error);
  print(`${good ? 'ok  ' : 'fail'} ${ms}  registry: ${good ? `${found.keys.length} keys, ${found.values.length} values` : found instanceof AppError ? found.code : (found?.name ?? 'not_found')}`);
  return good ? 0 : 1;
}
