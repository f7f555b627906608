import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';

const json = (body: unknown): Init => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

interface Row {
  name: string;
  reference: string;
  digest: string;
  state: string;
}

/** The stream of events tells what happens from now on, and ends with its reader. */
async function eventCall(get: (path: string) => Promise<Response>, happen: () => Promise<unknown>) {
  const reader = (await get('/container-events')).body!.getReader();
  let text = '';
  await happen();
  while (!text.includes('"action":"rename"')) text += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
  const events = text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as object);
  for (const event of events) expect(Object.keys(event)).toEqual(['at', 'type', 'action', 'id', 'name', 'image']);
}

/** Every call of the API about newer images, names, limits and copies of containers, on the made-up engine. */
export async function containerUpdateCalls(panel: TestApp, run: (id: string, path: string, init?: Init) => Promise<unknown>, get: (path: string) => Promise<Response>) {
  const settled = async (started: unknown) => panel.app.tasks.settled((started as { task: string }).task);
  const states = async () => Object.fromEntries(((await run('containers.updates', '/container-updates?limit=200')) as { items: Row[] }).items.map((one) => [one.name, one]));
  await settled(await run('containers.checkUpdates', '/container-updates/check'));
  const { gitea, registry } = await states();
  expect([gitea!.state, registry!.state]).toEqual(['newer', 'newer']);
  await run('containers.skipUpdate', '/container-updates/skip', json({ reference: registry!.reference, digest: registry!.digest, skip: true }));
  await run('containers.automaticUpdate', '/containers/gitea/automatic-update', json({ automatic: true }));
  await settled(await run('containers.update', '/container-updates/update', json({ ids: ['gitea'] })));
  expect(await states()).toMatchObject({ gitea: { state: 'current', automatic: true, last: { state: 'done', error: null } }, registry: { state: 'skipped' } });
  await settled(await run('containers.recreate', '/containers/gitea/recreate', json({})));
  await eventCall(get, () => run('containers.rename', '/containers/registry/rename', json({ name: 'hub' })));
  await run('containers.limits', '/containers/hub/limits', json({ memory: 64, restart: 'always' }));
  expect(await run('containers.get', '/containers/hub')).toMatchObject({ memoryLimit: 64 << 20, restartPolicy: 'always' });
  await settled(await run('containers.commit', '/containers/hub/commit', json({ reference: 'acme/hub:kept' })));
  await run('containers.rename', '/containers/hub/rename', json({ name: 'registry' }));
  const spec = (await run('containers.spec', '/containers/registry/spec')) as { fields: Record<string, string> };
  for (const [id, path, body] of [
    ['containers.edit', '/containers/registry', { ...spec.fields, memory: '96m' }],
    ['containers.create', '/containers', { name: 'made-by-api', image: 'registry:2.8', ports: '5055:5000', start: 'on' }],
    ['containers.localOnly', '/containers/made-by-api/local-only', {}],
  ] as const) {
    const started = (await run(id, path, json(body))) as { task: string };
    await settled(started);
    expect([id, await run('tasks.get', `/tasks/${started.task}`)]).toMatchObject([id, { state: 'done', error: null }]);
  }
  expect(await run('containers.convert', '/container-specs/convert', json({ line: 'docker run -d --name web -p 8080:80 nginx:1.27' }))).toMatchObject({ fields: { name: 'web', ports: '8080:80' }, unknown: [], compose: expect.stringContaining('8080:80') });
  const tar = await get('/containers/registry/export');
  expect([tar.status, tar.headers.get('content-disposition')]).toEqual([200, expect.stringMatching(/registry-\d{4}-\d\d-\d\d\.tar/)]);
}
