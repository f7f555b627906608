import { z } from 'zod';
import { TASK_STATES, TRIGGER_KINDS, type ScheduledTask, type ScheduledTasksDriver, type TriggerKind } from '../scheduled-tasks.ts';
import type { PowerShell } from './powershell/powershell.ts';

/**
 * `scheduled-tasks.ps1 list`:
 *
 *     {"tasks":[{"path":"\\Microsoft\\Windows\\Defrag\\ScheduledDefrag","name":"ScheduledDefrag","state":3,"enabled":true,"hidden":false,
 *       "author":"$(@%systemRoot%\\system32\\defragsvc.dll,-801)","description":"…","account":"SYSTEM","level":1,
 *       "actions":["%windir%\\system32\\defrag.exe -c -h -o"],"triggers":[],"lastRun":1790000000000,"nextRun":null,"lastResult":0,"missed":0}]}
 */
export const TaskList = z.object({
  tasks: z.array(z.object({
    path: z.string(), name: z.string(), state: z.number().int(), enabled: z.boolean(), hidden: z.boolean(), author: z.string(), description: z.string(), account: z.string(),
    level: z.number().int(), actions: z.array(z.string()), triggers: z.array(z.number().int()), lastRun: z.number().nullable(), nextRun: z.number().nullable(),
    lastResult: z.number().int(), missed: z.number().int(),
  })),
});

/** SCHED_S_TASK_HAS_NOT_RUN */
const NEVER_RAN = 0x41303;

/** 0 to 9 stand as they are in taskschd.h; 10 is none, 11 a change of session, 12 a custom one of the system. */
function triggerOf(type: number): TriggerKind {
  if (type >= 0 && type <= 9) return TRIGGER_KINDS[type]!;
  return type === 11 ? 'session' : type === 12 ? 'custom' : 'other';
}

export const tasksOf = ({ tasks }: z.output<typeof TaskList>): ScheduledTask[] => tasks.map(({ level, state, triggers, lastResult, ...rest }) => ({
  ...rest, state: TASK_STATES[state] ?? 'unknown', elevated: level === 1, triggers: triggers.map(triggerOf),
  // It comes as a signed number or an unsigned one, by the version of PowerShell.
  lastResult: lastResult >>> 0 === NEVER_RAN || rest.lastRun === null ? null : lastResult >>> 0,
}));

export function createWindowsScheduledTasks(shell: PowerShell): ScheduledTasksDriver {
  return {
    refusal: () => (shell.missing() ? (t) => t.powershell.unavailable : null),
    list: async () => tasksOf(await shell.call('scheduled-tasks.ps1', 'list', {}, TaskList)),
    async change(path, change) {
      await shell.call('scheduled-tasks.ps1', change, { path }, z.object({}));
    },
    command: (path, change) => shell.show('scheduled-tasks.ps1', change, { path }),
  };
}
