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
  expect(await run('containers.ports', '/containers/blog-app-1/ports')).toEqual({
    items: [{ address: '0.0.0.0', host: 2368, container: 2368, protocol: 'tcp', scope: 'everywhere', by: 'docker', verdict: 'open', firewall: 'ufw', chain: null, unknown: null, reach: [expect.objectContaining({ family: 4, verdict: 'open', networks: [] })] }],
  });
  await fileCalls(run, get);
  const lines = (await (await get(`/containers/${id}/logs?tail=5&stderr=false`)).text()).trim().split('\n').map((line) => JSON.parse(line));
  for (const line of lines) expect(line).toEqual({ time: expect.stringMatching(/^\d{4}-.*Z$/), stream: 'stdout', text: expect.stringContaining('web GET /') });
  await run('containers.act', `/containers/${id}/act`, { body: JSON.stringify({ action: 'stop' }), headers: { 'content-type': 'application/json' } });
  expect(await run('containers.get', `/containers/${id}`)).toMatchObject({ state: 'exited', exitCode: 0 });
}

async function fileCalls(run: (id: string, path: string, init?: Init) => Promise<unknown>, get: (path: string, init?: Init) => Promise<Response>) {
  const json = (body: object): Init => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const files = '/containers/gitea/files';
  expect(await run('containers.files', `${files}?path=/app`)).toMatchObject({ path: '/app', real: '/app', complete: true, by: 'shell', hindrance: null, entries: [{ name: '.env.example', type: 'file' }, { name: 'package.json' }, { name: 'server.js' }] });
  await run('containers.makeFolder', `${files}/folders`, json({ path: '/app/new' }));
  await run('containers.writeFile', `${files}/content?path=/app/new/a`, { body: 'steam', headers: { 'content-type': 'application/octet-stream', 'content-length': '5' } });
  await run('containers.renameFile', `${files}/rename`, json({ path: '/app/new/a', name: 'b' }));
  expect(await (await get(`${files}/content?path=/app/new/b`)).text()).toBe('steam');
  expect((await (await get(`${files}/tar?path=/app/new`)).arrayBuffer()).byteLength).toBeGreaterThan(1024);
  expect(await run('containers.removeFiles', `${files}/remove`, json({ paths: ['/app/new'] }))).toEqual({ removed: ['/app/new'] });
}
