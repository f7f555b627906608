import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { manualClock } from '../../lib/clock.ts';
import { createLog } from '../../lib/log.ts';
import type { ProcessRow } from '../../platform/processes.ts';
import { createProcessLooks, topProcesses } from './looks.ts';
import { createMinutes, processesAt } from './minutes.ts';
import { listProcesses } from './processes.ts';

const apps: TestApp[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});
const app = () => {
  const t = testApp();
  apps.push(t);
  return t;
};
const row = (pid: number, cpu: number, memory = 0): ProcessRow => ({
  pid, parent: 1, name: `p${pid}`, command: `/bin/p${pid} --long`, user: 'root', state: 'S', threads: 1, cpu, memory, startedAt: 0,
  nice: 0, service: null, container: null, read: null, written: null, received: null, sent: null,
});

test('nothing found is an empty list; a fault of the driver is the reader\'s to see', async () => {
  const t = app();
  expect(await listProcesses(t.app, { limit: 50, by: 'cpu', descending: true, q: 'no such program' })).toEqual({ items: [], total: 0, next: null });
  const looks = createProcessLooks({ list: async (): Promise<ProcessRow[]> => { throw new Error('no'); } }, manualClock(), () => {});
  await expect(looks.look(0)).rejects.toThrow('no');
});

test('pages follow each other without a row twice or none', async () => {
  const t = app();
  const all = await listProcesses(t.app, { limit: 200, by: 'memory', descending: true });
  const seen: number[] = [];
  let after = undefined as Parameters<typeof listProcesses>[1]['after'];
  do {
    const page = await listProcesses(t.app, { limit: 7, by: 'memory', descending: true, after });
    seen.push(...page.items.map(({ pid }) => pid));
    after = page.next ?? undefined;
  } while (after);
  expect(seen).toEqual(all.items.map(({ pid }) => pid));
  expect(new Set(seen).size).toBe(all.total);
});

test('found by name, command, user and pid, whatever the case', async () => {
  const t = app();
  const find = async (q: string) => (await listProcesses(t.app, { limit: 50, by: 'name', descending: false, q })).items.map(({ name }) => name);
  expect(await find('POSTGRES')).toEqual(Array(5).fill('postgres'));
  expect(await find('libx264')).toEqual(['ffmpeg']);
  expect(await find('1')).toContain('systemd');
});

test('one look for all who ask within 2 s, one at a time', async () => {
  const clock = manualClock();
  let times = 0;
  const looks = createProcessLooks({ list: async () => (times++, await Bun.sleep(1), [row(1, 1)]) }, clock, () => {});
  await Promise.all([looks.look(2000), looks.look(0), looks.look(2000)]);
  clock.advance(1999);
  await looks.look(2000);
  expect(times).toBe(1);
  clock.advance(1);
  await looks.look(2000);
  expect(times).toBe(2);
});

test('idle ones are not among the busiest', () => {
  const top = topProcesses({ at: 1, cost: 0, rows: [row(1, 0, 5), row(2, 9, 0), ...Array.from({ length: 20 }, (_, i) => row(10 + i, 1, 1))] });
  expect(top.total).toBe(22);
  expect(top.byCpu).toHaveLength(8);
  expect(top.byCpu[0]!.pid).toBe(2);
  expect(top.byMemory[0]!.pid).toBe(1);
});

test('a minute adds up all looks, by the time each one covers', () => {
  const { app: { db } } = app();
  const lines: string[] = [];
  const minutes = createMinutes(db, createLog(() => 0, (_, line) => void lines.push(line)));
  const start = 60_000 * 1000;
  minutes.add({ at: start, cost: 0, rows: [row(1, 0)] }, 0);
  minutes.add({ at: start + 50_000, cost: 0, rows: [row(1, 100, 7)] }, 50_000);
  minutes.add({ at: start + 59_000, cost: 0, rows: [row(1, 0, 7), row(2, 40)] }, 50_000);
  minutes.add({ at: start + 61_000, cost: 0, rows: [] }, 2000);
  expect(processesAt({ db }, start + 30_000)).toMatchObject({ at: start, byCpu: [{ pid: 1, cpu: 50, command: '/bin/p1 --long' }, { pid: 2, cpu: 20 }], byMemory: [{ pid: 1, memory: 7 }] });
  // The clock goes back into the same minute: the busier figure of each stays.
  minutes.add({ at: start + 10_000, cost: 0, rows: [row(2, 90), row(1, 3)] }, 10_000);
  minutes.flush();
  expect(processesAt({ db }, start)!.byCpu).toMatchObject([{ pid: 2, cpu: 90 }, { pid: 1, cpu: 50 }]);
  expect(lines).toEqual([]);
});
