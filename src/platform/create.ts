import type { Exec } from './exec.ts';
import { createFakeHost } from './fake/host.ts';
import type { Host } from './host.ts';
import { createLinuxHost } from './linux/host.ts';
import { createPortableHost } from './portable/host.ts';
import { createDarwinPower } from './portable/power.ts';
import type { ScriptRunner } from './scripts.ts';
import { createWindowsPower } from './windows/power.ts';
import { windowsRebootPending } from './windows/reboot.ts';

/** The drivers for this machine; the fake ones for `--demo`. */
export function createHost(demo: boolean, exec: Exec, scripts: ScriptRunner, platform: NodeJS.Platform = process.platform): Host {
  if (demo) return createFakeHost();
  if (platform === 'win32') return createPortableHost('windows', exec, createWindowsPower(exec), () => windowsRebootPending(exec));
  if (platform === 'darwin') return createPortableHost('darwin', exec, createDarwinPower(exec));
  return createLinuxHost(exec, scripts);
}
