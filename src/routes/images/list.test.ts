import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { audit } from '../../db/schema/audit.ts';
import { tasks } from '../../db/schema/tasks.ts';
import { DockerError } from '../../platform/docker.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const idOf = async (path: string, text: string) => new RegExp(`<tr data-href="/images/([0-9a-f]{64})"[^>]*>(?:(?!</tr>)[\\s\\S])*${text}`).exec(await (await panel.as('viewer', crypto.randomUUID()).request(path)).text())![1]!;

describe('refusals', () => {
  test('S18 what is no id of an image reaches no engine', async () => {
    start();
    const admin = panel.as('admin');
    const asked: string[] = [];
    const ask = panel.app.host.docker.ask;
    panel.app.host.docker.ask = (call) => (asked.push(call.path), ask(call));
    for (const id of ['..', '%2e%2e', 'a%2F..%2F..', 'x', 'sha256', '%00', '?', 'prune%3Fx', 'A'.repeat(64), '0'.repeat(65)]) {
      for (const end of ['', '/tag', '/remove', '/export']) expect((await admin.request(`/images/${id}x${end}`)).status).toBeOneOf([404, 422]);
      expect((await admin.request(`/images/${id}x/remove`, { form: {} })).status).toBeOneOf([404, 422]);
    }
    expect(asked).toEqual([]);
  });

  test('S18 a name that is none is drawn again with what is accepted, and nothing is fetched', async () => {
    start();
    const operator = panel.as('operator');
    for (const reference of ['', '-rf', '../../etc', 'a b', 'a/B', 'redis:7?x=1', 'http://x/y', `redis@sha256:${'0'.repeat(20)}`]) {
      const answer = await operator.request('/images/pull', { form: { reference } });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('lower case');
    }
    expect(panel.app.tasks.running()).toBe(0);
  });

  test('S6 an operator pulls and names, and removes nothing', async () => {
    start();
    const operator = panel.as('operator');
    const id = await idOf('/images', 'alpine:3.20');
    for (const path of ['/images/prune', `/images/${id}/remove`]) {
      expect((await operator.request(path)).status).toBe(403);
      expect((await operator.request(path, { form: { keys: 'x', force: 'on' } })).status).toBe(403);
    }
    expect(await idOf('/images', 'alpine:3.20')).toBe(id);
  });

  test('S18 an operator takes no name from another image', async () => {
    start();
    const operator = panel.as('operator');
    const [alpine, redis] = [await idOf('/images', 'alpine:3.20'), await idOf('/images', 'redis:7.4-alpine')];
    expect((await operator.request(`/images/${alpine}/tag`, { form: { reference: 'redis:7.4-alpine' } })).status).toBe(403);
    expect(await idOf('/images', 'redis:7.4-alpine')).toBe(redis);
    expect((await operator.request(`/images/${alpine}/tag`, { form: { reference: 'alpine:kept' } })).status).toBe(303);
    expect((await panel.as('admin').request(`/images/${alpine}/tag`, { form: { reference: 'redis:7.4-alpine' } })).status).toBe(303);
    expect(await idOf('/images', 'redis:7.4-alpine')).toBe(alpine);
  });

  test('a name that means another image by now removes neither', async () => {
    start();
    const admin = panel.as('admin');
    const id = await idOf('/images', 'alpine:3.20');
    const answer = await admin.request(`/images/${id}/remove`, { form: { reference: 'redis:7.4-alpine', force: 'on' } });
    expect([answer.status, (await answer.text()).includes('redis:7.4-alpine no longer names this image.')]).toEqual([422, true]);
    expect(await idOf('/images', 'redis:7.4-alpine')).not.toBe(id);
  });

  test('an image that containers run from is not offered to be removed; they are named, each a link', async () => {
    start();
    const admin = panel.as('admin');
    const form = async (name: string) => /<div id="dialog-form"[\s\S]*?<\/form>/.exec(await (await admin.request(`/images/${await idOf('/images', name)}/remove`)).text())![0];
    const one = await form('gitea/gitea:1.24');
    expect([one.includes('type="submit"'), one.includes('name="force"')]).toEqual([false, false]);
    expect(one).toMatch(/<a href="\/containers\/[0-9a-f]{64}">gitea<\/a> runs from it\./);
    expect(await form('ghcr.io/acme/shop:2026.11.3')).toMatch(/shop-web-1<\/a>[^<]+<a href="[^"]*">shop-worker-1<\/a> run from it\./);
    const stopped = await form('prom/node-exporter:v1.7');
    expect([stopped.includes('type="submit"'), stopped.includes('name="force"')]).toEqual([true, true]);
    expect(stopped).toMatch(/Used by <a href="[^"]*">old-exporter<\/a>, stopped\./);
  });

  test('S22 pruning takes keys that were shown, not patterns, and thousands at most', async () => {
    start();
    const admin = panel.as('admin');
    const answer = await admin.request('/images/prune', { form: { keys: '*' } });
    expect(answer.status).toBe(303);
    await panel.app.tasks.settled(answer.headers.get('location')!.slice('/tasks/'.length));
    expect(await (await admin.request('/images')).text()).toContain('alpine:3.20');
    expect((await admin.request('/images/prune', { form: {} })).status).toBe(422);
  });
});

