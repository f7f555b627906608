import { cpus, hostname, release, totalmem, uptime, version } from 'node:os';
import { systemClock } from '../../lib/clock.ts';
import { listAddresses } from '../addresses.ts';
import { NO_BLOCKS } from '../blocks.ts';
import { findEndpoint, surroundings } from '../docker/endpoint.ts';
import { createDocker } from '../docker/engine.ts';
import type { Exec } from '../exec.ts';
import { NO_FAIL2BAN } from '../fail2ban.ts';
import { NO_EXPOSURE } from '../exposure.ts';
import type { FilesDriver } from '../files.ts';
import type { Host } from '../host.ts';
import { NO_FIREWALL } from '../firewall.ts';
import { NO_LOGS } from '../logs.ts';
import { createNoServices } from '../no-services.ts';
import type { PowerDriver } from '../power.ts';
import type { ShellsDriver } from '../shells.ts';
import { NO_SIGN_INS } from '../sign-ins.ts';
import { NO_SSH_SERVER } from '../ssh-server.ts';
import type { SystemDriver } from '../system.ts';
import { noDockerd } from './dockerd.ts';
import { createLibrary, type Library } from './library.ts';
import { createPortableMetrics } from './metrics.ts';
import { NOT_HERE } from './not-here.ts';
import { createPortableProcesses } from './processes.ts';
import { NO_OPTIONAL_FEATURES } from './optional-features.ts';
import { NO_SCHEDULED_TASKS } from './scheduled-tasks.ts';
import { NO_RDP } from './rdp.ts';
import { NO_REGISTRY } from './registry.ts';

/** Windows and macOS through node:os and systeminformation; where that cannot work, what node:os tells by itself. */
export function createPortableHost(kind: 'windows' | 'darwin', exec: Exec, power: PowerDriver, files: FilesDriver, shells: ShellsDriver, rebootPending: SystemDriver['rebootPending'] = async () => null): Host {
  const library = createLibrary(exec);
  return {
    kind,
    system: createPortableSystem(library, rebootPending),
    metrics: createPortableMetrics(systemClock, library),
    processes: createPortableProcesses(exec, library),
    services: createNoServices(),
    logs: NO_LOGS,
    power,
    ...NOT_HERE,
    files,
    shells,
    docker: createDocker(() => findEndpoint(surroundings())),
    dockerd: noDockerd,
    firewall: NO_FIREWALL,
    blocks: NO_BLOCKS,
    signIns: NO_SIGN_INS,
    fail2ban: NO_FAIL2BAN,
    sshServer: NO_SSH_SERVER,
    registry: NO_REGISTRY,
    rdp: NO_RDP,
    optionalFeatures: NO_OPTIONAL_FEATURES,
    scheduledTasks: NO_SCHEDULED_TASKS,
    exposure: NO_EXPOSURE,
  };
}

function createPortableSystem(library: () => Promise<Library | null>, rebootPending: SystemDriver['rebootPending']): SystemDriver {
  return {
    hostname,
    async facts() {
      const all = cpus();
      const si = await library();
      const os = await si?.osInfo().catch(() => null);
      return {
        hostname: hostname(),
        os: os?.distro ? [os.distro, os.release].filter(Boolean).join(' ') : version(),
        kernel: release(),
        arch: process.arch,
        cpuModel: all[0]?.model.trim() || process.arch,
        cores: all.length,
        memory: totalmem(),
        bootedAt: Date.now() - Math.round(uptime() * 1000),
        addresses: listAddresses(),
        virtualization: null,
        timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      };
    },
    rebootPending,
  };
}
