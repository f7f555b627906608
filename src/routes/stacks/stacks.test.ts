import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../../core/app.ts';
import { endBegun, keepBegun } from '../../core/stacks/kept.ts';
import { taskKey } from '../../core/stacks/stack.ts';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';

let panel: TestApp;
let admin: Browser;
let operator: Browser;
let viewer: Browser;
let folder = '';

beforeAll(() => {
  panel = testApp();
  [admin, operator, viewer] = (['admin', 'operator', 'viewer'] as const).map((role) => panel.as(role)) as [Browser, Browser, Browser];
  folder = join(panel.app.config.dataDir, 'stacks/notes');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'compose.yml'), 'services:\n  web:\n    image: notes:<b>\n');
  writeFileSync(join(folder, '.env'), 'SECRET=bamboo\n');
});
afterAll(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

describe('refused', () => {
  test('S6 who may not change stacks neither sees their files nor a button', async () => {
    for (const who of [viewer, operator]) {
      for (const path of ['/stacks/notes/edit', '/stacks/notes/versions', '/stacks/new']) expect([path, (await who.request(path)).status]).toEqual([path, 403]);
      for (const path of ['/stacks', '/stacks/notes/edit', '/stacks/notes/down', '/stacks/notes/remove', '/stacks/notes/return']) expect([path, (await who.request(path, { form: { do: 'save' } })).status]).toEqual([path, 403]);
      const page = await (await who.request('/stacks/notes')).text();
      expect(page).not.toContain('bamboo');
      expect(page).not.toContain('/stacks/notes/edit');
    }
    expect((await viewer.request('/stacks/notes/act', { form: { action: 'stop' } })).status).toBe(403);
  });

  test('S18 a name that is none never reaches a path', async () => {
    for (const name of ['.kept', '..%2f..', '-f', 'a%2fb', 'A', 'x'.repeat(64), 'nowhere']) {
      for (const path of [`/stacks/${name}`, `/stacks/${name}/edit`, `/stacks/${name}/versions`]) expect([path, (await admin.request(path)).status]).toEqual([path, 404]);
    }
  });

  test('the demo looks and changes nothing: what would is unsupported, in words', async () => {
    for (const [path, form] of Object.entries<Record<string, string>>({
      '/stacks/shop/act': { action: 'restart' }, '/stacks/shop/scale': { service: 'web', count: '2' }, '/stacks/shop/down': {}, '/stacks/notes/remove': { confirm: 'notes' },
      '/stacks/notes/edit': { do: 'deploy', text0: 'services: {}' }, '/stacks': { name: 'new', compose: 'services: {}' },
    })) {
      const answer = await admin.request(path, { form });
      expect([path, answer.status]).toEqual([path, 501]);
      expect(await answer.text()).toContain('In the demo stacks cannot be changed.');
    }
    expect((await admin.request('/stacks/notes/remove', { form: { confirm: 'other' } })).status).toBe(422);
    expect((await admin.request('/stacks/notes/return', { form: {} })).status).toBe(404);
  });
});

describe('files of the folder', () => {
  test('S6 S12 only administrators see and change them', async () => {
    for (const who of [viewer, operator]) {
      expect((await who.request('/stacks/notes/files/text?path=conf/a.conf')).status).toBe(403);
      for (const act of ['new', 'upload', 'move', 'drop']) expect([act, (await who.request(`/stacks/notes/files/${act}`, { form: { path: 'x', to: 'y' } })).status]).toEqual([act, 403]);
    }
    expect((await viewer.request('/stacks/shop/logs')).status).toBe(403);
    expect((await operator.request('/stacks/shop/logs')).status).toBe(200);
  });

  test('one is made, opened in the form, renamed and deleted without JavaScript; a refusal is a page', async () => {
    const made = await admin.request('/stacks/notes/files/new', { form: { path: 'conf/a.conf' } });
    expect([made.status, made.headers.get('location')]).toEqual([303, '/stacks/notes/edit?file=conf%2Fa.conf']);
    const page = await (await admin.request('/stacks/notes/edit?file=conf/a.conf')).text();
    for (const part of ['name="file2" value="conf/a.conf"', 'name="text2"', 'data-stack-file="conf/a.conf"']) expect(page).toContain(part);
    expect((await admin.request('/stacks/notes/files/new', { form: { path: 'conf/a.conf' } })).status).toBe(409);
    expect((await admin.request('/stacks/notes/files/move', { form: { path: 'conf/a.conf', to: 'b.conf' } })).status).toBe(303);
    expect((await admin.request('/stacks/notes/files/drop', { form: { path: 'compose.yml' } })).status).toBe(409);
    expect((await admin.request('/stacks/notes/files/drop', { form: { path: 'b.conf' } })).status).toBe(303);
    expect(existsSync(join(folder, 'b.conf'))).toBe(false);
    for (const path of ['../../mantou.db', '/etc/passwd', 'conf/../../x', '..']) {
      for (const way of [`/stacks/notes/files/text?path=${encodeURIComponent(path)}`, `/stacks/notes/edit?file=${encodeURIComponent(path)}`]) expect([way, (await admin.request(way)).status]).toEqual([way, 422]);
      expect([path, (await admin.request('/stacks/notes/files/new', { form: { path } })).status]).toEqual([path, 422]);
    }
  });

  test('S5 an upload keeps its name only, and replaces nothing', async () => {
    const body = new FormData();
    body.set('folder', '/conf/');
    body.append('file', new File(['one'], '..\\..\\evil.sh'));
    body.append('file', new File([new Uint8Array([0, 1])], '/etc/logo.png'));
    const send = () => admin.request('/stacks/notes/files/upload', { method: 'POST', body, headers: { origin: 'http://127.0.0.1:8686' } });
    expect((await send()).status).toBe(303);
    expect([readFileSync(join(folder, 'conf/evil.sh'), 'utf8'), existsSync(join(folder, 'conf/logo.png'))]).toEqual(['one', true]);
    expect((await send()).status).toBe(409);
    expect(await (await admin.request('/stacks/notes/files/text?path=conf/logo.png')).text()).toContain('is no text');
    const tree = await admin.request('/stacks/notes/files/drop', { method: 'POST', body: new URLSearchParams({ path: 'conf/logo.png' }), headers: { origin: 'http://127.0.0.1:8686', 'hx-request': 'true' } });
    expect([tree.status, tree.headers.get('hx-trigger')]).toEqual([200, '{"stack-files":{}}']);
    expect(await tree.text()).toStartWith('<nav class="stack-tree"');
  });

  test('docker run commands become services of the form, also of a new stack; what is in none is named', async () => {
    const form = { do: 'convert', run: 'docker run -d --shm-size 1g nginx', text0: 'services:\n  web:\n    image: x # mine\n' };
    for (const [path, more] of [['/stacks/notes/edit', {}], ['/stacks', { compose: form.text0, name: '' }]] as const) {
      const answer = await admin.request(path, { form: { ...form, ...more } });
      const page = await answer.text();
      expect([path, answer.status, page.includes('image: x # mine\n  nginx:'), page.includes('Not in the service nginx: --shm-size.')]).toEqual([path, 200, true, true]);
    }
    expect(readFileSync(join(folder, 'compose.yml'), 'utf8')).not.toContain('nginx');
    for (const path of ['/stacks/notes/edit', '/stacks']) expect([path, (await admin.request(path, { form: { ...form, run: 'rm -rf /', compose: '' } })).status]).toEqual([path, 422]);
  });
});

test('what all services say is one page, in order of time, in both languages', async () => {
  const page = await (await operator.request('/stacks/shop/logs?tail=100')).text();
  const times = [...page.matchAll(/<time datetime="([^"]+)"/g)].map(([, time]) => time!);
  expect(times.length).toBeGreaterThan(1);
  expect(times.toSorted()).toEqual(times);
  expect(new Set([...page.matchAll(/<b data-color="\d">([^<]+)/g)].map(([, name]) => name)).size).toBeGreaterThan(1);
  expect(await (await operator.request('/stacks/shop/logs', { headers: { 'accept-language': 'zh-CN' } })).text()).toContain('全部服务');
});

test('the list has those of the panel and those that only containers tell of, in both languages', async () => {
  const en = await (await viewer.request('/stacks')).text();
  for (const text of ['notes', 'shop', '4 of 5 running', 'Unhealthy', '/srv/shop', 'Not started']) expect(en).toContain(text);
  const zh = await (await viewer.request('/stacks', { headers: { 'accept-language': 'zh-CN' } })).text();
  for (const text of ['编排', '4 / 5 运行中', '不健康', '未启动']) expect(zh).toContain(text);
});

test('a deployment that did not end is told to everybody, and its way back to who may take it', async () => {
  await keepBegun(panel.app, 'notes', { at: panel.clock.now(), by: 'lin', before: null });
  for (const who of [viewer, admin]) expect(await (await who.request('/stacks/notes')).text()).toContain('A deployment did not end.');
  await endBegun(panel.app, 'notes');
  expect(await (await viewer.request('/stacks/notes')).text()).not.toContain('A deployment did not end.');
});

test('S12 what services said stands in logs of tasks that viewers do not see', async () => {
  const id = panel.app.tasks.start(SYSTEM, { kind: 'stacks.deploy', key: taskKey(panel.app, 'notes'), params: { name: 'notes' }, steps: ['stacksUp'], run: async (task) => task.log('bamboo said') });
  await panel.app.tasks.settled(id);
  expect((await viewer.request(`/tasks/${id}`)).status).toBe(404);
  expect(await (await viewer.request('/stacks/notes')).text()).not.toContain('bamboo said');
  expect(await (await operator.request('/stacks/notes')).text()).toContain('bamboo said');
});

test('the page of a stack has its services and links to its containers; what files say stays text', async () => {
  const shop = await (await viewer.request('/stacks/shop')).text();
  expect(new Set(shop.match(/href="\/containers\/[0-9a-f]{64}"/g)).size).toBe(5);
  const notes = await (await viewer.request('/stacks/notes')).text();
  expect(notes).toContain('notes:&lt;b&gt;');
});
