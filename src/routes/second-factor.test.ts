import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Secret, TOTP } from 'otpauth';
import type { TestApp } from '../../test/support/app.ts';
import { Jar } from '../../test/support/jar.ts';
import { PASSWORD, panelOfTwo, signedInAs } from '../../test/support/people.ts';
import { findUserByName } from '../core/users/users.ts';
import { recoveryCodes, users } from '../db/schema/users.ts';
import { sessions } from '../db/schema/sessions.ts';
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

const code = (secret: string, at = t.clock.now()) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: at });

describe('second factor', () => {
  /** A key that is offered; not one of the few whose codes come twice within minutes, or are what is guessed here. */
  async function offer(jar: Jar) {
    for (;;) {
      const html = await (await jar.request('/account/totp')).text();
      const sealed = /name="sealed" value="([^"]+)"/.exec(html)![1]!;
      const shown = /id="totp-key"[^>]*>([^<]+)</.exec(html)![1]!;
      const secret = shown.replace(/ /g, '');
      const codes = Array.from({ length: 60 }, (_, i) => code(secret, t.clock.now() + (i - 5) * 30_000));
      if (new Set(codes).size === codes.length && !codes.some((one) => one.startsWith('00000'))) return { html, sealed, shown, secret };
    }
  }

  async function enable(jar: Jar) {
    const { sealed, secret } = await offer(jar);
    const done = await jar.post('/account/totp', { sealed, code: code(secret), current: PASSWORD });
    const codes = [...(await done.text()).matchAll(/<code>([a-z0-9-]{14})<\/code>/g)].map((match) => match[1]!);
    return { secret, codes };
  }

  test('counts only after the first code; key and codes are kept sealed and hashed', async () => {
    const lin = await signedIn('lin');
    const { html, sealed } = await offer(lin);
    expect(html).toContain('<svg class="qr"');
    const wrong = await lin.post('/account/totp', { sealed, code: '000000', current: PASSWORD });
    expect(wrong.status).toBe(422);
    expect(findUserByName(t.app, 'lin')!.totpSecret).toBeNull();
    const { secret, codes } = await enable(lin);
    expect(codes).toHaveLength(10);
    const row = findUserByName(t.app, 'lin')!;
    expect(row.totpSecret).toStartWith('v1.');
    const kept = JSON.stringify([row, t.app.db.select().from(recoveryCodes).all(), t.app.db.select().from(audit).all()]);
    for (const canary of [secret, ...codes]) expect(kept).not.toContain(canary);
    // S13: nor does any page show it again.
    for (const path of ['/account', '/account/totp']) expect(await (await lin.request(path)).text()).not.toContain(secret);
  });

  test('S10 S11 a session alone switches none on: without the password, or with a wrong one, the same key comes back', async () => {
    const lin = await signedIn('lin');
    const { sealed, shown, secret } = await offer(lin);
    const confirm = (more: Record<string, string>) => lin.post('/account/totp', { sealed, code: code(secret), ...more });
    for (const more of [{} as Record<string, string>, { current: '' }, { current: 'wrong' }, { current: 'wrong' }, { current: 'wrong' }]) {
      const answer = await confirm(more);
      const again = await answer.text();
      expect(answer.status).toBe(422);
      expect(again).toMatch(/id="f-current" name="current" autocomplete="current-password"[^>]* aria-invalid="true"/);
      expect(again).toContain('<a href="#f-current">That is not your current password.</a>');
      expect(again).toContain(shown);
    }
    // The sixth waits, though it is the right one.
    expect(await (await confirm({ current: PASSWORD })).text()).toContain('Try again in 1 s.');
    expect(findUserByName(t.app, 'lin')!.totpSecret).toBeNull();
    expect(t.app.db.select().from(recoveryCodes).all()).toEqual([]);
    const entries = t.app.db.select().from(audit).all().filter(({ action }) => action === 'totp.enable');
    expect(entries.map(({ target, result }) => [target, result])).toEqual(Array.from({ length: 5 }, () => ['lin', 'refused']));
    t.clock.advance(1000);
    expect((await confirm({ current: PASSWORD })).status).toBe(200);
  });

  test('an offer of somebody else, an old one or a changed one is worth nothing', async () => {
    const lin = await signedIn('lin');
    const eva = await signedIn('eva');
    const { sealed, secret } = await offer(lin);
    // In its middle: the last letter holds bits that mean nothing.
    const changed = (text: string) => text.slice(0, 20) + (text[20] === 'A' ? 'B' : 'A') + text.slice(21);
    expect((await eva.post('/account/totp', { sealed, code: code(secret), current: PASSWORD })).status).toBe(422);
    expect((await lin.post('/account/totp', { sealed: changed(sealed), code: code(secret), current: PASSWORD })).status).toBe(422);
    t.clock.advance(16 * 60_000);
    expect((await lin.post('/account/totp', { sealed, code: code(secret), current: PASSWORD })).status).toBe(422);
    expect(t.app.db.select().from(users).all().every((user) => user.totpSecret === null)).toBe(true);
  });

  const firstStep = async (peer = '10.0.1.1') => {
    const jar = new Jar(t, { peer, headers: { 'accept-language': 'en' } });
    const answer = await jar.post('/signin', { name: 'lin', password: PASSWORD, next: '/tasks' });
    expect(answer.headers.get('location')).toBe('/signin/code');
    return jar;
  };

  test('the password alone makes no session; a code of one step before or after does, once', async () => {
    const { secret } = await enable(await signedIn('lin'));
    t.clock.advance(5 * 60_000);
    const before = t.app.db.select().from(sessions).all().length;
    const jar = await firstStep();
    const pending = jar.set.find((line) => line.startsWith('mantou_pending='))!;
    expect(pending).toMatch(/Max-Age=300; Path=\/; HttpOnly; SameSite=Strict/);
    expect(jar.cookies.has('mantou_session')).toBe(false);
    expect(t.app.db.select().from(sessions).all()).toHaveLength(before);
    expect((await jar.request('/account')).status).toBe(303);
    for (const at of [-90_000, -60_000, 60_000, 90_000]) {
      expect((await jar.post('/signin/code', { code: code(secret, t.clock.now() + at) })).status).toBe(422);
    }
    const now = code(secret, t.clock.now() - 30_000);
    expect((await jar.post('/signin/code', { code: ` ${now.slice(0, 3)} ${now.slice(3)}` })).headers.get('location')).toBe('/tasks');
    // The same code again, in another sign-in.
    const second = await firstStep('10.0.1.2');
    expect((await second.post('/signin/code', { code: now })).status).toBe(422);
    expect((await second.post('/signin/code', { code: code(secret) })).status).toBe(303);
    // Older than what was used: refused as well.
    const third = await firstStep('10.0.1.3');
    expect((await third.post('/signin/code', { code: now })).status).toBe(422);
  });

  test('of two sign-ins with the same code at once one gets in', async () => {
    const { secret } = await enable(await signedIn('lin'));
    t.clock.advance(5 * 60_000);
    const jars = await Promise.all(Array.from({ length: 4 }, (_, i) => firstStep(`10.0.2.${i}`)));
    const answers = await Promise.all(jars.map((jar) => jar.post('/signin/code', { code: code(secret) })));
    expect(answers.filter((answer) => answer.headers.get('location') === '/tasks')).toHaveLength(1);
  });

  test('the half-done sign-in is good for 5 minutes and once, and dies with the password', async () => {
    const { secret } = await enable(await signedIn('lin'));
    t.clock.advance(5 * 60_000);
    const late = await firstStep();
    t.clock.advance(5 * 60_000);
    expect((await late.post('/signin/code', { code: code(secret) })).headers.get('location')).toBe('/signin?expired');
    const jar = await firstStep();
    const pending = jar.cookies.get('mantou_pending')!;
    expect((await jar.post('/signin/code', { code: code(secret) })).headers.get('location')).toBe('/tasks');
    const replay = new Jar(t);
    replay.cookies.set('mantou_pending', pending);
    t.clock.advance(30_000);
    expect((await replay.post('/signin/code', { code: code(secret) })).headers.get('location')).toBe('/signin?expired');
    const changed = await firstStep();
    t.app.db.update(users).set({ passwordHash: 'other' }).run();
    expect((await changed.post('/signin/code', { code: code(secret) })).headers.get('location')).toBe('/signin?expired');
  });

  test('S11 codes are guessed slowly: by account, whatever the address, and at most ten for one password', async () => {
    await enable(await signedIn('lin'));
    t.clock.advance(5 * 60_000);
    const jar = await firstStep();
    for (let i = 0; i < 5; i++) expect((await jar.post('/signin/code', { code: `00000${i}` })).status).toBe(422);
    expect((await jar.post('/signin/code', { code: '000009' })).headers.get('retry-after')).toBe('1');
    const elsewhere = await firstStep('10.7.7.7');
    expect((await elsewhere.post('/signin/code', { code: '000009' })).status).toBe(429);
    const answers = [];
    for (let i = 0; i < 6; i++) {
      t.clock.advance(20_000);
      answers.push((await jar.post('/signin/code', { code: '000009' })).status);
    }
    // Five more wrong ones, then back to the password.
    expect(answers).toEqual([422, 422, 422, 422, 422, 303]);
  });

  test('a recovery code signs in once, in any writing; new ones void the old', async () => {
    const here = await signedIn('lin');
    const { codes } = await enable(here);
    const jar = await firstStep();
    expect((await jar.post('/signin/code?recovery', { code: codes[0]!.toUpperCase().replaceAll('-', ' ') })).headers.get('location')).toBe('/tasks');
    const again = await firstStep('10.0.1.2');
    expect((await again.post('/signin/code?recovery', { code: codes[0]! })).status).toBe(422);
    expect(await (await here.request('/account')).text()).toContain('9 recovery codes are left');
    expect((await here.post('/account/totp/recovery', { current: 'wrong' })).status).toBe(422);
    const fresh = [...(await (await here.post('/account/totp/recovery', { current: PASSWORD })).text()).matchAll(/<code>([a-z0-9-]{14})<\/code>/g)].map((match) => match[1]!);
    expect(fresh).toHaveLength(10);
    expect((await again.post('/signin/code?recovery', { code: codes[1]! })).status).toBe(422);
    expect((await again.post('/signin/code?recovery', { code: fresh[1]! })).status).toBe(303);
  });

  test('switching off needs the password', async () => {
    const here = await signedIn('lin');
    await enable(here);
    expect((await here.post('/account/totp/off', { current: 'wrong' })).status).toBe(422);
    expect(findUserByName(t.app, 'lin')!.totpSecret).not.toBeNull();
    expect((await here.post('/account/totp/off', { current: PASSWORD })).status).toBe(303);
    expect(findUserByName(t.app, 'lin')!.totpSecret).toBeNull();
    expect(t.app.db.select().from(recoveryCodes).all()).toEqual([]);
  });
});
