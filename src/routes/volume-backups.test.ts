import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { SYSTEM } from '../core/app.ts';
import { listBackups } from '../core/volumes/backups/kept.ts';

let panel: TestApp;
let admin: Browser;
beforeEach(() => {
  panel = testApp();
  admin = panel.as('admin');
});
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const started = async (answer: Response) => {
  expect([answer.status, answer.status === 303 ? '' : await answer.text()]).toEqual([303, '']);
  const id = /^\/tasks\/(.+)$/.exec(answer.headers.get('location')!)![1]!;
  await panel.app.tasks.settled(id);
  return id;
};
const backUp = async (name = 'gitea') => {
  await started(await admin.request(`/volumes/${name}/backup`, { form: {} }));
  return (await listBackups(panel.app, SYSTEM, name))[0]!;
};

describe('refused', () => {
  test('S6 who may not write volumes sees that there are backups, and gets nothing of what is in them', async () => {
    const { id } = await backUp();
    for (const role of ['viewer', 'operator'] as const) {
      const who = panel.as(role);
      expect(await (await who.request('/volumes/-/backups')).text()).not.toContain(`${id}/download`);
      for (const path of ['/volumes/gitea/contents', '/volumes/gitea/backup', '/volumes/gitea/clone', `/volumes/gitea/backups/${id}/download`, `/volumes/gitea/backups/${id}/restore`]) expect([path, (await who.request(path)).status]).toEqual([path, 403]);
      expect((await who.request(`/volumes/gitea/backups/${id}/remove`, { form: {} })).status).toBe(403);
      expect((await who.request('/volumes/-/backups/upload?name=gitea', { method: 'PUT', body: 'x', headers: { origin: 'http://127.0.0.1:8686' } })).status).toBe(403);
    }
  });

  test('a form that does not fit comes back with what is wrong', async () => {
    const { id } = await backUp();
    const restore = async (form: Record<string, string>) => {
      const answer = await admin.request(`/volumes/gitea/backups/${id}/restore`, { form });
      return [answer.status, await answer.text()] as const;
    };
    for (const [form, text] of [
      [{ how: 'new', into: 'registry' }, 'There is a volume registry already.'], [{ how: 'new', into: '-x' }, 'At least two letters'], [{ how: 'over', confirm: 'gite' }, 'Type'], [{ how: 'both' }, ''],
    ] as const) {
      const [status, html] = await restore(form);
      expect([form, status, html.includes(text)]).toEqual([form, 422, true]);
    }
    expect((await admin.request('/volumes/gitea/clone', { form: { name: 'registry' } })).status).toBe(422);
    expect((await admin.request('/volumes/gitea/backup', { form: { quiet: 'later' } })).status).toBe(422);
    expect((await admin.request('/volumes/-/backups/import', { form: { name: 'x1', path: '/nowhere/x.tar' } })).status).toBe(422);
    expect((await admin.request('/volumes/-/backups/import', { form: { name: '-', path: '/etc/passwd' } })).status).toBe(422);
    for (const path of ['/volumes/nowhere/backup', '/volumes/nowhere/clone', '/volumes/nowhere/contents', `/volumes/registry/backups/${id}/download`, '/volumes/gitea/backups/..%2f..%2fmantou/download']) {
      expect([path, (await admin.request(path)).status]).toEqual([path, 404]);
    }
  });

  test('what is sent and is no tar is told to the script in words', async () => {
    const send = (body: Uint8Array<ArrayBuffer> | string, query = 'name=sent') => admin.request(`/volumes/-/backups/upload?${query}`, { method: 'PUT', body, headers: { origin: 'http://127.0.0.1:8686' } });
    const answer = await send('hello');
    expect([answer.status, await answer.json()]).toEqual([422, { error: 'This is no tar, tar.gz or tar.zst.' }]);
    expect((await send(gzipSync(new Uint8Array(4096)), 'name=-')).status).toBe(422);
    expect(await listBackups(panel.app, SYSTEM)).toEqual([]);
  });
});

test('the page of a volume has its backups, and the list has those of volumes that are gone, in both languages', async () => {
  await backUp('shop_db_2025');
  expect(await (await admin.request('/volumes/shop_db_2025')).text()).toContain('4 entries');
  expect((await admin.request('/volumes/shop_db_2025/remove', { form: {} })).status).toBe(303);
  const en = await (await admin.request('/volumes/-/backups')).text();
  for (const text of ['shop_db_2025', 'Containers kept running', 'Copy them to another machine']) expect(en).toContain(text);
  expect(en).not.toContain('href="/volumes/shop_db_2025"');
  expect(await (await admin.request('/volumes/-/backups', { headers: { 'accept-language': 'zh-CN' } })).text()).toContain('容器保持运行');
  const { id } = (await listBackups(panel.app, SYSTEM))[0]!;
  const form = await (await admin.request(`/volumes/shop_db_2025/backups/${id}/restore`)).text();
  expect([form.includes('value="shop_db_2025"'), form.includes('value="over"')]).toEqual([true, false]);
  await started(await admin.request(`/volumes/shop_db_2025/backups/${id}/restore`, { form: { how: 'new', into: 'shop_db_2025' } }));
  expect((await admin.request('/volumes/shop_db_2025')).status).toBe(200);
});

test('downloads are files: one range of a kept one, and what is in a volume now', async () => {
  const backup = await backUp();
  const whole = await admin.request(`/volumes/gitea/backups/${backup.id}/download`);
  expect(whole.headers.get('content-disposition')).toContain(`gitea-${backup.id}.tar.zst`);
  const bytes = await whole.bytes();
  const part = await admin.request(`/volumes/gitea/backups/${backup.id}/download`, { headers: { range: 'bytes=4-7' } });
  expect([part.status, await part.bytes()]).toEqual([206, bytes.slice(4, 8)]);
  const now = await admin.request('/volumes/gitea/contents');
  expect([now.headers.get('content-type'), Bun.zstdDecompressSync(await now.bytes())]).toEqual(['application/zstd', Bun.zstdDecompressSync(bytes)]);
});
