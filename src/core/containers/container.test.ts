import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ContainerId, containerOf, Listed, readStatus } from './container.ts';

/** What dockerd 20.10 answered to GET /containers/json?all=true. */
const captured = JSON.parse(readFileSync(join(import.meta.dir, '../../../test/fixtures/docker/containers.json'), 'utf8')) as unknown;

test('each state that an engine lists is understood', () => {
  const found = Object.fromEntries(Listed.parse(captured).map(containerOf).map(({ name, state, health, exitCode }) => [name, [state, health, exitCode]]));
  expect(found).toEqual({
    'cap-healthy': ['running', 'healthy', null],
    'cap-unhealthy': ['running', 'unhealthy', null],
    'cap-starting': ['running', 'starting', null],
    'cap-done': ['exited', null, 0],
    'cap-killed': ['exited', null, 137],
    'cap-paused': ['paused', null, null],
    'cap-restarting': ['restarting', null, 1],
    'cap-created': ['created', null, null],
  });
});

test('ports: where each listens, IPv4 and IPv6 as one, in order, and what compose says of it', () => {
  const one = Listed.parse(captured).map(containerOf).find(({ name }) => name === 'cap-healthy')!;
  expect([one.stack, one.service, one.networks]).toEqual(['shop', 'web', ['bridge']]);
  expect(one.ports).toEqual([
    { address: '0.0.0.0', host: 28053, container: 53, protocol: 'udp' },
    { address: '127.0.0.1', host: 28080, container: 80, protocol: 'tcp' },
    { address: null, host: null, container: 9000, protocol: 'tcp' },
  ]);
});

test('how long, as engines say it (go-units, HumanDuration)', () => {
  const ms = (status: string) => readStatus(status).sinceMs;
  expect([ms('Up Less than a second'), ms('Up 1 second'), ms('Up About a minute (healthy)'), ms('Up About an hour'), ms('Exited (0) 5 weeks ago'), ms('Created')])
    .toEqual([0, 1000, 60_000, 3_600_000, 5 * 7 * 86_400_000, null]);
});

test('S18 what is no name of a container is no id', () => {
  for (const bad of ['', '..', '../images/json', 'a/b', 'a?b', '-rf', 'a b', 'a\nb', '.', 'ä', 'x'.repeat(300)]) expect(ContainerId.safeParse(bad).success, bad).toBe(false);
  for (const good of ['web', 'shop_web.1', 'a'.repeat(64), '2177b89761f9']) expect(ContainerId.safeParse(good).success, good).toBe(true);
});
