import { readFileSync } from 'node:fs';
import type { TimerRow } from '../../services.ts';
import { parseShow, parseSpan, parseTime, words, type Shown } from './show.ts';
import type { Systemctl } from './systemctl.ts';
import { startOf, templateOf, type UnitFile } from './unit-files.ts';

export const TIMER_NAME = /^(?!-)[\w:.\\@-]{1,249}\.timer$/;

const PROPERTIES = 'Id,Description,LoadState,ActiveState,Triggers,NextElapseUSecRealtime,NextElapseUSecMonotonic,LastTriggerUSec,TimersCalendar,TimersMonotonic';

export async function listTimers(systemctl: Systemctl, files: () => Map<string, UnitFile>): Promise<TimerRow[]> {
  const told = parseShow(await systemctl.ask(['show', '--all', `--property=${PROPERTIES}`, '--', '*.timer'])).filter((unit) => unit.get('LoadState') === 'loaded');
  const all = files();
  const booted = Date.now() - uptime();
  const rows = told.map((unit) => timerOf(unit, all.get(unit.get('Id') ?? '') ?? all.get(templateOf(unit.get('Id') ?? '') ?? ''), booted));
  const there = new Set(rows.map(({ name }) => name));
  for (const file of all.values()) {
    if (!file.name.endsWith('.timer') || file.state === 'alias' || file.name.includes('@.') || there.has(file.name)) continue;
    rows.push({ name: file.name, title: file.title, active: false, start: startOf(file.state), startWord: file.state, next: null, last: null, service: file.name.replace(/\.timer$/, '.service'), when: [] });
  }
  return rows;
}

/** ms that systemd counts by: CLOCK_MONOTONIC, which differs from this only on machines that sleep. proc(5): "3099.18 3044.65" */
function uptime(): number {
  try {
    return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  } catch {
    return 0;
  }
}

/** @param booted ms since 1970 at which the machine's own count was 0 */
export function timerOf(unit: Shown, file: UnitFile | undefined, booted: number): TimerRow {
  const span = parseSpan(unit.get('NextElapseUSecMonotonic'));
  const next = [parseTime(unit.get('NextElapseUSecRealtime')), span === null ? null : booted + span].filter((at) => at !== null);
  const active = unit.get('ActiveState') === 'active';
  return {
    name: unit.get('Id') ?? '', title: unit.get('Description') ?? '', active, start: startOf(file?.state ?? ''), startWord: file?.state ?? '',
    next: active && next.length ? Math.min(...next) : null, last: parseTime(unit.get('LastTriggerUSec')),
    service: words(unit.get('Triggers'))[0] ?? '', when: [...whenOf(unit.get('TimersCalendar')), ...whenOf(unit.get('TimersMonotonic'))],
  };
}

/** `{ OnCalendar=*-*-* 06,18:00:00 ; next_elapse=… }` → "*-*-* 06,18:00:00"; `{ OnBootUSec=15min ; … }` → "OnBoot 15min" */
const whenOf = (text: string | undefined) =>
  (text ?? '').split('\n').flatMap((line) => {
    const found = /\{ (\w+)=(.*?) ; /.exec(line);
    if (!found) return [];
    return [found[1] === 'OnCalendar' ? found[2]! : `${found[1]!.replace(/USec$/, '')} ${found[2]}`];
  });
