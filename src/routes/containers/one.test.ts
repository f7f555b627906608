import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { SYSTEM } from '../../core/app.ts';
import { audit } from '../../db/schema/audit.ts';

const WEB = '01'.repeat(32);
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

const text = async (who: Browser, path: string) => (await who.request(path)).text();

describe('refused', () => {
  test('S6 a viewer sees a container, and not what it was started with, says or runs', async () => {
    const viewer = panel.as('viewer');
    const page = await text(viewer, `/containers/${WEB}`);
    expect(page).toContain('shop-web-1');
    for (const hidden of ['DATABASE_URL', 'id="environment"', '/logs"', '/inspect"', 'value="stop ']) expect(page).not.toContain(hidden);
    for (const path of ['/logs', '/logs/stream', '/logs/download', '/processes', '/changes', '/inspect', '/rename', '/limits', '/exec']) expect([path, (await viewer.request(`/containers/${WEB}${path}`)).status]).toEqual([path, 403]);
  });

  test('S6 S13 an operator sees the environment without what is secret, and cannot ask for it', async () => {
    const operator = panel.as('operator');
    const page = await text(operator, `/containers/${WEB}`);
    expect(page).toContain('Asia/Hong_Kong');
    expect(page).not.toContain('made-up');
    expect(page).not.toContain(`/containers/${WEB}/environment`);
    expect((await operator.request(`/containers/${WEB}/environment`, { form: {} })).status).toBe(403);
    expect(await text(operator, `/containers/${WEB}/inspect`)).not.toContain('made-up');
  });

  test('S12 what a container said before it was given up stands in logs of tasks that viewers do not see', async () => {
    const id = panel.app.tasks.start(SYSTEM, { kind: 'containers.recreate', key: 'containers.recreate web', params: { name: 'web' }, steps: ['health'], run: async (task) => task.log('bamboo said') });
    await panel.app.tasks.settled(id);
    expect((await panel.as('viewer').request(`/tasks/${id}`)).status).toBe(404);
    expect(await text(panel.as('operator'), `/tasks/${id}`)).toContain('bamboo said');
  });

  test('S18 what no container can be called never reaches the engine', async () => {
    for (const id of ['..%2Fimages%2Fjson', 'a%3Fall=1', `${'a'.repeat(300)}`, '-x']) expect([id, (await admin.request(`/containers/${id}`)).status]).toEqual([id, 404]);
    expect((await admin.request('/containers/nothing-of-this-name')).status).toBe(404);
  });

  test('names, limits and users that do not fit come back with the form', async () => {
    const refused = async (path: string, form: Record<string, string>) => {
      const answer = await admin.request(`/containers/${WEB}/${path}`, { form });
      return [answer.status, await answer.text()] as const;
    };
    expect(await refused('rename', { name: 'gitea' })).toEqual([422, expect.stringContaining('Another container is called gitea.')]);
    expect(await refused('rename', { name: '-x' })).toEqual([422, expect.stringContaining('A name begins with a letter or digit')]);
    expect(await refused('limits', { memory: '2', cpus: 'x', restart: 'no', retries: '0' })).toEqual([422, expect.stringContaining('Whole MiB, 6 or more.')]);
    expect(await refused('exec', { shell: 'auto', user: '-privileged' })).toEqual([422, expect.stringContaining('A name or a number')]);
    expect((await refused('exec', { shell: '/bin/evil', user: '' }))[0]).toBe(422);
  });

  test('a log that is asked for in a way that nobody can mean', async () => {
    for (const query of ['tail=5', 'since=yesterday', 'stream=stdin', `q=${'x'.repeat(300)}`]) expect([query, (await admin.request(`/containers/${WEB}/logs?${query}`)).status]).toEqual([query, 422]);
    expect((await admin.request(`/containers/${WEB}/logs/stream?after=x`)).status).toBe(422);
  });
});

test('the pages of a container in both languages', async () => {
  for (const lang of ['en', 'zh-CN']) {
    for (const path of ['', '/logs', '/processes', '/changes', '/inspect', '/exec', '/rename', '/limits']) {
      const answer = await admin.request(`/containers/shop-web-1${path}`, { headers: { cookie: `mantou_session=${admin.token}; mantou_lang=${lang}` } });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await answer.text()).toContain('shop-web-1');
    }
  }
});

test('S13 secrets are shown to whom may see them, once, and it is written down', async () => {
  const answer = await admin.request(`/containers/${WEB}/environment`, { form: {} });
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  expect(await answer.text()).toContain('postgres://shop:made-up@shop-db-1:5432/shop');
  expect(await text(admin, `/containers/${WEB}`)).not.toContain('made-up');
  expect(panel.app.db.select().from(audit).all().filter(({ action }) => action === 'containers.reveal')).toMatchObject([{ target: 'shop-web-1', actor: 'admin', params: {} }]);
});

test('renamed, limited and stopped: each is written down, and the page is come back to', async () => {
  expect((await admin.request(`/containers/${WEB}/rename`, { form: { name: 'shop' } })).headers.get('location')).toBe(`/containers/${WEB}`);
  expect((await admin.request(`/containers/${WEB}/limits`, { form: { memory: '512', cpus: '1.5', restart: 'always', retries: '' } })).status).toBe(303);
  const page = await text(admin, `/containers/${WEB}`);
  for (const shown of ['512 MB', '1.5 cores', '<h1 tabindex="-1">shop</h1>']) expect(page).toContain(shown);
  expect((await admin.request('/containers/act', { form: { one: `stop ${WEB}`, to: `/containers/${WEB}` } })).headers.get('location')).toBe(`/containers/${WEB}`);
  expect((await admin.request('/containers/act', { form: { one: `start ${WEB}`, to: '//elsewhere.example' } })).headers.get('location')).toBe('/containers');
  expect(panel.app.db.select().from(audit).all().map(({ action }) => action)).toEqual(expect.arrayContaining(['containers.rename', 'containers.limits', 'containers.stop', 'containers.start']));
});

test('a log is text in the page, filtered and coloured, and a file', async () => {
  const page = await text(admin, `/containers/${WEB}/logs?tail=100&q=orders`);
  expect(page).toContain('<i class="a2">INFO</i>');
  expect(page).not.toContain('/healthz');
  const file = await admin.request(`/containers/${WEB}/logs/download?stream=stderr`);
  expect(file.headers.get('content-disposition')).toBe('attachment; filename="shop-web-1.log"');
  expect(await file.text()).toMatch(/^\d{4}-\S+Z \x1b\[3[13]m(WARN|ERROR)/);
});
