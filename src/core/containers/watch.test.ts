import { afterEach, expect, test } from 'bun:test';
import { until } from '../../../test/support/until.ts';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { DockerError, type DockerCall, type DockerDriver } from '../../platform/docker.ts';
import type { ContainerUse } from './stats.ts';

let t: TestApp | undefined;
afterEach(() => t?.close());

/** An engine whose streams a test writes to and ends. */
function engine() {
  const open: { path: string; say(value: unknown): void; end(): void; over: boolean }[] = [];
  const state = { running: ['a', 'b'], away: false };
  const docker: DockerDriver = {
    endpoint: () => 'unix:///test',
    async ask() {
      if (state.away) throw new DockerError('absent', 'ENOENT');
      return state.running.map((Id) => ({ Id }));
    },
    async stream({ path, signal }: DockerCall) {
      if (state.away) throw new DockerError('absent', 'ENOENT');
      let controller!: ReadableStreamDefaultController<Buffer>;
      const body = new ReadableStream<Buffer>({ start: (made) => void (controller = made) });
      const one = {
        path, over: false,
        say: (value: unknown) => controller.enqueue(Buffer.from(`${JSON.stringify(value)}\n`)),
        end() {
          if (one.over) return;
          one.over = true;
          controller.close();
        },
      };
      open.push(one);
      signal?.addEventListener('abort', one.end);
      return Object.assign(body.values(), { destroy: one.end }) as never;
    },
  };
  const live = (path: RegExp) => open.filter((one) => path.test(one.path) && !one.over);
  return { docker, state, live, open };
}

const line = (seconds: number, cpu: number) => ({ read: new Date(1_700_000_000_000 + seconds * 1000).toISOString(), cpu_stats: { cpu_usage: { total_usage: cpu * 1e9 }, system_cpu_usage: 1 }, memory_stats: { usage: 5_000_000, limit: 1e9 } });

test('one stream of events and one of statistics for each container, however many look; none when nobody does', async () => {
  const { docker, state, live } = engine();
  t = testApp({ docker });
  const looks = [1, 2, 3].map(() => t!.app.containers.look());
  await until(() => live(/stats/).length === 2);
  expect(live(/events/)).toHaveLength(1);
  state.running = ['b', 'c'];
  live(/events/)[0]!.say({ Type: 'container', Action: 'start', Actor: { ID: 'c' } });
  await until(() => live(/stats/).map(({ path }) => path).toSorted().join() === '/containers/b/stats,/containers/c/stats');
  looks[0]!();
  looks[0]!();
  looks[1]!();
  expect(live(/./)).toHaveLength(3);
  looks[2]!();
  await until(() => live(/./).length === 0);
});

test('what is used is told once a second for all, and kept', async () => {
  const { docker, live } = engine();
  t = testApp({ docker });
  const told: ContainerUse[][] = [];
  t.app.bus.on('containers.used', ({ uses }) => told.push(uses));
  const off = t.app.containers.look();
  await until(() => live(/stats/).length === 2);
  for (const stream of live(/stats/)) for (const seconds of [0, 1, 2]) stream.say(line(seconds, seconds * 0.5));
  await until(() => told.length > 0);
  expect(told[0]!.map(({ id, cpu }) => [id, cpu])).toEqual(expect.arrayContaining([['a', 50], ['b', 50]]));
  expect(t.app.containers.history('a')).toHaveLength(2);
  off();
});

test('an engine that goes is told of, asked again, and found when it is back', async () => {
  const { docker, state, live } = engine();
  t = testApp({ docker });
  const told: boolean[] = [];
  t.app.bus.on('containers.changed', ({ up }) => told.push(up));
  const off = t.app.containers.look();
  await until(() => live(/events/).length === 1 && live(/stats/).length === 2);
  state.away = true;
  for (const stream of live(/./)) stream.end();
  await until(() => told.at(-1) === false);
  state.away = false;
  await until(() => live(/events/).length === 1 && live(/stats/).length === 2);
  expect(told).toEqual([true, false, true]);
  expect(t.errors).toEqual([]);
  off();
});

test('what is no news is not told: health checks, and who looks into a container', async () => {
  const { docker, live } = engine();
  t = testApp({ docker });
  let told = 0;
  t.app.bus.on('containers.changed', () => told++);
  const off = t.app.containers.look();
  await until(() => live(/events/).length === 1 && told === 1);
  for (const Action of ['exec_start: sh', 'exec_die', 'top', 'resize']) live(/events/)[0]!.say({ Type: 'container', Action, Actor: { ID: 'a' } });
  live(/events/)[0]!.say({ Type: 'container', Action: 'health_status: healthy', Actor: { ID: 'a' } });
  await until(() => told === 2);
  off();
});
