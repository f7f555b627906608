import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../../core/app.ts';
import { endBegun, keepBegun } from '../../core/stacks/kept.ts';
import { taskKey } from '../../core/stacks/stack.ts';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';

let panel: TestApp;
let admin: Browser;
let operator: Browser;
let viewer: Browser;

beforeAll(() => {
  panel = testApp();
  [admin, operator, viewer] = (['admin', 'operator', 'viewer'] as const).map((role) => panel.as(role)) as [Browser, Browser, Browser];
  const folder = join(panel.app.config.dataDir, 'stacks/notes');
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
