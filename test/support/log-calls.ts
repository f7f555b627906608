import { expect } from 'bun:test';
import type { Init } from './app.ts';

type Run = (id: string, path: string, init?: Init) => Promise<unknown>;
type Entry = { cursor: string; at: number; unit: string; message: string };

/** Calls everything that the API says about logs. */
export async function logCalls(run: Run, bytes: (id: string, path: string) => Promise<string>) {
  expect(await run('logs.sources', '/logs/sources')).toMatchObject({ journal: 'journald', partial: false, units: expect.arrayContaining(['nginx.service']), boots: [{ id: expect.any(String) }] });
  const first = (await run('logs.list', '/logs/entries?unit=nginx&priority=info&limit=10')) as { items: Entry[]; more: boolean };
  expect([first.items.length, first.more, new Set(first.items.map(({ unit }) => unit))]).toEqual([10, true, new Set(['nginx.service'])]);
  const cursor = encodeURIComponent(first.items[0]!.cursor);
  const older = (await run('logs.list', `/logs/entries?unit=nginx&priority=info&limit=10&cursor=${cursor}`)) as { items: Entry[] };
  expect(older.items.at(-1)!.at).toBeLessThan(first.items[0]!.at);
  expect(await run('logs.get', `/logs/entry?cursor=${cursor}`)).toMatchObject({ fields: expect.arrayContaining([{ name: '_SYSTEMD_UNIT', value: 'nginx.service' }]) });
  const lines = (await bytes('logs.download', '/logs/download?unit=search&q=illegalstate')).trim().split('\n');
  expect(JSON.parse(lines[0]!)).toMatchObject({ unit: 'search.service', priority: 3 });
}
