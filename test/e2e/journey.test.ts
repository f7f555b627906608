/**
 * What a person does on a fresh machine, in real Chromium against the compiled executable: set up, watch, secure the
 * account, sign in again by code and by passkey, look at every page in both languages and themes. Ends with a browser
 * that had nothing to complain about and an empty error log.
 */
import { afterAll, beforeAll, expect } from 'bun:test';
import { hostname } from 'node:os';
import { Secret, TOTP } from 'otpauth';
import type { Browser } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, PHONE, type Watched } from '../support/browser.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;
declare const window: any;
declare const PerformanceObserver: any;

const NAME = 'lin';
const PASSWORD = 'steamed bun 2026';
const it = needs('chromium', 'linux');

let browser: Browser;
let panel: RunningPanel;
let lin: Watched;
/** The panel under its name: passkeys need one. */
let home: string;
let secret: string;

if (it.ok) {
  beforeAll(async () => {
    panel = await runPanel([await executable()]);
    home = panel.url.replace('127.0.0.1', 'localhost');
    browser = await launch();
    lin = await openPage(browser);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.stop();
  });
}

const text = (selector: string) => lin.page.locator(selector).first().innerText();

const figures = () =>
  lin.page.evaluate(() => [...document.querySelectorAll('.figures, .cores b')].map((e: any) => e.textContent).join('|'));

async function signOut() {
  await lin.page.evaluate(() => document.querySelector('form[action="/signout"]').submit());
  await lin.page.waitForURL(/\/signin/);
}

async function enterPassword() {
  await lin.page.fill('[name=name]', NAME);
  await lin.page.fill('[name=password]', PASSWORD);
  await lin.page.click('form[action^="/signin"] [type=submit]');
}

it('the link on the console makes the administrator and opens the dashboard', async () => {
  const { page } = lin;
  await page.goto(panel.setupUrl!.replace('127.0.0.1', 'localhost'));
  // The token has left the address bar: a screenshot or a shoulder does not get it.
  expect(new URL(page.url()).hash).toBe('');
  await page.fill('[name=name]', NAME);
  await page.fill('[name=password]', PASSWORD);
  await page.fill('[name=password2]', PASSWORD);
  await page.click('form.login-form [type=submit]');
  await page.waitForURL(`${home}/`);
  expect(await page.locator('h1').innerText()).not.toBe('');
});

it('the dashboard shows this machine and moves by itself', async () => {
  const { page } = lin;
  const memory = Number(/MemTotal:\s+(\d+)/.exec(await Bun.file('/proc/meminfo').text())![1]) / 2 ** 20;
  // A panel that has just begun has not looked at the machine yet.
  let shown: RegExpExecArray | null = null;
  await until(async () => (shown = /\/ ([\d.]+) GB/.exec(await text('article.stat:has(h2:text("Memory"))'))));
  const total = Number(shown![1]);
  // With one digit behind the point, which says less of a small machine.
  expect(Math.abs(total - memory)).toBeLessThan(Math.max(0.06, memory * 0.02));
  // What cores do is known from the second look on.
  const cores = (await Bun.file('/proc/stat').text()).match(/^cpu\d/gm)!.length;
  await until(async () => (await page.locator('#core-list li').count()) === cores);
  const before = await figures();
  await until(async () => (await figures()) !== before);
  // The panel itself is among the processes that the page knows.
  await page.goto(`${home}/processes?q=mantou-linux`);
  await until(async () => (await page.locator('tbody tr').count()) > 0);
});

it('language and theme change at once and stay', async () => {
  const { page } = lin;
  await page.goto(home);
  await page.locator('form[action="/preferences"]:has([name=lang]) button').first().click();
  await until(async () => (await page.evaluate(() => document.documentElement.lang)) === 'zh-CN');
  await until(async () => (await text('nav.side')).includes('概览'));
  await page.locator('form[action="/preferences"]:has([name=lang]) button').first().click();
  await until(async () => (await page.evaluate(() => document.documentElement.lang)) === 'en');
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme ?? 'system');
  const seen = new Set([await theme()]);
  for (let i = 0; i < 2; i++) {
    await page.locator('form[action="/preferences"]:has([name=theme]) button').first().click();
    await until(async () => !seen.has(await theme()));
    seen.add(await theme());
  }
  expect([...seen].sort()).toEqual(['dark', 'light', 'system']);
  await until(async () => {
    await page.reload();
    return [...seen].at(-1) === (await theme());
  });
});

it('a second factor: scan, confirm, keep the recovery codes', async () => {
  const { page } = lin;
  await page.goto(`${home}/account/totp`);
  secret = (await text('#totp-key')).replaceAll(' ', '');
  await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await page.fill('form[action="/account/totp"] [name=current]', PASSWORD);
  await page.click('form[action="/account/totp"] [type=submit]');
  await until(async () => (await page.locator('#recovery-codes li').count()) === 10);
});

