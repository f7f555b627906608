import { afterEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { audit } from '../../db/schema/audit.ts';
import { createFakeProcesses } from '../../platform/fake/processes.ts';
import type { ProcessRow, ProcessSignal } from '../../platform/processes.ts';
import { SYSTEM, type Actor } from '../app.ts';
import { guardOf, setPriority, signalProcess } from './change.ts';
import { readProcess, revealEnvironment } from './one.ts';
import { asTree, descendants, withParents } from './tree.ts';
import { withTraffic } from './rows.ts';
import { patchOf } from './wire.ts';

let t: TestApp;
const start = () => (t = testApp());
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});
const operator: Actor = { kind: 'user', userId: 'u', name: 'op', role: 'operator', sessionId: null, tokenId: null, ip: '::1' };
const find = async (name: string) => (await t.app.host.processes.list()).find((row) => row.name === name)!;
const ran = () => (t.app.host.processes as unknown as { ran: string[] }).ran;
const signal = (row: ProcessRow, name: ProcessSignal, more: { tree?: boolean; confirm?: string } = {}, actor: Actor = SYSTEM) =>
  signalProcess(t.app, actor, row, { signal: name, tree: false, confirm: '', ...more });
const entries = () => t.app.db.select().from(audit).all();

test('S6 S15 refused: another role, one that has ended, another under its number; nothing is sent', async () => {
  start();
  const redis = await find('redis-server');
  await expect(signal(redis, 'TERM', {}, operator)).rejects.toMatchObject({ code: 'denied' });
  await expect(setPriority(t.app, operator, redis, { nice: 1 })).rejects.toMatchObject({ code: 'denied' });
  await expect(revealEnvironment(t.app, operator, redis)).rejects.toMatchObject({ code: 'denied' });
  await expect(signal({ ...redis, startedAt: redis.startedAt + 1 }, 'KILL')).rejects.toMatchObject({ code: 'not_found' });
  await expect(signal({ ...redis, pid: 99_999 }, 'KILL')).rejects.toMatchObject({ code: 'not_found' });
  expect([ran(), entries()]).toEqual([[], []]);
});

test('what the system needs is ended only by its name, kernel threads not at all', async () => {
  start();
  for (const [name, guard] of [['systemd', 'first'], ['sshd', 'system'], ['dockerd', 'system'], ['kthreadd', 'kernel'], ['kswapd0', 'kernel'], ['redis-server', null]] as const) {
    expect([name, guardOf(await find(name))]).toEqual([name, guard]);
  }
  expect(guardOf({ ...(await find('node')), pid: process.pid })).toBe('panel');
  const sshd = await find('sshd');
  for (const confirm of ['', 'ssh', 'SSHD']) await expect(signal(sshd, 'TERM', { confirm })).rejects.toMatchObject({ code: 'invalid', field: 'confirm' });
  await expect(signal(await find('kswapd0'), 'KILL', { confirm: 'kswapd0' })).rejects.toMatchObject({ code: 'unsupported' });
  expect(ran()).toEqual([]);
  expect(await signal(sshd, 'TERM', { confirm: 'sshd' })).toEqual({ sent: 1, left: [] });
  expect(entries()).toMatchObject([{ action: 'processes.signal', target: `sshd (${sshd.pid})`, commands: [`kill -TERM ${sshd.pid}`] }]);
});

test('no made-up process has the number of the panel, whatever that is', async () => {
  start();
  const { pid: own } = await find('postgres');
  const [first, ...others] = (await createFakeProcesses(t.clock, 0, own).list()).filter(({ name }) => name === 'postgres');
  expect([guardOf(first!, own), new Set(others.map(({ parent }) => parent))]).toEqual([null, new Set([first!.pid])]);
});

test('a tree: all are stopped first, then ended, children before their parents', async () => {
  start();
  const postgres = await find('postgres');
  const rows = (await t.app.host.processes.list()).filter(({ name }) => name === 'postgres');
  expect(await signal(postgres, 'KILL', { tree: true })).toEqual({ sent: rows.length, left: [] });
  const kills = ran().filter((line) => line.startsWith('kill -KILL'));
  expect(kills).toHaveLength(rows.length);
  expect(kills.at(-1)).toBe(`kill -KILL ${postgres.pid}`);
  expect(ran().slice(0, rows.length).every((line) => line.startsWith('kill -STOP'))).toBe(true);
  // A tree with somebody in it whom the system needs asks for the name as well.
  await expect(signal(await find('systemd'), 'TERM', { tree: true })).rejects.toMatchObject({ code: 'invalid' });
});

test('a tree that the panel is in is ended whole: the panel is never stopped, and ends last', async () => {
  start();
  const { processes } = t.app.host;
  const [sshd, redis] = [await find('sshd'), await find('redis-server')];
  const own = { ...redis, pid: process.pid, parent: sshd.pid, name: 'mantou' };
  const rows = [sshd, own, { ...redis, parent: own.pid }, { ...redis, pid: 99_998, parent: sshd.pid }];
  processes.list = async () => rows;
  const told: string[] = [];
  processes.change = async ({ pid }, change) => Boolean(told.push(processes.command(pid, change)));
  processes.runs = async () => false;
  await expect(signal(sshd, 'KILL', { tree: true })).rejects.toMatchObject({ field: 'confirm' });
  expect((await signal(sshd, 'KILL', { tree: true, confirm: 'sshd' })).sent).toBe(4);
  expect(told).not.toContain(`kill -STOP ${process.pid}`);
  expect([told.length, told.at(-1)]).toEqual([7, `kill -KILL ${process.pid}`]);
});

