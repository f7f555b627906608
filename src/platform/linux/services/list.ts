import type { ServiceRow, ServiceState } from '../../services.ts';
import { createGroups, type GroupFacts } from './groups.ts';
import { parseShow, parseTime } from './show.ts';
import type { Systemctl } from './systemctl.ts';
import { startOf, templateOf, type UnitFile } from './unit-files.ts';

/** One line of `systemctl list-units`. */
export interface ListedUnit {
  name: string;
  load: string;
  active: string;
  sub: string;
  title: string;
}

/**
 * `systemctl list-units --plain --full --no-legend`: four columns of words as D-Bus has them, then the description. As
 * JSON it comes since systemd 246 only.
 *
 *     cron.service            loaded    active   running Regular background program processing daemon
 *     auditd.service          not-found inactive dead    auditd.service
 */
export function parseListUnits(text: string): ListedUnit[] {
  return text.split('\n').flatMap((line) => {
    const found = /^\s*(?:[●○*x×↻] )?(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*(.*)$/.exec(line);
    return found ? [{ name: found[1]!, load: found[2]!, active: found[3]!, sub: found[4]!, title: found[5]!.trim() }] : [];
  });
}

const STATES: Record<string, ServiceState> = { activating: 'starting', deactivating: 'stopping', reloading: 'reloading', failed: 'failed', inactive: 'stopped', maintenance: 'stopped', refreshing: 'reloading' };

/** org.freedesktop.systemd1(5): ActiveState and SubState of a service. */
export const stateOf = (active: string, sub: string): ServiceState => (active === 'active' ? (sub === 'exited' || sub === 'elapsed' ? 'exited' : 'running') : (STATES[active] ?? 'unknown'));

/**
 * All services in two processes at most: `list-units` for states, which takes a hundredth of a second, and `show` for those
 * that have failed since the last look, for when. Files and how they start are read from their folders, processes and memory
 * from control groups: asked for one by one, systemd takes a millisecond for each, and a second for how three hundred start.
 */
export function createServiceList(systemctl: Systemctl, files: () => Map<string, UnitFile>, groups: () => Map<string, GroupFacts> = createGroups()) {
  /** Since when they are failed: ms since 1970. */
  let failures = new Map<string, number | null>();

  async function failedSince(failed: readonly ListedUnit[]) {
    const fresh = failed.filter(({ name }) => !failures.has(name));
    const told = fresh.length ? parseShow(await systemctl.ask(['show', '--property=Id,StateChangeTimestamp', '--', ...fresh.map(({ name }) => name)])) : [];
    const times = new Map(told.map((unit) => [unit.get('Id') ?? '', parseTime(unit.get('StateChangeTimestamp'))]));
    failures = new Map(failed.map(({ name }) => [name, times.get(name) ?? failures.get(name) ?? null]));
  }

  return async function list(): Promise<ServiceRow[]> {
    const listed = parseListUnits(await systemctl.ask(['list-units', '--type=service', '--all', '--full', '--plain', '--no-legend', '--no-pager']));
    const units = listed.filter(({ load, active }) => load !== 'not-found' || active !== 'inactive');
    await failedSince(units.filter(({ active }) => active === 'failed'));
    const all = files();
    const running = groups();
    const rows = units.map((unit) => {
      const facts = running.get(unit.name);
      const file = all.get(unit.name) ?? all.get(templateOf(unit.name) ?? '');
      return rowOf(unit, file, facts, unit.active === 'failed' ? (failures.get(unit.name) ?? null) : (facts?.startedAt ?? null));
    });
    const there = new Set(units.map(({ name }) => name));
    for (const file of all.values()) if (file.name.endsWith('.service') && file.state !== 'alias' && !there.has(file.name)) rows.push(unloaded(file));
    return rows;
  };
}

function rowOf({ name, load, active, sub, title }: ListedUnit, file: UnitFile | undefined, facts: GroupFacts | undefined, since: number | null): ServiceRow {
  const startWord = load === 'masked' && !file?.state.startsWith('masked') ? 'masked' : (file?.state ?? '');
  return {
    name, title: (title === name ? '' : title) || file?.title || '', state: stateOf(active, sub), word: sub, start: startOf(startWord), startWord, template: false,
    pid: facts?.pid ?? null, startedAt: facts?.startedAt ?? null, since, memory: facts?.pid ? facts.memory : null,
  };
}

/** One that nobody has asked for since the machine started. */
export const unloaded = (file: UnitFile): ServiceRow => ({
  name: file.name, title: file.title, state: 'stopped', word: '', start: startOf(file.state), startWord: file.state, template: file.name.includes('@.'),
  pid: null, startedAt: null, since: null, memory: null,
});
