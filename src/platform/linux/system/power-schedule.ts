import type { Exec } from '../../exec.ts';
import { planOf } from '../../plan.ts';
import type { PowerScheduleDriver, ScheduleChange, ScheduledPower } from '../../power-schedule.ts';
import { hasSystemd } from '../../systemd.ts';
import { runSteps, showStep, step, type Step } from '../steps.ts';
import { readText } from '../text-file.ts';
import { noRoot } from './rights.ts';

/**
 * What systemd-logind writes down.
 *
 *     USEC=1795933578929007
 *     WARN_WALL=1
 *     MODE=reboot
 *     WALL_MESSAGE=\346\226\260\345\206\205\346\240\270 \"6.1\"
 */
export function parseScheduled(text: string): ScheduledPower | null {
  const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  const at = Number(of('USEC')) / 1000;
  const mode = of('MODE');
  if (!at || !/^(reboot|poweroff|halt|kexec|soft-reboot)$/.test(mode)) return null;
  return { action: mode === 'poweroff' || mode === 'halt' ? 'shutdown' : 'reboot', at: Math.round(at), message: unescape(of('WALL_MESSAGE').replace(/^"(.*)"$/, '$1')) };
}

/** As C escapes (systemd's cescape): bytes that are no ASCII in octal, `\\346\\226\\260`, others as `\\x20`, `\\"`, `\\n`. */
function unescape(text: string): string {
  const bytes = Buffer.from(text).toString('latin1').replace(/\\(?:([0-3][0-7]{2})|x([\da-fA-F]{2})|(.))/g, (_, octal: string | undefined, hex: string | undefined, one: string) =>
    octal ? String.fromCharCode(Number.parseInt(octal, 8)) : hex ? String.fromCharCode(Number.parseInt(hex, 16)) : ({ n: '\n', t: '\t' }[one] ?? one));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

const stepsOf = (change: ScheduleChange): Step[] =>
  'cancel' in change ? [step('shutdown', '-c')] : [step('shutdown', change.action === 'reboot' ? '-r' : '-P', '--', change.when, ...(change.message ? [change.message] : []))];

export function createLinuxPowerSchedule(exec: Exec): PowerScheduleDriver {
  return {
    read: async () => parseScheduled(readText('/run/systemd/shutdown/scheduled') ?? ''),
    // Without systemd shutdown(8) waits in the foreground until then: it would end with the panel.
    refusal: async () => (hasSystemd() ? (exec.which('shutdown') ? noRoot() : (t) => t.errors.noTool({ tool: 'shutdown' })) : (t) => t.system.power.noSystemd),
    plan: async (change) => planOf(stepsOf(change).map(showStep)),
    apply: async (change) => runSteps(exec, stepsOf(change), { timeout: 20_000 }),
  };
}
