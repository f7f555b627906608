import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { fakeShells } from '../../test/support/pty.ts';
import { containerCalls } from '../../test/support/container-calls.ts';
import { fileCalls } from '../../test/support/file-calls.ts';
import { endpointCalls } from '../../test/support/endpoint-calls.ts';
import { containerUpdateCalls } from '../../test/support/container-update-calls.ts';
import { imageCalls } from '../../test/support/image-calls.ts';
import { volumeCalls } from '../../test/support/volume-calls.ts';
import { peopleCalls } from '../../test/support/people-calls.ts';
import { logCalls } from '../../test/support/log-calls.ts';
import { armedCalls } from '../../test/support/armed-calls.ts';
import { blockCalls } from '../../test/support/block-calls.ts';
import { exposureCalls } from '../../test/support/exposure-calls.ts';
import { firewallCalls } from '../../test/support/firewall-calls.ts';
import { guardCalls } from '../../test/support/guard-calls.ts';
import { sshServerCalls } from '../../test/support/ssh-server-calls.ts';
import { processCalls } from '../../test/support/process-calls.ts';
import { serviceCalls } from '../../test/support/service-calls.ts';
import { windowsCalls } from '../../test/support/windows-calls.ts';
import { systemCalls } from '../../test/support/system-calls.ts';
import { stackChanges, stackLooks } from '../../test/support/stack-calls.ts';
import { terminalCalls } from '../../test/support/terminal-calls.ts';
import { testApp, type Init, type TestApp } from '../../test/support/app.ts';
import { SYSTEM, type Actor } from '../core/app.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { audit as auditTable } from '../db/schema/audit.ts';
import { ROLES, type Role } from '../db/schema/users.ts';
import { en, type Messages } from '../i18n/en.ts';
import { zhCN } from '../i18n/zh-CN.ts';
import type { Endpoint } from './endpoint.ts';
import { Problem } from './schemas.ts';
import { ENDPOINTS } from './table.ts';

let panel: TestApp;
const people = {} as Record<Role, { userId: string; sessionId: string; token: string }>;

beforeAll(async () => {
  panel = testApp({ shells: fakeShells });
  for (const role of ROLES) {
    const { userId, sessionId } = panel.as(role);
    people[role] = { userId, sessionId, token: tokenOf(userId, role) };
  }
  const watch = panel.app.sampler.watch();
  await panel.app.sampler.tick();
  panel.clock.advance(1000);
  await panel.app.sampler.tick();
  watch();
});
afterAll(() => panel.close());

function tokenOf(userId: string, role: Role) {
  const owner: Actor = { kind: 'user', userId, name: role, role, sessionId: null, tokenId: null, ip: '127.0.0.1' };
  return createToken(panel.app, owner, { name: 'test', role, expiresInDays: null }).token;
}

const call = (path: string, token: string | null, init: Init = {}) =>
  panel.request(`/api/v1${path}`, { ...init, headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...(init.headers as Record<string, string>) } });
