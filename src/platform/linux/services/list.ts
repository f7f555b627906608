import { existsSync, readFileSync } from 'node:fs';
import type { ServiceRow, ServiceState } from '../../services.ts';
import { parseFigure, parseShow, parseTime, type Shown } from './show.ts';
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

/** What is asked for one by one, and holds for as long as a unit stays in its state. */
interface Known {
  active: string;
  sub: string;
  pid: number | null;
  startedAt: number | null;
  since: number | null;
  group: string | null;
  memory: number | null;
}

const PROPERTIES = 'Id,MainPID,ExecMainStartTimestamp,StateChangeTimestamp,MemoryCurrent,ControlGroup';

export function knownOf(unit: Shown, { active, sub }: Pick<ListedUnit, 'active' | 'sub'>): Known {
  const pid = parseFigure(unit.get('MainPID')) || null;
  return {
    active, sub, pid, startedAt: pid ? parseTime(unit.get('ExecMainStartTimestamp')) : null, since: parseTime(unit.get('StateChangeTimestamp')),
    group: unit.get('ControlGroup') || null, memory: parseFigure(unit.get('MemoryCurrent')),
  };
}

/**
 * All services in two processes at most: `list-units` for states, which takes a hundredth of a second, and `show` for those
 * that are up or failed and not known as they are. Files and how they start are read from the folders, memory from control groups.
 */
export function createServiceList(systemctl: Systemctl, files: () => Map<string, UnitFile>, cgroups = '/sys/fs/cgroup') {
  let known = new Map<string, Known>();

  const fresh = ({ name, active, sub }: ListedUnit) => {
    const before = known.get(name);
    // One that was started again meanwhile looks the same, but for its first process.
    return before && before.active === active && before.sub === sub && (before.pid === null || existsSync(`/proc/${before.pid}`)) ? before : null;
  };

  /** Version 2 has one tree; in version 1 memory has its own. */
  const memoryOf = ({ group, memory }: Known) => {
    if (!group) return null;
    for (const file of [`${cgroups}${group}/memory.current`, `${cgroups}/memory${group}/memory.usage_in_bytes`]) {
      try {
        return Number(readFileSync(file, 'utf8'));
      } catch {
        // The other version, or it has just ended.
      }
    }
    return memory;
  };

  return async function list(): Promise<ServiceRow[]> {
    const listed = parseListUnits(await systemctl.ask(['list-units', '--type=service', '--all', '--full', '--plain', '--no-legend', '--no-pager']));
    const units = listed.filter(({ load, active }) => load !== 'not-found' || active !== 'inactive');
    const busy = units.filter(({ active }) => active !== 'inactive');
    const asked = busy.filter((unit) => !fresh(unit));
    const told = asked.length ? parseShow(await systemctl.ask(['show', `--property=${PROPERTIES}`, '--', ...asked.map(({ name }) => name)])) : [];
    const byName = new Map(told.map((unit) => [unit.get('Id') ?? '', unit]));
    const next = new Map<string, Known>();
    for (const unit of busy) {
      const one = byName.get(unit.name);
      const now = one ? knownOf(one, unit) : fresh(unit);
      if (now) next.set(unit.name, now);
    }
    known = next;
    const all = files();
    const rows = units.map((unit) => {
      const file = all.get(unit.name) ?? all.get(templateOf(unit.name) ?? '');
      const more = known.get(unit.name);
      return rowOf(unit, file, more ? { ...more, memory: memoryOf(more) } : null);
    });
    const there = new Set(units.map(({ name }) => name));
    for (const file of all.values()) if (file.name.endsWith('.service') && file.state !== 'alias' && !there.has(file.name)) rows.push(unloaded(file));
    return rows;
  };
}

function rowOf({ name, load, active, sub, title }: ListedUnit, file: UnitFile | undefined, known: Pick<Known, 'pid' | 'startedAt' | 'since' | 'memory'> | null): ServiceRow {
  const startWord = load === 'masked' ? 'masked' : (file?.state ?? '');
  return {
    name, title: (title === name ? '' : title) || file?.title || '', state: stateOf(active, sub), word: sub, start: startOf(startWord), startWord, template: false,
    pid: known?.pid ?? null, startedAt: known?.startedAt ?? null, since: known?.since ?? null, memory: known?.memory ?? null,
  };
}

/** One that nobody has asked for since the machine started. */
export const unloaded = (file: UnitFile): ServiceRow => ({
  name: file.name, title: file.title, state: 'stopped', word: '', start: startOf(file.state), startWord: file.state, template: file.name.includes('@.'),
  pid: null, startedAt: null, since: null, memory: null,
});
