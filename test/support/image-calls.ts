import { expect } from 'bun:test';
import type { Init, TestApp } from './app.ts';

const json = (body: unknown): Init => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

interface Row {
  key: string;
  id: string;
  reference: string | null;
}

/** Every call of the API about images, volumes and networks, on the made-up engine. `run` checks that an answer is what its schema says. */
export async function imageCalls(panel: TestApp, run: (id: string, path: string, init?: Init) => Promise<unknown>) {
  const settled = async (started: unknown) => panel.app.tasks.settled((started as { task: string }).task);
  await settled(await run('images.pull', '/images/pull', json({ reference: 'acme/tool:1' })));
  const { items } = (await run('images.list', '/images?q=acme/tool&sort=-size')) as { items: Row[] };
  expect(items.map(({ reference }) => reference)).toEqual(['acme/tool:1']);
  expect(await run('images.tag', `/images/${items[0]!.id}/tag`, json({ reference: 'acme/tool' }))).toEqual({ reference: 'acme/tool:latest' });
  expect(await run('images.get', '/images/acme%2Ftool:latest')).toMatchObject({ id: items[0]!.id, references: ['acme/tool:1', 'acme/tool:latest'] });
  expect(await run('images.remove', '/images/acme%2Ftool:latest')).toEqual({ untagged: ['acme/tool:latest'], deleted: [] });
  const { images } = (await run('images.prunable', '/images/prune')) as { images: Row[] };
  expect(images.map(({ reference }) => reference)).toEqual([null, null]);
  await settled(await run('images.prune', '/images/prune', json({ keys: [images[0]!.key] })));
  expect(((await run('images.prunable', '/images/prune')) as { images: Row[] }).images).toEqual(images.slice(1));

  expect(await run('volumes.create', '/volumes', json({ name: 'api-volume', options: { o: 'password=secret' }, labels: { a: 'b' } }))).toMatchObject({ name: 'api-volume', options: ['o'], labels: { a: 'b' } });
  expect(((await run('volumes.list', '/volumes?show=unused&sort=-name')) as { items: { name: string }[] }).items.map(({ name }) => name)).toContain('api-volume');
  expect(await run('volumes.sizes', '/volume-sizes')).toMatchObject({ sizes: { gitea: expect.any(Number) } });
  await run('volumes.get', '/volumes/api-volume');
  await run('volumes.remove', '/volumes/api-volume');

  const made = (await run('networks.create', '/networks', json({ name: 'api-net', subnets: [{ subnet: '10.9.0.0/24', gateway: '10.9.0.1' }], internal: true }))) as { id: string };
  await run('networks.connect', `/networks/${made.id}/connect`, json({ container: 'gitea' }));
  expect(await run('networks.get', '/networks/api-net')).toMatchObject({ internal: true, members: [{ name: 'gitea', ipv4: '10.9.0.2/24' }] });
  await run('networks.disconnect', '/networks/api-net/disconnect', json({ container: 'gitea' }));
  expect(await run('networks.list', '/networks?q=api-net')).toMatchObject({ total: 1, items: [{ usedBy: [] }] });
  await run('networks.remove', `/networks/${made.id}`);
}
