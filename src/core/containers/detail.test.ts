import { expect, test } from 'bun:test';
import said from '../../../test/fixtures/docker/container.json' with { type: 'json' };
import { detailOf, Inspected } from './detail.ts';

const read = (value: unknown, now = Date.parse('2026-11-28T20:58:30Z')) => detailOf(Inspected.parse(value), now);

test('what an engine said of a container with everything', () => {
  expect(read(said)).toMatchObject({
    name: 'mantou-detail-cap', image: 'mantou-test/busybox:1', command: 'sleep 600', state: 'running', health: 'healthy', exitCode: null, finishedAt: null, error: null,
    restarts: 0, restartPolicy: 'on-failure', restartsMost: 3, memoryLimit: 64 * 2 ** 20, cpuLimit: 1.5, processesMost: null, logDriver: 'json-file',
    privileged: false, hostNetwork: false, tty: false, user: '', stack: null,
    // IPv4 and IPv6 of every address are one.
    ports: [{ address: '127.0.0.1', host: 18080, container: 80, protocol: 'tcp' }, { address: '0.0.0.0', host: 18081, container: 81, protocol: 'udp' }],
    attachments: [{ network: 'bridge', networkId: expect.stringMatching(/^[0-9a-f]{64}$/), ipv4: expect.stringMatching(/^172\./), ipv6: null, aliases: [] }],
  });
  expect(read(said).mounts).toContainEqual({ kind: 'volume', source: 'mantou-detail-vol', target: '/data', writable: true });
  expect(read(said).mounts).toContainEqual({ kind: 'bind', source: '/etc/hosts', target: '/etc/hosts', writable: false });
  expect(read(said).variables).toContainEqual({ name: 'DB_PASSWORD', value: '•••', hidden: true });
  expect(read(said).checks.at(-1)).toMatchObject({ exitCode: 0, output: '' });
  expect(read(said).sinceMs).toBeGreaterThan(10_000);
});

test('one that has ended, and one that never began', () => {
  const State = { ...said.State, Status: 'exited', ExitCode: 137, OOMKilled: true, FinishedAt: '2026-11-28T20:58:00Z' };
  expect(read({ ...said, State })).toMatchObject({ state: 'exited', exitCode: 137, outOfMemory: true, finishedAt: Date.parse('2026-11-28T20:58:00Z'), sinceMs: 30_000 });
  const never = { ...said.State, Status: 'created', StartedAt: '0001-01-01T00:00:00Z', FinishedAt: '0001-01-01T00:00:00Z', Error: 'no such program' };
  expect(read({ ...said, State: never })).toMatchObject({ state: 'created', exitCode: null, startedAt: null, sinceMs: null, error: 'no such program' });
});

test('limits of old: a quota of a period, and numbers that stand for none', () => {
  const limits = (HostConfig: object) => read({ ...said, HostConfig: { ...said.HostConfig, NanoCpus: 0, ...HostConfig } });
  expect(limits({ CpuQuota: 50_000, CpuPeriod: 0, Memory: -1, PidsLimit: 100 })).toMatchObject({ cpuLimit: 0.5, memoryLimit: null, processesMost: 100 });
  expect(limits({ CpuQuota: -1, RestartPolicy: null })).toMatchObject({ cpuLimit: null, restartPolicy: 'no' });
});
