import { setPriority } from 'node:os';
import type { Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { PROCESS_SIGNALS, type ProcessesDriver } from '../../processes.ts';
import { createListeners } from './listeners.ts';
import { createProcessList } from './list.ts';
import { readProcess } from './one.ts';
import { sendSignal } from './signal.ts';
import { createTraffic } from './traffic.ts';

export function createLinuxProcesses(exec: Exec, clock: Clock): ProcessesDriver {
  const { list, find } = createProcessList(clock);
  const listeners = createListeners();
  return {
    list: async (disks = false) => list(disks),
    async one(key) {
      const row = find(key);
      return row && readProcess(exec, row);
    },
    listeners: async () => listeners(),
    traffic: exec.which('ss') ? createTraffic(exec, clock) : null,
    signals: PROCESS_SIGNALS,
    command: (pid, change) => ('signal' in change ? `kill -${change.signal} ${pid}` : `renice -n ${change.nice} -p ${pid}`),
    async change(key, change) {
      try {
        if ('signal' in change) return sendSignal(key.pid, change.signal, () => find(key) !== null);
        if (!find(key)) return false;
        setPriority(key.pid, change.nice);
        return true;
      } catch (cause) {
        const { code } = cause as NodeJS.ErrnoException;
        if (code === 'ESRCH' || (cause as { info?: { code?: string } }).info?.code === 'ESRCH') return false;
        throw new AppError('denied', (t) => t.processes.mayNot, { cause });
      }
    },
    runs: async (key) => find(key) !== null,
  };
}
