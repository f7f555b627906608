import { expect } from 'bun:test';
import { SYSTEM } from '../../src/core/app.ts';
import { getTask } from '../../src/core/tasks/tasks.ts';
import type { Init, TestApp } from './app.ts';

const json = (body: unknown): Init => ({ body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

/** Every call of the API about backups of volumes and the engine's settings, on the made-up engine. `get` asks as `run` does. */
export async function volumeCalls(panel: TestApp, run: (id: string, path: string, init?: Init) => Promise<unknown>, get: (path: string) => Promise<Response>): Promise<string[]> {
  const settled = async (started: unknown) => {
    const { task } = started as { task: string };
    await panel.app.tasks.settled(task);
    const { kind, state, error } = getTask(panel.app, SYSTEM, task);
    expect([kind, state, error]).toEqual([kind, 'done', null]);
  };
  await settled(await run('volumes.backup', '/volumes/gitea/backups', json({})));
  const { items } = (await run('volumes.backups', '/volumes/gitea/backups')) as { items: { id: string; size: number }[] };
  expect(items).toMatchObject([{ volume: 'gitea', facts: { entries: 4, quiet: 'none' } }]);
  const [{ id, size }] = items as [{ id: string; size: number }];
  const bytes = await (await get(`/volumes/gitea/backups/${id}`)).bytes();
  expect(bytes.length).toBe(size);
  expect((await run('volumes.upload_backup', '/volumes/api-sent/backups/upload?from=x.tar.zst', { body: bytes })) as object).toEqual({ id: expect.any(String) });
  await settled(await run('volumes.import', '/volumes/api-sent/backups/import', json({ path: `${panel.app.config.dataDir}/backups/volumes/gitea/${id}.tar.zst` })));
  expect(((await run('volumes.all_backups', '/volume-backups')) as { items: { volume: string }[] }).items.map(({ volume }) => volume).sort()).toEqual(['api-sent', 'api-sent', 'gitea']);
  await settled(await run('volumes.restore', `/volumes/gitea/backups/${id}/restore`, json({ into: 'api-restored' })));
  await settled(await run('volumes.clone', '/volumes/api-restored/clone', json({ name: 'api-clone' })));
  expect(Bun.zstdDecompressSync(await (await get('/volumes/api-clone/contents')).bytes())).toEqual(Bun.zstdDecompressSync(bytes));
  await run('volumes.remove_backup', `/volumes/gitea/backups/${id}`);
  const settings = (await run('docker.settings', '/docker/settings')) as { text: string; hash: string };
  expect(await run('docker.validate', '/docker/settings/validate', json({ text: '{"mtu": "x"}' }))).toMatchObject({ faults: [{ line: 1, key: 'mtu' }] });
  await settled(await run('docker.configure', '/docker/settings', json({ text: settings.text.replace('"10m"', '"20m"'), hash: settings.hash })));
  expect(await run('docker.versions', '/docker/settings/versions')).toMatchObject({ items: [{ state: 'good' }, { state: 'found', text: settings.text }] });
  return ['volumes.download_backup', 'volumes.contents'];
}
