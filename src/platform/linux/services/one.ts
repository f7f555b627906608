import { readFileSync, statSync } from 'node:fs';
import type { Recovery, ServiceDetail, ServiceFile, ServiceVerb } from '../../services.ts';
import { stateOf, unloaded } from './list.ts';
import { parseCommand, parseFigure, parseShow, parseSpan, parseTime, words, type Shown } from './show.ts';
import type { Systemctl } from './systemctl.ts';
import { startOf, type UnitFile } from './unit-files.ts';

/** Unit names (systemd.unit(5)); of services only. None begins with a dash: it would be an option. */
export const SERVICE_NAME = /^(?!-)[\w:.\\@-]{1,247}\.service$/;

/** null: there is none of that name. @throws AppError unavailable */
export async function readService(systemctl: Systemctl, name: string, files: () => Map<string, UnitFile>): Promise<ServiceDetail | null> {
  if (!SERVICE_NAME.test(name)) return null;
  if (name.includes('@.')) {
    const file = files().get(name);
    return file ? template(file) : null;
  }
  const [unit] = parseShow(await systemctl.ask(['show', '--all', '--', name]));
  if (!unit || (unit.get('LoadState') === 'not-found' && unit.get('ActiveState') === 'inactive')) return null;
  return detailOf(unit);
}

/** systemd tells of what is made from a template, not of the template: what its file says is all there is. */
const template = (file: UnitFile): ServiceDetail => ({
  row: unloaded(file), description: null, documentation: [], command: null, account: null, last: null, restarts: null, recovery: [], settings: null, tasks: null, stale: false, fault: null,
  dependencies: { requires: [], wants: [], after: [], requiredBy: [], wantedBy: [], triggeredBy: [] },
  files: [{ path: file.path, kind: 'unit' }], verbs: file.state.startsWith('masked') ? ['unmask'] : [],
});

export function detailOf(unit: Shown): ServiceDetail {
  const of = (name: string) => unit.get(name) ?? '';
  const list = (...names: string[]) => [...new Set(names.flatMap((name) => words(unit.get(name))))].sort();
  const pid = parseFigure(of('MainPID')) || null;
  const startWord = of('UnitFileState') || (of('LoadState') === 'masked' ? 'masked' : of('Transient') === 'yes' ? 'transient' : '');
  const name = of('Id');
  return {
    row: {
      name, title: of('Description') === name ? '' : of('Description'), state: stateOf(of('ActiveState'), of('SubState')), word: of('SubState'), start: startOf(startWord), startWord, template: false,
      pid, startedAt: pid ? parseTime(of('ExecMainStartTimestamp')) : null, since: parseTime(of('StateChangeTimestamp')), memory: parseFigure(of('MemoryCurrent')),
    },
    description: null,
    documentation: words(of('Documentation')),
    dependencies: {
      requires: list('Requires', 'Requisite', 'BindsTo'), wants: list('Wants', 'Upholds'), after: list('After'),
      requiredBy: list('RequiredBy', 'RequisiteOf', 'BoundBy', 'ConsistsOf'), wantedBy: list('WantedBy', 'UpheldBy'), triggeredBy: list('TriggeredBy'),
    },
    command: parseCommand(of('ExecStart')), account: of('User') || null,
    last: lastOf(unit), restarts: parseFigure(of('NRestarts')), recovery: recoveryOf(unit), settings: null, tasks: parseFigure(of('TasksCurrent')),
    stale: of('NeedDaemonReload') === 'yes', files: filesOf(unit), fault: /"(.*)"/.exec(of('LoadError'))?.[1] || null, verbs: verbsOf(unit),
  };
}

/** wait(2): 1 exited, 2 killed, 3 dumped core. 0 while it runs, or when it never did. */
function lastOf(unit: Shown): ServiceDetail['last'] {
  const how = parseFigure(unit.get('ExecMainCode'));
  const result = unit.get('Result') || 'success';
  if (!how && result === 'success') return null;
  const status = parseFigure(unit.get('ExecMainStatus'));
  return { result, code: how === 1 ? status : null, signal: how === 2 || how === 3 ? status : null, at: parseTime(unit.get('ExecMainExitTimestamp')) };
}

function recoveryOf(unit: Shown): Recovery[] {
  const when = unit.get('Restart') || 'no';
  return when === 'no' ? [] : [{ when, action: 'restart', delay: parseSpan(unit.get('RestartUSec')) }];
}

function filesOf(unit: Shown): Omit<ServiceFile, 'text'>[] {
  const fragment = unit.get('FragmentPath');
  return [...(fragment ? [{ path: fragment, kind: 'unit' as const }] : []), ...words(unit.get('DropInPaths')).map((path) => ({ path, kind: 'drop-in' as const }))];
}

function verbsOf(unit: Shown): ServiceVerb[] {
  const yes = (name: string) => unit.get(name) === 'yes';
  const [active, file] = [unit.get('ActiveState'), unit.get('UnitFileState') ?? ''];
  const masked = unit.get('LoadState') === 'masked';
  const up = active !== 'inactive' && active !== 'failed';
  const verbs: ServiceVerb[] = [];
  const startable = !masked && unit.get('LoadState') === 'loaded' && unit.get('RefuseManualStart') !== 'yes';
  const stoppable = unit.get('RefuseManualStop') !== 'yes';
  if (!up && startable) verbs.push('start');
  if (up && stoppable) verbs.push('stop');
  if (up && startable && stoppable) verbs.push('restart');
  if (up && yes('CanReload')) verbs.push('reload');
  if (file === 'disabled') verbs.push('enable');
  if (file === 'enabled' || file === 'enabled-runtime') verbs.push('disable');
  if (masked) verbs.push('unmask');
  // A mask stands in the place of the file: what lies there itself cannot be masked.
  else if (file !== 'transient' && !(unit.get('FragmentPath') ?? '').startsWith('/etc/')) verbs.push('mask');
  if (active === 'failed') verbs.push('reset');
  return verbs;
}

const TEXT_MOST = 1 << 20;

/** With their texts; of a mask, which is a device, there is none. */
export const withText = (file: Omit<ServiceFile, 'text'>): ServiceFile => {
  try {
    const stats = statSync(file.path);
    if (!stats.isFile()) return { ...file, text: '' };
    return { ...file, text: stats.size > TEXT_MOST ? null : readFileSync(file.path, 'utf8') };
  } catch {
    return { ...file, text: null };
  }
};
