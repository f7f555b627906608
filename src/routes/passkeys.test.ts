import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { Authenticator } from '../../test/support/authenticator.ts';
import { Jar } from '../../test/support/jar.ts';
import { SYSTEM } from '../core/app.ts';
import { createUser, resetSecondFactor, setDisabled } from '../core/users/users.ts';
import { audit } from '../db/schema/audit.ts';
import { passkeys } from '../db/schema/users.ts';

const PASSWORD = 'bamboo steamer on the hill';
const ORIGIN = 'http://localhost:8686';
const HOST = { host: 'localhost:8686', origin: ORIGIN, 'accept-language': 'en' };
let t: TestApp;
let linId: string;
let evaId: string;

beforeEach(async () => {
  t = testApp();
  linId = await createUser(t.app, SYSTEM, { name: 'lin', role: 'operator', password: PASSWORD });
  evaId = await createUser(t.app, SYSTEM, { name: 'eva', role: 'admin', password: PASSWORD });
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const jar = (headers: Record<string, string> = HOST) => new Jar(t, { headers });
const send = (from: Jar, path: string, body: unknown, headers = HOST) => from.json(path, body, { headers });

async function signedIn(name: string) {
  const browser = jar();
  await browser.post('/signin', { name, password: PASSWORD });
  return browser;
}

type Lies = Parameters<Authenticator['create']>[1];

async function register(browser: Jar, key = new Authenticator(), lies: Partial<Lies> = {}) {
  const { ticket, options } = (await (await send(browser, '/account/passkeys/options', { current: PASSWORD })).json()) as never as { ticket: string; options: Parameters<Authenticator['create']>[0] };
  const body = { ticket, name: 'MacBook', response: key.create(options, { origin: ORIGIN, ...lies }) };
  return { key, body, options, answer: await send(browser, '/account/passkeys', body) };
}

async function signIn(browser: Jar, key: Authenticator, lies: Partial<Lies> = {}) {
  const { ticket, options } = (await (await send(browser, '/signin/passkey/options', {})).json()) as never as { ticket: string; options: { challenge: string; rpId: string } };
  const body = { ticket, response: key.get(options, { origin: ORIGIN, ...lies }), next: '/account' };
  return { body, options, answer: await send(browser, '/signin/passkey', body) };
}

describe('making a passkey', () => {
  test('S10 S11 a session alone gets no challenge: without the password, or with a wrong one', async () => {
    const lin = await signedIn('lin');
    for (const body of [{}, { current: '' }, { current: 'wrong' }, { current: 'wrong' }, { current: 'wrong' }]) {
      const answer = await send(lin, '/account/passkeys/options', body);
      expect([answer.status, await answer.json()]).toEqual([422, { error: 'That is not your current password.', field: 'current' }]);
    }
    const held = await send(lin, '/account/passkeys/options', { current: PASSWORD });
    expect([held.status, await held.json()]).toEqual([422, expect.objectContaining({ error: expect.stringContaining('1 s.'), field: 'current' })]);
    expect(t.app.db.select().from(passkeys).all()).toEqual([]);
    const entries = t.app.db.select().from(audit).all().filter(({ action }) => action === 'passkeys.create');
    expect(entries.map(({ target, result }) => [target, result])).toEqual(Array.from({ length: 5 }, () => ['lin', 'refused']));
    t.clock.advance(1000);
    expect((await register(lin)).answer.status).toBe(200);
  });

  test('S10 a ticket is good for the session that proved the password, not for another one of the same person', async () => {
    const answer = await send(await signedIn('lin'), '/account/passkeys/options', { current: PASSWORD });
    const { ticket, options } = (await answer.json()) as never as { ticket: string; options: Parameters<Authenticator['create']>[0] };
    const body = { ticket, name: 'x', response: new Authenticator().create(options, { origin: ORIGIN }) };
    expect((await send(await signedIn('lin'), '/account/passkeys', body)).status).toBe(409);
    expect(t.app.db.select().from(passkeys).all()).toEqual([]);
  });

  test('asks for a discoverable, verified one and keeps its public key', async () => {
    const { options, answer } = await register(await signedIn('lin'));
    expect(options).toMatchObject({
      rp: { id: 'localhost', name: 'Mantou' }, attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    expect(await answer.json()).toEqual({ to: '/account?done=passkey#passkeys' });
    expect(t.app.db.select().from(passkeys).all()).toMatchObject([{ userId: linId, name: 'MacBook', counter: 0, transports: ['internal'] }]);
  });

  test('of another site, without verification, for another name or with another challenge it is refused', async () => {
    const lin = await signedIn('lin');
    const lies: Partial<Lies>[] = [
      { origin: 'http://evil.example' }, { origin: 'http://127.0.0.1:8686' }, { origin: 'https://localhost:8686' }, { rpId: 'evil.example' },
      { verified: false }, { challenge: 'AAAA' }, { type: 'webauthn.get' },
    ];
    for (const lie of lies) expect([lie, (await register(lin, undefined, lie)).answer.status]).toEqual([lie, 422]);
    expect(t.app.db.select().from(passkeys).all()).toEqual([]);
  });

  test('a challenge is good once, for 5 minutes, and for the one who asked', async () => {
    const lin = await signedIn('lin');
    const { body } = await register(lin);
    expect((await send(lin, '/account/passkeys', body)).status).toBe(409);
    const { ticket, options } = (await (await send(lin, '/account/passkeys/options', { current: PASSWORD })).json()) as never as { ticket: string; options: Parameters<Authenticator['create']>[0] };
    const stolen = { ticket, name: 'x', response: new Authenticator().create(options, { origin: ORIGIN }) };
    expect((await send(await signedIn('eva'), '/account/passkeys', stolen)).status).toBe(409);
    const late = (await (await send(lin, '/account/passkeys/options', { current: PASSWORD })).json()) as never as { ticket: string; options: Parameters<Authenticator['create']>[0] };
    t.clock.advance(5 * 60_000);
    expect((await send(lin, '/account/passkeys', { ticket: late.ticket, name: 'x', response: new Authenticator().create(late.options, { origin: ORIGIN }) })).status).toBe(409);
    expect(t.app.db.select().from(passkeys).all()).toHaveLength(1);
  });

  test('the same credential cannot belong to two people', async () => {
    const { key } = await register(await signedIn('lin'));
    expect((await register(await signedIn('eva'), key)).answer.status).toBe(409);
    expect(t.app.db.select().from(passkeys).all()).toHaveLength(1);
  });

  test('on a bare address it says why not, in words and not by a broken button', async () => {
    const browser = jar({ 'accept-language': 'en' });
    await browser.post('/signin', { name: 'lin', password: PASSWORD });
    const html = await (await browser.request('/account')).text();
    expect(html).toContain('opened by its IP address');
    expect(html).toContain('href="http://localhost:8686/account#passkeys"');
    expect(html).not.toContain('data-passkey-make');
    const answer = await browser.json('/account/passkeys/options', { current: PASSWORD });
    expect([answer.status, await answer.json()]).toEqual([501, { error: 'Browsers create passkeys only for host names, and this page was opened by its IP address.' }]);
  });
});

describe('signing in with a passkey', () => {
  test('needs no name, and no code when there is a second factor', async () => {
    const { key } = await register(await signedIn('lin'));
    t.app.db.$client.run('UPDATE users SET totp_secret = ?', ['v1.x']);
    const browser = jar();
    const { options, answer } = await signIn(browser, key);
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
    expect('allowCredentials' in options ? options.allowCredentials : undefined).toBeUndefined();
    expect(await answer.json()).toEqual({ to: '/account' });
    expect(await (await browser.request('/account')).text()).toContain('lin');
    expect(t.app.db.select().from(passkeys).all()[0]).toMatchObject({ counter: 1, lastUsedAt: t.clock.now() });
  });

  test('every lie is refused in the same words', async () => {
    const { key } = await register(await signedIn('lin'));
    const lies: Partial<Lies>[] = [
      { origin: 'http://evil.example' }, { rpId: 'evil.example' }, { verified: false }, { challenge: 'AAAA' }, { type: 'webauthn.create' },
    ];
    const said = new Set<string>();
    for (const lie of lies) {
      const { answer } = await signIn(jar(), key, lie);
      expect([lie, answer.status]).toEqual([lie, 422]);
      said.add(JSON.stringify(await answer.json()));
    }
    const unknown = await signIn(jar(), new Authenticator());
    expect(unknown.answer.status).toBe(422);
    said.add(JSON.stringify(await unknown.answer.json()));
    expect([...said]).toHaveLength(1);
  });

  test('an answer works once, a copied key with an old count not at all', async () => {
    const { key } = await register(await signedIn('lin'));
    const { body, answer } = await signIn(jar(), key);
    expect(answer.status).toBe(200);
    expect((await send(jar(), '/signin/passkey', body)).status).toBe(409);
    key.counter = 0;
    expect((await signIn(jar(), key)).answer.status).toBe(422);
  });

  test('not as somebody else, not with a removed key, not when disabled', async () => {
    const browser = await signedIn('lin');
    const { key } = await register(browser);
    const own = key.userHandle;
    key.userHandle = Buffer.from(evaId);
    expect((await signIn(jar(), key)).answer.status).toBe(422);
    key.userHandle = own;
    setDisabled(t.app, SYSTEM, { userId: linId, disabled: true });
    expect((await signIn(jar(), key)).answer.status).toBe(422);
    setDisabled(t.app, SYSTEM, { userId: linId, disabled: false });
    expect((await signIn(jar(), key)).answer.status).toBe(200);
    resetSecondFactor(t.app, SYSTEM, { userId: linId });
    expect((await signIn(jar(), key)).answer.status).toBe(422);
  });

  test('S11 stays open while the password door waits', async () => {
    const { key } = await register(await signedIn('lin'));
    for (let i = 0; i < 7; i++) await jar().post('/signin', { name: 'lin', password: 'wrong' });
    expect((await jar().post('/signin', { name: 'lin', password: PASSWORD })).status).toBe(429);
    expect((await signIn(jar(), key)).answer.status).toBe(200);
  });

  test('S22 a stranger who asks for many challenges fills nothing', async () => {
    const { key } = await register(await signedIn('lin'));
    const mine = (await (await send(jar(), '/signin/passkey/options', {})).json()) as never as { ticket: string; options: { challenge: string; rpId: string } };
    for (let i = 0; i < 200; i++) await jar().request('/signin/passkey/options', { method: 'POST', peer: '10.66.0.1', body: '{}', headers: { ...HOST, 'content-type': 'application/json' } });
    const answer = await send(jar(), '/signin/passkey', { ticket: mine.ticket, response: key.get(mine.options, { origin: ORIGIN }) });
    expect(answer.status).toBe(200);
  });

  test('the page offers it only when somebody has one', async () => {
    expect(await (await jar().request('/signin')).text()).not.toContain('data-passkey-sign-in');
    await register(await signedIn('lin'));
    expect(await (await jar().request('/signin')).text()).toContain('data-passkey-sign-in');
    expect(await (await jar({ 'accept-language': 'en' }).request('/signin?next=/tasks')).text()).toContain('http://localhost:8686/signin?next=%2Ftasks');
  });

  test('what is no answer of an authenticator is refused, not a fault', async () => {
    for (const body of [{}, { ticket: 'x' }, { ticket: 'x', response: {} }, [], 'x', null, { ticket: 'x', response: { id: '"><script>', rawId: '', type: 'public-key', response: { clientDataJSON: '', authenticatorData: '', signature: '' } } }]) {
      const answer = await send(jar(), '/signin/passkey', body);
      expect([409, 422]).toContain(answer.status);
    }
  });
});

test('S11 S22 wrong answers without end are slowed by address, and fill no log; others go on', async () => {
  const lin = await signedIn('lin');
  const { key } = await register(lin);
  const offer = async (from: Jar) => (await (await send(from, '/signin/passkey/options', {})).json()) as never as { ticket: string; options: Parameters<Authenticator['get']>[0] };
  const made = { id: 'AAAA', rawId: 'AAAA', type: 'public-key', response: { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA' } };
  const flood = new Jar(t, { headers: HOST, peer: '10.7.0.1' });
  const statuses: number[] = [];
  for (let i = 0; i < 60; i++) statuses.push((await send(flood, '/signin/passkey', { ticket: (await offer(flood)).ticket, response: made })).status);
  expect(statuses.filter((status) => status === 422)).toHaveLength(30);
  expect(statuses.filter((status) => status === 503)).toHaveLength(30);
  expect(t.app.db.$client.query("SELECT count(*) AS n FROM audit WHERE action = 'sign_in.passkey'").get()).toEqual({ n: 30 });
  const other = new Jar(t, { headers: HOST, peer: '10.7.0.2' });
  const { ticket, options } = await offer(other);
  expect((await send(other, '/signin/passkey', { ticket, response: key.get(options, { origin: ORIGIN }) })).status).toBe(200);
});
