import { join } from 'node:path';
import { systemClock } from '../../lib/clock.ts';
import { findEndpoint, surroundings } from '../docker/endpoint.ts';
import { createDocker } from '../docker/engine.ts';
import type { Exec } from '../exec.ts';
import type { Host } from '../host.ts';
import { NO_OPTIONAL_FEATURES } from '../portable/optional-features.ts';
import { NO_SCHEDULED_TASKS } from '../portable/scheduled-tasks.ts';
import { NO_RDP } from '../portable/rdp.ts';
import { NO_REGISTRY } from '../portable/registry.ts';
import type { ScriptRunner } from '../scripts.ts';
import { createLinuxAccounts } from './accounts/accounts.ts';
import { createLinuxBlocks } from './blocks/blocks.ts';
import { createLinuxDockerd } from './dockerd/dockerd.ts';
import { createLinuxFail2ban } from './fail2ban.ts';
import { createLinuxExposure } from './exposure/exposure.ts';
import { createLinuxFiles } from './files/files.ts';
import { createLinuxFirewall } from './firewall/firewall.ts';
import { createLinuxLogs } from './logs/logs.ts';
import { createLinuxMetrics } from './metrics.ts';
import { createLinuxPackages } from './packages/packages.ts';
import { createLinuxPower } from './power.ts';
import { createLinuxProcesses } from './processes/processes.ts';
import { createLinuxServices } from './services/services.ts';
import { createLinuxShells } from './shells.ts';
import { createLinuxIdentity } from './system/identity.ts';
import { createLinuxInterfaces } from './system/interfaces.ts';
import { createLinuxLocale } from './system/locale.ts';
import { createLinuxPowerSchedule } from './system/power-schedule.ts';
import { createLinuxResolver } from './system/resolver.ts';
import { createLinuxSwap } from './system/swap.ts';
import { createLinuxTime } from './system/time.ts';
import { createSshdSource } from './sign-ins/source.ts';
import { createLinuxSshServer } from './ssh-server/ssh-server.ts';
import { createLinuxSystem } from './system.ts';

export function createLinuxHost(exec: Exec, scripts: ScriptRunner, dataDir: string): Host {
  return {
    kind: 'linux',
    system: createLinuxSystem(exec),
    metrics: createLinuxMetrics(systemClock),
    processes: createLinuxProcesses(exec, systemClock),
    services: createLinuxServices(exec),
    logs: createLinuxLogs(exec),
    power: createLinuxPower(exec, scripts),
    identity: createLinuxIdentity(exec),
    interfaces: createLinuxInterfaces(exec),
    locale: createLinuxLocale(exec),
    powerSchedule: createLinuxPowerSchedule(exec),
    resolver: createLinuxResolver(exec),
    swap: createLinuxSwap(exec),
    time: createLinuxTime(exec),
    accounts: createLinuxAccounts(exec),
    packages: createLinuxPackages(exec, join(dataDir, 'packages')),
    files: createLinuxFiles(exec),
    shells: createLinuxShells(exec),
    docker: createDocker(() => findEndpoint(surroundings())),
    dockerd: createLinuxDockerd(exec),
    firewall: createLinuxFirewall(exec),
    blocks: createLinuxBlocks(exec),
    fail2ban: createLinuxFail2ban(exec),
    signIns: { sources: [createSshdSource(exec)] },
    sshServer: createLinuxSshServer(exec),
    registry: NO_REGISTRY,
    rdp: NO_RDP,
    optionalFeatures: NO_OPTIONAL_FEATURES,
    scheduledTasks: NO_SCHEDULED_TASKS,
    exposure: createLinuxExposure(exec),
  };
}
