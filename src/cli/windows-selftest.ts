import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../lib/errors.ts';
import { exec } from '../platform/exec.ts';
import { createScripts } from '../platform/scripts.ts';
import { HeldError } from '../platform/windows/held-folder.ts';
import { tryHeldFolders } from '../platform/windows/held-trial.ts';
import { selftest } from '../platform/windows/powershell/selftest.ts';
import { createWindowsRegistry } from '../platform/windows/registry/registry.ts';
import { tryOpenSsh } from '../platform/windows/ssh-server/trial.ts';
import { startPowerShell } from '../platform/windows/powershell/start.ts';
import { VERSION } from '../version.ts';
import type { Invocation } from './command.ts';

/** `mantou doctor --windows-selftest`: changes nothing but in a folder of its own. Exit code 1 when something fails. */
export async function windowsSelftest({ print }: Pick<Invocation, 'print'>, platform: NodeJS.Platform = process.platform): Promise<number> {
  if (platform !== 'win32') throw new AppError('unsupported', (t) => t.doctor.selftestElsewhere({ system: platform }));
  const folder = mkdtempSync(join(tmpdir(), 'mantou-selftest-'));
  const shell = startPowerShell(exec, createScripts(exec, folder));
  print(`Mantou ${VERSION}, Bun ${Bun.version}, ${process.platform} ${process.arch}`);
  try {
    const failed = (await registryWorks(print)) + foldersWork(folder, print) + (await openSshWorks(folder, print)) + (await selftest(shell, print));
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
  const good = found !== null && !(found instanceof Error);
  print(row(good, begun, `registry: ${good ? `${found.keys.length} keys, ${found.values.length} values` : found instanceof AppError ? found.code : (found?.name ?? 'not_found')}`));
  return good ? 0 : 1;
}

const row = (good: boolean, begun: number, text: string) => `${good ? 'ok  ' : 'fail'} ${`${Math.round(performance.now() - begun)} ms`.padStart(9)}  ${text}`;

/** Folders of accounts are held open by calls of Windows. @returns 1 when they do not do as they should */
function foldersWork(folder: string, print: Invocation['print']): number {
  const begun = performance.now();
  const place = join(folder, 'held');
  mkdirSync(place);
  let wrong: string | null;
  try {
    wrong = tryHeldFolders(place);
  } catch (error) {
    // Without its message, which names a folder of an account.
    wrong = error instanceof HeldError ? `${error.why}, 0x${error.status.toString(16)}` : (error as Error).name;
  }
  print(row(wrong === null, begun, wrong === null ? 'folders that are held' : `folders that are held: ${wrong}`));
  return wrong === null ? 0 : 1;
}

/** @returns 1 when OpenSSH Server is there and does not answer */
async function openSshWorks(folder: string, print: Invocation['print']): Promise<number> {
  const begun = performance.now();
  const { good, text } = await tryOpenSsh(exec, createWindowsRegistry(), process.env.ProgramData ?? 'C:\\ProgramData', folder).catch((error: Error) => ({ good: false, text: error instanceof AppError ? error.code : error.name }));
  print(row(good, begun, `OpenSSH Server: ${text}`));
  return good ? 0 : 1;
}