test('an engine that is away is told on the page', async () => {
  start();
  panel.app.host.docker.ask = async () => {
    throw new DockerError('absent', 'connect ENOENT');
  };
  for (const path of ['/images', '/volumes', '/networks']) {
    const answer = await panel.as('viewer', path.slice(1)).request(path);
    expect([answer.status, (await answer.text()).includes('No container engine')]).toEqual([200, true]);
  }
});

test('filters and orders, each in the address', async () => {
  start();
  const viewer = panel.as('viewer');
  const names = async (path: string) => [...(await (await viewer.request(path)).text()).matchAll(/<b>([^<]+)<\/b><small class="mono">/g)].map((found) => found[1]!);
  expect(await names('/images?show=dangling')).toEqual(['Without name', 'Without name']);
  expect(await names('/images?q=shop-db-1')).toEqual(['postgres:17.2-alpine']);
  expect(await names('/images?show=unused')).toEqual(['alpine:3.20', 'ghcr.io/acme/shop:2026.10.1', 'Without name', 'Without name']);
  expect((await names('/images?sort=-size'))[0]).toBe('mysql:8.4');
  expect((await names('/images')).slice(0, 3)).toEqual(['alpine:3.20', 'ghcr.io/acme/shop:2026.10.1', 'ghcr.io/acme/shop:2026.11.3']);
  expect((await viewer.request('/images?sort=password')).status).toBe(422);
});

test('a pull of what is missing fails in the words of the engine; what is done is in the audit log', async () => {
  panel = testApp();
  const admin = panel.as('admin');
  const answer = await admin.request('/images/pull', { form: { reference: 'acme/missing' } });
  const id = answer.headers.get('location')!.slice('/tasks/'.length);
  await panel.app.tasks.settled(id);
  expect(panel.app.db.select().from(tasks).get()).toMatchObject({ kind: 'images.pull', state: 'failed', error: { en: expect.stringContaining('manifest for acme/missing:latest not found') } });
  const image = await idOf('/images', 'alpine:3.20');
  await admin.request(`/images/${image}/tag`, { form: { reference: 'acme/copy' } });
  await admin.request(`/images/${image}/remove`, { form: { reference: 'acme/copy:latest' } });
  const tar = await admin.request(`/images/${image}/export?reference=alpine:3.20`);
  expect([tar.headers.get('content-disposition'), (await tar.arrayBuffer()).byteLength]).toEqual(['attachment; filename=alpine-3.20.tar', 1024]);
  const done = panel.app.db.select().from(audit).all().map(({ action, target }) => `${action} ${target}`);
  expect(done).toEqual(expect.arrayContaining(['images.pull acme/missing:latest', 'images.tag acme/copy:latest', 'images.remove acme/copy:latest', 'images.export alpine:3.20']));
});
