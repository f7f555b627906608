import { afterAll, beforeAll, expect } from 'bun:test';
import { readFileSync } from 'node:fs';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, launch, openPage, picture, type Watched } from '../support/browser.ts';
import { ROTATE_AUTH_LOG, startHostPanel, type HostPanel } from '../support/host-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';


const it = needs('chromium', 'linux', 'root', 'docker', 'debootstrap');
let panel: HostPanel;
let browser: Browser;

if (it.ok) {
  beforeAll(async () => {
    [panel, browser] = await Promise.all([startHostPanel('ufw', { relay: true }), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    if (!panel) return;
    const said = await panel.errorLog();
    await panel.host.stop();
    expect(said).toBe('');
  });
}

async function open(path: string, options: BrowserContextOptions & { lang?: string } = {}): Promise<Watched> {
  const { lang, ...more } = options;
  const opened = await openPage(browser, { reducedMotion: 'reduce', ignoreHTTPSErrors: true, ...more });
  const [name, value] = [panel.cookie.slice(0, panel.cookie.indexOf('=')), panel.cookie.slice(panel.cookie.indexOf('=') + 1)];
  await opened.context.addCookies([{ name, value, url: panel.url, secure: true }, ...(lang ? [{ name: 'mantou_lang', value: lang, url: panel.url }] : [])]);
  await opened.page.goto(panel.url + path);
  return opened;
}

const rows = (page: Page) => page.locator('#host-log li');
const last = (page: Page) => rows(page).last().locator('span').textContent();
const logger = (...words: string[]) => panel.host.run('logger', ...words);

it('a journal is followed live, filtered by priority and text, and an entry opens with all its fields', async () => {
  await logger('-t', 'steam', 'before the page');
  await until(async () => (await panel.api<{ items: unknown[] }>('/logs/entries?identifier=steam')).items.length === 1);
  const { page, complaints, context } = await open('/logs?identifier=steam');
  expect(await last(page)).toBe('before the page');
  await page.waitForSelector('#host-log[data-live]');
  await logger('-t', 'steam', '-p', 'user.err', 'the lid is <b>off</b>');
  await page.waitForSelector('#host-log li[data-level="err"]');
  expect(await last(page)).toBe('the lid is <b>off</b>');
  await logger('-t', 'steam', '-p', 'user.info', 'the lid is on');
  await until(async () => (await last(page)) === 'the lid is on');

  await page.selectOption('#log-choices [name=priority]', 'err');
  await page.fill('#log-choices [name=q]', 'LID');
  await page.click('#log-choices button[type=submit]');
  await until(() => page.url().includes('priority=err'));
  expect(page.url()).not.toContain('since');
  await page.waitForSelector('#host-log[data-live]');
  expect(await rows(page).count()).toBe(1);

  await rows(page).first().locator('span').click();
  await page.waitForSelector('#log-drawer[open] #log-entry');
  expect(await page.locator('#log-drawer').textContent()).toContain('SYSLOG_IDENTIFIER');
  await picture(page, 'log-entry');
  await page.keyboard.press('Escape');
  await until(async () => !(await page.locator('#log-drawer').isVisible()));
  // By keyboard too: each entry has a link.
  await rows(page).first().locator('a').focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('#log-drawer[open] #log-entry');
  expect(complaints).toEqual([]);
  await context.close();
});

it('older entries come before, what is read stays where it is, and following begins again at the end', async () => {
  await panel.sh('for i in $(seq 1 900); do echo "many $i"; done | systemd-cat -t many');
  await until(async () => (await panel.api<{ items: { message: string }[] }>('/logs/entries?identifier=many')).items.at(-1)?.message === 'many 900');
  const { page, complaints, context } = await open('/logs?identifier=many');
  await page.waitForSelector('#host-log[data-live]');
  expect([await rows(page).count(), await last(page)]).toEqual([200, 'many 900']);
  await page.click('#log-older');
  await until(async () => (await rows(page).count()) === 400);
  const texts = await rows(page).locator('span').allTextContents();
  expect(texts).toEqual(Array.from({ length: 400 }, (_, i) => `many ${501 + i}`));
  await page.locator('#host-log').evaluate((log: any) => (log.scrollTop = 0));
  await until(async () => !(await page.locator('#follow').isChecked()));
  await logger('-t', 'many', 'while reading');
  await until(async () => (await last(page)) === 'while reading');
  expect(await page.locator('#host-log').evaluate((log: any) => log.scrollTop)).toBeLessThan(200);
  await page.check('#follow');
  await until(() => page.locator('#host-log').evaluate((log: any) => log.scrollHeight - log.scrollTop - log.clientHeight < 8));
  for (let n = 600; n <= 800; n += 200) {
    await page.click('#log-older');
    await until(async () => (await rows(page).count()) === n + 1);
  }
  await page.click('#log-older');
  await until(async () => (await rows(page).count()) === 901);
  expect(await page.locator('#log-older').isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await context.close();
});

it('another log is chosen, followed through rotation, and downloaded', async () => {
  await logger('-p', 'authpriv.info', '-t', 'sshd', 'Accepted publickey for lin');
  const { page, complaints, context } = await open('/logs', { acceptDownloads: true });
  await page.selectOption('#log-choices [name=source]', '/var/log/auth.log');
  await page.waitForURL((url) => url.searchParams.get('source') === '/var/log/auth.log');
  await page.waitForSelector('#host-log[data-live]');
  // Not always as the last: cron writes there as well, at 17 minutes past each hour.
  const shows = (text: string) => until(async () => (await rows(page).locator('span').allTextContents()).some((line) => line.includes(text)));
  await shows('Accepted publickey');
  await panel.sh(`${ROTATE_AUTH_LOG} && logger -p authpriv.info -t sshd "after rotation"`);
  await shows('after rotation');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download]:has-text("Download")')]);
  expect(download.suggestedFilename()).toBe('auth.log');
  expect(readFileSync((await download.path())!, 'utf8')).toMatch(/sshd(\[\d+\])?: after rotation\n/);
  expect(complaints).toEqual([]);
  await context.close();
});

it('a flood leaves the page usable and bounded', async () => {
  await panel.sh("mkdir -p /etc/systemd/journald.conf.d && printf '[Journal]\\nRateLimitIntervalSec=0\\n' > /etc/systemd/journald.conf.d/test.conf && systemctl restart systemd-journald");
  const { page, complaints, context } = await open('/logs?identifier=flood');
  await page.waitForSelector('#host-log[data-live]');
  const flood = panel.sh('seq -f "line %.0f of a flood" 1 150000 | systemd-cat -t flood');
  await until(async () => (await rows(page).count()) > 500);
  const began = performance.now();
  await page.fill('#f-identifier', 'typed meanwhile');
  expect(performance.now() - began).toBeLessThan(20_000);
  // What was left out is said where it was, and goes with the lines around it.
  await until(() => page.locator('#host-log li.note').count());
  await flood;
  await until(async () => (await last(page)) === 'line 150000 of a flood');
  expect(await rows(page).count()).toBeLessThanOrEqual(5000);
  expect(complaints).toEqual([]);
  await context.close();
});

it('without JavaScript, on a phone, in Chinese: all there, readable and in its frame', async () => {
  const { page, context } = await open('/logs?unit=cron', { javaScriptEnabled: false });
  expect(await rows(page).count()).toBeGreaterThan(0);
  await rows(page).first().locator('a').click();
  expect(await page.locator('#log-entry').textContent()).toContain('_BOOT_ID');
  await context.close();
  for (const options of [{ viewport: PHONE, lang: 'zh-CN' }, { colorScheme: 'dark' as const }, {}]) {
    const opened = await open('/logs', options);
    await opened.page.waitForSelector('#host-log[data-live]');
    expect(await overflow(opened.page)).toEqual([]);
    expect(await findings(opened.page)).toEqual([]);
    await picture(opened.page, `logs-${Object.keys(options).join('-')}`);
    expect(opened.complaints).toEqual([]);
    await opened.context.close();
  }
});
