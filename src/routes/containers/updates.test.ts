import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { imageChecks } from '../../db/schema/updates.ts';
import { tasks } from '../../db/schema/tasks.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { en } from '../../i18n/en.ts';
import { zhCN } from '../../i18n/zh-CN.ts';
import { DockerError, type DockerDriver } from '../../platform/docker.ts';
import { createFakeHost } from '../../platform/fake/host.ts';

let t: TestApp;
let admin: Browser;
beforeEach(() => {
  t = testApp();
  admin = t.as('admin', 'lin');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const page = async (path = '/containers/updates', as = admin) => (await as.request(path)).text();
const rows = (html: string) => Object.fromEntries([...html.matchAll(/<tr id="u-[^>]*data-state="(\w+)"[\s\S]*?<b>([^<]+)<\/b>/g)].map(([, state, name]) => [name!, state!]));
const post = (path: string, form: Record<string, string> = {}, as = admin) => as.request(`/containers/updates/${path}`, { form });
const settled = async (kind: string) => {
  for (const { id } of t.app.db.select().from(tasks).all().filter((row) => row.kind === kind)) await t.app.tasks.settled(id);
};
const check = async () => {
  expect((await post('check')).status).toBe(303);
  await settled('containers.check');
};
const versionOf = (reference: string) => t.app.db.select().from(imageChecks).all().find((row) => row.reference === reference)!.digest!;
const actions = () => (t.app.db.$client.query("SELECT action FROM audit WHERE action LIKE 'containers.%' ORDER BY id").all() as { action: string }[]).map(({ action }) => action);

describe('refused', () => {
  test('who may not', async () => {
    const [viewer, operator] = [t.as('viewer'), t.as('operator')];
    for (const path of ['check', 'skip', 'update', 'automatic']) expect((await post(path, {}, viewer)).status).toBe(403);
    for (const path of ['update', 'automatic']) expect((await post(path, {}, operator)).status).toBe(403);
    const html = await page('/containers/updates', viewer);
    expect(Object.keys(rows(html))).toHaveLength(10);
    expect(html).not.toContain('formaction');
    expect(html).not.toContain('name="ids"');
  });

  test('S18 what is no container and no version', async () => {
    for (const [path, form] of [
      ['update', {}], ['update', { one: '../images/json' }], ['update', { ids: '-f' }], ['skip', {}], ['skip', { skip: 'redis:7' }], ['skip', { skip: 'redis:7 latest' }], ['skip', { skip: '-x sha256:aa' }],
      ['automatic', {}], ['automatic', { on: 'a/b' }],
    ] as const) expect([path, form, (await post(path, form)).status]).toEqual([path, form, path === 'automatic' && !('on' in form) ? 404 : 422]);
    expect((await post('update', { one: 'gone' })).status).toBe(404);
    expect((await post('skip', { skip: `never:1 sha256:${'a'.repeat(64)}` })).status).toBe(404);
  });

  test('a container of a stack is its stack’s to update', async () => {
    const folder = join(t.app.config.dataDir, 'stacks/shop');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'compose.yml'), 'services: {}\n');
    await check();
    const html = await page();
    expect(rows(html)['shop-db-1']).toBe('newer');
    expect(html).toContain('href="/stacks/shop"');
    const answer = await post('update', { one: 'shop-db-1' });
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining('belongs to the stack shop')]);
    expect((await post('automatic', { on: 'shop-db-1' })).status).toBe(409);
  });

  test('an engine that is away', async () => {
    const away = () => Promise.reject(new DockerError('absent', 'said by the system'));
    const other = testApp({ docker: { endpoint: () => 'unix:///nowhere.sock', ask: away, stream: away } });
    const lin = other.as('admin', 'lin');
    expect(await (await lin.request('/containers/updates')).text()).toContain('No container engine');
    await lin.request('/containers/updates/check', { form: {} });
    for (const { id } of other.app.db.select().from(tasks).all()) await other.app.tasks.settled(id);
    expect(other.app.db.select().from(tasks).all().map(({ state }) => state)).toEqual(['failed']);
    expect([other.app.db.select().from(imageChecks).all(), other.errors]).toEqual([[], []]);
    await other.close();
  });
});

test('of an engine that waits in vain for a registry nothing of ours is kept: the page says it in the reader’s words, the log in those of who asked', async () => {
  const engine = createFakeHost().docker;
  const ask: DockerDriver['ask'] = (call) => (call.path.startsWith('/distribution/') ? Promise.reject(new DockerError('silent', 'no answer in time')) : engine.ask(call));
  const other = testApp({ docker: { ...engine, ask } });
  const lin = other.as('admin', 'lin');
  const zh = { 'accept-language': 'zh-CN' };
  await lin.request('/containers/updates/check', { form: {}, headers: zh });
  const [task] = other.app.db.select().from(tasks).all();
  await other.app.tasks.settled(task!.id);
  const kept = other.app.db.select().from(imageChecks).all();
  expect(new Set(kept.map(({ fault, said }) => `${fault}: ${said}`))).toEqual(new Set(['away: ', 'stopped: ']));
  const log = await Bun.file(other.app.tasks.logPath(task!.id)).text();
  expect([log.includes(zhCN.docker.away.silent), log.includes(en.docker.away.silent)]).toEqual([true, false]);
  const shown = async (headers: Record<string, string>) => (await lin.request('/containers/updates', { headers })).text();
  expect(await shown({})).toContain(en.containerUpdates.why.away);
  expect(await shown(zh)).toContain(zhCN.containerUpdates.why.away);
  await other.close();
});

test('asked, and shown by state and by words, in both languages', async () => {
  expect(new Set(Object.values(rows(await page())))).toEqual(new Set(['unknown']));
  await check();
  const found = rows(await page());
  expect(found).toMatchObject({ gitea: 'newer', registry: 'newer', 'shop-db-1': 'newer', 'shop-redis-1': 'current', 'shop-web-1': 'unknown' });
  // What is newer stands first.
  expect(Object.values(found).slice(0, 3)).toEqual(['newer', 'newer', 'newer']);
  expect(Object.keys(rows(await page('/containers/updates?state=newer&q=gitea')))).toEqual(['gitea']);
  expect(await page('/containers/updates?state=skipped')).toContain('None is in this state');
  expect(await page()).toContain('The registry wants to be signed in to');
  const zh = await (await admin.request('/containers/updates', { headers: { 'accept-language': 'zh-CN' } })).text();
  expect(zh).toContain('有新镜像');
  expect(await page('/containers')).toContain('3 updates');
  expect(await page('/')).toContain('There are newer images for 3 containers');
  expect(await page('/containers/gitea')).toContain('href="/containers/updates?q=gitea"');
});

test('what has nothing newer is not stopped for it, and cannot be ticked', async () => {
  await check();
  expect((await post('update', { one: 'old-exporter' })).status).toBe(409);
  const html = await page();
  expect([...html.matchAll(/name="ids"/g)]).toHaveLength(3);
  // A viewer sees how it went, and no more.
  await post('update', { one: 'gitea' });
  await settled('containers.update');
  const viewer = await page('/containers/updates', t.as('viewer'));
  expect(viewer).toContain('Updated');
  expect(viewer).not.toContain('href="/tasks/');
});

test('skipped, and not any longer', async () => {
  await check();
  const version = `gitea/gitea:1.24 ${versionOf('gitea/gitea:1.24')}`;
  expect((await post('skip', { skip: version })).status).toBe(303);
  expect(rows(await page()).gitea).toBe('skipped');
  expect(await page('/')).toContain('2 containers');
  await post('skip', { unskip: version });
  expect(rows(await page()).gitea).toBe('newer');
  expect(actions()).toEqual(['containers.check', 'containers.skip', 'containers.unskip']);
});

test('updated, with what the page says of it; htmx stays where it is', async () => {
  await check();
  const answer = await admin.request('/containers/updates/update', { form: { one: 'gitea' }, headers: { 'hx-request': 'true', 'hx-current-url': 'http://127.0.0.1:8686/containers/updates' } });
  expect([answer.status, JSON.parse(answer.headers.get('hx-trigger')!)]).toEqual([204, expect.objectContaining({ 'containers-changed': {}, toast: { tone: 'ok', text: 'Updating 1 container' } })]);
  expect(await page()).toContain('Containers are being updated');
  await settled('containers.update');
  const html = await page();
  expect(rows(html).gitea).toBe('current');
  expect(html).toContain('Updated');
  expect(html).not.toContain('being updated');
});

test('chosen for automatic updates: the page says so, and that they are off; a new name takes it along', async () => {
  const answer = await admin.request('/containers/updates/automatic', { form: { on: 'gitea' }, headers: { 'hx-request': 'true', 'hx-current-url': 'http://127.0.0.1:8686/containers/updates' } });
  expect(JSON.parse(answer.headers.get('hx-trigger')!).toast).toEqual({ tone: 'warn', text: expect.stringContaining('off in the settings') });
  await admin.request('/containers/gitea/rename', { form: { name: 'forge' } });
  expect(await page('/containers/updates?q=forge')).toContain('Do not update automatically');
  await post('automatic', { off: 'forge' });
  expect(await page('/containers/updates?q=forge')).not.toContain('Do not update automatically');
});

test('the schedule is a setting, off until somebody chooses it', async () => {
  expect(await page()).toContain('when somebody presses the button');
  expect((await admin.request('/settings/containers', { form: { containerChecks: 'hourly', containerCheckHour: '4', containerCheckDay: '0' }, headers: { 'hx-request': 'true' } })).status).toBe(422);
  expect((await admin.request('/settings/containers', { form: { containerChecks: 'daily', containerCheckHour: '24', containerCheckDay: '0' }, headers: { 'hx-request': 'true' } })).status).toBe(422);
  expect((await admin.request('/settings/containers', { form: { containerChecks: 'weekly', containerCheckHour: '3', containerCheckDay: '1', containerUpdates: 'on' } })).status).toBe(303);
  expect([getSetting(t.app, 'containerChecks'), getSetting(t.app, 'containerUpdates')]).toEqual(['weekly', true]);
  expect(await page()).toContain('every Monday at 03:00');
  expect(await page('/settings')).toContain('id="containers"');
});

test('a look at what making it anew would do asks no registry; who presses for it asks, and what it said stays', async () => {
  const { docker } = t.app.host;
  const asked: string[] = [];
  const { ask } = docker;
  docker.ask = (question) => {
    if (question.path.startsWith('/distribution/')) asked.push(question.path);
    return ask.call(docker, question);
  };
  const before = await page('/containers/gitea/recreate');
  expect(before).toMatch(/href="\/containers\/[^"]*\/recreate\?ask=on"/);
  expect([asked.length, before.includes('Fetch it to see what changes')]).toEqual([0, false]);
  expect(await page('/containers/gitea/recreate?ask=on')).toContain('Fetch it to see what changes');
  expect(asked).toHaveLength(1);
  expect(await page('/containers/gitea/recreate')).toContain('Fetch it to see what changes');
  expect(asked).toHaveLength(1);
  docker.ask = (question) => (question.path.startsWith('/distribution/') ? Promise.reject(new DockerError(500, 'lookup registry: no such host')) : ask.call(docker, question));
  const away = await page('/containers/gitea/recreate?ask=on');
  expect(away).toMatch(/The registry could not be asked\.<p class="small soft">[^<]*no such host/);
});

test('what another image changes is shown once it is here', async () => {
  await check();
  const before = await page('/containers/gitea/recreate');
  expect(before).toContain('Fetch it to see what changes');
  await admin.request('/containers/gitea/fetch', { form: {} });
  expect(await page('/containers/gitea/recreate')).toContain('It is being fetched');
  await settled('images.pull');
  const html = await page('/containers/gitea/recreate');
  expect(html).toContain('VERSION=2');
  expect(html).toContain('9090/tcp');
});
