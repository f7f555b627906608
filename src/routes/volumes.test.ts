import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../test/support/app.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

describe('refusals', () => {
  test('S18 what is no name of a volume reaches no engine', async () => {
    const admin = panel.as('admin');
    const asked: string[] = [];
    const ask = panel.app.host.docker.ask;
    panel.app.host.docker.ask = (call) => (asked.push(call.path), ask(call));
    for (const name of ['%2e%2e%2fx', 'a%2Fb', '-x', '%20', 'x%3Fforce', 'a%00', '馒头', 'x'.repeat(256), 'a']) {
      expect((await admin.request(`/volumes/${name}`)).status).toBeOneOf([404, 422]);
      expect((await admin.request(`/volumes/${name}/remove`, { form: {} })).status).toBeOneOf([404, 422]);
    }
    expect(asked).toEqual([]);
  });

  test('S3 options and labels are one line each, with a name', async () => {
    const admin = panel.as('admin');
    const wrong: Record<string, string>[] = [{ labels: 'x' }, { labels: '=x' }, { options: 'a=b\u0007' }, { name: 'a' }, { driver: '-x' }, { labels: Array.from({ length: 101 }, (_, i) => `l${i}=`).join('\n') }];
    for (const fields of wrong) {
      expect((await admin.request('/volumes', { form: { name: 'fresh', driver: 'local', ...fields } })).status).toBe(422);
    }
    expect((await admin.request('/volumes/fresh')).status).toBe(404);
  });

  test('no volume goes whose name was not typed', async () => {
    const admin = panel.as('admin');
    const before = await (await admin.request('/volumes')).text();
    for (const typed of ['', 'all', '*', 'shop_db', 'shop_db_202', '5e1f3c0a9b7']) expect((await admin.request('/volumes/-/prune', { form: { typed } })).status).toBe(422);
    const count = (html: string) => html.match(/<tr data-href/g)!.length;
    expect(count(await (await admin.request('/volumes')).text())).toBe(count(before));
    expect((await admin.request('/volumes/-/prune', { form: { typed: 'shop_db_2025' } })).status).toBe(303);
    expect((await admin.request('/volumes/shop_db_2025')).status).toBe(404);
    expect((await admin.request('/volumes/-/prune', { form: { typed: '5e1f3c0a9b7d' } })).status).toBe(303);
    expect(await (await admin.request('/volumes/-/prune')).text()).toContain('Every volume is used by a container.');
  });

  test('while containers use it, it stays, and they are named', async () => {
    const answer = await panel.as('admin').request('/volumes/shop_uploads/remove', { form: {} });
    expect([answer.status, (await answer.text()).includes('shop_uploads is used by shop-web-1, shop-worker-1.')]).toEqual([422, true]);
  });
});

test('S13 options that may hold a password are shown to administrators only', async () => {
  const admin = panel.as('admin');
  expect((await admin.request('/volumes', { form: { name: 'share', driver: 'local', options: 'type=cifs\no=username=a,password=hunter2' } })).headers.get('location')).toBe('/volumes');
  expect(await (await admin.request('/volumes/share')).text()).toContain('hunter2');
  for (const role of ['viewer', 'operator'] as const) expect(await (await panel.as(role).request('/volumes/share')).text()).not.toContain('hunter2');
  expect(await (await admin.request('/audit')).text()).not.toContain('hunter2');
});

test('sizes are measured when they are asked for, and kept for the next', async () => {
  const viewer = panel.as('viewer');
  const calls: string[] = [];
  const ask = panel.app.host.docker.ask;
  panel.app.host.docker.ask = (call) => (calls.push(call.path), ask(call));
  const measured = () => calls.filter((path) => path === '/system/df').length;
  const first = await (await viewer.request('/volumes')).text();
  expect([measured(), first.includes('class="skel"'), first.includes('hx-trigger="load"')]).toEqual([0, true, true]);
  const [second] = await Promise.all([viewer.request('/volumes?sizes=on'), viewer.request('/volumes?sizes=on')]);
  expect([measured(), (await second.text()).includes('class="skel"')]).toEqual([1, false]);
  const third = await (await viewer.request('/volumes')).text();
  expect([measured(), third.includes('class="skel"'), third.includes('hx-trigger="load"')]).toEqual([1, false, false]);
  panel.clock.advance(61_000);
  const later = await (await viewer.request('/volumes')).text();
  expect([measured(), later.includes('class="skel"'), later.includes('hx-trigger="load"')]).toEqual([1, false, true]);
});

test('what is read is of after the sizes were measured; a page that stands is told to ask for itself', async () => {
  const admin = panel.as('admin');
  const { docker } = panel.app.host;
  const ask = docker.ask;
  let measures = 0;
  docker.ask = async (call) => {
    const answer = await ask(call);
    // Somebody makes one while the engine measures.
    if (call.path === '/system/df') await admin.request('/volumes', { form: { name: `meanwhile-${++measures}`, driver: 'local' } });
    return answer;
  };
  expect(await (await admin.request('/volumes?sizes=on')).text()).toContain('meanwhile-1');
  panel.clock.advance(61_000);
  expect(await (await admin.request('/volumes/-/prune?sizes=on')).text()).toContain('meanwhile-2');
  panel.clock.advance(61_000);
  expect((await admin.request('/volumes/meanwhile-3?sizes=on')).status).toBe(200);
  panel.clock.advance(61_000);
  const told = await admin.request('/volumes/-/sizes', { headers: { 'hx-request': 'true' } });
  expect([told.status, told.headers.get('hx-trigger'), measures]).toEqual([204, '{"containers-changed":{}}', 4]);
});

test('files are linked where this machine has them, within the folders of the reader, and nowhere else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-volume-'));
  const { docker } = panel.app.host;
  const ask = docker.ask;
  docker.ask = async (call) => {
    const answer = (await ask(call)) as { Name?: string; Mountpoint?: string } | null;
    return call.path === '/volumes/gitea' && answer ? { ...answer, Mountpoint: folder } : answer;
  };
  const people = { admin: panel.as('admin'), viewer: panel.as('viewer') };
  const linked = async (role: 'admin' | 'viewer', name: string) => (await (await people[role].request(`/volumes/${name}`)).text()).includes('Browse files');
  expect([await linked('admin', 'gitea'), await linked('viewer', 'gitea'), await linked('admin', 'registry')]).toEqual([true, false, false]);
  docker.endpoint = () => 'tcp://10.0.0.5:2375';
  expect(await linked('admin', 'gitea')).toBe(false);
  rmSync(folder, { recursive: true });
});
