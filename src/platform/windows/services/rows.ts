import { WINDOWS_VERBS, type ServiceDetail, type ServiceRow, type ServiceState, type ServiceVerb, type StartType } from '../../services.ts';
import type { OneServiceSaid, ServiceSaid } from './answers.ts';
import type { ServiceSettings } from './settings.ts';

/** Win32_Service.State */
const STATES: Record<string, ServiceState> = {
  'Running': 'running', 'Stopped': 'stopped', 'Start Pending': 'starting', 'Stop Pending': 'stopping', 'Continue Pending': 'starting', 'Pause Pending': 'stopping', 'Paused': 'paused',
};

// winerror.h
const ERROR_SERVICE_SPECIFIC_ERROR = 1066;
const ERROR_SERVICE_NEVER_STARTED = 1077;

const codeOf = ({ code, specific }: ServiceSaid) => (code === ERROR_SERVICE_SPECIFIC_ERROR ? specific : code);
/** Since the machine started. */
const neverRan = ({ code }: ServiceSaid) => code === ERROR_SERVICE_NEVER_STARTED;

function startOf({ mode }: ServiceSaid, { delayed, triggered }: ServiceSettings): Pick<ServiceRow, 'start' | 'startWord'> {
  const kinds: Record<string, [StartType, string]> = { Auto: delayed ? ['delayed', 'delayed-auto'] : ['auto', 'auto'], Manual: [triggered ? 'dependent' : 'manual', 'manual'], Disabled: ['off', 'disabled'] };
  const [start, word] = kinds[mode] ?? ['unknown', mode.toLowerCase()];
  return { start, startWord: triggered && start !== 'off' ? `${word}, trigger` : word };
}

export function rowOf(said: ServiceSaid, settings: ServiceSettings): ServiceRow {
  const { name, title, pid, memory, startedAt } = said;
  const known = STATES[said.state] ?? 'unknown';
  const state = known === 'stopped' && said.code !== 0 && !neverRan(said) ? 'failed' : known;
  return { name, title, state, word: said.state.toLowerCase(), ...startOf(said, settings), pid: pid || null, startedAt, since: startedAt, memory, template: settings.template };
}

/** What fits it now. @param own the panel: it cannot start itself again, what would do so ends with it */
export function verbsOf({ state, start, template }: ServiceRow, stops: boolean, own: boolean): ServiceVerb[] {
  const up = state === 'running' || state === 'paused';
  const fits: Record<(typeof WINDOWS_VERBS)[number], boolean> = {
    start: !template && (state === 'stopped' || state === 'failed') && start !== 'off',
    stop: up && stops,
    restart: up && stops && start !== 'off' && !own,
    enable: start !== 'auto' && start !== 'delayed',
    manual: start !== 'manual' && start !== 'dependent',
    disable: start !== 'off',
  };
  return WINDOWS_VERBS.filter((verb) => fits[verb]);
}

/** All keys by name, as the registry writes them; names are told apart without regard to case. */
export type AllSettings = ReadonlyMap<string, ServiceSettings>;

export const fold = (name: string) => name.toLowerCase();

/** What it needs: services by their names, drivers by their files ("afd.sys"), groups as "+TDI". */
function needsOf({ needs }: ServiceSettings, all: AllSettings): string[] {
  const names = new Map([...all.keys()].map((name) => [fold(name), name]));
  return needs.map((need) => {
    const name = names.get(fold(need)) ?? need;
    const found = all.get(name);
    return found?.driver ? /[^\\/]+\.sys$/i.exec(found.image)?.[0] ?? `${name}.sys` : name;
  });
}

/** Services that need it, and those that need them: they end with it. */
function neededBy(name: string, all: AllSettings): string[] {
  const found = new Map<string, string>();
  const look = (wanted: string) => {
    for (const [each, { driver, needs }] of all) {
      if (driver || found.has(fold(each)) || fold(each) === fold(name) || !needs.some((need) => fold(need) === wanted)) continue;
      found.set(fold(each), each);
      look(fold(each));
    }
  };
  look(fold(name));
  return [...found.values()].sort((a, b) => a.localeCompare(b));
}

export function detailOf(said: OneServiceSaid, settings: ServiceSettings, all: AllSettings, own: boolean): ServiceDetail {
  const row = rowOf(said, settings);
  const ended = row.state === 'failed' || (row.state === 'stopped' && !neverRan(said));
  return {
    row, description: said.description || null, documentation: [], command: said.command || null, account: said.account || null,
    dependencies: { requires: needsOf(settings, all), wants: [], after: [], requiredBy: neededBy(said.name, all), wantedBy: [], triggeredBy: [] },
    last: ended ? { result: said.code === 0 ? 'success' : 'exit-code', code: said.code === 0 ? null : codeOf(said), signal: null, at: null } : null,
    restarts: null, recovery: settings.recovery, settings: settings.settings, tasks: null, stale: false, files: [], fault: null, verbs: verbsOf(row, said.stops, own),
  };
}
