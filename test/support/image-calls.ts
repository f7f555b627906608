import { expect } from 'bun:test';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Init, TestApp } from './app.ts';

const json = (body: unknown): Init => ({ method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

interface Row {
  key: string;
  id: string;
  reference: string | null;
}

/** Sign-ins, and how images come and go beside pulling. */
async function sourceCalls(panel: TestApp, run: (id: string, path: string, init?: Init) => Promise<unknown>) {
  const settled = async (started: unknown) => panel.app.tasks.settled((started as { task: string }).task);
  const login = { host: 'https://GHCR.io/', user: 'lin', password: 'canary-token' };
  const { id, ...added } = (await run('registries.add', '/registries', json(login))) as { id: string };
  expect(added).toMatchObject({ host: 'ghcr.io', user: 'lin', note: '', checkedAt: expect.any(Number) });
  expect(await run('registries.change', `/registries/${id}`, { ...json({ host: 'ghcr.io', user: 'wen', note: 'reads', check: false }), method: 'PUT' })).toMatchObject({ user: 'wen', note: 'reads', checkedAt: null });
  expect(await run('registries.test', `/registries/${id}/test`, { method: 'POST' })).toMatchObject({ checkedAt: expect.any(Number) });
  expect(JSON.stringify(await run('registries.list', '/registries'))).not.toContain('canary');
  await run('registries.remove', `/registries/${id}`, { method: 'DELETE' });

  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'mantou-api-build-'));
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch');
  await settled(await run('images.build', '/images/build', json({ path: folder, tags: ['acme/built'], args: { A: '1' } })));
  expect(await run('images.get', '/images/acme%2Fbuilt:latest')).toMatchObject({ references: ['acme/built:latest'] });
  await settled(await run('images.push', '/images/push', json({ image: 'acme/built:latest', reference: 'ghcr.io/acme/built:2' })));
  expect(await run('images.get', '/images/acme%2Fbuilt:latest')).toMatchObject({ references: ['acme/built:latest', 'ghcr.io/acme/built:2'] });
  // Not allowed unless a setting says so: the task fails, nothing is asked for.
  await settled(await run('images.build_git', '/images/build/git', json({ url: 'git://127.0.0.1:9/x.git', tags: ['acme/cloned'] })));
  await run('images.export', '/images/export', json({ images: ['acme/built:latest', 'redis:7.4-alpine'] }));
  const archive = Buffer.alloc(1024);
  archive.write('ustar', 257);
  expect(await run('images.load', '/images/load?name=a.tar', { method: 'POST', body: archive, headers: { 'content-type': 'application/x-tar' } })).toMatchObject({ images: ['acme/loaded:1'] });
  writeFileSync(join(folder, 'a.tar'), archive);
  await settled(await run('images.load_file', '/images/load/file', json({ path: join(folder, 'a.tar') })));
  rmSync(folder, { recursive: true });
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

  await sourceCalls(panel, run);

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
