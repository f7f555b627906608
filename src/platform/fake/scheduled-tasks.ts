import type { Clock } from '../../lib/clock.ts';
import { AppError } from '../../lib/errors.ts';
import type { ScheduledTask, ScheduledTasksDriver, TriggerKind } from '../scheduled-tasks.ts';

const HOUR = 3_600_000;

/** path, action, account, trigger, hours since it ran, hours until it does, result, description */
const TASKS: readonly (readonly [path: string, action: string, account: string, trigger: TriggerKind, last: number | null, next: number | null, result: number, description: string])[] = [
  ['\\Backup shop', 'C:\\Tools\\backup.cmd /full', 'DEMO-01\\backup', 'daily', 7, 17, 0, 'Copies the database and the uploads to the other house.'],
  ['\\Renew certificates', 'C:\\Tools\\renew.exe --quiet', 'SYSTEM', 'daily', 3, 9, 2_147_942_402, 'Looks for certificates that end soon.'],
  ['\\数据同步', 'powershell.exe -File C:\\Tools\\sync.ps1', 'DEMO-01\\lin', 'time', 1, 0.5, 0, '每半小时同步一次订单数据。'],
  ['\\Microsoft\\Windows\\Defrag\\ScheduledDefrag', '%windir%\\system32\\defrag.exe -c -h -o -$', 'SYSTEM', 'custom', 120, null, 0, 'This task optimizes local storage drives.'],
  ['\\Microsoft\\Windows\\Time Synchronization\\SynchronizeTime', '%windir%\\system32\\sc.exe start w32time task_started', 'LOCAL SERVICE', 'weekly', 90, 78, 1056, 'Maintains date and time synchronization.'],
  ['\\Microsoft\\Windows\\UpdateOrchestrator\\Schedule Scan', '%systemroot%\\system32\\usoclient.exe StartScan', 'SYSTEM', 'daily', 12, 11, 0, ''],
  ['\\Microsoft\\Windows\\Windows Error Reporting\\QueueReporting', '%windir%\\system32\\wermgr.exe -upload', 'SYSTEM', 'logon', null, null, 0, ''],
];

/** Tasks that do not exist, and do what they are told. */
export function createFakeScheduledTasks(clock: Clock): ScheduledTasksDriver {
  const disabled = new Set(['\\Microsoft\\Windows\\Windows Error Reporting\\QueueReporting']);
  const ran = new Map<string, number>();
  const running = new Set<string>();
  const started = clock.now();
  const list = (): ScheduledTask[] => TASKS.map(([path, action, account, trigger, last, next, result, description]) => ({
    path, name: path.split('\\').at(-1)!, enabled: !disabled.has(path), state: running.has(path) ? 'running' : disabled.has(path) ? 'disabled' : 'ready', hidden: false, author: 'Demo', description, account,
    elevated: account === 'SYSTEM', actions: [action], triggers: [trigger], lastRun: ran.get(path) ?? (last === null ? null : started - last * HOUR),
    nextRun: next === null || disabled.has(path) ? null : started + next * HOUR, lastResult: ran.has(path) ? 0 : last === null ? null : result, missed: 0,
  }));
  return {
    refusal: () => null,
    list: async () => list(),
    async change(path, change) {
      if (!TASKS.some((task) => task[0] === path)) throw new AppError('not_found', (t) => t.scheduledTasks.gone({ path }));
      if (change === 'enable') disabled.delete(path);
      else if (change === 'disable') disabled.add(path);
      else if (change === 'stop') running.delete(path);
      else {
        running.add(path);
        ran.set(path, clock.now());
      }
    },
    command: (path, change) => `scheduled-tasks.ps1 ${change} ${JSON.stringify({ path })}`,
  };
}
