import { pageOfRows, positionOrder, type Page, type PageQuery } from '../../lib/page.ts';
import type { ProcessRow } from '../../platform/processes.ts';
import type { App } from '../app.ts';
import { rowsOf } from './rows.ts';
import { asTree, withParents, type Branch } from './tree.ts';

const text = (value: string) => value.toLowerCase();

/** What a list of processes may be sorted by. */
const FIELDS = {
  cpu: (row: ProcessRow) => row.cpu,
  memory: (row: ProcessRow) => row.memory,
  name: (row: ProcessRow) => text(row.name),
  user: (row: ProcessRow) => text(row.user),
  state: (row: ProcessRow) => row.state,
  command: (row: ProcessRow) => text(row.command.slice(0, 300)),
  pid: (row: ProcessRow) => row.pid,
  threads: (row: ProcessRow) => row.threads,
  startedAt: (row: ProcessRow) => row.startedAt,
  nice: (row: ProcessRow) => row.nice ?? 20,
  read: (row: ProcessRow) => row.read ?? -1,
  written: (row: ProcessRow) => row.written ?? -1,
  received: (row: ProcessRow) => row.received ?? -1,
  sent: (row: ProcessRow) => row.sent ?? -1,
  service: (row: ProcessRow) => text(row.service ?? ''),
};

export type ProcessField = keyof typeof FIELDS;
export const PROCESS_FIELDS = Object.keys(FIELDS) as [ProcessField, ...ProcessField[]];

/** `q` is looked for in name, command, user and service, and as a pid. */
function matches(q: string | undefined): ((row: ProcessRow) => boolean) | null {
  const words = text(q?.trim() ?? '');
  return words ? (row) => String(row.pid) === words || [row.name, row.command, row.user, row.service ?? ''].some((word) => text(word).includes(words)) : null;
}

type Wanted<Query> = Query & { q?: string | undefined };

/** What runs now, at most 2 s old. */
export async function listProcesses(app: Pick<App, 'sampler' | 'host'>, query: Wanted<PageQuery<ProcessField>>): Promise<Page<ProcessRow>> {
  const rows = await rowsOf(app, query.by);
  const wanted = matches(query.q);
  return pageOfRows(wanted ? rows.filter(wanted) : rows, FIELDS, (row) => row.pid, query);
}

/** The same below who started them; of those that match also everybody above. The first `limit` lines of `total`. */
export async function listProcessTree(app: Pick<App, 'sampler' | 'host'>, { q, by, descending, limit }: Wanted<Pick<PageQuery<ProcessField>, 'by' | 'descending' | 'limit'>>): Promise<{ items: Branch[]; total: number }> {
  const rows = await rowsOf(app, by);
  const read = FIELDS[by];
  const order = positionOrder({ descending });
  const wanted = matches(q);
  const tree = asTree(wanted ? withParents(rows, wanted) : rows, (a, b) => order({ value: read(a), id: a.pid }, { value: read(b), id: b.pid }));
  return { items: tree.slice(0, limit), total: tree.length };
}

export { processesAt } from './minutes.ts';
