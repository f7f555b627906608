import { afterEach, describe, expect, test } from 'bun:test';
import { eq } from 'drizzle-orm';
import { Secret, TOTP } from 'otpauth';
import { verifyTotp } from '../../src/core/second-factor/totp.ts';
import { userById } from '../../src/core/users/users.ts';
import { users } from '../../src/db/schema/users.ts';
import { testApp, type TestApp } from '../support/app.ts';

const DAY = 86_400_000;
const open: TestApp[] = [];
const panelOf = () => {
  const panel = testApp();
  open.push(panel);
  return panel;
};

afterEach(async () => {
  for (const panel of open.splice(0)) await panel.close();
});

describe('a clock that jumps', () => {
  test('ahead: sessions are over; back again: they are good as before', async () => {
    const panel = panelOf();
    const browser = panel.as('admin');
    const status = async () => (await browser.request('/')).status;
    const start = panel.clock.now();
    expect(await status()).toBe(200);
    panel.clock.set(start + 400 * DAY);
    expect(await status()).toBe(303);
    panel.clock.set(start + DAY);
    expect(await status()).toBe(200);
    panel.clock.set(start - 400 * DAY);
    expect(await status()).toBe(200);
    panel.clock.set(start + 2 * DAY);
    expect(await status()).toBe(200);
    expect(panel.errors).toEqual([]);
  });

  test('S11 back: a code that was taken in the future does not lock its owner out until then', async () => {
    const { app, clock, as } = panelOf();
    const { userId } = as('admin');
    const secret = new Secret({ size: 20 });
    app.db.update(users).set({ totpSecret: app.secrets.seal(secret.base32, `totp:${userId}`) }).where(eq(users.id, userId)).run();
    const code = () => new TOTP({ secret, period: 30 }).generate({ timestamp: clock.now() });
    const tryCode = (text: string) => verifyTotp(app, userById(app, userId), text);
    clock.advance(365 * DAY);
    expect(await tryCode(code())).toBe(true);
    clock.advance(-365 * DAY);
    const once = code();
    expect(await tryCode(once)).toBe(true);
    expect(await tryCode(once)).toBe(false);
  });
});

describe('a database that cannot be written', () => {
  test('pages are read all the same, changes say why not', async () => {
    const panel = panelOf();
    const browser = panel.as('admin');
    panel.app.db.$client.run('PRAGMA query_only = ON');
    panel.clock.advance(5 * 60_000);
    expect((await browser.request('/')).status).toBe(200);
    const change = await browser.request('/settings/retention', { form: { auditDays: '99', taskDays: '30' } });
    expect(change.status).toBe(503);
    expect(await change.text()).toContain('read-only');
    panel.app.db.$client.run('PRAGMA query_only = OFF');
    expect(panel.errors).toEqual([]);
  });
});
