import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, PHONE, picture } from '../support/browser.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';

/** The registry of the made-up machine, in a browser; that of a Windows is asked in test/real/wine-registry.test.ts. */
const it = needs('chromium', 'linux');
let browser: Browser;
let panel: RunningPanel;
let cookie = '';
let dataDir = '';

if (it.ok) {
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'mantou-e2e-registry-'));
    panel = await runPanel([await executable()], { dataDir, args: ['--demo'] });
    cookie = await setUp(panel, 'lin', 'steamed bun 2026');
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    expect(await panel?.stop()).toBe(0);
    expect(panel?.errorLog()).toBe('');
    rmSync(dataDir, { recursive: true, force: true });
  });
}

async function open(path: string, options: Parameters<typeof openPage>[1] = {}) {
  const opened = await openPage(browser, { baseURL: panel.url, ...options });
  const [name = '', value = ''] = cookie.split(';')[0]!.split('=');
  await opened.context.addCookies([{ name, value, url: panel.url }]);
  await opened.page.goto(path);
  return opened;
}

const at = (key: string) => `/registry?key=${encodeURIComponent(key)}`;
const ORDERS = at('HKLM\\SOFTWARE\\商店\\订单');

it('the tree unfolds a key by what its page says, and leads to it', async () => {
  const { page, complaints } = await open('/registry');
  const machine = page.locator('.reg-tree > li', { hasText: 'HKEY_LOCAL_MACHINE' });
  await machine.locator('summary').first().click();
  const software = machine.locator('li', { hasText: 'SOFTWARE' }).first();
  await software.waitFor();
  await software.locator('summary').first().click();
  await software.getByRole('link', { name: 'OpenSSH' }).click();
  await page.waitForSelector('h2:has-text("OpenSSH")');
  expect(await page.locator('.reg-values').innerText()).toContain('DefaultShell');
  expect(await page.locator('.reg-tree [aria-current]').innerText()).toContain('OpenSSH');
  expect(complaints).toEqual([]);
});

it('a value is changed in a dialog, what does not fit is said there, and the change is undone', async () => {
  const { page, complaints } = await open(ORDERS);
  await page.getByRole('link', { name: 'MaxConnections' }).click();
  const dialog = page.locator('#form-dialog[open]');
  await dialog.getByLabel('Value', { exact: true }).fill('4294967296');
  await dialog.getByRole('button', { name: 'Save value' }).click();
  await dialog.getByText('A number from 0 to 4294967295').last().waitFor();
  await dialog.getByLabel('Value', { exact: true }).fill('0x20');
  await picture(page, 'registry-edit');
  await dialog.getByRole('button', { name: 'Save value' }).click();
  await page.locator('.reg-values', { hasText: '0x00000020 (32)' }).waitFor();
  expect(await page.locator('dialog[open]').count()).toBe(0);
  await page.goto('/registry/changes');
  await page.getByRole('link', { name: 'Undo…' }).first().click();
  await page.locator('ins', { hasText: '0x000000c8 (200)' }).waitFor();
  expect(await page.locator('del').innerText()).toContain('(32)');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForURL('**/registry/changes');
  await page.goto(ORDERS);
  expect(await page.locator('.reg-values').innerText()).toContain('(200)');
  // The refused number is answered with 422, which the browser writes down.
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
});

it('what was unfolded stays unfolded when the page is drawn anew, and what was folded again unfolds', async () => {
  const CONTROL = 'HKLM\\SYSTEM\\CurrentControlSet\\Control';
  const { page, complaints } = await open(at(CONTROL));
  const key = (path: string) => page.locator(`.reg-tree li:has(> a[title="${path.replaceAll('\\', '\\\\')}"])`);
  const fold = (path: string) => key(path).locator('> details > summary').click();
  await fold('HKCU');
  await key('HKCU\\Environment').waitFor();
  await fold(`${CONTROL}\\Terminal Server`);
  await fold(`${CONTROL}\\Terminal Server\\WinStations`);
  await key(`${CONTROL}\\Terminal Server\\WinStations\\RDP-Tcp`).waitFor();
  await fold(`${CONTROL}\\ComputerName`);
  await key(`${CONTROL}\\ComputerName\\ComputerName`).waitFor();
  await fold(`${CONTROL}\\ComputerName`);

  await page.getByLabel('Actions for Control', { exact: true }).click();
  await page.locator('.menu:popover-open').getByText('New key').click();
  await page.locator('#form-dialog[open] input[name=name]').fill('Fresh');
  await page.locator('#form-dialog button[type=submit]').click();
  await key(`${CONTROL}\\Fresh`).waitFor();
  expect(await key('HKCU\\Environment').isVisible()).toBe(true);
  expect(await key(`${CONTROL}\\Terminal Server\\WinStations\\RDP-Tcp`).isVisible()).toBe(true);
  expect(await key(`${CONTROL}\\ComputerName\\ComputerName`).isVisible()).toBe(false);
  for (const [path, within] of [['ComputerName', 'ComputerName'], ['Session Manager', 'Environment']]) {
    await fold(`${CONTROL}\\${path}`);
    await key(`${CONTROL}\\${path}\\${within}`).waitFor();
  }
  expect(complaints).toEqual([]);
});

it('a pasted file is shown as what it changes before it does, without JavaScript as well', async () => {
  const { page } = await open('/registry/import', { javaScriptEnabled: false });
  await page.locator('textarea[name=text]').fill('Windows Registry Editor Version 5.00\n\n[HKLM\\SOFTWARE\\Fresh]\n"a"="b"\n\n[-HKLM\\SOFTWARE\\OpenSSH]\n');
  await page.getByRole('button', { name: 'Show changes' }).click();
  const plan = await page.locator('.reg-plan').innerText();
  for (const text of ['New key', 'HKLM\\SOFTWARE\\Fresh', 'Key goes', 'with 0 keys and 1 values in it']) expect(plan).toContain(text);
  await page.getByRole('button', { name: 'Import' }).click();
  await page.waitForURL('**/registry/changes');
  await page.goto(at('HKLM\\SOFTWARE\\OpenSSH'));
  expect(await page.locator('main').innerText()).toContain('There is no key');
  await page.goto('/registry/changes');
  await page.getByRole('link', { name: 'Undo…' }).first().click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.goto(at('HKLM\\SOFTWARE\\OpenSSH'));
  expect(await page.locator('.reg-values').innerText()).toContain('DefaultShell');
});

it('nothing is in the way of people who hear, magnify or read Chinese', async () => {
  for (const [path, options] of [[ORDERS, {}], [at('HKLM\\SAM'), { viewport: PHONE, locale: 'zh-CN', colorScheme: 'dark' }], ['/registry/changes', { viewport: PHONE }], ['/registry/import', { locale: 'zh-CN' }], [`/registry/search?key=HKLM&q=port&values=on&names=on`, { viewport: PHONE }]] as const) {
    const { page, context, complaints } = await open(path, options);
    expect(await findings(page), path).toEqual([]);
    expect(await overflow(page), path).toEqual([]);
    await picture(page, `registry-${path.replace(/\W+/g, '-').slice(0, 40)}`);
    expect(complaints).toEqual([]);
    await context.close();
  }
});
