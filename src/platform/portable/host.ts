import { cpus, hostname, release, totalmem, uptime, version } from 'node:os';
import { systemClock } from '../../lib/clock.ts';
import { listAddresses } from '../addresses.ts';
import { hideSecrets } from '../command-line.ts';
import { findEndpoint, surroundings } from '../docker/endpoint.ts';
import { createDocker } from '../docker/engine.ts';
import type { Exec } from '../exec.ts';
import type { FilesDriver } from '../files.ts';
import type { Host } from '../host.ts';
import { NO_PACKET_FILTER } from '../packet-filter.ts';
import type { PowerDriver } from '../power.ts';
import type { ProcessesDriver } from '../processes.ts';
import type { ShellsDriver } from '../shells.ts';
import type { SystemDriver } from '../system.ts';
import { createLibrary, type Library } from './library.ts';
import { createPortableMetrics } from './metrics.ts';

/** Windows and macOS through node:os and systeminformation; where that cannot work, what node:os tells by itself. */
export function createPortableHost(kind: 'windows' | 'darwin', exec: Exec, power: PowerDriver, files: FilesDriver, shells: ShellsDriver, rebootPending: SystemDriver['rebootPending'] = async () => null): Host {
  const library = createLibrary(exec);
  return {
    kind,
    system: createPortableSystem(library, rebootPending),
    metrics: createPortableMetrics(systemClock, library),
    processes: createPortableProcesses(library),
    power,
    files,
    shells,
    docker: createDocker(() => findEndpoint(surroundings())),
    packetFilter: NO_PACKET_FILTER,
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

/** States as Linux writes them. */
const STATES: Record<string, string> = { running: 'R', sleeping: 'S', stopped: 'T', zombie: 'Z', idle: 'I', blocked: 'D' };

function createPortableProcesses(library: () => Promise<Library | null>): ProcessesDriver {
  return {
    async list() {
      const si = await library();
      if (!si) return [];
      const cores = cpus().length || 1;
      const { list } = await si.processes();
      return list.map((row) => ({
        pid: row.pid, parent: row.parentPid, name: row.name,
        command: hideSecrets([row.command, row.params].filter(Boolean).join(' ')) || row.name,
        user: row.user, state: STATES[row.state] ?? row.state, threads: 0,
        // systeminformation tells percent of the whole machine on Windows and of one core on macOS.
        cpu: Math.round(row.cpu * (process.platform === 'win32' ? cores : 1) * 10) / 10,
        memory: row.memRss * 1024, startedAt: Date.parse(row.started) || 0,
      }));
    },
  };
}
