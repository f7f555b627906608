import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import type { TestApp } from '../../test/support/app.ts';
import { Jar } from '../../test/support/jar.ts';
import { PASSWORD, panelOfTwo, signedInAs } from '../../test/support/people.ts';
import { SYSTEM, type Actor } from '../core/app.ts';
import { createSession } from '../core/sessions/sessions.ts';
import { createToken, listTokens } from '../core/tokens/tokens.ts';
import { hashPassword } from '../core/users/password.ts';
import { findUserByName } from '../core/users/users.ts';
import { passkeys, users } from '../db/schema/users.ts';
import { sessions, signInFailures, tokens } from '../db/schema/sessions.ts';
import { audit } from '../db/schema/audit.ts';

let t: TestApp;

beforeEach(async () => {
  t = await panelOfTwo();
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const signedIn = (name: string, peer?: string) => signedInAs(t, name, peer);

const idOf = (name: string) => findUserByName(t.app, name)!.id;

describe('S12 what is somebody else\'s does not exist', () => {
  test('sessions, passkeys and tokens of another, for every route with an id, also for an administrator', async () => {
    const mine = idOf('lin');
    const session = createSession(t.app, mine, 'password', { ip: '10.9.9.9', userAgent: 'canary-agent' });
    const lin: Actor = { kind: 'user', userId: mine, name: 'lin', role: 'operator', sessionId: null, tokenId: null, ip: '' };
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

  test('S10 takes the API tokens and passkeys along when that is ticked, of this person only', async () => {
    const lin = await signedIn('lin');
    const plant = (name: string) => {
      createToken(t.app, SYSTEM, { userId: idOf(name), name: 'x', role: 'viewer', expiresInDays: null });
      const key = { id: name, userId: idOf(name), credentialId: name, publicKey: 'p', counter: 0, transports: [], name: 'x', createdAt: 1 };
      t.app.db.insert(passkeys).values(key).run();
    };
    plant('lin');
    plant('eva');
    const owners = () => [t.app.db.select().from(tokens).all(), t.app.db.select().from(passkeys).all()].map((rows) => rows.map((row) => row.userId));
    expect(await (await lin.request('/account')).text()).toMatch(/<input type="checkbox" class="check" name="keys" value="on"\/?>/);
    const refused = await change(lin, { keys: 'on', current: 'wrong' });
    expect([refused.status, owners()]).toEqual([422, [[idOf('lin'), idOf('eva')], [idOf('lin'), idOf('eva')]]]);
    expect(await refused.text()).toMatch(/name="keys" value="on" checked/);
    expect((await change(lin)).headers.get('location')).toBe('/account?done=password');
    expect(owners()).toEqual([[idOf('lin'), idOf('eva')], [idOf('lin'), idOf('eva')]]);
    const last = { current: 'another long one', password: 'yet another long one', password2: 'yet another long one', keys: 'on' };
    expect((await change(lin, last)).headers.get('location')).toBe('/account?done=passwordKeys');
    expect(owners()).toEqual([[idOf('eva')], [idOf('eva')]]);
    const entries = t.app.db.select().from(audit).all().filter(({ action }) => action === 'account.password');
    expect(entries.map(({ result, params }) => ({ result, params }))).toEqual([
      { result: 'refused', params: {} }, { result: 'ok', params: {} }, { result: 'ok', params: { tokensRemoved: 1, passkeysRemoved: 1 } },
    ]);
  });
});

describe('API tokens', () => {
  const wish = { name: 'Grafana <1>', role: 'operator', days: '365' };

  test('S10 a session alone makes none: without the password, or with a wrong one, the form comes back', async () => {
    const lin = await signedIn('lin');
    for (const more of [{} as Record<string, string>, { current: '' }, { current: 'wrong' }]) {
      const answer = await lin.post('/account/tokens', { ...wish, ...more });
      const html = await answer.text();
      expect(answer.status).toBe(422);
      expect(html).toMatch(/<input class="input" id="f-tokens-current" name="current" autocomplete="current-password"[^>]* aria-invalid="true" aria-describedby="f-tokens-current-error" type="password"/);
      expect(html).toContain('<a href="#f-tokens-current">That is not your current password.</a>');
      expect(html).toContain('value="Grafana &lt;1&gt;"');
      expect(html).not.toContain('mantou_');
    }
    expect(t.app.db.select().from(tokens).all()).toEqual([]);
    const entries = t.app.db.select().from(audit).all().filter(({ action }) => action === 'tokens.create');
    expect(entries.map(({ actor, target, result, ip }) => ({ actor, target, result, ip }))).toEqual(
      Array.from({ length: 3 }, () => ({ actor: 'lin', target: 'lin', result: 'refused', ip: '10.0.0.1' })),
    );
    expect((await lin.post('/account/tokens', { ...wish, current: PASSWORD })).status).toBe(200);
    expect(t.app.db.select().from(tokens).all()).toHaveLength(1);
  });

  test('S11 a stolen session guesses no faster here than in the password form, and both count together', async () => {
    const lin = await signedIn('lin');
    for (let i = 0; i < 3; i++) await lin.post('/account/tokens', { ...wish, current: 'wrong' });
    for (let i = 0; i < 2; i++) await lin.post('/account/password', { current: 'wrong', password: 'another long one', password2: 'another long one' });
    const held = await lin.post('/account/tokens', { ...wish, current: PASSWORD });
    expect([held.status, (await held.text()).includes('Try again in 1 s.')]).toEqual([422, true]);
    expect(t.app.db.select().from(tokens).all()).toEqual([]);
    t.clock.advance(1000);
    expect((await lin.post('/account/tokens', { ...wish, current: PASSWORD })).status).toBe(200);
  });

  test('S10 a password that is changed while it is being checked makes none any more', async () => {
    const lin = await signedIn('lin');
    // Others are being hashed before it, two at once.
    const before = Array.from({ length: 12 }, () => hashPassword(PASSWORD));
    const late = lin.post('/account/tokens', { ...wish, current: PASSWORD });
    // It has begun when its guess is counted.
    while (t.app.db.select().from(signInFailures).all().length === 0) await new Promise(setImmediate);
    t.app.db.update(users).set({ passwordHash: 'another' }).run();
    expect((await late).status).toBe(422);
    await Promise.all(before);
    expect(t.app.db.select().from(tokens).all()).toEqual([]);
  });

  test('S10 no way around: who acts by a session makes none without the password in core either', () => {
    const lin: Actor = { kind: 'user', userId: idOf('lin'), name: 'lin', role: 'operator', sessionId: 's', tokenId: null, ip: '' };
    expect(() => createToken(t.app, lin, { name: 'x', role: 'viewer', expiresInDays: null })).toThrow();
    expect(t.app.db.select().from(tokens).all()).toEqual([]);
  });

  test('are shown once, kept as a hash, and do no more than their owner may', async () => {
    const lin = await signedIn('lin');
    expect(await (await lin.post('/account/tokens', { name: 'x', role: 'admin', days: '30', current: PASSWORD })).text()).toContain('cannot do more than you may');
    const html = await (await lin.post('/account/tokens', { name: 'Grafana', role: 'viewer', days: '30', current: PASSWORD })).text();
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
    const html = await (await lin.post('/account/tokens', { name: 'a', role: 'operator', days: '', current: PASSWORD })).text();
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
    const eva: Actor = { kind: 'user', userId, name: 'eva', role: 'admin', sessionId: null, tokenId: null, ip: '' };
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
