import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { PATIENCE_MS } from '../../../test/support/until.ts';
import { createFakeDocker } from '../../platform/fake/docker/engine.ts';
import { systemClock } from '../../lib/clock.ts';
import { SYSTEM } from '../app.ts';
import { listContainers } from './containers.ts';
import { orderContainers, type ContainerSort } from './order.ts';

let t: TestApp;
let inspected: string[];
let slow: Promise<void> | null;
beforeEach(() => {
  inspected = [];
  slow = null;
  const docker = createFakeDocker(systemClock);
  t = testApp({ docker: { ...docker, async ask(call) {
    const id = /^\/containers\/(\w+)\/json$/.exec(call.path)?.[1];
    if (id) inspected.push(id);
    if (id && slow) await slow;
    return docker.ask(call);
  } } });
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

test('each is asked once, and again only when it was started or ended', async () => {
  const first = await listContainers(t.app, SYSTEM);
  expect(inspected.toSorted()).toEqual(first.map(({ id }) => id).toSorted());
  expect(first.find(({ name }) => name === 'shop-worker-1')!.restarts).toBe(7);
  inspected = [];
  await listContainers(t.app, SYSTEM);
  expect(inspected).toEqual([]);
  const { id } = first.find(({ name }) => name === 'gitea')!;
  await t.app.host.docker.ask({ method: 'POST', path: `/containers/${id}/stop` });
  await listContainers(t.app, SYSTEM);
  expect(inspected).toEqual([id]);
  await t.app.host.docker.ask({ method: 'DELETE', path: `/containers/${id}` });
  expect((await listContainers(t.app, SYSTEM)).map(({ name }) => name)).not.toContain('gitea');
});

test('S22 a list waits for none of them for long, and asks nobody twice meanwhile', async () => {
  const gate = Promise.withResolvers<void>();
  slow = gate.promise;
  // It ends at all: nobody has let them answer.
  const [one, two] = await Promise.all([listContainers(t.app, SYSTEM, {}, 50), listContainers(t.app, SYSTEM, {}, 50)]);
  expect([...one, ...two].every(({ restarts }) => restarts === null)).toBe(true);
  gate.resolve();
  expect((await listContainers(t.app, SYSTEM, {}, PATIENCE_MS)).every(({ restarts }) => restarts !== null)).toBe(true);
  expect(inspected).toHaveLength(new Set(inspected).size);
});

test('sorted by each column, both ways, within stacks or across them', async () => {
  const all = await listContainers(t.app, SYSTEM);
  const use = (id: string) => ({ cpu: Number(`0x${id.slice(0, 2)}`), memory: -Number(`0x${id.slice(0, 2)}`) }) as never;
  const names = (sort: ContainerSort | `-${ContainerSort}`, grouped = false) => orderContainers(all, sort, grouped, use).map(({ name }) => name);
  expect(names('name')[0]).toBe('blog-app-1');
  expect(names('-name')[0]).toBe('shop-worker-1');
  expect(names('-restarts')[0]).toBe('shop-worker-1');
  expect(names('createdAt')[0]).toBe('old-exporter');
  expect(names('state')[0]).toBe('shop-worker-1');
  expect(names('-cpu')[0]).toBe('old-exporter');
  expect(names('-memory')[0]).toBe('shop-web-1');
  expect(names('-name', true)).toEqual(['blog-mysql-1', 'blog-app-1', 'shop-worker-1', 'shop-web-1', 'shop-redis-1', 'shop-migrate-1', 'shop-db-1', 'registry', 'old-exporter', 'gitea']);
});
