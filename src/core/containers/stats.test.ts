import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Statistics, useOf } from './stats.ts';

/** Three seconds of a container that sleeps, as dockerd 20.10 on cgroup v1 told them. */
const [first, second] = readFileSync(join(import.meta.dir, '../../../test/fixtures/docker/stats.jsonl'), 'utf8').trim().split('\n').map((line) => Statistics.parse(JSON.parse(line))) as [Statistics, Statistics];

test('use is what was used between two lines', () => {
  const use = useOf('a', first, second)!;
  expect([use.cpu < 20, use.memory > 0 && use.memory < 4 << 20, use.memoryLimit > 1 << 30, use.processes]).toEqual([true, true, true, 1]);
  const busy = structuredClone(second);
  busy.read = new Date(Date.parse(first.read) + 2000).toISOString();
  busy.cpu_stats.cpu_usage.total_usage = first.cpu_stats.cpu_usage.total_usage + 5e9;
  busy.networks!.eth0!.rx_bytes = first.networks!.eth0!.rx_bytes + 4000;
  expect(useOf('a', first, busy)).toMatchObject({ cpu: 250, received: 2000 });
});

test('the first line, one that is older, and one of a container that was started again give no nonsense', () => {
  expect(useOf('a', null, first)).toBeNull();
  expect(useOf('a', second, first)).toBeNull();
  const again = structuredClone(second);
  again.cpu_stats.cpu_usage.total_usage = 0;
  again.networks!.eth0!.rx_bytes = 0;
  expect(useOf('a', first, again)).toMatchObject({ cpu: 0, received: 0 });
});

test('a container that does not run has empty counters', () => {
  const stopped = Statistics.parse({ read: '0001-01-01T00:00:00Z', cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} });
  expect(useOf('a', first, stopped)).toBeNull();
});
