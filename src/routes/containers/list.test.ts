import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { SYSTEM } from '../../core/app.ts';
import { readExposure } from '../../core/exposure/exposure.ts';
import { publishedPorts } from '../../core/firewall/published-ports.ts';
import { DockerError } from '../../platform/docker.ts';

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

const page = async (path: string, as = admin) => (await as.request(path)).text();
const rows = (html: string) => [...html.matchAll(/<tr id="c-[^>]*data-id="(\w+)"[\s\S]*?<b>([^<]+)<\/b>/g)].map(([, id, name]) => ({ id: id!, name: name! }));

test('all, by stack; filtered by state, by words and by port', async () => {
  const all = await page('/containers');
  expect(rows(all).map(({ name }) => name)).toEqual(['blog-app-1', 'blog-mysql-1', 'shop-db-1', 'shop-migrate-1', 'shop-redis-1', 'shop-web-1', 'shop-worker-1', 'gitea', 'old-exporter', 'registry']);
  expect([...all.matchAll(/scope="rowgroup">[\s\S]*?<\/svg>(\S+)/g)].map(([, stack]) => stack)).toEqual(['blog', 'shop', 'Single']);
  expect(rows(await page('/containers?state=unhealthy')).map(({ name }) => name)).toEqual(['shop-worker-1']);
  expect(rows(await page('/containers?q=redis')).map(({ name }) => name)).toEqual(['shop-redis-1']);
  expect(rows(await page('/containers?q=2222')).map(({ name }) => name)).toEqual(['gitea']);
  expect(await page('/containers?q=nothing-like-it')).toContain('Nothing matches');
});

test('who reaches a port: one verdict on each page that tells it, and names of networks for those who may inspect', async () => {
  const { ports } = await readExposure(t.app, SYSTEM);
  const published = ports.filter(({ how }) => how === 'published');
  const facts = (await publishedPorts(t.app, SYSTEM))!;
  expect(published.map(({ protocol, port, verdict, scope }) => [protocol, port, verdict, scope].join(' ')).toSorted()).toEqual(facts.map(({ fact }) => [fact.protocol, fact.host, fact.verdict, fact.scope].join(' ')).toSorted());
  const gitea = await page('/containers/gitea');
  for (const html of [await page('/containers'), gitea, await page('/firewall'), await page('/exposure')]) expect(html).toContain('Only 10.8.0.0/24');
  expect(gitea).toContain('Everyone');
  const viewer = t.as('viewer');
  for (const path of ['/containers', '/containers/gitea', '/firewall']) {
    const html = await page(path, viewer);
    expect(html).toContain('Only some addresses');
    expect(html).not.toContain('Only 10.8.0.0/24');
  }
});

test('one of a row, and what is ticked; each is recorded', async () => {
  const [first, second] = rows(await page('/containers?state=running'));
  const one = await admin.request('/containers/act', { form: { one: `pause ${first!.id}` } });
  expect([one.status, one.headers.get('location')]).toEqual([303, '/containers']);
  expect(rows(await page('/containers?state=paused')).map(({ id }) => id)).toEqual([first!.id]);
  const body = new URLSearchParams([['action', 'stop'], ['ids', first!.id], ['ids', second!.id]]);
  const both = await admin.request('/containers/act', { method: 'POST', body: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://127.0.0.1:8686', 'hx-request': 'true' } });
  expect([both.status, JSON.parse(both.headers.get('hx-trigger')!).toast.text]).toEqual([204, 'Stopped 2 containers']);
  expect(rows(await page('/containers?state=stopped')).map(({ id }) => id)).toEqual(expect.arrayContaining([first!.id, second!.id]));
  expect(t.app.db.$client.query("SELECT action, target FROM audit WHERE action LIKE 'containers.%' ORDER BY id").all()).toEqual([
    { action: 'containers.pause', target: first!.name }, { action: 'containers.stop', target: first!.name }, { action: 'containers.stop', target: second!.name },
  ]);
});

test('removing asks first, and is for administrators', async () => {
  const [first] = rows(await page('/containers?q=gitea'));
  expect(await page(`/containers/remove?ids=${first!.id}`)).toContain('Remove this container?');
  const operator = t.as('operator');
  expect((await operator.request(`/containers/remove?ids=${first!.id}`)).status).toBe(403);
  expect((await operator.request('/containers/act', { form: { action: 'remove', ids: first!.id } })).status).toBe(403);
  expect(rows(await page('/containers?q=gitea'))).toHaveLength(1);
  await admin.request('/containers/act', { form: { action: 'remove', ids: first!.id } });
  expect(rows(await page('/containers?q=gitea'))).toEqual([]);
});

test('who only looks sees no buttons', async () => {
  const html = await page('/containers', t.as('viewer'));
  expect(rows(html)).toHaveLength(10);
  expect(html).not.toContain('name="ids"');
  expect(html).not.toContain('name="one"');
});

test('S18 what is no id never reaches the engine', async () => {
  for (const bad of ['../images/json', 'a/b', '-f', 'a?force=1', '']) {
    expect((await admin.request('/containers/act', { form: { action: 'stop', ids: bad } })).status, bad).toBe(422);
    expect((await admin.request('/containers/act', { form: { one: `stop ${bad}` } })).status, bad).toBe(422);
  }
});

test('one that is gone is said by its name, and the others are done', async () => {
  const [first] = rows(await page('/containers?state=running'));
  const body = new URLSearchParams([['action', 'stop'], ['ids', first!.id], ['ids', 'gone']]);
  const answer = await admin.request('/containers/act', { method: 'POST', body: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'http://127.0.0.1:8686', 'hx-request': 'true' } });
  expect(JSON.parse(answer.headers.get('hx-trigger')!).toast).toEqual({ tone: 'danger', text: 'gone: The container engine refused: No such container: gone' });
  expect(rows(await page('/containers?state=stopped')).map(({ id }) => id)).toContain(first!.id);
});

test.each([
  ['absent', 'No container engine'],
  ['refused', 'The engine may not be used'],
  ['silent', 'The engine does not answer'],
] as const)('an engine that is %s is said so, in both languages, and the page answers', async (status, title) => {
  const away = () => Promise.reject(new DockerError(status, 'said by the system'));
  const other = testApp({ docker: { endpoint: () => 'unix:///nowhere.sock', ask: away, stream: away } });
  const lin = other.as('admin', 'lin');
  const html = await (await lin.request('/containers')).text();
  expect(html).toContain(title);
  expect(html).toContain('unix:///nowhere.sock');
  expect(await (await lin.request('/containers', { headers: { 'accept-language': 'zh-CN' } })).text()).toContain('引擎');
  expect(other.errors).toEqual([]);
  await other.close();
});
