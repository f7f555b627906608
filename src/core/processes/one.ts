import type { ProcessDetail, ProcessKey, ProcessRow } from '../../platform/processes.ts';
import { can, need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { allVariables, variablesOf, type Variable } from '../containers/redact.ts';
import { gone, guardOf, type Guard } from './change.ts';
import { containerNames } from './belongs.ts';
import { descendants } from './tree.ts';

export interface OneProcess extends Omit<ProcessDetail, 'environment'> {
  guard: Guard | null;
  /** Name of its container, where there is an engine that knows. */
  containerName: string | null;
  /** From the first of the machine down to the one that started it. */
  parents: ProcessRow[];
  children: ProcessRow[];
  /** How many it and what it started are. */
  tree: number;
  /** null: not readable, or not this person's to see. */
  variables: Variable[] | null;
}

/** Whoever may change processes sees their files and variables: they tell secrets. @throws AppError denied, not_found */
export async function readProcess(app: App, actor: Actor, key: ProcessKey): Promise<OneProcess> {
  need(actor, 'processes.read');
  const [found, { rows }] = await Promise.all([app.host.processes.one(key), app.sampler.processes()]);
  if (!found) throw gone(key.pid);
  const { environment, ...detail } = found;
  const inside = can(actor, 'processes.write');
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const parents: ProcessRow[] = [];
  for (let each = byPid.get(detail.row.parent); each && !parents.includes(each); each = byPid.get(each.parent)) parents.unshift(each);
  return {
    ...detail, guard: guardOf(detail.row), parents,
    containerName: detail.row.container ? ((await containerNames(app)).get(detail.row.container) ?? null) : null,
    children: rows.filter(({ parent, pid }) => parent === key.pid && pid !== key.pid),
    tree: descendants(rows, detail.row).length,
    files: inside ? detail.files : null, variables: inside && environment ? variablesOf(environment) : null,
  };
}

/** Its variables as they are, written down. @throws AppError denied, not_found */
export async function revealEnvironment(app: App, actor: Actor, key: ProcessKey): Promise<Variable[]> {
  need(actor, 'processes.write');
  const found = await app.host.processes.one(key);
  if (!found) throw gone(key.pid);
  record(app, actor, { action: 'processes.reveal', target: `${found.row.name} (${key.pid})` });
  return allVariables(found.environment ?? []);
}
