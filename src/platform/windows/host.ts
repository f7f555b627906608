import { dirname, join, resolve } from 'node:path';
import type { Exec } from '../exec.ts';
import type { Host } from '../host.ts';
import { createPortableHost } from '../portable/host.ts';
import type { ScriptRunner } from '../scripts.ts';
import { differs, installedExecutable, placeExecutable } from './executable.ts';
import { createWindowsAccounts } from './accounts/accounts.ts';
import { createWindowsKeys } from './accounts/keys.ts';
import { createWindowsBlocks } from './blocks/blocks.ts';
import { createWindowsExposure, createWindowsListeners } from './exposure/exposure.ts';
import { createWindowsFiles } from './files/files.ts';
import { createWindowsFirewall } from './firewall/firewall.ts';
import { createWindowsPackages } from './packages/packages.ts';
import { createWindowsPower } from './power.ts';
import { createWindowsLogs } from './logs/logs.ts';
import { createWindowsPrograms, type ProgramsHome } from './programs/programs.ts';
import { startPowerShell } from './powershell/start.ts';
import { createWindowsRdp } from './rdp.ts';
import { createWindowsOptionalFeatures } from './optional-features.ts';
import { createWindowsScheduledTasks } from './scheduled-tasks.ts';
import { createWindowsRegistry } from './registry/registry.ts';
import { windowsRebootPending } from './reboot.ts';
import { createWindowsIdentity } from './system/identity.ts';
import { createWindowsInterfaces } from './system/interfaces.ts';
import { createWindowsLocale } from './system/locale.ts';
import { createWindowsPowerSchedule } from './system/power-schedule.ts';
import { createWindowsResolver } from './system/resolver.ts';
import { createWindowsSwap } from './system/swap.ts';
import { createWindowsTime } from './system/time.ts';
import { createWindowsServices } from './services/services.ts';
import { createWindowsShells } from './shells.ts';
import { createWindowsSignIns } from './sign-ins/sign-ins.ts';
import { createWindowsSshServer, keysFileIn } from './ssh-server/ssh-server.ts';

/** Services run from a place where only administrators write; the sources, while somebody works on them, from where they are. */
function programHost(own: (...words: string[]) => readonly string[]): Pick<ProgramsHome, 'command' | 'place'> {
  const [running, ...rest] = own();
  if (rest.length) return { command: own, place: () => {} };
  return { command: (...words) => [installedExecutable(), ...words], place: () => void (differs(running!) && placeExecutable(running!)) };
}

/** @param own how the panel's executable is called with other words */
export function createWindowsHost(exec: Exec, scripts: ScriptRunner, own: ProgramsHome['command']): Host {
  const registry = createWindowsRegistry();
  const shell = startPowerShell(exec, scripts);
  const base = createPortableHost('windows', exec, createWindowsPower(exec), createWindowsFiles(shell), createWindowsShells(), () => windowsRebootPending(registry));
  // The scripts lie in the data directory: nobody else writes there.
  const dataDir = resolve(dirname(scripts.place('host.ps1')), '..');
  const programs = createWindowsPrograms(exec, registry, { folder: join(dataDir, 'programs'), dataDir, ...programHost(own) });
  // Looking for updates takes many seconds: the processes that answer the other pages are not held up by it.
  const longShell = () => startPowerShell(exec, scripts, { lanes: 1 });
  const packages = createWindowsPackages({ exec, registry, shell: startPowerShell(exec, scripts, { idleMs: 60_000 }), longShell });
  const listeners = createWindowsListeners(shell);
  const programData = process.env.ProgramData ?? 'C:\\ProgramData';
  const accounts = createWindowsAccounts(shell, createWindowsKeys((account) => keysFileIn(registry, account, programData), programData));
  return {
    ...base, registry, firewall: createWindowsFirewall(exec, registry, shell, () => join(dataDir, 'firewall')), blocks: createWindowsBlocks(registry, shell),
    services: createWindowsServices(shell, registry, undefined, programs), logs: createWindowsLogs(shell),
    rdp: createWindowsRdp(exec, registry, shell), scheduledTasks: createWindowsScheduledTasks(shell), signIns: createWindowsSignIns(shell),
    exposure: createWindowsExposure(registry, shell), processes: { ...base.processes, listeners: () => listeners().catch(() => base.processes.listeners()) },
    identity: createWindowsIdentity(registry, shell), time: createWindowsTime(exec, registry, shell), locale: createWindowsLocale(shell), resolver: createWindowsResolver(registry, shell),
    interfaces: createWindowsInterfaces(shell), swap: createWindowsSwap(shell), powerSchedule: createWindowsPowerSchedule(exec, shell),
    accounts, sshServer: createWindowsSshServer({ exec, registry, accounts, programData, scratch: () => dataDir }), packages, optionalFeatures: createWindowsOptionalFeatures(shell, longShell),
  };
}
