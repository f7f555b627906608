import { pageOfRows, type Page, type PageQuery } from '../../lib/page.ts';
import type { ProcessRow } from '../../platform/processes.ts';
import type { App } from '../app.ts';

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
};

export type ProcessField = keyof typeof FIELDS;
export const PROCESS_FIELDS = Object.keys(FIELDS) as [ProcessField, ...ProcessField[]];

/** What runs now, at most 2 s old. `q` is looked for in name, command and user, and as a pid. */
export async function listProcesses(app: Pick<App, 'sampler'>, query: PageQuery<ProcessField> & { q?: string | undefined }): Promise<Page<ProcessRow>> {
  const { rows } = await app.sampler.processes();
  const q = text(query.q?.trim() ?? '');
  const found = q ? rows.filter((row) => String(row.pid) === q || [row.name, row.command, row.user].some((word) => text(word).includes(q))) : rows;
  return pageOfRows(found, FIELDS, (row) => row.pid, query);
}

export { processesAt } from './minutes.ts';
