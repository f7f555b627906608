import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { Jar } from '../../test/support/jar.ts';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { SYSTEM } from '../core/app.ts';
import { setPassword } from '../core/users/change-password.ts';
import { createUser, setDisabled } from '../core/users/users.ts';
import { audit } from '../db/schema/audit.ts';
import { sessions, signInFailures } from '../db/schema/sessions.ts';

const PASSWORD = 'bamboo steamer on the hill';
let t: TestApp;
let linId: string;

beforeEach(async () => {
  t = testApp();
  linId = await createUser(t.app, SYSTEM, { name: 'lin', role: 'admin', password: PASSWORD });
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const browser = (peer = '10.0.0.1') => new Jar(t, { peer, headers: { 'accept-language': 'en' } });
const tryOnce = (jar: Jar, password = PASSWORD, name = 'lin', next = '') => jar.post('/signin', { name, password, next });

describe('signing in', () => {
  test('S11 unknown user, wrong password and disabled account answer the same', async () => {
    await createUser(t.app, SYSTEM, { name: 'off', role: 'viewer', password: PASSWORD });
    const off = t.app.db.$client.query("SELECT id FROM users WHERE name = 'off'").get() as { id: string };
    setDisabled(t.app, SYSTEM, { userId: off.id, disabled: true });
    const answers = [];
    for (const [name, password] of [['nobody', PASSWORD], ['lin', 'wrong password'], ['off', PASSWORD], ['lin', ''], ['', '']] as const) {
      const jar = browser();
      const answer = await tryOnce(jar, password, name);
      expect(answer.status).toBe(422);
      expect(jar.cookies.size).toBe(0);
      answers.push((await answer.text()).replaceAll(`value="${name}"`, 'value=""').replace(/nonce="[^"]*"/g, '').replace(/autofocus="[^"]*"| autofocus/g, ''));
    }
    expect(answers[0]).toContain('Wrong name or password.');
    expect(answers[1]).toBe(answers[0]!);
    expect(answers[2]).toBe(answers[0]!);
  });

  test('S11 an unknown name costs the hash as well', async () => {
    // Work, not time: a busy machine makes either of them late.
    const work = async (name: string) => {
      const before = process.cpuUsage();
      await tryOnce(browser(`10.1.${Math.floor(performance.now()) % 200}.${name.length}`), 'wrong password', name);
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    await work('warm-up');
    const known = await work('lin');
    // Only that it is not the lookup alone, which takes a hundredth.
    expect(await work('nobody')).toBeGreaterThan(known / 4);
  });

  test('S10 the right password sets one HttpOnly, SameSite=Strict cookie and leads to where one came from', async () => {
    const jar = browser();
    const answer = await tryOnce(jar, PASSWORD, 'LIN', '/tasks?state=running');
    expect(answer.status).toBe(303);
    expect(answer.headers.get('location')).toBe('/tasks?state=running');
    const cookie = jar.set.find((line) => line.startsWith('mantou_session='))!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    expect(cookie).toMatch(/Path=\//);
    expect(cookie).not.toMatch(/Secure|Domain/);
    expect((await jar.request('/signin')).headers.get('location')).toBe('/');
    const rows = t.app.db.select().from(sessions).all();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(jar.cookies.get('mantou_session')!);
  });

  test('S7 where to go next stays on this panel', async () => {
    for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example', '/\t/evil.example', 'javascript:alert(1)', '\\\\evil']) {
      const answer = await tryOnce(browser(), PASSWORD, 'lin', next);
      expect(answer.headers.get('location')).toBe('/');
    }
  });

  test('S10 a planted or earlier session does not live on', async () => {
    const jar = browser();
    await tryOnce(jar);
    const first = jar.cookies.get('mantou_session')!;
    await tryOnce(jar);
    expect(jar.cookies.get('mantou_session')).not.toBe(first);
    const old = await t.request('/tasks', { headers: { cookie: `mantou_session=${first}` } });
    expect(old.status).toBe(303);
    const planted = browser();
    planted.cookies.set('mantou_session', 'planted');
    await tryOnce(planted);
    expect(planted.cookies.get('mantou_session')).not.toBe('planted');
  });

  test('S10 sign-out ends the session, not only the cookie', async () => {
    const jar = browser();
    await tryOnce(jar);
    const token = jar.cookies.get('mantou_session')!;
    expect((await jar.post('/signout', {})).headers.get('location')).toBe('/signin');
    expect(jar.cookies.has('mantou_session')).toBe(false);
    expect((await t.request('/tasks', { headers: { cookie: `mantou_session=${token}` } })).status).toBe(303);
  });

  test('S8 S10 under TLS cookies are Secure and bound to the host', async () => {
    const secure = testApp({ panel: { tls: true } });
    await createUser(secure.app, SYSTEM, { name: 'lin', role: 'admin', password: PASSWORD });
    const jar = new Jar(secure, { headers: { origin: 'https://127.0.0.1:8686' } });
    await jar.post('/signin', { name: 'lin', password: PASSWORD });
    for (const line of jar.set) if (!/Max-Age=0/.test(line)) expect(line).toMatch(/^__Host-mantou_\w+=.*Path=\/; HttpOnly; Secure; SameSite=Strict/);
    expect(jar.cookies.has('__Host-mantou_session')).toBe(true);
    // The name without the prefix is nothing here: another port could have set it.
    const bare = await secure.request('/tasks', { headers: { cookie: `mantou_session=${jar.cookies.get('__Host-mantou_session')}` } });
    expect(bare.status).toBe(303);
    await secure.close();
  });

  test('every sign-in is recorded; what was typed for an unknown name is not', async () => {
    await tryOnce(browser(), 'wrong password');
    await tryOnce(browser(), 'x', 'my secret typed into the wrong field');
    await tryOnce(browser());
    const rows = t.app.db.select().from(audit).all().filter((row) => row.action.startsWith('sign_in'));
    expect(rows.map((row) => [row.actor, row.target, row.result, row.ip])).toEqual([
      ['anonymous', 'lin', 'refused', '10.0.0.1'],
      ['anonymous', '', 'refused', '10.0.0.1'],
      ['lin', 'lin', 'ok', '10.0.0.1'],
    ]);
    expect(JSON.stringify([rows, t.app.db.select().from(signInFailures).all()])).not.toContain('my secret');
  });
});

describe('S11 guessing', () => {
  test('an address waits longer each time from the fifth failure on, and is told how long', async () => {
    for (let i = 0; i < 5; i++) expect((await tryOnce(browser(), `wrong ${i}`, `name${i}`)).status).toBe(422);
    const held = await tryOnce(browser(), PASSWORD);
    expect(held.status).toBe(429);
    expect(held.headers.get('retry-after')).toBe('1');
    expect(await held.text()).toContain('Try again in 1 s.');
    t.clock.advance(1000);
    expect((await tryOnce(browser(), 'wrong')).status).toBe(422);
    expect((await tryOnce(browser())).headers.get('retry-after')).toBe('2');
    // Other addresses are free, also another one of the same provider.
    expect((await tryOnce(browser('10.0.0.2'))).status).toBe(303);
  });

  test('one IPv6 customer is one address', async () => {
    for (let i = 0; i < 5; i++) await tryOnce(browser(`2001:db8:1:2::${i}`), 'wrong', `name${i}`);
    expect((await tryOnce(browser('2001:db8:1:2:ffff::1'))).status).toBe(429);
    expect((await tryOnce(browser('2001:db8:1:3::1'))).status).toBe(303);
  });

  test('an account that many addresses guess at waits 30 s at most, so it is never locked for good', async () => {
    let waited = 0;
    for (let i = 0; i < 20; i++) {
      let answer = await tryOnce(browser(`10.2.0.${i}`), 'wrong');
      if (answer.status === 429) {
        const seconds = Number(answer.headers.get('retry-after'));
        waited = Math.max(waited, seconds);
        t.clock.advance(seconds * 1000);
        answer = await tryOnce(browser(`10.2.0.${i}`), 'wrong');
      }
      expect(answer.status).toBe(422);
    }
    expect(waited).toBe(30);
    expect((await tryOnce(browser('10.3.0.1'))).status).toBe(429);
    t.clock.advance(30_000);
    expect((await tryOnce(browser('10.3.0.1'))).status).toBe(303);
  });

  test('a browser that has signed in before is held by neither', async () => {
    const known = browser();
    await tryOnce(known);
    await known.post('/signout', {});
    expect(known.cookies.has('mantou_device')).toBe(true);
    for (let i = 0; i < 12; i++) await tryOnce(browser(`10.2.0.${i}`), 'wrong');
    for (let i = 0; i < 6; i++) await tryOnce(browser(), 'wrong', 'other');
    expect((await tryOnce(browser('10.9.9.9'))).status).toBe(429);
    expect((await tryOnce(known)).status).toBe(303);
  });

  test('that cookie is worth nothing when forged, for another account, or after a change of password', async () => {
    const known = browser();
    await tryOnce(known);
    const cookie = known.cookies.get('mantou_device')!;
    await createUser(t.app, SYSTEM, { name: 'eva', role: 'viewer', password: PASSWORD });
    for (let i = 0; i < 12; i++) await tryOnce(browser(`10.2.0.${i}`), 'wrong', i % 2 ? 'lin' : 'eva');
    for (let i = 0; i < 12; i++) await tryOnce(browser(`10.2.1.${i}`), 'wrong', i % 2 ? 'eva' : 'lin');
    const withCookie = (value: string) => {
      const jar = browser('10.9.9.9');
      jar.cookies.set('mantou_device', value);
      return jar;
    };
    const [userId, at, device, mac] = cookie.split('.');
    expect((await tryOnce(withCookie([userId, at, 'forged', mac].join('.')))).status).toBe(429);
    expect((await tryOnce(withCookie([userId, at, device, 'x'.repeat(mac!.length)].join('.')))).status).toBe(429);
    expect((await tryOnce(withCookie(cookie), PASSWORD, 'eva')).status).toBe(429);
    expect((await tryOnce(withCookie(cookie))).status).toBe(303);
    t.clock.advance(1000);
    await setPassword(t.app, SYSTEM, { userId: linId, password: 'another long one' });
    for (let i = 0; i < 12; i++) await tryOnce(browser(`10.2.2.${i}`), 'wrong');
    expect((await tryOnce(withCookie(cookie), 'another long one')).status).toBe(429);
  });

  test('a hundred at once are not one guess', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => tryOnce(browser(), 'wrong')));
    expect(answers.filter((answer) => answer.status === 422)).toHaveLength(5);
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(35);
  });

  test('signing in to an account of one\'s own does not wash the address clean', async () => {
    await createUser(t.app, SYSTEM, { name: 'eva', role: 'viewer', password: PASSWORD });
    for (let i = 0; i < 4; i++) {
      await tryOnce(browser(), 'wrong');
      if (i < 3) expect((await tryOnce(browser(), PASSWORD, 'eva')).status).toBe(303);
    }
    await tryOnce(browser(), 'wrong');
    expect((await tryOnce(browser(), 'wrong')).status).toBe(429);
  });

  test('more than can be hashed are sent away with 503 and Retry-After, and it does not count as a guess', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => tryOnce(browser(`10.4.0.${i}`), 'wrong', `name${i}`)));
    const away = answers.filter((answer) => answer.status === 503);
    expect(away.length).toBe(40 - 18);
    expect(away[0]!.headers.get('retry-after')).toBe('2');
    const counted = t.app.db.select().from(signInFailures).all().filter((row) => row.key.startsWith('ip:'));
    expect(counted.filter((row) => row.failures === 1)).toHaveLength(18);
  });

  test('S11 strangers who fill the row for hashing keep out nobody whose browser is known', async () => {
    const known = browser();
    await tryOnce(known);
    await known.post('/signout', {});
    const flood = Array.from({ length: 60 }, (_, i) => tryOnce(browser(`10.5.0.${i}`), 'wrong', `name${i}`));
    // Those who came first are being hashed and fill the row: the last has been sent away.
    await flood.at(-1);
    expect((await tryOnce(known)).status).toBe(303);
    expect((await Promise.all(flood)).filter((answer) => answer.status === 503).length).toBeGreaterThan(20);
  });

  test('S11 twenty thousand made-up names do not set free an account that is guessed at', async () => {
    for (let i = 0; i < 11; i++) await tryOnce(browser(`10.2.0.${i}`), 'wrong');
    const now = t.clock.now();
    t.app.db.$client.run(`WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 20500) INSERT INTO sign_in_failures SELECT 'user:' || i, 1, ${now + 1} FROM n`);
    t.clock.advance(1);
    await tryOnce(browser('10.6.0.1'), 'wrong', 'made-up');
    expect(t.app.db.select().from(signInFailures).all().length).toBeLessThanOrEqual(20_000);
    expect((await tryOnce(browser('10.6.0.2'), 'wrong')).status).toBe(429);
  });

  test('a clock that was set back holds nobody for years', async () => {
    for (let i = 0; i < 6; i++) await tryOnce(browser(), 'wrong', `name${i}`);
    t.clock.set(t.clock.now() - 400 * 86_400_000);
    const seconds = Number((await tryOnce(browser())).headers.get('retry-after'));
    expect(seconds).toBeLessThanOrEqual(2);
    t.clock.advance(2000);
    expect((await tryOnce(browser())).status).toBe(303);
  });
});