test('S22 what another under the same number started is not told anything', async () => {
  start();
  const { processes } = t.app.host;
  const redis = await find('redis-server');
  const child = { ...redis, pid: 99_998, parent: redis.pid };
  const looks = [[redis, child], [redis, child], [{ ...redis, startedAt: redis.startedAt + 10 }, { ...child, startedAt: child.startedAt + 20 }]];
  processes.list = async () => (looks.length > 1 ? looks.shift()! : looks[0]!);
  const told: string[] = [];
  processes.change = async ({ pid }, change) => Boolean(told.push(processes.command(pid, change)));
  processes.runs = async () => false;
  await signal(redis, 'KILL', { tree: true });
  expect(told.filter((line) => line.startsWith('kill -KILL'))).toEqual([`kill -KILL ${redis.pid}`]);
  expect(descendants(looks[0]!, redis)).toEqual([redis]);
});

test('one that was told and runs on is named; a pause ends nothing', async () => {
  start();
  const redis = await find('redis-server');
  const { change } = t.app.host.processes;
  t.app.host.processes.change = async () => true;
  expect((await signal(redis, 'TERM')).left.map(({ pid }) => pid)).toEqual([redis.pid]);
  t.app.host.processes.change = change;
  expect(await signal(redis, 'STOP')).toEqual({ sent: 1, left: [] });
  expect((await find('redis-server')).state).toBe('T');
  await setPriority(t.app, SYSTEM, redis, { nice: 5 });
  expect((await find('redis-server')).nice).toBe(5);
});

test('S12 what it was told in secret is for administrators who ask, and they are written down', async () => {
  start();
  const redis = await find('redis-server');
  const viewed = await readProcess(t.app, { ...operator, role: 'viewer' }, redis);
  expect([viewed.variables, viewed.files]).toEqual([null, null]);
  const seen = await readProcess(t.app, SYSTEM, redis);
  expect(seen.variables).toContainEqual({ name: 'APP_SECRET', value: '•••', hidden: true });
  expect(await revealEnvironment(t.app, SYSTEM, redis)).toContainEqual({ name: 'APP_SECRET', value: 'not-a-real-one', hidden: false });
  expect(entries()).toMatchObject([{ action: 'processes.reveal' }]);
});

const row = (pid: number, parent: number, more: Partial<ProcessRow> = {}): ProcessRow => ({
  pid, parent, name: `p${pid}`, command: `p${pid}`, user: 'root', state: 'S', threads: 1, cpu: 0, memory: 1, startedAt: 0, nice: 0, service: null, container: null, read: null, written: null, received: null, sent: null, ...more,
});

test('trees: a list that goes round in a circle ends, and nobody is lost', () => {
  start();
  const rows = [row(1, 0), row(5, 1), row(9, 5), row(4, 1), row(20, 21), row(21, 20), row(30, 30)];
  const lines = asTree(rows, (a, b) => a.pid - b.pid).map(({ row: { pid }, depth }) => `${pid}@${depth}`);
  expect(lines).toEqual(['1@0', '4@1', '5@1', '9@2', '30@0', '20@0', '21@1']);
  expect(descendants(rows, rows[0]!).map(({ pid }) => pid)).toEqual([1, 5, 4, 9]);
  expect(descendants(rows, rows[4]!).map(({ pid }) => pid)).toEqual([20, 21]);
  expect(withParents(rows, ({ pid }) => pid === 9).map(({ pid }) => pid)).toEqual([1, 5, 9]);
});

test('pages are told what moved and nothing else', () => {
  start();
  const before = new Map([row(1, 0), row(2, 1), row(3, 1)].map((each) => [each.pid, each]));
  expect(patchOf(before, [...before.values()], 5)).toBeNull();
  const patch = patchOf(before, [row(1, 0), row(2, 1, { cpu: 3 }), row(4, 1)], 5)!;
  expect([patch.moved, patch.fresh.map(([pid]) => pid), patch.gone]).toEqual([[[2, 3, 1, 'S', 1, 0, null, null, null, null]], [4], [3]]);
  // What goes over the network is told of those that have connections; the others stay the very rows that they were.
  const rows = [...before.values()];
  const carried = withTraffic(rows, new Map([[2, { received: 7, sent: 8 }]]));
  expect([carried[0] === rows[0], patchOf(before, carried, 5)!.moved]).toEqual([true, [[2, 0, 1, 'S', 1, 0, null, null, 7, 8]]]);
  // Its number has another process: all of it is told.
  expect(patchOf(before, [row(1, 0), row(2, 1, { startedAt: 9 }), row(3, 1)], 5)!.fresh).toHaveLength(1);
});
