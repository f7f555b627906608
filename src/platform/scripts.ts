import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exec, ExecOptions } from './exec.ts';
import { runOk } from './exec.ts';
import accountsPs1 from './ps1/accounts.ps1' with { type: 'text' };
import aclPs1 from './ps1/acl.ps1' with { type: 'text' };
import blocksPs1 from './ps1/blocks.ps1' with { type: 'text' };
import eventLogPs1 from './ps1/event-log.ps1' with { type: 'text' };
import exposurePs1 from './ps1/exposure.ps1' with { type: 'text' };
import firewallPs1 from './ps1/firewall.ps1' with { type: 'text' };
import hostPs1 from './ps1/host.ps1' with { type: 'text' };
import identityPs1 from './ps1/identity.ps1' with { type: 'text' };
import localePs1 from './ps1/locale.ps1' with { type: 'text' };
import networkPs1 from './ps1/network.ps1' with { type: 'text' };
import powerSchedulePs1 from './ps1/power-schedule.ps1' with { type: 'text' };
import optionalFeaturesPs1 from './ps1/optional-features.ps1' with { type: 'text' };
import rdpPs1 from './ps1/rdp.ps1' with { type: 'text' };
import scheduledTasksPs1 from './ps1/scheduled-tasks.ps1' with { type: 'text' };
import serviceSetupPs1 from './ps1/service-setup.ps1' with { type: 'text' };
import servicesPs1 from './ps1/services.ps1' with { type: 'text' };
import swapPs1 from './ps1/swap.ps1' with { type: 'text' };
import timePs1 from './ps1/time.ps1' with { type: 'text' };
import volumesPs1 from './ps1/volumes.ps1' with { type: 'text' };
import windowsUpdatePs1 from './ps1/windows-update.ps1' with { type: 'text' };
import wingetPs1 from './ps1/winget.ps1' with { type: 'text' };
import powerSh from './sh/power.sh' with { type: 'text' };

/** Embedded scripts by file name: one noun and tool per file, the verb is `$1`, values are further arguments. */
export const scripts: Readonly<Record<string, string>> = {
  'accounts.ps1': accountsPs1,
  'acl.ps1': aclPs1,
  'blocks.ps1': blocksPs1,
  'event-log.ps1': eventLogPs1,
  'exposure.ps1': exposurePs1,
  'firewall.ps1': firewallPs1,
  'host.ps1': hostPs1,
  'identity.ps1': identityPs1,
  'locale.ps1': localePs1,
  'network.ps1': networkPs1,
  'power-schedule.ps1': powerSchedulePs1,
  'optional-features.ps1': optionalFeaturesPs1,
  'power.sh': powerSh,
  'rdp.ps1': rdpPs1,
  'scheduled-tasks.ps1': scheduledTasksPs1,
  'service-setup.ps1': serviceSetupPs1,
  'services.ps1': servicesPs1,
  'swap.ps1': swapPs1,
  'time.ps1': timePs1,
  'volumes.ps1': volumesPs1,
  'windows-update.ps1': windowsUpdatePs1,
  'winget.ps1': wingetPs1,
};

/**
 * Runs an embedded script of sh. Values are arguments, never put into the text. The script is read from a file, so that
 * standard input stays free for secrets. Those of PowerShell are run by a process that stays: windows/powershell/.
 */
export interface ScriptRunner {
  run(name: keyof typeof scripts & string, args: readonly string[], options?: ExecOptions): Promise<string>;
  /** Where the script lies on the disk, written there by this process. */
  place(name: string): string;
  /** What would run, for "Show commands" and the audit log. */
  show(name: string, args: readonly string[]): string;
}

export function createScripts(exec: Exec, folder: string): ScriptRunner {
  const written = new Set<string>();
  const place = (name: string) => {
    const path = join(folder, name);
    if (!written.has(name)) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // Written anew by every process: what lies there from an older version is never run.
      writeFileSync(path, scripts[name]!, { mode: 0o600 });
      chmodSync(path, 0o600);
      written.add(name);
    }
    return path;
  };
  return {
    run(name, args, options) {
      return runOk(exec, ['/bin/sh', place(name), ...args], options);
    },
    place,
    show: (name, args) => [name, ...args].join(' '),
  };
}
