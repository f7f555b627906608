import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, writeFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { cpuMs } from '../../test/support/cpu.ts';
import { SYSTEM } from '../core/app.ts';
import { record } from '../core/audit/audit.ts';
import { diagnosticsArchive } from '../core/maintenance/diagnostics.ts';
import { housekeep } from '../core/maintenance/housekeep.ts';
import { startMaintenance } from '../core/maintenance/maintenance.ts';
import { redact } from '../core/maintenance/redact.ts';
import { getSetting, putSetting } from '../core/settings/settings.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { audit } from '../db/schema/audit.ts';
import { samples } from '../db/schema/samples.ts';
import { tasks } from '../db/schema/tasks.ts';
import { users } from '../db/schema/users.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(() => panel.close());

const htmx = { 'hx-request': 'true', origin: 'http://127.0.0.1:8686' };
const task = (id: string) => panel.app.db.select().from(tasks).all().find((row) => row.id === id)!;
const DAY = 86_400_000;

describe('refused', () => {
  test('S6 those who are no administrators', async () => {
    for (const role of ['viewer', 'operator'] as const) {
      const { request } = panel.as(role);
      expect((await request('/settings')).status).toBe(403);
      for (const path of ['history', 'retention', 'updates', 'shown', 'maintenance/maintenance.check']) expect((await request(`/settings/${path}`, { form: {} })).status).toBe(403);
    }
    expect(panel.app.db.select().from(audit).all()).toEqual([]);
  });

  test.each([['0'], ['-1'], ['8'], ['1.5'], ['1e9'], [''], ['x'], ['7; DROP TABLE settings']])('%p days of fine history: the form comes back and says what fits', async (value) => {
    const answer = await panel.as('admin').request('/settings/history', { headers: htmx, form: { historyDays10s: value, historyDays1m: '14', historyDays15m: '365' } });
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(html).toContain('Enter a whole number of days from 1 to 7');
    expect(html).toContain('aria-invalid="true"');
    expect(getSetting(panel.app, 'historyDays10s')).toBe(1);
  });

  test('deleting history without the word, and work that does not exist', async () => {
    const { request } = panel.as('admin');
    expect((await request('/settings/maintenance/history.purge', { form: { confirm: 'yes' } })).status).toBe(422);
    expect((await request('/settings/maintenance/history.purge', { form: {} })).status).toBe(422);
    for (const kind of ['nothing', '__proto__', 'constructor', '..%2f']) expect((await request(`/settings/maintenance/${kind}`, { form: {} })).status).toBe(404);
    expect(panel.app.db.select().from(tasks).all()).toEqual([]);
  });

  test('S4 archives by anything but the id of a task', async () => {
    const { request } = panel.as('admin');
    for (const id of ['0192d3a0-0000-7000-8000-000000000000', '..%2f..%2fsecret.key', 'secret']) expect((await request(`/settings/diagnostics/${id}`)).status).toBe(404);
  });
});

test('the page shows what is kept and how the panel was started', async () => {
  const html = await (await panel.as('admin').request('/settings')).text();
  for (const text of ['127.0.0.1:8686', panel.app.config.dataDir, 'config.toml', '--release-url', 'Check and compact the database']) expect(html).toContain(text);
  const zh = await (await panel.as('admin', 'b').request('/settings', { headers: { 'accept-language': 'zh' } })).text();
  expect(zh).toContain('检查并压缩数据库');
});

test('a group is saved, drawn again, and recorded with before and after', async () => {
  const { request } = panel.as('admin');
  const answer = await request('/settings/retention', { headers: htmx, form: { auditDays: '90', taskDays: '30' } });
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('value="90"');
  expect(panel.app.db.select().from(audit).all()).toMatchObject([{ action: 'settings.change', target: 'auditDays', params: { before: { auditDays: 365 }, after: { auditDays: 90 } } }]);
  expect((await request('/settings/retention', { form: { auditDays: '90', taskDays: '30' } })).headers.get('location')).toBe('/settings#retention');
  expect(panel.app.db.select().from(audit).all()).toHaveLength(1);
});

