import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { Jar } from '../../test/support/jar.ts';
import { SYSTEM, type Actor } from '../core/app.ts';
import { createSession } from '../core/sessions/sessions.ts';
import { createToken, listTokens } from '../core/tokens/tokens.ts';
import { createUser, findUserByName } from '../core/users/users.ts';
import { passkeys } from '../db/schema/users.ts';
import { sessions, tokens } from '../db/schema/sessions.ts';
import { audit } from '../db/schema/audit.ts';

const PASSWORD = 'bamboo steamer on the hill';
let t: TestApp;

beforeEach(async () => {
  t = testApp();
  await createUser(t.app, SYSTEM, { name: 'lin', role: 'operator', password: PASSWORD });
  await createUser(t.app, SYSTEM, { name: 'eva', role: 'admin', password: PASSWORD });
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

async function signedIn(name: string, peer = '10.0.0.1') {
  const jar = new Jar(t, { peer, headers: { 'accept-language': 'en' } });
  expect((await jar.post('/signin', { name, password: PASSWORD })).headers.get('location')).toBe('/');
  return jar;
}

const idOf = (name: string) => findUserByName(t.app, name)!.id;

describe('S12 what is somebody else\'s does not exist', () => {
  test('sessions, passkeys and tokens of another, for every route with an id, also for an administrator', async () => {
    const mine = idOf('lin');
    const session = createSession(t.app, mine, 'password', { ip: '10.9.9.9', userAgent: 'canary-agent' });
    const lin: Actor = { kind: 'user', userId: mine, name: 'lin', role: 'operator', sessionId: session.id, tokenId: null, ip: '' };
    const token = createToken(t.app, lin, { name: 'canary-token', role: 'viewer', expiresInDays: null });
    t.app.db.insert(passkeys).values({ id: 'pk1', userId: mine, credentialId: 'c', publicKey: 'p', counter: 0, transports: [], name: 'canary-passkey', createdAt: 1 }).run();
    for (const who of ['eva'] as const) {
      const other = await signedIn(who);
      const html = await (await other.request('/account')).text();
      expect(html).not.toContain('canary');
      for (const [path, form] of [
        [`/account/sessions/${session.id}/end`, {}], [`/account/passkeys/pk1/rename`, { name: 'x' }], [`/account/passkeys/pk1/remove`, {}], [`/account/tokens/${token.id}/remove`, {}],
      ] as const) {
        expect([path, (await other.post(path, form)).status]).toEqual([path, 404]);
      }
    }
    expect(t.app.db.select().from(passkeys).all()[0]!.name).toBe('canary-passkey');
    expect(listTokens(t.app, lin)).toHaveLength(1);
    expect(t.app.db.select().from(sessions).all().filter((row) => row.id === session.id)).toHaveLength(1);
    // The owner may do all four.
    const owner = await signedIn('lin');
    for (const [path, form] of [
      [`/account/passkeys/pk1/rename`, { name: 'new' }], [`/account/passkeys/pk1/remove`, {}], [`/account/tokens/${token.id}/remove`, {}], [`/account/sessions/${session.id}/end`, {}],
    ] as const) {
      expect([path, (await owner.post(path, form)).status]).toEqual([path, 303]);
    }
  });

  test('who is no administrator sees nothing of other people', async () => {
    const lin = await signedIn('lin');
    for (const path of ['/users', `/users/${idOf('eva')}`, `/users/${idOf('lin')}`]) expect((await lin.request(path)).status).toBe(403);
    for (const path of ['role', 'disable', 'enable', 'password', 'remove', 'second-factor/reset', 'sessions/end']) {
      expect((await lin.post(`/users/${idOf('eva')}/${path}`, { role: 'viewer', confirm: 'eva' })).status).toBe(403);
    }
  });
});

describe('password', () => {
  const change = (jar: Jar, more: Record<string, string> = {}) =>
    jar.post('/account/password', { current: PASSWORD, password: 'another long one', password2: 'another long one', ...more });

  test('needs the present one; guesses at it are slowed down', async () => {
    const lin = await signedIn('lin');
    for (let i = 0; i < 5; i++) expect(await (await change(lin, { current: 'wrong' })).text()).toContain('not your current password');
    const held = await change(lin);
    expect(held.status).toBe(422);
    expect(await held.text()).toContain('Try again in 1 s.');
    t.clock.advance(1000);
    expect((await change(lin)).status).toBe(303);
  });

  test('S10 ends every other session, keeps this one and this browser known', async () => {
    const here = await signedIn('lin');
    const there = await signedIn('lin', '10.0.0.2');
    const device = here.cookies.get('mantou_device');
    t.clock.advance(1);
    expect((await change(here)).headers.get('location')).toBe('/account?done=password');
    expect((await here.request('/account')).status).toBe(200);
    expect((await there.request('/account')).status).toBe(303);
    expect(here.cookies.get('mantou_device')).not.toBe(device);
  });

  test('a weak, short or differing one is refused with the reason', async () => {
    const lin = await signedIn('lin');
    expect(await (await change(lin, { password2: 'other' })).text()).toContain('The two passwords differ');
    expect(await (await change(lin, { password: 'short', password2: 'short' })).text()).toContain('at least 10');
    expect(await (await change(lin, { password: 'password123', password2: 'password123' })).text()).toContain('first that are tried');
  });
});

describe('API tokens', () => {
  test('are shown once, kept as a hash, and do no more than their owner may', async () => {
    const lin = await signedIn('lin');
    expect(await (await lin.post('/account/tokens', { name: 'x', role: 'admin', days: '30' })).text()).toContain('cannot do more than you may');
    const html = await (await lin.post('/account/tokens', { name: 'Grafana', role: 'viewer', days: '30' })).text();
    const token = /value="(mantou_[\w-]{43})"/.exec(html)![1]!;
    expect(await (await lin.request('/account')).text()).not.toContain(token);
    expect(JSON.stringify([t.app.db.select().from(tokens).all(), t.app.db.select().from(audit).all()])).not.toContain(token.slice(7));
    const call = () => t.request('/api/v1/system', { headers: { authorization: `Bearer ${token}` } });
    expect((await call()).status).toBe(200);
    t.clock.advance(30 * 86_400_000);
    expect((await call()).status).toBe(401);
  });

  test('removed or with a disabled owner it is refused', async () => {
    const lin = await signedIn('lin');
    const html = await (await lin.post('/account/tokens', { name: 'a', role: 'operator', days: '' })).text();
    const token = /value="(mantou_[\w-]{43})"/.exec(html)![1]!;
    const call = () => t.request('/api/v1/system', { headers: { authorization: `Bearer ${token}` } });
    const eva = await signedIn('eva');
    await eva.post(`/users/${idOf('lin')}/disable`, {});
    expect((await call()).status).toBe(401);
    await eva.post(`/users/${idOf('lin')}/enable`, {});
    expect((await call()).status).toBe(200);
    const again = await signedIn('lin');
    const id = t.app.db.select().from(tokens).all()[0]!.id;
    await again.post(`/account/tokens/${id}/remove`, {});
    expect((await call()).status).toBe(401);
  });

  test('a token makes none that may more or lives longer', () => {
    const userId = idOf('eva');
    const eva: Actor = { kind: 'user', userId, name: 'eva', role: 'admin', sessionId: 's', tokenId: null, ip: '' };
    const { id } = createToken(t.app, eva, { name: 'a', role: 'operator', expiresInDays: 2 });
    const program: Actor = { ...eva, role: 'operator', sessionId: null, tokenId: id };
    expect(() => createToken(t.app, program, { name: 'b', role: 'admin', expiresInDays: 1 })).toThrow();
    expect(() => createToken(t.app, program, { name: 'b', role: 'viewer', expiresInDays: null })).toThrow();
    expect(() => createToken(t.app, program, { name: 'b', role: 'viewer', expiresInDays: 3 })).toThrow();
    createToken(t.app, program, { name: 'b', role: 'viewer', expiresInDays: 1 });
  });
});

describe('preferences', () => {
  test('work before signing in, keep to known values, and lead back to this panel', async () => {
    const jar = new Jar(t);
    const answer = await jar.post('/preferences', { lang: 'zh-CN', theme: 'dark', next: '/signin?next=%2Faccount' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/signin?next=%2Faccount']);
    const html = await (await jar.request('/signin')).text();
    expect(html).toContain('<html lang="zh-CN" data-theme="dark"');
    await jar.post('/preferences', { lang: 'xx"><script>', theme: 'pink' });
    expect(jar.cookies.get('mantou_lang')).toBe('zh-CN');
    expect(jar.cookies.get('mantou_theme')).toBe('dark');
    expect((await jar.post('/preferences', { theme: 'light', next: '//evil.example' })).headers.get('location')).toBe('/');
  });
});
