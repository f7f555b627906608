import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exec } from '../../exec.ts';
import { createShownServices } from '../../no-services.ts';
import type { ServiceRow, ServicesDriver, ServiceState } from '../../services.ts';
import { withText } from './one.ts';

/** Machines without systemd: scripts in /etc/init.d, of OpenRC or of System V. They are shown, not changed. */

const SCRIPTS = '/etc/init.d';
/** Each asks its script; one that hangs must not hold up a page. */
const STATUS_MS = 10_000;

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

function scripts(root: string): string[] {
  return namesIn(root + SCRIPTS).filter((name) => {
    if (!/^[\w.+-]+$/.test(name) || name.startsWith('.') || /^(README|skeleton|functions(\.sh)?|rc|rcS)$/.test(name) || /\.(sh|bak|dpkg-\w+)$/.test(name)) return false;
    try {
      accessSync(join(root + SCRIPTS, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }).sort();
}

/** Of the comment at its head (LSB), or `description=` (OpenRC). */
function titleOf(root: string, name: string): string {
  try {
    const text = readFileSync(join(root + SCRIPTS, name), 'utf8').slice(0, 20_000);
    return /^# Short-Description:\s*(.+)$/m.exec(text)?.[1]?.trim() ?? /^description="([^"$]*)"/m.exec(text)?.[1]?.trim() ?? '';
  } catch {
    return '';
  }
}

const row = (root: string, name: string, state: ServiceState, word: string, start: ServiceRow['start'], startWord: string): ServiceRow =>
  ({ name, title: titleOf(root, name), state, word, start, startWord, pid: null, startedAt: null, since: null, memory: null, template: false });

/** OpenRC keeps a link for each in the folder of its state (openrc-run(8), RC_SVCDIR). */
export function openrcRows(root = ''): ServiceRow[] {
  const run = existsSync(`${root}/run/openrc`) ? `${root}/run/openrc` : `${root}/lib/rc/init.d`;
  const is = (state: string) => new Set(namesIn(join(run, state)));
  const [failed, started, starting, stopping, inactive] = ['failed', 'started', 'starting', 'stopping', 'inactive'].map(is);
  const levels = namesIn(`${root}/etc/runlevels`).map((level) => [level, new Set(namesIn(`${root}/etc/runlevels/${level}`))] as const);
  return scripts(root).map((name) => {
    const state: ServiceState = failed!.has(name) ? 'failed' : starting!.has(name) ? 'starting' : stopping!.has(name) ? 'stopping' : started!.has(name) ? 'running' : 'stopped';
    const word = state === 'running' ? 'started' : inactive!.has(name) ? 'inactive' : state;
    const level = levels.filter(([, names]) => names.has(name)).map(([each]) => each).join(' ');
    return row(root, name, state, word, level ? 'auto' : 'manual', level);
  });
}

/**
 * `service --status-all` of Debian: `+` runs, `-` is stopped, `?` has no word for it.
 *
 *      [ + ]  cron
 *      [ - ]  dbus
 *      [ ? ]  hwclock.sh
 */
export function parseStatusAll(text: string): Map<string, ServiceState> {
  return new Map([...text.matchAll(/^ *\[ ([+?-]) \] +(\S+)$/gm)].map((found) => [found[2]!, found[1] === '+' ? 'running' : found[1] === '-' ? 'stopped' : 'unknown']));
}

async function sysvRows(exec: Exec, root: string): Promise<ServiceRow[]> {
  const service = exec.which('service');
  const said = service ? await exec.run([service, '--status-all'], { timeout: STATUS_MS }) : null;
  const states = parseStatusAll(said?.stdout ?? '');
  const atStart = new Set(['2', '3', '4', '5'].flatMap((level) => namesIn(`${root}/etc/rc${level}.d`)).flatMap((link) => /^S\d\d(.+)$/.exec(link)?.[1] ?? []));
  return scripts(root).map((name) => row(root, name, states.get(name) ?? 'unknown', '', atStart.has(name) ? 'auto' : 'manual', ''));
}

export function createInitScripts(exec: Exec, system: 'openrc' | 'sysv', root = ''): ServicesDriver {
  const list = async () => (system === 'openrc' ? openrcRows(root) : sysvRows(exec, root));
  const file = (name: string) => ({ path: join(SCRIPTS, name), kind: 'unit' as const });
  const one = async (name: string) => (await list()).find((each) => each.name === name);
  return createShownServices(() => ({ system, away: 'read-only', verbs: [], units: false, programs: null }), {
    list,
    async one(name) {
      const found = await one(name);
      return found ? {
        row: found, description: null, documentation: [], command: null, account: null, last: null, restarts: null, recovery: [], settings: null, tasks: null, stale: false, fault: null, verbs: [],
        dependencies: { requires: [], wants: [], after: [], requiredBy: [], wantedBy: [], triggeredBy: [] }, files: [file(name)],
      } : null;
    },
    files: async (name) => ((await one(name)) ? [withText({ ...file(name), path: join(root + SCRIPTS, name) })] : []),
  });
}

/** Are there any? A container may have none. */
export const hasScripts = (root = '') => scripts(root).length > 0;
