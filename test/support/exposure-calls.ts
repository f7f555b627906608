import { expect } from 'bun:test';
import type { Init } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;

/** Calls everything that the API says about exposure. */
export async function exposureCalls(run: Run) {
  const first = (await run('exposure.list', '/exposure?limit=3')) as { items: { level: string }[]; total: number; next: string; unknown: null };
  expect(first.items[0]).toMatchObject({ level: 'danger', risk: 'elasticsearch', port: 9200, reach: [{ family: 4, verdict: 'open', reasons: [{ text: expect.stringContaining('--dport 9200') }] }] });
  expect(first.unknown).toBeNull();
  const second = (await run('exposure.list', `/exposure?limit=3&cursor=${first.next}`)) as typeof first;
  expect(second.items).toHaveLength(3);
  expect(await run('exposure.list', '/exposure?q=sshd&again=on')).toMatchObject({ total: 1, items: [{ process: { name: 'sshd' }, reach: [{ limited: true }, { limited: true }] }] });
}