test('what was saved can be taken back, and that again', async () => {
  const { app } = panel;
  await app.sampler.tick();
  const { request } = panel.as('admin');
  const save = async (id: string, form: URLSearchParams) => {
    const answer = await request(`/settings/${id}`, { method: 'POST', headers: htmx, body: form });
    const toast = (await answer.text()).split('hx-swap-oob="beforeend:#toasts"')[1]!;
    expect(toast).toContain('Saved');
    expect(toast).toContain(`hx-post="/settings/${id}"`);
    return new URLSearchParams([...toast.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map((match): [string, string] => [match[1]!, match[2]!]));
  };
  const undo = await save('retention', new URLSearchParams({ auditDays: '90', taskDays: '7' }));
  const redo = await save('retention', undo);
  expect([getSetting(app, 'auditDays'), getSetting(app, 'taskDays')]).toEqual([365, 30]);
  await save('retention', redo);
  expect([getSetting(app, 'auditDays'), getSetting(app, 'taskDays')]).toEqual([90, 7]);
  await save('updates', await save('updates', new URLSearchParams({ updateCheck: 'on' })));
  expect(getSetting(app, 'updateCheck')).toBe(false);
  const names = app.sampler.names();
  expect(names.interfaces.length).toBeGreaterThan(1);
  const before = (['hiddenInterfaces', 'shownInterfaces', 'hiddenDisks', 'shownDisks', 'hiddenMounts'] as const).map((key) => getSetting(app, key));
  const back = await save('shown', new URLSearchParams([['interfaces', 'lo']]));
  expect(getSetting(app, 'shownInterfaces')).toEqual(['lo']);
  await save('shown', back);
  expect((['hiddenInterfaces', 'shownInterfaces', 'hiddenDisks', 'shownDisks', 'hiddenMounts'] as const).map((key) => getSetting(app, key))).toEqual(before);
});

test('looking for updates is off until somebody turns it on', async () => {
  const { request } = panel.as('admin');
  expect(getSetting(panel.app, 'updateCheck')).toBe(false);
  await request('/settings/updates', { form: { updateCheck: 'on' } });
  expect(getSetting(panel.app, 'updateCheck')).toBe(true);
  await request('/settings/updates', { form: {} });
  expect(getSetting(panel.app, 'updateCheck')).toBe(false);
});

describe('maintenance', () => {
  test('check and compact: every table, then a smaller file', async () => {
    const { app } = panel;
    const filler = 'x'.repeat(1000);
    for (let at = 0; at < 2000; at++) app.db.insert(samples).values({ step: 10, at, weight: 1, parts: filler }).run();
    app.db.delete(samples).run();
    const answer = await panel.as('admin').request('/settings/maintenance/maintenance.check', { form: {} });
    const id = answer.headers.get('location')!.split('/').at(-1)!;
    await app.tasks.settled(id);
    expect(task(id)).toMatchObject({ state: 'done', progress: 1 });
    expect(task(id).steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'done']);
    const log = await Bun.file(app.tasks.logPath(id)).text();
    expect(log).toContain('users: ok');
    expect(statSync(join(app.config.dataDir, 'mantou.db')).size).toBeLessThan(500_000);
    expect(panel.errors).toEqual([]);
  });

  test('a broken reference is a finding, and nothing is compacted', async () => {
    const { app } = panel;
    app.db.$client.run('PRAGMA foreign_keys = OFF');
    app.db.$client.run("INSERT INTO recovery_codes (user_id, code_hash) VALUES ('gone', 'x')");
    app.db.$client.run('PRAGMA foreign_keys = ON');
    const id = startMaintenance(app, SYSTEM, 'maintenance.check');
    await app.tasks.settled(id);
    expect(task(id)).toMatchObject({ state: 'failed' });
    expect(task(id).steps.map((step) => step.state)).toEqual(['done', 'failed', 'waiting', 'waiting']);
  });

  test('history is deleted after the word was typed', async () => {
    const { app } = panel;
    for (const step of [10, 60, 900]) app.db.insert(samples).values({ step, at: 1, weight: 1, parts: '{}' }).run();
    const answer = await panel.as('admin').request('/settings/maintenance/history.purge', { form: { confirm: 'history' } });
    await app.tasks.settled(answer.headers.get('location')!.split('/').at(-1)!);
    expect(app.db.select().from(samples).all()).toEqual([]);
    expect(app.db.select().from(audit).all()).toMatchObject([{ action: 'history.purge' }]);
  });

  test('S13 diagnostics have everything that helps, and no secret', async () => {
    const { app } = panel;
    const canary = 'CANARY-7f3a';
    const admin = panel.as('admin');
    const actor = { kind: 'user', userId: admin.userId, name: 'admin', role: 'admin', sessionId: null, tokenId: null, ip: '' } as const;
    const { token } = createToken(app, actor, { name: 'x', role: 'viewer', expiresInDays: null });
    const sealed = app.secrets.seal(`totp-${canary}`, 'totp');
    const hash = await Bun.password.hash(canary, { algorithm: 'argon2id', memoryCost: 8, timeCost: 1 });
    app.db.update(users).set({ totpSecret: sealed, passwordHash: hash }).run();
    const key = Buffer.from(app.random.bytes(32)).toString('base64url');
    writeFileSync(join(app.config.dataDir, 'secret.key'), key);
    mkdirSync(join(app.config.dataDir, 'logs'), { recursive: true });
    writeFileSync(join(app.config.dataDir, 'logs', 'panel.log'), [
      'useful line', `GET /x authorization: Bearer ${token}`, `cookie mantou_session=${admin.token}`, `{"password":"${canary}"}`,
      `password=${canary} next`, `https://lin:${canary}@example.org/x`, `key ${key}`, `hash ${hash}`, `sealed ${sealed}`,
    ].join('\n'));
    const id = startMaintenance(app, actor, 'maintenance.diagnostics');
    await app.tasks.settled(id);
    expect(task(id)).toMatchObject({ state: 'done' });

    const answer = await admin.request(`/settings/diagnostics/${id}`);
    expect(answer.headers.get('content-type')).toBe('application/gzip');
    const files = await new Bun.Archive(await answer.arrayBuffer()).files();
    const all = (await Promise.all([...files].map(async ([name, file]) => `${name}\n${await file.text()}`))).join('\n');
    expect([...files.keys()].sort()).toEqual(['database.json', 'logs/error.log', 'logs/panel.log', 'machine.json', 'settings.json', 'tasks.json'].map((name) => `mantou-diagnostics/${name}`));
    for (const secret of [canary, token, token.replace('mantou_', ''), admin.token, key, hash, sealed]) expect(all).not.toContain(secret);
    for (const useful of ['useful line', '0.0.0-test', 'historyDays10s', '"users"']) expect(all).toContain(useful);
    if (process.platform !== 'win32') expect(statSync(diagnosticsArchive(app, id)!).mode & 0o777).toBe(0o600);
    expect(await (await admin.request(`/tasks/${id}`)).text()).toContain(`/settings/diagnostics/${id}`);
    expect(await (await panel.as('viewer').request(`/tasks/${id}`)).text()).not.toContain('/settings/diagnostics/');
    expect((await panel.as('operator').request(`/settings/diagnostics/${id}`)).status).toBe(403);
  });
});

