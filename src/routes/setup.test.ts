import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { Jar } from '../../test/support/jar.ts';
import { checkSetupToken, issueSetupToken, SETUP_MS } from '../core/setup/setup.ts';
import { listUsers } from '../core/users/users.ts';
import { SYSTEM } from '../core/app.ts';
import { setupTokens } from '../db/schema/sessions.ts';

const PASSWORD = 'bamboo steamer on the hill';
let t: TestApp;
let token: string;

beforeEach(() => {
  t = testApp();
  token = issueSetupToken(t.app).token;
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const form = (more: Record<string, string> = {}) => ({ token, name: 'lin', password: PASSWORD, password2: PASSWORD, ...more });
const jar = (peer = '10.0.0.1') => new Jar(t, { peer, headers: { 'accept-language': 'en' } });
const people = () => listUsers(t.app, SYSTEM).map(({ name, role }) => [name, role]);

test('S9 without the token nobody becomes the administrator', async () => {
  for (const wrong of ['', 'x', token.slice(1), `${token}x`, token.toUpperCase()]) {
    const answer = await jar(`10.0.0.${wrong.length}`).post('/setup', form({ token: wrong }));
    expect(answer.status).toBe(422);
  }
  expect(people()).toEqual([]);
});

test('S9 with it one does, is signed in, and the token is used up', async () => {
  const browser = jar();
  const answer = await browser.post('/setup', form());
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/']);
  expect(people()).toEqual([['lin', 'admin']]);
  expect((await browser.request('/account')).status).toBe(200);
  expect(t.app.db.select().from(setupTokens).all()).toEqual([]);
  const again = await jar('10.0.0.2').post('/setup', form({ name: 'eva' }));
  expect([again.status, again.headers.get('location')]).toEqual([303, '/signin']);
  expect((await jar().request('/setup')).headers.get('location')).toBe('/signin');
  expect(people()).toHaveLength(1);
});

test('S9 it expires after 30 minutes, and only its hash is kept', async () => {
  expect(JSON.stringify(t.app.db.select().from(setupTokens).all())).not.toContain(token);
  t.clock.advance(SETUP_MS - 1);
  expect(checkSetupToken(t.app, token)).toBe(true);
  t.clock.advance(1);
  expect((await jar().post('/setup', form())).status).toBe(422);
  const next = issueSetupToken(t.app).token;
  expect(t.app.db.select().from(setupTokens).all()).toHaveLength(1);
  expect((await jar('10.0.0.2').post('/setup', form({ token: next }))).status).toBe(303);
});

test('S9 of many at once one wins', async () => {
  const other = issueSetupToken(t.app).token;
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => jar(`10.0.1.${i}`).post('/setup', form({ name: `user${i}`, token: i % 2 ? token : other }))),
  );
  expect(answers.filter((answer) => answer.headers.get('location') === '/')).toHaveLength(1);
  expect(people()).toHaveLength(1);
});

test('S9 S11 guessing at it is slowed down, and a weak password is no guess', async () => {
  for (let i = 0; i < 6; i++) expect((await jar().post('/setup', form({ password: 'short', password2: 'short' }))).status).toBe(422);
  for (let i = 0; i < 5; i++) expect((await jar().post('/setup', form({ token: `wrong${i}` }))).status).toBe(422);
  const held = await jar().post('/setup', form());
  expect(held.status).toBe(429);
  expect(held.headers.get('retry-after')).toBe('1');
  t.clock.advance(1000);
  expect((await jar().post('/setup', form())).status).toBe(303);
});

test('what does not fit comes back with the name and a good token, never with a password', async () => {
  const cases: [Record<string, string>, string][] = [
    [{ password: 'short', password2: 'short' }, 'at least 10 characters'],
    [{ password2: 'another password' }, 'The two passwords differ'],
    [{ password: 'password123', password2: 'password123' }, 'among the first that are tried'],
    [{ password: '1234567890', password2: '1234567890' }, 'among the first that are tried'],
    [{ password: 'aaaaaaaaaaaa', password2: 'aaaaaaaaaaaa' }, 'among the first that are tried'],
    [{ password: 'x'.repeat(257), password2: 'x'.repeat(257) }, 'at most 256 characters'],
    [{ name: 'averylongname', password: 'AVeryLongName', password2: 'AVeryLongName' }, 'among the first that are tried'],
    [{ name: '' }, 'needs a name'],
    [{ name: 'anonymous' }, 'for the panel itself'],
    [{ name: '-rf' }, 'Letters and digits'],
    [{ name: 'a b' }, 'Letters and digits'],
    [{ name: 'a'.repeat(65) }, 'at most 64 characters'],
  ];
  for (const [more, text] of cases) {
    const answer = await jar().post('/setup', form(more));
    const html = await answer.text();
    expect([more, answer.status, html.includes(text)]).toEqual([more, 422, true]);
    expect(html).toContain(`value="${token}"`);
    expect(html).not.toContain(`value="${form(more).password}"`);
  }
  expect(people()).toEqual([]);
});

test('names are one name in every case and width, and may be of any script', async () => {
  expect((await jar().post('/setup', form({ name: ' Ｌｉｎ ' }))).status).toBe(303);
  expect(people()).toEqual([['Lin', 'admin']]);
});

test('the page says so in Chinese', async () => {
  const html = await (await t.request('/setup', { headers: { 'accept-language': 'zh-TW,zh;q=0.9' } })).text();
  expect(html).toContain('lang="zh-CN"');
  expect(html).toContain('创建管理员');
});