const json = (method: string, body: unknown): Init => ({ method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

async function problem(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return Problem.strict().parse(await response.json());
}

const NOBODY = '0192d3a0-0000-7000-8000-000000000000';
/** A path of the row with an id that fits and is not there. */
const pathOf = (row: Endpoint) => row.path.replace('{id}', row.id.startsWith('audit') ? '999999' : NOBODY);

describe('refused', () => {
  test.each(ENDPOINTS.map((row) => [row.id, row] as const))('S6 %s without a token, with a wrong one, with a cookie', async (_id, row) => {
    const init = row.body ? json(row.method, {}) : { method: row.method.toUpperCase() };
    for (const authorization of ['', 'Bearer ', 'Bearer wrong', 'Basic YWRtaW46YWRtaW4=', `Bearer ${people.admin.token}x`]) {
      const headers = { origin: 'http://127.0.0.1:8686', ...(init as Init).headers as Record<string, string>, ...(authorization ? { authorization } : {}) };
      const answer = await panel.request(`/api/v1${pathOf(row)}`, { ...init, headers });
      await problem(answer, 401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
    const browser = panel.as('admin', `cookie-${row.id}`);
    await problem(await browser.request(`/api/v1${pathOf(row)}`, { ...init, headers: { ...(init as Init).headers as Record<string, string>, origin: 'http://127.0.0.1:8686' } }), 401);
  });

  test('S7 a page of another origin cannot use a token', async () => {
    const answer = await call('/settings', people.admin.token, { ...json('PATCH', { auditDays: 31 }), headers: { 'content-type': 'application/json', origin: 'https://evil.example' } });
    await problem(answer, 403);
  });

  test('S6 each role reaches what its permission says and no more', async () => {
    for (const row of ENDPOINTS) {
      for (const role of ROLES) {
        const answer = await call(pathOf(row), people[role].token, row.body ? json(row.method, { nothing: 1 }) : { method: row.method.toUpperCase() });
        const needs = (await import('../core/access.ts')).PERMISSIONS[row.permission];
        const allowed = (await import('../core/access.ts')).atLeast(role, needs);
        expect([row.id, role, answer.status === 403]).toEqual([row.id, role, !allowed]);
      }
    }
  });

  test('what the reference does not know: fields, parameters, other kinds of body', async () => {
    const { token } = people.admin;
    const found = await problem(await call('/tasks?state=nope&limit=0&sort=key&unknown=1', token), 422);
    expect(found.errors?.map((issue) => issue.field).sort()).toEqual(['query', 'query.limit', 'query.sort', 'query.state']);
    expect((await problem(await call('/users', token, json('POST', { name: 'x', role: 'root', password: 'short', admin: true })), 422)).errors?.length).toBe(3);
    await problem(await call('/users', token, { method: 'POST', body: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }), 422);
    await problem(await call('/users', token, { method: 'POST', body: '{"name":', headers: { 'content-type': 'application/json' } }), 422);
    await problem(await call('/users', token, json('POST', null)), 422);
    await problem(await call('/users', token, json('POST', [1])), 422);
    await problem(await call('/nothing', token), 404);
  });

  test('in the language that is accepted, also of each field; a name for programs stays', async () => {
    const { token } = people.admin;
    const user = { name: 'x'.repeat(99), role: 'viewer', password: 'a long enough pass phrase' };
    const said = async (language?: string) => {
      const headers: Record<string, string> = { 'content-type': 'application/json', ...(language ? { 'accept-language': language } : {}) };
      const { title, detail, errors } = await problem(await call('/users', token, { method: 'POST', body: JSON.stringify(user), headers }), 422);
      return [title, detail, errors?.find(({ field }) => field === 'body.name')?.detail];
    };
    const names = (t: Messages) => ['invalid', t.errors.badRequest, t.users.nameLong];
    for (const language of [undefined, '*', 'de', 'en-GB']) expect([language, ...(await said(language))]).toEqual([language, ...names(en)]);
    expect(await said('zh-TW,zh;q=0.9,en;q=0.8')).toEqual(names(zhCN));
    // S7 cookies mean nothing here.
    expect((await problem(await call('/nothing', token, { headers: { cookie: 'mantou_lang=zh-CN' } }), 404)).detail).toBe(en.errors.notFound);
  });

  test('S22 huge limits, huge cursors, huge bodies', async () => {
    const { token } = people.admin;
    for (const limit of ['201', '1e308', '-5', '99999999999999999999']) await problem(await call(`/audit?limit=${limit}`, token), 422);
    await problem(await call(`/audit?cursor=${'a'.repeat(5000)}`, token), 422);
    await problem(await call('/users', token, json('POST', { name: 'x'.repeat(2 << 20) })), 422);
  });

  test('S14 SQL in sort, filter, cursor and id stays text', async () => {
    const { token } = people.admin;
    const evil = encodeURIComponent("x'; DROP TABLE audit; --");
    for (const path of [`/audit?sort=${evil}`, `/audit?group=${evil}`, `/tasks?state=${evil}`, `/tasks/${evil}`, `/users/${evil}`, `/audit/${evil}`, `/processes?sort=${evil}`]) {
      await problem(await call(path, token), 422);
    }
    const tampered = Buffer.from(JSON.stringify(['-at', "1) OR 1=1; DROP TABLE audit; --", 1])).toString('base64url');
    expect((await call(`/audit?cursor=${tampered}`, token)).status).toBe(200);
    expect((await call(`/audit?target=${evil}&actor=${evil}`, token)).status).toBe(200);
    expect(panel.app.db.select().from(auditTable).all().length).toBeGreaterThan(0);
    await problem(await call(`/tasks?cursor=${tampered}`, token), 422);
  });

  test('S12 what belongs to others is not there', async () => {
    const { viewer, operator, admin } = people;
    await problem(await call(`/sessions/${admin.sessionId}`, operator.token, { method: 'DELETE' }), 404);
    await problem(await call(`/sessions?user=${admin.userId}`, viewer.token), 403);
    await problem(await call(`/tokens?user=${admin.userId}`, operator.token), 403);
    const theirs = (await (await call(`/tokens?user=${admin.userId}`, admin.token)).json() as { items: { id: string }[] }).items[0]!.id;
    await problem(await call(`/tokens/${theirs}`, viewer.token, { method: 'DELETE' }), 404);
    await problem(await call('/tokens', viewer.token, json('POST', { name: 'x', role: 'viewer', expiresInDays: 1, user: admin.userId })), 403);
    await problem(await call('/tokens', viewer.token, json('POST', { name: 'x', role: 'admin', expiresInDays: 1 })), 422);
    expect((await call('/tokens', admin.token)).status).toBe(200);
  });

  test('S6 a token that may only read neither signs its owner out nor takes back a stronger token', async () => {
    const { userId, sessionId } = panel.as('admin', 'wen');
    const strong = tokenOf(userId, 'admin');
    const owner: Actor = { kind: 'user', userId, name: 'wen', role: 'admin', sessionId: null, tokenId: null, ip: '' };
    const weak = createToken(panel.app, owner, { name: 'scraper', role: 'viewer', expiresInDays: null });
    const { items } = (await (await call('/tokens', weak.token)).json()) as { items: { id: string; role: string }[] };
    await problem(await call(`/tokens/${items.find((one) => one.role === 'admin')!.id}`, weak.token, { method: 'DELETE' }), 403);
    await problem(await call(`/sessions/${sessionId}`, weak.token, { method: 'DELETE' }), 403);
    expect((await call('/users', strong)).status).toBe(200);
    expect((await call(`/tokens/${weak.id}`, weak.token, { method: 'DELETE' })).status).toBe(204);
    expect((await call(`/sessions/${sessionId}`, strong, { method: 'DELETE' })).status).toBe(204);
  });
});

/** Every endpoint once, in an order that works; each answer must be what its schema says, nothing more. */
test('every endpoint answers what it says', async () => {
  const { token, userId } = people.admin;
  const done = new Set<string>();
  const run = async (id: string, path: string, init: Init = {}) => {
    const row = ENDPOINTS.find((one) => one.id === id)!;
    done.add(id);
    const answer = await call(path, token, { method: row.method.toUpperCase(), ...init });
    if (answer.status !== row.status) throw new Error(`${id}: ${answer.status} ${await answer.text()}`);
    if (row.gives) return void (await answer.arrayBuffer());
    if (!row.response) return expect(await answer.text()).toBe('');
    const body = await answer.json();
    expect(body).toEqual(row.response.parse(body));
    return body as never;
  };
  await run('system.get', '/system');
  const now: { cores: unknown[] } = (await run('metrics.current', '/metrics/current'))!;
  expect(now.cores.length).toBeGreaterThan(0);
  for (const range of ['live', '1h', '24h', '7d', '30d']) await run('metrics.history', `/metrics/history?range=${range}`);
  await logCalls(run, async (id, path) => (done.add(id), (await call(path, token)).text()));
  done.add('logs.follow');
  for (const calls of [processCalls, serviceCalls, systemCalls, windowsCalls, armedCalls, firewallCalls, guardCalls, sshServerCalls]) await calls(panel, run);
  await blockCalls(run);
  await exposureCalls(run);
  const task = panel.app.tasks.start(SYSTEM, { kind: 'test', key: 'k', steps: ['one'], params: { n: 1, s: 'x' }, async run(context) {
    context.step('one');
    context.log('馒头');
    await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
  } });
  await Bun.sleep(5);
  await run('tasks.list', '/tasks?state=running');
  await run('tasks.get', `/tasks/${task}`);
  expect(((await run('tasks.log', `/tasks/${task}/log?offset=3`))! as { text: string }).text).toBe('头\n');
  await run('tasks.cancel', `/tasks/${task}/cancel`);
  await panel.app.tasks.settled(task);

  await peopleCalls(run, { userId, endedSession: people.viewer.sessionId });
  await run('stacks.list', '/stacks');
  await run('stacks.get', '/stacks/shop');
  await stackChanges('shop', 'services: {}', async (id, path, init) => {
    done.add(id);
    await problem(await call(path, token, init), 501);
  }, async () => {});
  await stackLooks(run, async (id, path, init) => {
    done.add(id);
    await problem(await call(path, token, init), 404);
  }, async (id, path) => (done.add(id), (await call(path, token)).text()));
  await terminalCalls(panel, token, run);
  await containerCalls(run, (path) => call(path, token));
  for (const id of ['containers.readFile', 'containers.packFiles']) done.add(id);
  done.add('containers.logs');
  await imageCalls(panel, run);
  await endpointCalls(run);
  for (const id of ['containers.export', 'containers.events']) done.add(id);
  await containerUpdateCalls(panel, run, (path) => call(path, token));
  for (const id of await volumeCalls(panel, run, (path) => call(path, token))) done.add(id);
  done.add('terminals.socket');
  for (const id of await fileCalls(panel, run, (path, init) => call(path, token, init))) done.add(id);
  await run('settings.get', '/settings');
  expect(await run('settings.change', '/settings', json('PATCH', { auditDays: 100 }))).toMatchObject({ auditDays: 100 } as never);
  const log: { items: { id: number; action: string }[] } = (await run('audit.list', '/audit?limit=200'))!;
  expect(log.items.map((row) => row.action)).toContain('settings.change');
  await run('audit.get', `/audit/${log.items[0]!.id}`);
  expect(ENDPOINTS.map((row) => row.id).filter((id) => !done.has(id))).toEqual([]);
  expect(panel.errors).toEqual([]);
}, 120_000);

test('S13 no answer of a GET has a hash, a sealed value or a token', async () => {
  for (const row of ENDPOINTS.filter((one) => one.method === 'get' && !one.params && !['containers.events', 'logs.follow'].includes(one.id))) {
    const text = await (await call(row.path, people.admin.token)).text();
    expect(text).not.toMatch(/\$argon2|token_?hash|password_?hash|totp_?secret|mantou_[\w-]{43}/i);
  }
});