it('signing in needs the code, and a code works once', async () => {
  const { page } = lin;
  await signOut();
  await enterPassword();
  await page.waitForURL(/signin\/code/);
  // The code of the enrolment has been used: the next 30 s step is also accepted (RFC 6238, 5.2).
  await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + 30_000 }));
  await page.click('form[action^="/signin/code"] [type=submit]');
  await page.waitForURL(`${home}/`);
});

it('a passkey: made on the account page, then enough to sign in', async () => {
  const { page, context } = lin;
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${home}/account`);
  await page.fill('[data-passkey-make] [name=name]', 'laptop');
  await page.fill('[data-passkey-make] [name=current]', PASSWORD);
  await page.click('[data-passkey-make] [type=submit]');
  await until(async () => (await page.locator('#main').innerText()).includes('laptop'));
  await signOut();
  await page.click('[data-passkey-sign-in]');
  await page.waitForURL(`${home}/`);
});

const PAGES = [
  '/', '/?range=1h', '/?range=30d', '/processes', '/tasks', '/audit', '/users', '/users/new', '/account', '/account/totp', '/settings',
  '/about', '/api/docs', '/no-such-page',
];

for (const [look, options] of Object.entries({
  'light, English': {},
  'dark, Chinese': { colorScheme: 'dark', locale: 'zh-CN' },
  'a phone': { viewport: PHONE, isMobile: true, hasTouch: true },
} as const)) {
  it(`every page is accessible and fits: ${look}`, async () => {
    const state = await lin.context.storageState();
    // Preferences come from the browser here, as on a first visit.
    state.cookies = state.cookies.filter((cookie) => cookie.name.includes('session'));
    const { page, context, complaints } = await openPage(browser, { ...options, storageState: state });
    for (const path of PAGES) {
      await page.goto(home + path);
      await page.waitForSelector('#main');
      // Of the reference axe takes long: tasks.test.ts looks at a part of it.
      if (path !== '/api/docs') expect({ path, found: await findings(page) }).toEqual({ path, found: [] });
      expect({ path, overflow: await overflow(page) }).toEqual({ path, overflow: [] });
    }
    // The page that does not exist is one complaint, of the browser's own.
    expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
    await context.close();
  });
}

it('narrowest screen: nothing scrolls sideways at 360 px', async () => {
  const state = await lin.context.storageState();
  const { page, context } = await openPage(browser, { storageState: state, viewport: { width: 360, height: 740 }, isMobile: true });
  for (const path of PAGES) {
    await page.goto(home + path);
    expect({ path, overflow: await overflow(page) }).toEqual({ path, overflow: [] });
  }
  await context.close();
});

it('the first page is light and nothing on it jumps', async () => {
  const state = await lin.context.storageState();
  const { page, context } = await openPage(browser, { storageState: state });
  const cdp = await context.newCDPSession(page);
  await cdp.send('Network.enable');
  let bytes = 0;
  cdp.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  await page.addInitScript(() => {
    const shifts = { sum: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list: any) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) shifts.sum += entry.value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(home);
  await until(async () => (await page.locator('.uplot canvas').count()) > 0);
  await Bun.sleep(3000);
  const shift = await page.evaluate(() => window.shifts.sum as number);
  expect(bytes).toBeLessThan(150_000);
  expect(shift).toBeLessThan(0.02);
  await context.close();
});

it('the panel restarts from its own menu and the page comes back by itself', async () => {
  const { page } = lin;
  await page.goto(home);
  await page.evaluate(() => document.querySelector('dialog:has(form[action="/power/panel"])').showModal());
  await page.fill('form[action="/power/panel"] [name=confirm]', hostname());
  await page.click('form[action="/power/panel"] [type=submit]');
  await until(() => panel.console().split('ready:').length === 3);
  // Nobody touches the page: it finds its way back to a dashboard that moves.
  const moving = async () => {
    const before = await figures().catch(() => '');
    await Bun.sleep(1500);
    return before !== '' && (await figures().catch(() => before)) !== before;
  };
  await until(moving);
  expect(page.url()).toBe(`${home}/`);
});

it('signing out ends what the person had open within a second', async () => {
  const { page, context } = lin;
  await page.goto(home);
  const other = await context.newPage();
  await other.goto(`${home}/account`);
  await other.evaluate(() => document.querySelector('form[action="/signout"]').submit());
  await page.waitForURL(/\/signin/);
});

it('nobody complained: neither the browser nor the panel', () => {
  // During the restart the open stream breaks, which browsers put on the console.
  expect(lin.complaints.filter((line) => !/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|401/.test(line))).toEqual([]);
  expect(panel.errorLog()).toBe('');
});
