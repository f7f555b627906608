/**
 * The doors, in real Chromium: without JavaScript, from a link on another site, over TLS with HTTP/2, and the pages
 * that only a form leads to, looked at by axe in both themes and on a phone.
 */
import { afterAll, beforeAll, expect } from 'bun:test';
import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, PHONE } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { runPanel, type RunningPanel } from '../support/panel.ts';

const it = needs('chromium', 'linux');
const COMMAND = [process.execPath, 'src/main.ts'];
const PASSWORD = 'bamboo steamer on the hill';

let browser: Browser;
let panel: RunningPanel;
let home: string;

if (it.ok) {
  beforeAll(async () => {
    panel = await runPanel(COMMAND);
    home = panel.url.replace('127.0.0.1', 'localhost');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    expect(panel?.errorLog()).toBe('');
    await panel?.stop();
  });
}

/** A refused form is drawn again with 422, which Chromium writes to its console; anything else is a complaint. */
const unexpected = (complaints: string[]) => complaints.filter((line) => !/status of (401|422|429)/.test(line));

async function enter(page: Page, name = 'lin', password = PASSWORD) {
  await page.fill('[name=name]', name);
  await page.fill('[name=password]', password);
  await page.click('form.login-form [type=submit]');
}

/** axe in both themes, and no sideways scroll on a phone. */
async function inspect(page: Page, what: string) {
  // After a form, its answer may not be whole yet.
  await page.waitForLoadState();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    expect([what, colorScheme, await findings(page)]).toEqual([what, colorScheme, []]);
  }
  const size = page.viewportSize()!;
  for (const width of [360, PHONE.width, 768]) {
    await page.setViewportSize({ width, height: 800 });
    expect([what, width, await overflow(page)]).toEqual([what, width, []]);
  }
  await page.setViewportSize(size);
}

it('the link of the console, pasted into a tab that already shows the set-up', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(home);
  expect(await page.isVisible('[name=token]')).toBe(true);
  // Only the part after # changes, so the browser loads nothing.
  await page.goto(`${home}/setup#${panel.setupUrl!.split('#')[1]}`);
  await page.waitForSelector('[name=token]', { state: 'hidden' });
  expect(await page.inputValue('[name=token]')).toBe(panel.setupUrl!.split('#')[1]!);
  expect(new URL(page.url()).hash).toBe('');
  expect(complaints).toEqual([]);
  await context.close();
});

it('set-up without JavaScript: the token is pasted', async () => {
  const { page, context } = await openPage(browser, { javaScriptEnabled: false });
  await page.goto(`${home}/account`);
  expect(page.url()).toBe(`${home}/setup`);
  await page.fill('[name=token]', panel.setupUrl!.split('#')[1]!);
  await page.fill('[name=name]', 'lin');
  await page.fill('[name=password]', PASSWORD);
  await page.fill('[name=password2]', 'something else');
  await page.click('form.login-form [type=submit]');
  expect(await page.locator('.form-errors').innerText()).toContain('The two passwords differ');
  expect(await page.inputValue('[name=name]')).toBe('lin');
  await page.fill('[name=password]', PASSWORD);
  await page.fill('[name=password2]', PASSWORD);
  await page.click('form.login-form [type=submit]');
  await page.waitForURL(`${home}/`);
  await page.goto(`${home}/account`);
  await page.click('.side-foot .who');
  await page.click('#account-menu form[action="/signout"] button');
  await page.waitForURL(`${home}/signin`);
  await enter(page);
  await page.waitForURL(`${home}/`);
  await context.close();
});

it('a link on another site finds who is signed in, in spite of SameSite=Strict', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(`${home}/signin`);
  await enter(page);
  await page.waitForURL(`${home}/`);
  const other = Bun.serve({
    port: 0, hostname: '127.0.0.1',
    fetch: () => new Response(`<link rel="icon" href="data:,"><a href="${home}/users?q=1">users</a>`, { headers: { 'content-type': 'text/html' } }),
  });
  await page.goto(`http://127.0.0.1:${other.port}/`);
  await page.click('a');
  await page.waitForURL(`${home}/users?q=1`);
  expect(await page.locator('h1').innerText()).toBe('Users');
  other.stop(true);
  expect(unexpected(complaints)).toEqual([]);
  await context.close();
});

it('on a bare address passkeys say what is missing and where to go', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(`${panel.url}/signin`);
  await enter(page);
  await page.waitForURL(`${panel.url}/`);
  await page.goto(`${panel.url}/account`);
  expect(await page.locator('#passkeys').innerText()).toContain('only for host names');
  expect(await page.locator('#passkeys a').getAttribute('href')).toBe(`${home}/account#passkeys`);
  expect(complaints).toEqual([]);
  await context.close();
});

