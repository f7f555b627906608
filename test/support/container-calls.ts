import { expect } from 'bun:test';
import type { Init } from './app.ts';

/** Every call of the API about containers, on the made-up engine. `run` checks that an answer is what its schema says; `get` asks as `run` does. */
export async function containerCalls(run: (id: string, path: string, init?: Init) => Promise<unknown>, get: (path: string) => Promise<Response>) {
  const { items } = (await run('containers.list', '/containers?state=running&limit=200')) as { items: { id: string; name: string }[] };
  const { id } = items.find(({ name }) => name === 'shop-web-1')!;
  expect(await run('containers.get', '/containers/shop-web-1')).toMatchObject({ id, stack: 'shop', ports: [{ address: '127.0.0.1', host: 3000, container: 3000, protocol: 'tcp' }] });
  expect(await (await get(`/containers/${id}`)).text()).not.toContain('made-up');
  await run('containers.processes', `/containers/${id}/processes`);
  expect(await run('containers.changes', `/containers/${id}/changes`)).toMatchObject({ total: 5 });
  expect(await run('containers.stats', '/containers/old-exporter/stats')).toEqual({ items: [] });
  const lines = (await (await get(`/containers/${id}/logs?tail=5&stderr=false`)).text()).trim().split('\n').map((line) => JSON.parse(line));
  for (const line of lines) expect(line).toEqual({ time: expect.stringMatching(/^\d{4}-.*Z$/), stream: 'stdout', text: expect.stringContaining('web GET /') });
  await run('containers.act', `/containers/${id}/act`, { body: JSON.stringify({ action: 'stop' }), headers: { 'content-type': 'application/json' } });
  expect(await run('containers.get', `/containers/${id}`)).toMatchObject({ state: 'exited', exitCode: 0 });
}
