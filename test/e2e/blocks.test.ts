import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { addressText } from '../../src/lib/address.ts';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, PHONE, picture } from '../support/browser.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** On the made-up machine: nobody's kernel is told what a test of pages blocks. */
const it = needs('chromium', 'linux');
let browser: Browser;
let panel: RunningPanel;
let cookie = '';
let folder = '';

if (it.ok) {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mantou-e2e-blocks-'));
    const command = await executable();
    [browser, panel] = await Promise.all([launch(), runPanel([command], { args: ['--demo'] })]);
    cookie = await setUp(panel, 'lin', 'steamed bun 2026');
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
    if (!panel) return;
    expect(panel.errorLog()).toBe('');
    expect(await panel.stop()).toBe(0);
  });
}

async function open(path: string, options: Parameters<typeof openPage>[1] = {}) {
  const opened = await openPage(browser, { reducedMotion: 'reduce', ...options });
  await opened.context.addCookies(cookie.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: panel.url })));
  await opened.page.goto(panel.url + path);
  return opened;
}

const addresses = (page: Page) => page.locator('table.blocks tbody .mono').allTextContents();
const dialog = '#form-dialog';

it('an address is blocked after its command was shown, is found by what it lies in, and lifted', async () => {
  const { page, complaints, context } = await open('/firewall/blocks');
  await page.click('header a.primary');
  await page.waitForSelector(`${dialog}[open]`);
  await page.locator('#f-address').pressSequentially('198.18.200.7/24');
  await until(async () => (await page.textContent('#block-commands'))!.includes("nft add element inet mantou_blocks v4 '{ 198.18.200.0/24 }'"));
  await page.fill('#f-comment', 'asked for it');
  await page.selectOption('#f-lasts', '3600');
  await picture(page, 'block-new');
  await page.click(`${dialog} button[type=submit]`);
  await page.waitForSelector('.toast');
  await until(async () => (await addresses(page))[0] === '198.18.200.0/24');
  await page.keyboard.press('/');
  await page.keyboard.type('198.18.200.99');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=198/);
  expect(await addresses(page)).toEqual(['198.18.200.0/24']);
  await page.click('table.blocks tbody .acts a');
  await page.waitForSelector(`${dialog}[open]`);
  expect(await page.textContent('#block-commands')).toContain('nft delete element inet mantou_blocks v4');
  await page.click(`${dialog} button[type=submit]`);
  await until(async () => (await page.locator('#blocks .empty').count()) === 1);
  expect(complaints).toEqual([]);
  await context.close();
});

it('one’s own address and nonsense are refused in the dialog, with the reason', async () => {
  const { page, context } = await open('/firewall/blocks');
  await page.click('header a.primary');
  await page.waitForSelector(`${dialog}[open]`);
  for (const [address, words] of [['127.0.0.1', 'talks to itself'], ['0.0.0.0/0', 'whole part of the internet'], ['203.0.113.10', 'never blocked']] as const) {
    await page.fill('#f-address', address);
    await page.click(`${dialog} button[type=submit]`);
    await until(async () => (await page.locator('#f-address-error').textContent())?.includes(words));
  }
  await context.close();
});

it('ten thousand are brought in from a file, after what is wrong with it was shown; one of them is found and lifted', async () => {
  const file = join(folder, 'list.txt');
  const good = Array.from({ length: 10_000 }, (_, i) => addressText(4, 0x0b000000n + BigInt(i * 7)));
  writeFileSync(file, `# captured\n${good.join('\n')}\n10.0.0.1\nnonsense\n${good[0]}\n`);
  const { page, complaints, context } = await open('/firewall/blocks');
  await page.click('header a[href="/firewall/blocks/import"]');
  await page.fill('#f-name', 'Ten thousand');
  await page.setInputFiles('#f-file', file);
  await page.click('button[value=check]');
  await page.waitForSelector('#preview');
  expect(await page.textContent('#preview .section-head p')).toBe('10,000 new, 0 known, 1 said twice, and 2 refused'.replace(', and ', ', '));
  expect(await page.locator('#preview tbody tr').allTextContents()).toEqual(['1000210.0.0.1private networks are not taken from a list. Block them one by one.', '10003nonsenseno address, network or range.']);
  await picture(page, 'block-import');
  await page.click('button[value=import]');
  await page.waitForURL(/list=/);
  expect(await page.textContent('.facts')).toContain('10,000 entries');
  await page.goto(`${panel.url}/firewall/blocks?q=${good[4321]}`);
  expect(await addresses(page)).toEqual([good[4321]!]);
  await page.click('table.blocks tbody .acts a');
  await page.click(`${dialog} button[type=submit]`);
  await until(async () => (await page.locator('#blocks .empty').count()) === 1);
  await page.goto(`${panel.url}/firewall/blocks`);
  expect(await page.locator('#lists tbody tr', { hasText: 'Ten thousand' }).locator('.num').textContent()).toBe('9,999');
  expect(complaints).toEqual([]);
  await context.close();
});

it('without JavaScript the same works', async () => {
  const { page, context } = await open('/firewall/blocks/new', { javaScriptEnabled: false });
  await page.fill('#f-address', '198.18.201.1');
  await page.click('#dialog-form button[type=submit]');
  await page.waitForURL(/\/firewall\/blocks$/);
  expect((await addresses(page))[0]).toBe('198.18.201.1');
  await context.close();
});

it('the guard: who is banned and why, lifted; what it does is changed', async () => {
  const { page, complaints, context } = await open('/firewall/guard');
  const [lifted] = await addresses(page);
  expect(lifted).toBeDefined();
  await page.click('table.blocks tbody .lead a');
  await page.waitForURL(/bans\/\d+/);
  expect(await page.textContent('#seen pre')).toContain('Failed password for');
  await page.click('header .btns a');
  await page.waitForSelector(`${dialog}[open]`);
  await picture(page, 'guard-lift');
  await page.click(`${dialog} button[type=submit]`);
  await page.waitForURL(/\/firewall\/guard$/);
  // Others may have ended by themselves meanwhile.
  expect(await addresses(page)).not.toContain(lifted);
  await page.fill('#f-steps', 'soon');
  await page.click('#settings button[type=submit]');
  await page.waitForSelector('#f-steps-error');
  await page.fill('#f-steps', '5m 2h');
  await page.click('#settings button[type=submit]');
  await page.waitForURL(/done=saved/);
  expect(await page.textContent('#settings .banner')).toContain('The guard is changed.');
  await until(async () => (await page.inputValue('#f-steps')) === '5m 2h');
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
});

it('both languages, both looks, phone and desktop: nothing to find for whoever cannot see, and nothing sticks out', async () => {
  for (const [path, name] of [['/firewall/blocks', 'blocks'], ['/firewall/guard', 'guard'], ['/firewall/blocks/import', 'blocks-import']] as const) {
    for (const [viewport, locale, colorScheme] of [[{ width: 1440, height: 900 }, 'zh-CN', 'dark'], [PHONE, 'en-US', 'light'], [PHONE, 'zh-CN', 'dark']] as const) {
      const { page, complaints, context } = await open(path, { viewport, locale, colorScheme });
      expect([path, locale, await findings(page), await overflow(page)]).toEqual([path, locale, [], []]);
      if (viewport === PHONE) await picture(page, `${name}-phone`);
      expect(complaints).toEqual([]);
      await context.close();
    }
  }
});
