import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { SYSTEM } from '../../core/app.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { en } from '../../i18n/en.ts';
import { listTasks } from '../../core/tasks/tasks.ts';

let t: TestApp;
let root = '';
let admin: Browser;
beforeEach(() => {
  t = testApp();
  admin = t.as('admin');
  root = mkdtempSync(join(tmpdir(), 'mantou-archive-pages-'));
  mkdirSync(join(root, 'site'));
  writeFileSync(join(root, 'site/index.html'), 'hello');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

const post = (path: string, form: Record<string, string>, browser = admin) => browser.request(path, { form });
const settled = async () => {
  const { items } = listTasks(t.app, SYSTEM, { limit: 10, by: 'createdAt', descending: true, after: undefined }, []);
  for (const { id } of items) await t.app.tasks.settled(id);
  return listTasks(t.app, SYSTEM, { limit: 10, by: 'createdAt', descending: true, after: undefined }, []).items;
};
const PACK = { archive: 'backup', format: 'tar.gz' };

test('S4 refused: who may not write, folders of others, names that are ways', async () => {
  expect((await post('/files/archive', { folder: root, name: 'site', ...PACK }, t.as('viewer'))).status).toBe(403);
  const operator = t.as('operator');
  putSetting(t.app, 'filesRootsOperator', [join(root, 'site')]);
  expect((await post('/files/archive', { folder: root, name: 'site', ...PACK }, operator)).status).toBe(403);
  expect((await operator.request(`/files/archive/contents?path=${root}/a.zip`)).status).toBe(403);
  expect((await post('/files/extract', { path: `${root}/a.zip`, to: root, conflict: 'skip' }, operator)).status).toBe(403);
  for (const archive of ['../evil', 'a/b', '']) expect((await post('/files/archive', { folder: root, name: 'site', ...PACK, archive })).status).toBe(422);
  expect((await post('/files/archive', { folder: root, name: '../site', ...PACK })).status).toBe(422);
  expect((await post('/files/extract', { path: `${root}/a.zip`, to: 'relative', conflict: 'skip' })).status).not.toBe(303);
});

test('the form again with what was wrong: a taken name, a password for a tar; the password is not in it', async () => {
  writeFileSync(join(root, 'backup.tar.gz'), '');
  const taken = await post('/files/archive', { folder: root, name: 'site', ...PACK });
  expect([taken.status, await taken.text()]).toEqual([422, expect.stringContaining('is there already')]);
  const locked = await post('/files/archive', { folder: root, name: 'site', archive: 'b', format: 'tar', password: 'bamboo steamer' });
  const html = await locked.text();
  expect([locked.status, html.includes('Only zip archives'), html.includes('bamboo steamer')]).toEqual([422, true, false]);
});

test('packed, looked into and extracted through the pages', async () => {
  expect((await admin.request(`/files/archive?folder=${root}&name=site`)).status).toBe(200);
  const packed = await post('/files/archive', { folder: root, name: 'site', ...PACK });
  expect([packed.status, packed.headers.get('location')]).toEqual([303, `/files?path=${root}`]);
  expect((await settled()).map(({ kind, state }) => [kind, state])).toEqual([['files.archive', 'done']]);
  const contents = await (await admin.request(`/files/archive/contents?folder=${root}&name=backup.tar.gz`)).text();
  expect(contents).toContain('site/index.html');
  const form = await (await admin.request(`/files/extract?folder=${root}&name=backup.tar.gz`)).text();
  expect(form).toContain('value="backup"');
  const started = await admin.request('/files/extract', { form: { path: `${root}/backup.tar.gz`, to: root, into: 'out', conflict: 'keep-both' }, headers: { 'hx-request': 'true', origin: 'http://127.0.0.1:8686' } });
  expect(started.status).toBe(204);
  expect(started.headers.get('hx-trigger')).toContain('task-started');
  await settled();
  expect(readFileSync(join(root, 'out/site/index.html'), 'utf8')).toBe('hello');
  expect(await (await admin.request('/audit')).text()).toContain(en.audit.actions['files.extract']!);
});

test('S15 names in archives are text, and what would be left out says so', async () => {
  writeFileSync(join(root, 'site/<img src=x onerror=alert(1)>'), '');
  await post('/files/archive', { folder: root, name: 'site', archive: 'x', format: 'zip' });
  await settled();
  Bun.spawnSync(['tar', '-cPf', join(root, 'bad.tar'), '/etc/hostname']);
  const html = await (await admin.request(`/files/archive/contents?path=${root}/x.zip`)).text();
  expect([html.includes('&lt;img src=x'), html.includes('<img src=x')]).toEqual([true, false]);
  expect(await (await admin.request(`/files/archive/contents?path=${root}/bad.tar`)).text()).toContain('absolute path');
});

test('a missing program is said on the page', async () => {
  const bare = testApp({ app: { exec: { ...t.app.exec, which: () => undefined } } });
  writeFileSync(join(root, 'a.rar'), '');
  const html = await (await bare.as('admin').request(`/files/extract?folder=${root}&name=a.rar`)).text();
  expect([html.includes('p7zip-rar'), html.includes('name="to"')]).toEqual([true, false]);
  await bare.close();
});
