import type { ProcessRow, Traffic } from '../../platform/processes.ts';
import type { App } from '../app.ts';

/** The same rows, and what those among them carry that have connections; all others are not made anew. */
export function withTraffic(rows: readonly ProcessRow[], traffic: ReadonlyMap<number, Traffic>): ProcessRow[] {
  return rows.map((row) => {
    const carried = traffic.get(row.pid);
    return carried ? { ...row, ...carried } : row;
  });
}

/** What runs, at most 2 s old; what each carries over the network is asked only where it is `by` that they are sorted. */
export async function rowsOf(app: Pick<App, 'sampler' | 'host'>, by: string): Promise<readonly ProcessRow[]> {
  const { traffic } = app.host.processes;
  const carried = traffic && ['received', 'sent'].includes(by) ? await traffic() : null;
  const { rows } = await app.sampler.processes(undefined, true);
  return carried ? withTraffic(rows, carried) : rows;
}
