import type { Exec } from './exec.ts';
import { createFakeHost } from './fake/host.ts';
import type { FilesDriver } from './files.ts';
import type { Host } from './host.ts';
import { createLinuxFiles } from './linux/files/files.ts';
import { createLinuxHost } from './linux/host.ts';
import { createLinuxShells } from './linux/shells.ts';
import { createPortableFiles } from './portable/files/files.ts';
import { createPortableHost } from './portable/host.ts';
import { createDarwinPower } from './portable/power.ts';
import type { ScriptRunner } from './scripts.ts';
import { createWindowsFiles } from './windows/files/files.ts';
import { createWindowsHost } from './windows/host.ts';
import { startPowerShell } from './windows/powershell/start.ts';

/**
 * The drivers for this machine; the fake ones for `--demo`.
 * @param dataDir of the panel: drivers keep in it what must outlive it
 * @param own how the panel's executable is called with other words
 */
export function createHost({ demo, dataDir }: { demo: boolean; dataDir: string }, exec: Exec, scripts: ScriptRunner, own: (...words: string[]) => readonly string[], platform: NodeJS.Platform = process.platform): Host {
  if (demo) return createFakeHost({ files: filesOf(exec, scripts, platform) });
  if (platform === 'win32') return createWindowsHost(exec, scripts, own);
  if (platform === 'darwin') return createPortableHost('darwin', exec, createDarwinPower(exec), createPortableFiles(), createLinuxShells(exec));
  return createLinuxHost(exec, scripts, dataDir);
}

/** Files are real in the demo as well; there they are confined to a folder that it fills itself (core/files/demo.ts). */
function filesOf(exec: Exec, scripts: ScriptRunner, platform: NodeJS.Platform): FilesDriver {
  if (platform === 'win32') return createWindowsFiles(startPowerShell(exec, scripts));
  return platform === 'linux' ? createLinuxFiles(exec) : createPortableFiles();
}
