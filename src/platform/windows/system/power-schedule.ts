import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { planOf } from '../../plan.ts';
import type { PowerScheduleDriver, ScheduleChange, ScheduledPower } from '../../power-schedule.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { systemTool } from '../system-tool.ts';
import { quotedWord } from '../words.ts';
import { planner, type Deed } from './change.ts';
import { noRights } from './rights.ts';

/** `power-schedule.ps1 read`: {"next":1790000000000,"begun":null,"arguments":"/r /t 60 /c \"New drivers\""} */
export const PlannedAnswer = z.object({ next: z.number().nullable(), begun: z.number().nullable(), arguments: z.string().nullable() });

/** Seconds between what people are told and the end: time to save what is open. */
const WARNING = 60;
/** ERROR_NO_SHUTDOWN_IN_PROGRESS (winerror.h), which is what shutdown.exe ends with. */
const NONE_IN_PROGRESS = 1116;

const unquoted = (text: string) => text.replace(/(\\*)("|$)/g, (_, slashes: string, quote: string) => '\\'.repeat(Math.floor(slashes.length / 2)) + quote);

/** shutdown.exe: /r restarts, /s shuts down, /t waits so many seconds, /c says why. */
export const argumentsOf = (action: 'reboot' | 'shutdown', message: string) => `${action === 'reboot' ? '/r' : '/s'} /t ${WARNING}${message ? ` /c ${quotedWord(message)}` : ''}`;

/** While people are warned it has begun, and can be taken back still. null: nothing is planned, or somebody has changed the task into something else. */
export function plannedOf({ next, begun, arguments: words }: z.output<typeof PlannedAnswer>, now: number): ScheduledPower | null {
  const end = begun === null ? 0 : begun + WARNING * 1000;
  const at = next ?? (end > now ? end : null);
  const found = /^\/([rs]) \/t \d+(?: \/c "(.*)")?$/s.exec(words ?? '');
  return at === null || !found ? null : { action: found[1] === 'r' ? 'reboot' : 'shutdown', at, message: unquoted(found[2] ?? '') };
}

/** The Task Scheduler puts variables in, and values of events, wherever such stand in a command line. */
const isReplaced = (message: string) => /%[^%]+%|\$\(/.test(message);

export function createWindowsPowerSchedule(exec: Exec, shell: PowerShell, now = Date.now): PowerScheduleDriver {
  async function deeds(change: ScheduleChange): Promise<Deed<'power-schedule.ps1'>[]> {
    if ('cancel' in change) return [deed('cancel', {})];
    if (isReplaced(change.message)) throw new AppError('invalid', (t) => t.system.power.replaced, { field: 'message' });
    const [, hour, minute] = /^(\d+):(\d+)$/.exec(change.when) ?? [];
    const when = hour === undefined ? { minutes: Number(change.when), hour: null, minute: null } : { minutes: null, hour: Number(hour), minute: Number(minute) };
    return [deed('plan', { ...when, arguments: argumentsOf(change.action, change.message) })];
  }
  const deed = (verb: 'plan' | 'cancel', given: object): Deed<'power-schedule.ps1'> => ({ verb, given, commands: [shell.show('power-schedule.ps1', verb, given)] });

  const tasks = planner(shell, 'power-schedule.ps1', () => noRights(shell), deeds);
  /** The task is gone then, and it may have run: a machine that goes down in a minute is told not to. */
  async function abort() {
    const tool = systemTool(exec, 'shutdown');
    const { code, stdout, stderr } = await exec.run([tool, '/a'], { timeout: 20_000 });
    if (code !== 0 && code !== NONE_IN_PROGRESS) throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'shutdown', code }), { detail: (stderr || stdout).trim() });
  }

  return {
    // Nobody but an administrator sees the task: that is said instead.
    read: async () => ((await noRights(shell)) ? null : plannedOf(await shell.call('power-schedule.ps1', 'read', {}, PlannedAnswer), now())),
    refusal: tasks.refusal,
    async plan(change) {
      const plan = await tasks.plan(change);
      return 'cancel' in change ? planOf([...plan.commands, 'shutdown.exe /a']) : plan;
    },
    async apply(change) {
      await tasks.apply(change);
      if ('cancel' in change) await abort();
    },
  };
}
