import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createShare, listShares, NewShare, removeShare } from '../core/files/shares/shares.ts';
import { findSession } from '../core/sessions/sessions.ts';
import { putSetting } from '../core/settings/settings.ts';
import { users } from '../db/schema/users.ts';
import { sha256 } from '../lib/random.ts';
import { eq } from 'drizzle-orm';
import type { Actor } from '../core/app.ts';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { live } from '../../test/support/live.ts';

let t: TestApp;
let served: ReturnType<typeof live>;
let lin: Browser;
let actor: Actor;
let root: string;

beforeAll(() => {
  t = testApp();
  served = live(t);
});
beforeEach(() => {
  if (root) rmSync(root, { recursive: true, force: true });
  root = mkdtempSync(join(tmpdir(), 'mantou-share-'));
  t.app.db.delete(users).run();
  t.app.db.$client.run('DELETE FROM sign_in_failures');
  t.as('admin', 'eva');
  lin = t.as('operator', 'lin');
  actor = findSession(t.app, lin.token, '127.0.0.1')!;
  putSetting(t.app, 'filesRootsOperator', [root]);
  mkdirSync(join(root, 'album/2026'), { recursive: true });
  writeFileSync(join(root, 'album/cover.jpg'), 'cover');
  writeFileSync(join(root, 'album/2026/中文.txt'), 'inside');
  writeFileSync(join(root, 'album/.env'), 'hidden');
  writeFileSync(join(root, 'one.txt'), 'one');
  writeFileSync(join(root, 'secret.txt'), 'secret');
});
afterAll(async () => {
  await served.stop();
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

const share = (path: string, more: object = {}) => createShare(t.app, actor, NewShare.parse({ path: join(root, path), ...more }));
const get = (path: string, headers: Record<string, string> = {}) => fetch(served.origin + path, { headers: { 'accept-language': 'en', ...headers }, redirect: 'manual' });
const post = (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(served.origin + path, { method: 'POST', body: new URLSearchParams(form), headers: { origin: served.origin, ...headers }, redirect: 'manual' });
const cookieOf = (answer: Response) => answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');

describe('a link leads nowhere', () => {
  const isGone = async (path: string, headers?: Record<string, string>) => {
    const answer = await get(path, headers);
    expect([path, answer.status]).toEqual([path, 404]);
    expect(await answer.text()).toContain('This link leads nowhere');
  };
  const nowhere = async (token: string) => {
    await isGone(`/s/${token}`);
    await isGone(`/s/${token}/download`);
  };

  test('with a token that is none, and says the same whatever the reason', async () => {
    for (const token of ['x', 'A'.repeat(43), encodeURIComponent("' OR 1=1 --"), '%00', '..%2f..']) await nowhere(token);
  });

  test('when its time is over, when it was revoked, when the file is gone', async () => {
    const { token } = await share('one.txt', { expiresInHours: 1 });
    t.clock.advance(3_600_000);
    await nowhere(token);
    const second = await share('one.txt');
    removeShare(t.app, actor, second.id);
    await nowhere(second.token);
    const third = await share('one.txt');
    rmSync(join(root, 'one.txt'));
    await nowhere(third.token);
  });

  test('S10 when its maker is disabled, loses the role or the folder, or is removed', async () => {
    const { token } = await share('one.txt');
    expect((await get(`/s/${token}`)).status).toBe(200);
    t.app.db.update(users).set({ disabled: true }).where(eq(users.name, 'lin')).run();
    await nowhere(token);
    t.app.db.update(users).set({ disabled: false, role: 'viewer' }).where(eq(users.name, 'lin')).run();
    await nowhere(token);
    t.app.db.update(users).set({ role: 'operator' }).where(eq(users.name, 'lin')).run();
    putSetting(t.app, 'filesRootsOperator', ['/srv/elsewhere']);
    await nowhere(token);
    putSetting(t.app, 'filesRootsOperator', [root]);
    expect((await get(`/s/${token}`)).status).toBe(200);
    t.app.db.delete(users).where(eq(users.name, 'lin')).run();
    await nowhere(token);
  });

  test('S4 out of what was shared: paths, symlinks, hidden files, something else in its place', async () => {
    symlinkSync(join(root, 'secret.txt'), join(root, 'album/link'));
    symlinkSync(root, join(root, 'album/up'));
    const { token } = await share('album');
    for (const path of ['../secret.txt', '..', '2026/../../secret.txt', '%2e%2e/secret.txt', 'link', 'up', 'up/secret.txt', '.env', '2026/..', 'none', 'cover.jpg/x', '..\\secret.txt', 'a\0b']) {
      await isGone(`/s/${token}/download?in=${encodeURIComponent(path)}`);
      if (path !== 'cover.jpg') await isGone(`/s/${token}?in=${encodeURIComponent(path)}`);
    }
    const page = await (await get(`/s/${token}`)).text();
    for (const name of ['.env', '>link<', '>up<', 'secret']) expect(page).not.toContain(name);
    const file = await share('one.txt');
    rmSync(join(root, 'one.txt'));
    symlinkSync(join(root, 'secret.txt'), join(root, 'one.txt'));
    await nowhere(file.token);
    renameSync(join(root, 'album'), join(root, 'moved'));
    symlinkSync(root, join(root, 'album'));
    await nowhere(token);
  });

  test('S4 the panel’s own folder is shared by nobody, a foreign folder by no operator', async () => {
    const admin = findSession(t.app, t.as('admin', 'root').token, '127.0.0.1')!;
    await expect(createShare(t.app, admin, NewShare.parse({ path: join(t.app.config.dataDir, 'mantou.db') }))).rejects.toMatchObject({ code: 'denied' });
    await expect(createShare(t.app, actor, NewShare.parse({ path: '/etc/passwd' }))).rejects.toMatchObject({ code: 'denied' });
    symlinkSync('/etc/passwd', join(root, 'out'));
    await expect(share('out')).rejects.toMatchObject({ code: 'denied' });
    const viewer = findSession(t.app, t.as('viewer', 'v').token, '127.0.0.1')!;
    await expect(createShare(t.app, viewer, NewShare.parse({ path: join(root, 'one.txt') }))).rejects.toMatchObject({ code: 'denied' });
    // A folder that holds it gives everything but it.
    putSetting(t.app, 'filesRootsOperator', [t.app.config.dataDir]);
    await expect(createShare(t.app, actor, NewShare.parse({ path: join(t.app.config.dataDir, 'mantou.db') }))).rejects.toMatchObject({ code: 'denied' });
  });
});

describe('a password', () => {
  test('S11 is asked for, slowed when it is guessed at, and proved for this link only', async () => {
    const { token, id } = await share('one.txt', { password: 'bamboo' });
    const { token: other } = await share('album', { password: 'another' });
    expect((await get(`/s/${token}/download`)).status).toBe(303);
    expect(await (await get(`/s/${token}`)).text()).not.toContain('one.txt');
    expect((await post(`/s/${token}`, { password: 'wrong' })).status).toBe(422);
    const right = await post(`/s/${token}`, { password: 'bamboo' });
    expect(right.status).toBe(303);
    const [set] = right.headers.getSetCookie();
    expect(set).toMatch(/HttpOnly/i);
    expect(set).toMatch(/Path=\/s\//i);
    expect(set).not.toContain(token);
    const cookie = cookieOf(right);
    expect(await (await get(`/s/${token}`, { cookie })).text()).toContain('one.txt');
    expect(await (await get(`/s/${token}/download`, { cookie })).text()).toBe('one');
    expect(await (await get(`/s/${other}`, { cookie })).text()).not.toContain('cover.jpg');
    // Made for another link, another time, by nobody.
    for (const forged of [cookie.replace(/=\d+/, `=${t.clock.now() + 99_999_999}`), `mantou_share_password_${id}=9999999999999.`, `mantou_share_password_${id}=`]) expect((await get(`/s/${token}/download`, { cookie: forged })).status).toBe(303);
    t.clock.advance(3_600_000);
    expect((await get(`/s/${token}/download`, { cookie })).status).toBe(303);
    let held: Response | undefined;
    for (let n = 0; n < 12 && held?.status !== 429; n++) held = await post(`/s/${token}`, { password: `guess${n}` });
    expect(held!.status).toBe(429);
    expect(Number(held!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await post(`/s/${token}`, { password: 'bamboo' })).status).toBe(429);
    expect(t.app.db.$client.query("SELECT count(*) n FROM audit WHERE action = 'files.share_unlock' AND result = 'refused'").get()).toMatchObject({ n: expect.any(Number) });
  });

  test('S7 is taken from the page of this panel only', async () => {
    const { token } = await share('one.txt', { password: 'bamboo' });
    expect((await post(`/s/${token}`, { password: 'bamboo' }, { origin: 'https://elsewhere.example' })).status).toBe(403);
  });
});

describe('what was shared', () => {
  test('a file: its page, its bytes, a piece of it', async () => {
    const { token } = await share('one.txt');
    const page = await get(`/s/${token}`);
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    expect(html).toContain('one.txt');
    expect(html).toContain('noindex');
    expect(html).toContain('Shared by lin');
    expect(await (await get(`/s/${token}`, { 'accept-language': 'zh-CN' })).text()).toContain('由 lin 分享');
    const got = await get(`/s/${token}/download`);
    expect([got.status, await got.text(), got.headers.get('content-disposition')]).toEqual([200, 'one', 'attachment; filename=one.txt']);
    expect(got.headers.get('content-security-policy')).toStartWith('sandbox');
    expect((await get(`/s/${token}/download`, { range: 'bytes=1-' })).status).toBe(206);
  });

  test('a folder: its list, what is in it, all of it as a zip', async () => {
    symlinkSync('/etc/passwd', join(root, 'album/link'));
    const { token } = await share('album');
    expect(await (await get(`/s/${token}`)).text()).toContain('cover.jpg');
    expect(await (await get(`/s/${token}?in=2026`)).text()).toContain('中文.txt');
    expect(await (await get(`/s/${token}/download?in=2026/${encodeURIComponent('中文.txt')}`)).text()).toBe('inside');
    const zip = await get(`/s/${token}/download`);
    expect(zip.headers.get('content-disposition')).toBe('attachment; filename=album.zip');
    const { ZipReader, Uint8ArrayReader } = await import('@zip.js/zip.js');
    const names = (await new ZipReader(new Uint8ArrayReader(new Uint8Array(await zip.arrayBuffer()))).getEntries()).map((entry) => entry.filename);
    expect(names.toSorted()).toEqual(['2026/', '2026/中文.txt', 'cover.jpg']);
  });

  test('S22 so many times and no more, also when they come at once; one that goes on is not counted again', async () => {
    const { token, id } = await share('one.txt', { downloadsMost: 3 });
    const first = await get(`/s/${token}/download`);
    const cookie = cookieOf(first);
    expect(await first.text()).toBe('one');
    expect((await get(`/s/${token}/download`, { cookie, range: 'bytes=1-' })).status).toBe(206);
    const rest = await Promise.all(Array.from({ length: 10 }, async () => (await get(`/s/${token}/download`, { range: 'bytes=1-' })).status));
    expect(rest.filter((status) => status === 206)).toHaveLength(2);
    expect(rest.filter((status) => status === 404)).toHaveLength(8);
    expect(listShares(t.app, actor).find((row) => row.id === id)).toMatchObject({ downloads: 3, over: true });
    expect((await get(`/s/${token}`)).status).toBe(404);
    expect((await get(`/s/${token}/download`, { cookie })).status).toBe(200);
  });
});

test('S13 the token is stored as its hash only, and is in no log, audit entry or list', async () => {
  const { token } = await share('one.txt', { password: 'canary-pass' });
  await post(`/s/${token}`, { password: 'canary-pass' });
  await get(`/s/${token}/download`);
  t.app.db.$client.run('PRAGMA wal_checkpoint(FULL)');
  for (const name of readdirSync(t.app.config.dataDir)) if (name.startsWith('mantou.db')) expect(readFileSync(join(t.app.config.dataDir, name), 'latin1')).not.toContain(token);
  expect(t.app.db.$client.query('SELECT token_hash FROM shares').all()).toEqual([{ token_hash: sha256(token) }]);
  expect(JSON.stringify(listShares(t.app, actor))).not.toMatch(/argon2|token/);
  t.app.db.$client.run('ALTER TABLE shares RENAME TO shares_away');
  expect((await get(`/s/${token}`)).status).toBe(500);
  t.app.db.$client.run('ALTER TABLE shares_away RENAME TO shares');
  expect(t.errors.splice(0).join('')).not.toContain(token);
});

describe('S12 the list', () => {
  test('has one’s own links; an administrator sees and ends all of them', async () => {
    const { id } = await share('one.txt');
    const other = t.as('operator', 'kai');
    const kai = findSession(t.app, other.token, '127.0.0.1')!;
    expect(listShares(t.app, kai)).toEqual([]);
    expect(() => removeShare(t.app, kai, id)).toThrow();
    expect((await other.request(`/files/shares/${id}/remove`, { form: {} })).status).toBe(404);
    expect(await (await other.request('/files/shares', { headers: { 'accept-language': 'en' } })).text()).toContain('Nothing is shared');
    const root2 = t.as('admin', 'boss');
    expect(await (await root2.request('/files/shares')).text()).toContain('one.txt');
    expect((await root2.request(`/files/shares/${id}/remove`, { form: {} })).headers.get('location')).toBe('/files/shares?done=revoked');
    expect(listShares(t.app, actor)).toEqual([]);
  });

  test('the form says what it takes, and shows the link once', async () => {
    const path = join(root, 'one.txt');
    const ask = (form: Record<string, string>) => lin.request('/files/share', { form: { path, hours: '24', password: '', most: '', ...form }, headers: { 'accept-language': 'en' } });
    for (const wrong of [{ hours: '0' }, { hours: 'x' }, { password: 'abc' }, { most: '0' }, { most: '1.5' }] as Record<string, string>[]) expect([wrong, (await ask(wrong)).status]).toEqual([wrong, 422]);
    expect((await ask({ path: '/etc/passwd' })).status).toBe(403);
    expect(existsSync(path)).toBe(true);
    const made = await (await ask({})).text();
    const token = /\/s\/([\w-]{43})/.exec(made)![1]!;
    expect((await get(`/s/${token}`)).status).toBe(200);
    expect(await (await lin.request('/files/shares')).text()).not.toContain(token);
    expect((await lin.request(`/files/share?folder=${root}&name=one.txt`)).status).toBe(200);
    expect((await lin.request(`/files/share?folder=${root}&name=a&name=b`)).status).toBe(422);
  });
});
