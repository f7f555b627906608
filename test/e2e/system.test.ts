import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { FakeAccounts } from '../../src/platform/fake/accounts.ts';
import type { FakePackages } from '../../src/platform/fake/packages.ts';
import { testApp, type Browser as Person, type TestApp } from '../support/app.ts';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, picture, PHONE } from '../support/browser.ts';
import { live } from '../support/live.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The machine's own pages in a browser, over the machine that does not exist. */
const it = needs('chromium');
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x mei@phone';
let browser: Browser;
let panel: TestApp;
let served: ReturnType<typeof live>;
let admin: Person;

if (it.ok) {
  beforeAll(async () => {
    browser = await launch();
    panel = testApp();
    served = live(panel);
    admin = panel.as('admin', 'lin');
  });
  afterAll(async () => {
    await browser.close();
    await served.stop();
    expect(panel.errors).toEqual([]);
    await panel.close();
  });
}

async function open(path: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, { reducedMotion: 'reduce', ...options });
  await opened.context.addCookies([{ name: 'mantou_session', value: admin.token, url: served.origin }]);
  await opened.page.goto(served.origin + path);
  return opened;
}

it('the name is changed in a dialog: a bad one is said there, the file is shown before it is written, the page shows it after', async () => {
  const { context, page, complaints } = await open('/system');
  await page.click('a[href="/system/hostname"]');
  await page.fill('#docker-dialog #f-name', '-bad-');
  await page.click('#docker-dialog button[type=submit]');
  await page.locator('#docker-dialog #f-name-error').waitFor();
  await page.fill('#docker-dialog #f-name', 'bamboo');
  await page.click('#docker-dialog button[type=submit]');
  expect(await page.locator('#docker-dialog .diff .ln[data-op="+"]').allTextContents()).toEqual([expect.stringContaining('bamboo.example.com')]);
  expect(await page.locator('#docker-dialog .snippet').textContent()).toBe('hostnamectl --static set-hostname -- bamboo');
  await picture(page, 'system-review');
  await page.click('#docker-dialog button[type=submit]');
  await until(async () => (await page.locator('#identity').textContent())?.includes('bamboo'));
  expect(await page.locator('#docker-dialog').isVisible()).toBe(false);
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
}, 60_000);

it('chosen updates run as a task whose log is followed; an account is made, given a key, locked and deleted by its name', async () => {
  const { context, page, complaints } = await open('/system/packages');
  expect(await page.locator('text=Install chosen').isVisible()).toBe(false);
  await page.check('input[value="nginx"]');
  await page.check('input[value="tzdata"]');
  await page.click('text=Install chosen');
  await page.locator('#docker-dialog .snippet').waitFor();
  await page.click('#docker-dialog button[type=submit]');
  await page.waitForURL('**/tasks/*');
  await until(async () => (await page.locator('main').textContent())?.includes('Setting up tzdata'));
  expect((panel.app.host.packages as FakePackages).ran.at(-1)).toContain('--only-upgrade install nginx tzdata');

  await page.goto(`${served.origin}/system/accounts`);
  await page.click('a[href="/system/new-account"]');
  await page.fill('#docker-dialog #f-name', 'mei');
  await page.fill('#docker-dialog #f-key', KEY);
  await page.click('#docker-dialog button[type=submit]');
  await page.locator('#docker-dialog .diff').waitFor();
  await page.click('#docker-dialog button[type=submit]');
  await page.click('a[href="/system/accounts/mei"]');
  await page.locator('text=mei@phone').waitFor();
  await page.click('[popovertarget="host-account-menu"]');
  await page.click('a[href="/system/accounts/mei/lock"]');
  await page.click('#docker-dialog button[type=submit]');
  await until(async () => (await page.locator('#about').textContent())?.includes('Locked'));
  await page.goto(`${served.origin}/system/accounts/mei/remove`);
  await page.fill('#f-confirm', 'mei');
  await page.click('button[type=submit] >> text=Show what will be done');
  await page.click('button.danger[type=submit]');
  await page.waitForURL('**/system/accounts');
  expect((panel.app.host.accounts as FakeAccounts).ran.at(-1)).toBe('userdel -- mei');
  expect(complaints).toEqual([]);
  await context.close();
}, 60_000);

it('without JavaScript the same forms are pages', async () => {
  const { context, page } = await open('/system/power', { javaScriptEnabled: false });
  await page.click('a[href="/system/power/schedule"]');
  await page.fill('#f-when', '+45');
  await page.click('button[type=submit] >> text=Show what will be done');
  await page.click('button[type=submit] >> text=Plan it');
  await page.waitForURL('**/system/power');
  expect(await page.locator('main').textContent()).toContain('Restarts at');
  await page.click('a[href="/system/power/cancel"]');
  await page.click('button[type=submit] >> text=Cancel it');
  await page.waitForURL('**/system/power');
  expect(await page.locator('main').textContent()).toContain('Nothing is planned');
  await context.close();
}, 60_000);

const PAGES = ['/system', '/system/packages', '/system/accounts', '/system/accounts/lin', '/system/network', '/system/swap', '/system/power'];
for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark', locale: 'zh-CN' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: ${name}`, async () => {
    const { context, page, complaints } = await open('/system', options);
    for (const path of PAGES) {
      await page.goto(served.origin + path);
      expect([path, await findings(page)]).toEqual([path, []]);
      expect([path, await overflow(page)]).toEqual([path, []]);
      await picture(page, `system-${name}${path.replaceAll('/', '-')}`);
    }
    await page.goto(`${served.origin}/system/swap/remove?path=/swapfile`);
    expect([await findings(page), await overflow(page)]).toEqual([[], []]);
    expect(complaints).toEqual([]);
    await context.close();
  }, 90_000);
}