describe('S13 what looks like a secret', () => {
  test.each([
    ['Authorization: Bearer abc.def', 'abc.def'], ['"apiKey": "k-123"', 'k-123'], ["token='t 1'", 't 1'], ['PASSPHRASE: open sesame', 'open'],
    ['postgres://u:pw%40@db/x', 'pw%40'], [`sha ${'0af1'.repeat(16)}`, '0af10af1'], ['-----BEGIN PRIVATE KEY-----\nMIIx\n-----END PRIVATE KEY-----', 'MIIx'],
  ])('%p', (text, secret) => expect(redact(text)).not.toContain(secret));

  test.each(['2026-01-01T00:00:00.000Z info started {"port":8686}', 'passkeys: 3', '"tokens": 4', 'https://example.org/path', '0192d3a0-0000-7000-8000-000000000000'])('%p stays', (text) => {
    expect(redact(text)).toBe(text);
  });

  test('S22 a log without a break does not hold the panel', () => {
    const times = [8_000, 128_000].map((size) => {
      const started = cpuMs();
      for (const piece of ['a', 'a-', 'a.', 'pass', 'v1.']) redact(piece.repeat(size / piece.length));
      return cpuMs() - started;
    });
    // Sixteen times the text: sixteen times the work, not two hundred and fifty times.
    expect(times[1]! / Math.max(1, times[0]!)).toBeLessThan(80);
  });

  test.each(['1.https://lin:hunter2@example.org', 'x"password": "hunter2"', 'my-api_key=hunter2'])('S13 %p loses its secret', (text) => {
    expect(redact(text)).not.toContain('hunter2');
  });
});

test('housekeeping removes what is older than the settings say, and nothing else', async () => {
  const { app, clock } = panel;
  putSetting(app, 'auditDays', 30);
  putSetting(app, 'taskDays', 1);
  const id = startMaintenance(app, SYSTEM, 'maintenance.diagnostics');
  await app.tasks.settled(id);
  expect(diagnosticsArchive(app, id)).not.toBeNull();
  clock.advance(2 * DAY);
  const fresh = startMaintenance(app, SYSTEM, 'maintenance.diagnostics');
  await app.tasks.settled(fresh);
  expect(housekeep(app)).toEqual({ audit: 0, tasks: 1 });
  expect(diagnosticsArchive(app, id)).toBeNull();
  expect(diagnosticsArchive(app, fresh)).not.toBeNull();
  record(app, SYSTEM, { action: 'tasks.cancel' });
  clock.advance(29.5 * DAY);
  expect(housekeep(app).audit).toBe(1);
  expect(app.db.select().from(audit).all()).toHaveLength(2);
});

test('the update check is offered only where there is an address to ask', async () => {
  const html = await (await panel.as('admin').request('/settings')).text();
  expect(html).not.toContain('name="updateCheck"');
  const known = testApp({ config: { releaseUrl: 'https://releases.example/latest.json' } });
  const offered = await (await known.as('admin').request('/settings')).text();
  expect(offered).toContain('name="updateCheck"');
  expect(offered).toContain('releases.example/latest.json');
  await known.close();
});
