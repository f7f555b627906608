import { expect } from 'bun:test';
import type { BrowserContextOptions } from 'playwright-core';
import type { FakeAccounts } from '../../src/platform/fake/accounts.ts';
import type { FakePackages } from '../../src/platform/fake/packages.ts';
import { findings, overflow } from '../support/axe.ts';
import { picture, PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The machine's own pages in a browser, over the machine that does not exist. */
const it = needs('chromium');
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x mei@phone';
const e2e = livePanel(it);
const { open } = e2e;

it('the name is changed in a dialog: a bad one is said there, the file is shown before it is written, the page shows it after', async () => {
  const { context, page, complaints } = await open('/system');
  await page.click('a[href="/system/hostname"]');
  await page.fill('#form-dialog #f-name', '-bad-');
  await page.click('#form-dialog button[type=submit]');
  await page.locator('#form-dialog #f-name-error').waitFor();
  await page.fill('#form-dialog #f-name', 'bamboo');
  await page.click('#form-dialog button[type=submit]');
  await page.locator('#form-dialog .diff').waitFor();
  expect(await page.locator('#form-dialog .diff .ln[data-op="+"]').allTextContents()).toEqual([expect.stringContaining('bamboo.example.com')]);
  expect(await page.locator('#form-dialog .snippet').textContent()).toBe('hostnamectl --static set-hostname -- bamboo');
  await picture(page, 'system-review');
  await page.click('#form-dialog button[type=submit]');
  await until(async () => (await page.locator('#identity').textContent())?.includes('bamboo'));
  expect(await page.locator('#form-dialog').isVisible()).toBe(false);
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
});

it('what is ticked stays ticked when many updates come before it', async () => {
  const { context, page, complaints } = await open('/system/packages');
  await page.check('input[value="linux-image-amd64"]');
  const packages = e2e.panel.app.host.packages as FakePackages;
  const { list } = packages;
  packages.list = async () => {
    const found = await list();
    const one = found.updates.find(({ name }) => name === 'linux-image-amd64')!;
    return { ...found, updates: [...Array.from({ length: 15 }, (_, i) => ({ ...one, name: `aaa-${i}` })), ...found.updates] };
  };
  await page.getByRole('link', { name: 'Hold base-files' }).click();
  await page.click('#form-dialog button[type=submit]');
  await page.locator('input[value="aaa-14"]').waitFor();
  packages.list = list;
  expect(await page.locator('.pick input[name=names]:checked').evaluateAll((boxes) => boxes.map((box) => (box as unknown as { value: string }).value))).toEqual(['linux-image-amd64']);
  expect(complaints).toEqual([]);
  await context.close();
});

it('chosen updates run as a task whose log is followed; an account is made, given a key, locked and deleted by its name', async () => {
  const { context, page, complaints } = await open('/system/packages');
  expect(await page.locator('text=Install chosen').isVisible()).toBe(false);
  await page.check('input[value="nginx"]');
  await page.check('input[value="tzdata"]');
  await page.click('text=Install chosen');
  await page.locator('#form-dialog .snippet').waitFor();
  await page.click('#form-dialog button[type=submit]');
  await page.waitForURL('**/tasks/*');
  await until(async () => (await page.locator('main').textContent())?.includes('Setting up tzdata'));
  expect((e2e.panel.app.host.packages as FakePackages).ran.at(-1)).toContain('--only-upgrade install nginx tzdata');

  await page.goto(`${e2e.origin}/system/accounts`);
  await page.click('a[href="/system/new-account"]');
  await page.fill('#form-dialog #f-name', 'mei');
  await page.fill('#form-dialog #f-key', KEY);
  await page.click('#form-dialog button[type=submit]');
  await page.locator('#form-dialog .diff').waitFor();
  await page.click('#form-dialog button[type=submit]');
  await page.click('a[href="/system/accounts/mei"]');
  // With its scripts, by which forms open in a dialog.
  await page.waitForURL('**/system/accounts/mei');
  await page.locator('text=mei@phone').waitFor();
  await page.click('[popovertarget="host-account-menu"]');
  await page.click('a[href="/system/accounts/mei/lock"]');
  await page.click('#form-dialog button[type=submit]');
  await until(async () => (await page.locator('#about').textContent())?.includes('Locked'));
  await page.goto(`${e2e.origin}/system/accounts/mei/remove`);
  await page.fill('#f-confirm', 'mei');
  await page.click('button[type=submit] >> text=Show what will be done');
  await page.click('button.danger[type=submit]');
  await page.waitForURL('**/system/accounts');
  expect((e2e.panel.app.host.accounts as FakeAccounts).ran.at(-1)).toBe('userdel -- mei');
  expect(complaints).toEqual([]);
  await context.close();
});

it('a scheduled task is found while its name is typed', async () => {
  const { context, page, complaints } = await open('/scheduled-tasks');
  await page.fill('[data-narrow] [data-filter]', 'defrag');
  await until(async () => (await page.locator('#scheduled-tasks tbody').textContent())?.includes('ScheduledDefrag'));
  expect(complaints).toEqual([]);
  await context.close();
});

it('an optional feature is found while its name is typed, turned on in a dialog as a task, and off by its name', async () => {
  const { context, page, complaints } = await open('/optional-features');
  await page.fill('[data-narrow] [data-filter]', 'telnet');
  await until(async () => (await page.locator('#optional-features tbody tr').count()) === 1);
  await page.click('a[href="/optional-features/optional/TelnetClient"]');
  await page.waitForURL('**/optional/TelnetClient');
  await page.click('a[href="/optional-features/optional/TelnetClient/enable"]');
  await page.locator('#form-dialog .snippet').waitFor();
  await page.click('#form-dialog button[type=submit]');
  await page.waitForURL('**/tasks/*');
  await until(async () => (await page.locator('main').textContent())?.includes('RestartNeeded: False'));
  await page.goto(`${e2e.origin}/optional-features/optional/TelnetClient`);
  await page.click('a[href="/optional-features/optional/TelnetClient/disable"]');
  await page.fill('#form-dialog #f-confirm', 'TelnetClient');
  await page.click('#form-dialog button[type=submit]');
  await page.locator('#form-dialog .snippet').waitFor();
  await page.click('#form-dialog button.danger[type=submit]');
  await page.waitForURL('**/tasks/*');
  expect(complaints).toEqual([]);
  await context.close();
});

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
});

const PAGES = ['/system', '/system/packages', '/system/accounts', '/system/accounts/lin', '/system/network', '/system/swap', '/system/power', '/optional-features', '/optional-features?list=server', '/optional-features/optional/NetFx4', '/optional-features/optional/SMB1Protocol/enable'];
for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark', locale: 'zh-CN' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: ${name}`, async () => {
    const { context, page, complaints } = await open('/system', options);
    for (const path of PAGES) {
      await page.goto(e2e.origin + path);
      expect([path, await findings(page)]).toEqual([path, []]);
      expect([path, await overflow(page)]).toEqual([path, []]);
      await picture(page, `system-${name}${path.replaceAll(/[/?]/g, '-')}`);
    }
    await page.goto(`${e2e.origin}/system/swap/remove?path=/swapfile`);
    expect([await findings(page), await overflow(page)]).toEqual([[], []]);
    expect(complaints).toEqual([]);
    await context.close();
  });
}