it('a passkey that is cancelled leaves a sentence, not a broken button', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(`${home}/signin?next=/account`);
  await enter(page);
  await page.waitForURL(`${home}/account`);
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: false, automaticPresenceSimulation: true },
  });
  await page.fill('#f-passkey-name', 'MacBook');
  await page.fill('#f-passkey-current', 'wrong');
  await page.click('[data-passkey-make] [type=submit]');
  await page.waitForSelector('#f-passkey-current[aria-invalid=true]:focus');
  expect(await page.locator('#passkeys [data-passkey-error]').innerText()).toContain('not your current password');
  await inspect(page, 'passkey, wrong password');
  await page.fill('#f-passkey-current', PASSWORD);
  await page.click('[data-passkey-make] [type=submit]');
  // The mark of the wrong password is gone; the authenticator was asked and said no.
  await page.waitForSelector('#passkeys [data-passkey-error]:not([hidden])');
  await page.waitForSelector('#f-passkey-current:not([aria-invalid])');
  expect(await page.locator('#passkeys [data-passkey-error]').innerText()).toContain('The browser created no passkey');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.click('[data-passkey-make] [type=submit]');
  await page.waitForURL(/done=passkey/);
  await page.click('#passkeys button:text("Rename")');
  await page.fill('dialog[open] [name=name]', '<b>钥匙</b>');
  await page.click('dialog[open] [type=submit]');
  await page.waitForSelector('#passkeys b:text("<b>钥匙</b>")');
  await inspect(page, 'account');
  expect(unexpected(complaints)).toEqual([]);
  await context.close();
});

it('the pages that only a form leads to are as good as the others', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(`${home}/signin`);
  await enter(page, 'lin', 'wrong');
  await inspect(page, 'sign-in, refused');
  await enter(page);
  await page.waitForURL(`${home}/`);
  await page.goto(`${home}/account/totp`);
  await inspect(page, 'second factor, offered');
  const secret = (await page.locator('#totp-key').innerText()).replace(/\s/g, '');
  await page.fill('[name=code]', '000000');
  await page.fill('#f-current', PASSWORD);
  await page.click('.form [type=submit]');
  await inspect(page, 'second factor, wrong code');
  expect((await page.locator('#totp-key').innerText()).replace(/\s/g, '')).toBe(secret);
  await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await page.fill('#f-current', 'wrong');
  await page.click('.form [type=submit]');
  await inspect(page, 'second factor, wrong password');
  await page.fill('[name=code]', new TOTP({ secret: Secret.fromBase32(secret) }).generate());
  await page.fill('#f-current', PASSWORD);
  await page.click('.form [type=submit]');
  await page.waitForSelector('#recovery-codes');
  const codes = await page.locator('#recovery-codes code').allInnerTexts();
  await inspect(page, 'recovery codes');
  await page.goto(`${home}/account/totp`);
  await inspect(page, 'second factor, on');
  await page.goto(`${home}/account`);
  await page.fill('#f-tokens-name', 'Grafana');
  await page.fill('#f-tokens-current', 'wrong');
  await page.click('#tokens .form-row [type=submit]');
  await page.waitForSelector('#f-tokens-current[aria-invalid=true]');
  expect(await page.inputValue('#f-tokens-name')).toBe('Grafana');
  await inspect(page, 'account, wrong password for a token');
  await page.fill('#f-tokens-current', PASSWORD);
  await page.click('#tokens .form-row [type=submit]');
  await page.waitForSelector('#token-made');
  await inspect(page, 'account with a new token');
  await page.goto(`${home}/users/new`);
  await page.fill('[name=name]', '名字'.repeat(32));
  await page.click('.form [type=submit]');
  await page.waitForSelector('#generated-password');
  await inspect(page, 'generated password');
  await page.click('main a.btn.primary');
  await inspect(page, 'user with a long name');
  await page.click('button:text("Delete user")');
  await inspect(page, 'typed confirmation');
  await page.goto(`${home}/users`);
  await inspect(page, 'users');
  await context.clearCookies();
  await page.goto(`${home}/signin`);
  await enter(page);
  await page.waitForURL(`${home}/signin/code`);
  await inspect(page, 'code');
  await page.click('text=Use a recovery code');
  await page.fill('[name=code]', codes[0]!);
  await page.click('form.login-form [type=submit]');
  await page.waitForURL(`${home}/`);
  expect(unexpected(complaints)).toEqual([]);
  await context.close();
});

it('S7 S10 over TLS and HTTP/2 the cookies are Secure and bound to the host, and forms work', async () => {
  const secure = await runPanel(COMMAND, { args: ['--tls'] });
  const { page, context, complaints } = await openPage(browser, { ignoreHTTPSErrors: true });
  const at = secure.url.replace('127.0.0.1', 'localhost');
  expect(at).toStartWith('https://');
  await page.goto(secure.setupUrl!.replace('127.0.0.1', 'localhost'));
  expect(await page.locator('.login-foot').innerText()).toContain('Certificate fingerprint');
  await inspect(page, 'set-up');
  await page.fill('[name=name]', 'lin');
  await page.fill('[name=password]', PASSWORD);
  await page.fill('[name=password2]', PASSWORD);
  await page.click('form.login-form [type=submit]');
  await page.waitForURL(`${at}/`);
  const cookies = (await context.cookies()).filter((cookie) => cookie.name.includes('mantou'));
  expect(cookies.map(({ name, secure, httpOnly, sameSite, path }) => ({ name, secure, httpOnly, sameSite, path })).toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: '__Host-mantou_device', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
    { name: '__Host-mantou_session', secure: true, httpOnly: true, sameSite: 'Strict', path: '/' },
  ]);
  const protocol = await page.evaluate<string>(`performance.getEntriesByType('navigation')[0].nextHopProtocol`);
  expect(protocol).toBe('h2');
  expect(unexpected(complaints)).toEqual([]);
  await context.close();
  expect(secure.errorLog()).toBe('');
  await secure.stop();
});
