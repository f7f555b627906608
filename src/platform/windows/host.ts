import { dirname, join } from 'node:path';
import type { Exec } from '../exec.ts';
import type { Host } from '../host.ts';
import { createPortableHost } from '../portable/host.ts';
import type { ScriptRunner } from '../scripts.ts';
import { createWindowsFiles } from './files/files.ts';
import { createWindowsFirewall } from './firewall/firewall.ts';
import { createWindowsPower } from './power.ts';
import { createWindowsLogs } from './logs/logs.ts';
import { startPowerShell } from './powershell/start.ts';
import { createWindowsRdp } from './rdp.ts';
import { createWindowsScheduledTasks } from './scheduled-tasks.ts';
import { createWindowsRegistry } from './registry/registry.ts';
import { windowsRebootPending } from './reboot.ts';
import { createWindowsServices } from './services/services.ts';
import { createWindowsShells } from './shells.ts';

export function createWindowsHost(exec: Exec, scripts: ScriptRunner): Host {
  const registry = createWindowsRegistry();
  const shell = startPowerShell(exec, scripts);
  const base = createPortableHost('windows', exec, createWindowsPower(exec), createWindowsFiles(shell), createWindowsShells(), () => windowsRebootPending(registry));
  // Beside the scripts, in the data directory: nobody else writes there.
  const exports = () => join(dirname(scripts.place('host.ps1')), '..', 'firewall');
  return {
    ...base, registry, firewall: createWindowsFirewall(exec, registry, shell, exports), services: createWindowsServices(shell, registry), logs: createWindowsLogs(shell),
    rdp: createWindowsRdp(exec, registry, shell), scheduledTasks: createWindowsScheduledTasks(shell),
  };
}
