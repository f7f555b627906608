import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { DockerError } from '../../platform/docker.ts';

let t: TestApp;
beforeEach(() => void (t = testApp()));
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const page = async (path: string, who: 'viewer' | 'admin' = 'viewer') => (await t.as(who, `${who}${path}`).request(path)).text();

test('what the engine is; its disk is measured by a second request', async () => {
  const html = await page('/docker');
  expect(html).toContain('27.3.1');
  expect(html).toContain('8 running, 0 paused, 2 stopped');
  expect(html).toContain('hx-get="/docker?disk=on"');
  const measured = await page('/docker?disk=on', 'admin');
  expect(measured).not.toContain('hx-get="/docker?disk=on"');
  const rows = [...measured.matchAll(/<td class="lead">(?:<a [^>]*>)?([^<]+)<[\s\S]*?<td class="num mid">(\d+)<\/td><td class="num">([^<]+)<\/td><td class="num">([^<]+)<\/td>/g)].map(([, ...cells]) => cells);
  expect(rows.map(([kind]) => kind)).toEqual(['Images', 'Written by containers', 'Volumes', 'Build cache']);
  expect(rows[0]![1]).toBe('12');
});

test('no engine: the page says so, and nobody installs one on a machine that is made up', async () => {
  const away = () => Promise.reject(new DockerError('absent', 'ENOENT'));
  const other = testApp({ docker: { endpoint: () => 'unix:///none', ask: away, stream: away } });
  const admin = other.as('admin');
  expect(await (await admin.request('/docker')).text()).toContain('No container engine');
  expect((await admin.request('/docker/install', { method: 'POST', form: {} })).status).toBe(501);
  expect((await other.as('operator').request('/docker/install', { method: 'POST', form: {} })).status).toBe(403);
  await other.close();
});
