import { cpus, setPriority } from 'node:os';
import { AppError } from '../../lib/errors.ts';
import { hideSecrets } from '../command-line.ts';
import { runOk, type Exec } from '../exec.ts';
import { PROCESS_SIGNALS, type ProcessChange, type ProcessesDriver, type ProcessKey, type ProcessRow } from '../processes.ts';
import type { Library } from './library.ts';

/** States as Linux writes them. */
const STATES: Record<string, string> = { running: 'R', sleeping: 'S', stopped: 'T', zombie: 'Z', idle: 'I', blocked: 'D' };

/** Through systeminformation: Windows (its CIM classes, by PowerShell) and macOS (`ps`). What these do not tell is null. */
export function createPortableProcesses(exec: Exec, library: () => Promise<Library | null>): ProcessesDriver {
  const windows = process.platform === 'win32';
  const cores = cpus().length || 1;

  async function list(): Promise<ProcessRow[]> {
    const si = await library();
    if (!si) return [];
    const { list: found } = await si.processes();
    return found.map((row) => ({
      pid: row.pid, parent: row.parentPid, name: row.name,
      command: hideSecrets([row.command, row.params].filter(Boolean).join(' ')) || row.name,
      user: row.user, state: STATES[row.state] ?? row.state, threads: 0,
      // systeminformation tells percent of the whole machine on Windows and of one core on macOS.
      cpu: Math.round(row.cpu * (windows ? cores : 1) * 10) / 10,
      memory: row.memRss * 1024, startedAt: Date.parse(row.started) || 0,
      nice: windows ? null : row.nice, service: null, container: null, read: null, written: null, received: null, sent: null,
    }));
  }
  const find = async ({ pid, startedAt }: ProcessKey) => (await list()).find((row) => row.pid === pid && row.startedAt === startedAt) ?? null;

  return {
    list,
    async one(key) {
      const row = await find(key);
      if (!row) return null;
      const si = await library();
      const mine = (await si?.networkConnections().catch(() => []))?.filter(({ pid }) => pid === key.pid);
      return {
        row, executable: null, folder: null, disk: null, environment: null, files: null,
        sockets: mine?.map(({ protocol, localAddress, localPort, peerAddress, peerPort, state }) => ({
          protocol: protocol.startsWith('udp') ? 'udp' : 'tcp', address: localAddress, port: Number(localPort),
          remote: Number(peerPort) > 0 ? { address: peerAddress, port: Number(peerPort) } : null, state, received: null, sent: null,
        })) ?? null,
      };
    },
    async listeners() {
      const si = await library();
      const all = (await si?.networkConnections().catch(() => [])) ?? [];
      return all.filter(({ protocol, state }) => protocol.startsWith('udp') || state === 'LISTEN')
        .map(({ protocol, localAddress, localPort, pid }) => ({ protocol: protocol.startsWith('udp') ? 'udp' as const : 'tcp' as const, address: localAddress, port: Number(localPort), pid: pid || null }));
    },
    traffic: null,
    signals: windows ? ['TERM', 'KILL'] : PROCESS_SIGNALS,
    command: (pid, change) => words(windows, pid, change).join(' '),
    async change(key, change) {
      if (!(await find(key))) return false;
      try {
        if ('nice' in change) setPriority(key.pid, change.nice);
        else if (windows) await runOk(exec, words(true, key.pid, change), { timeout: 10_000 });
        else process.kill(key.pid, `SIG${change.signal}`);
        return true;
      } catch (cause) {
        if (!isThere(key.pid)) return false;
        throw new AppError('denied', (t) => t.processes.mayNot, { cause, ...(cause instanceof AppError && cause.detail ? { detail: cause.detail } : {}) });
      }
    },
    runs: async (key) => isThere(key.pid),
  };
}

/** Windows knows no signals: a window is asked to close, or the process is ended. */
function words(windows: boolean, pid: number, change: ProcessChange): [string, ...string[]] {
  if ('nice' in change) return ['renice', '-n', String(change.nice), '-p', String(pid)];
  if (!windows) return ['kill', `-${change.signal}`, String(pid)];
  return ['taskkill', ...(change.signal === 'KILL' ? ['/F'] : []), '/PID', String(pid)];
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
