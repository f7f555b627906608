/**
 * The pictures of README.md, taken of the demo machine; those of terminals of a real panel, as the demo opens none. They land in test/output/screenshots; with UPDATE_SCREENSHOTS=1
 * also in docs/screenshots, where README.md shows them.
 */
import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launch, openPage, PHONE } from '../support/browser.ts';
import { executable } from '../support/executable.ts';
import { isListed, row, select } from '../support/files-page.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import * as terminals from '../support/terminal-pictures.ts';
import { endHost } from '../support/terminal-panel.ts';
import { slowLine, type SlowLine } from '../support/slow-line.ts';
import { READABLE } from '../support/terminal-page.ts';
import { until } from '../support/until.ts';

const it = needs('chromium', 'linux', 'vim');
const root = join(import.meta.dir, '../..');
const output = join(root, 'test/output/screenshots');
let browser: Browser;
let panel: RunningPanel;
/** A line to the panel on which uploads take their time. */
let line: SlowLine;
/** One at a time: a browser keeps cookies by the machine, not by the port. */
let cookies: Record<'demo' | 'real', { name: string; value: string; url: string }>;
/** A panel that opens terminals, where the machine lets it on a machine of another name. */
let real: RunningPanel;

if (it.ok) {
  beforeAll(async () => {
    mkdirSync(output, { recursive: true });
    panel = await runPanel([await executable()], { args: ['--demo'] });
    line = await slowLine(new URL(panel.url).port);
    real = await runPanel(renamed(await executable()));
    cookies = { demo: await session(panel, line.url), real: await session(real, real.url) };
    terminals.stage(staged());
    // Without a graphics card: what is on the screens can be read.
    browser = await launch(READABLE);
  });
  afterAll(async () => {
    await browser?.close();
    line?.stop();
    await panel?.stop();
    if (real) await endHost(real.dataDir);
    await real?.stop();
  });
}

const staged = () => join(real.dataDir, 'staged');

/** The same command where the machine has another name, which only root may give it (unshare(1)). */
function renamed(command: string): string[] {
  const argv = ['/usr/bin/unshare', '--uts', '/bin/sh', '-c', `hostname ${terminals.HOST} && exec "$0" "$@"`, command];
  return process.getuid?.() === 0 && Bun.spawnSync([...argv.slice(0, 5), '/bin/true']).exitCode === 0 ? argv : [command];
}

async function session(of: RunningPanel, url: string) {
  const [name = '', value = ''] = (await setUp(of)).split('; ').find((cookie) => cookie.includes('session'))!.split('=');
  return { name, value, url };
}

interface Shot {
  path: string;
  options?: BrowserContextOptions;
  signedOut?: true;
  /** Of the panel that opens terminals. */
  real?: true;
  /** Hidden files are shown. */
  hidden?: true;
  /** What has to happen before the picture is taken. */
  ready?(page: Page): Promise<unknown>;
}

const PHONE_SCREEN: BrowserContextOptions = { viewport: PHONE, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const DARK_CHINESE: BrowserContextOptions = { colorScheme: 'dark', locale: 'zh-CN' };
const at = (page: string, path: string) => `${page}?path=${encodeURIComponent(join(panel.dataDir, 'demo-files/www/shop', path))}`;

const SHOTS: Record<string, () => Shot> = {
  'dashboard-light': () => ({ path: '/', ready: charts }),
  'dashboard-dark': () => ({ path: '/?range=24h', options: { colorScheme: 'dark' }, ready: charts }),
  'dashboard-zh': () => ({ path: '/', options: { locale: 'zh-CN' }, ready: charts }),
  'dashboard-phone': () => ({ path: '/', options: PHONE_SCREEN, ready: charts }),
  'files-zh': () => ({ path: at('/files', ''), options: DARK_CHINESE, hidden: true, ready: (page) => chosen(page, '部署说明（生产环境）.md') }),
  'files-editor': () => ({ path: at('/files/edit', 'server.mjs'), options: { colorScheme: 'dark' }, ready: edited }),
  'files-phone': () => ({ path: at('/files', ''), options: PHONE_SCREEN, ready: (page) => isListed(page) }),
  // After those that show the same folder: what is being uploaded lies there.
  'files-light': () => ({ path: at('/files', ''), ready: uploading }),
  'containers-light': () => ({ path: '/containers', ready: measured }),
  'container-dark': () => ({ path: '/containers/shop-web-1', options: DARK_CHINESE, ready: (page) => page.waitForTimeout(20_000) }),
  'terminal-light': () => ({ path: '/terminal', real: true, ready: (page) => terminals.split(page, staged()) }),
  'terminal-phone': () => ({ path: '/terminal', real: true, options: { ...PHONE_SCREEN, locale: 'zh-CN' }, ready: (page) => terminals.commands(page, staged()) }),
  'firewall-light': () => ({ path: '/firewall', ready: (page) => page.waitForSelector('.firewall-rules tbody tr') }),
  'exposure-dark': () => ({ path: '/exposure', options: DARK_CHINESE, ready: (page) => page.waitForTimeout(1000) }),
  'services-light': () => ({ path: '/services', ready: (page) => page.waitForTimeout(1000) }),
  'logs-dark': () => ({ path: '/logs', options: DARK_CHINESE, ready: (page) => page.waitForTimeout(1500) }),
  signin: () => ({ path: '/signin', signedOut: true }),
};

async function charts(page: Page) {
  await until(async () => (await page.locator('.uplot canvas').count()) === 4);
  // Some live samples, so that the newest end of the charts is drawn too.
  await Bun.sleep(3000);
}

/** What each uses is known. */
async function measured(page: Page) {
  await until(async () => /\d%/.test(await page.locator('[data-use=cpu]').first().innerText()));
  await Bun.sleep(2000);
}

/** Two entries are selected, and of three uploads one is done, one on its way and one paused. */
async function uploading(page: Page) {
  await isListed(page);
  await page.setInputFiles('#upload-files', [upload('robots.txt', 2100)]);
  await until(async () => (await page.locator('#upload-tray li[data-upload=done]').count()) === 1);
  // Slow enough to be paused on its way.
  line.rate(2 << 20);
  await page.setInputFiles('#upload-files', [upload('shop-2025-11-21.sql.gz', 24 << 20)]);
  await until(async () => ((await page.locator('#upload-tray progress').first().getAttribute('value')) ?? '0') > '0.2');
  await page.locator('#upload-tray li[data-upload=running] [data-act=pause]').click();
  line.rate(6 << 20);
  await page.setInputFiles('#upload-files', [upload('product-photos-2025.zip', 40 << 20)]);
  await Bun.sleep(2000);
  await select(page, 'README.md', 'orders-2025-11.csv');
  await page.mouse.move(0, 0);
}

/** A file of zeros to choose. */
function upload(name: string, size: number): string {
  const folder = join(panel.dataDir, 'chosen');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), '');
  truncateSync(join(folder, name), size);
  return join(folder, name);
}

async function chosen(page: Page, name: string) {
  await isListed(page);
  await row(page, name).click({ button: 'right', position: { x: 300, y: 10 } });
  await page.waitForSelector('#files-menu:popover-open');
}

async function edited(page: Page) {
  await page.waitForSelector('#ed[data-ready]');
  await page.click('#ed-tree-toggle');
  await page.locator('.cm-content').first().click();
}

for (const [name, shot] of Object.entries(SHOTS)) {
  it(`${name}.png`, async () => {
    const { path, options, signedOut, hidden, real: ofReal, ready } = shot();
    const { page, context, complaints } = await openPage(browser, options);
    if (!signedOut) await context.addCookies([ofReal ? cookies.real : cookies.demo]);
    if (hidden) await context.addCookies([{ name: 'mantou_files_hidden', value: 'on', url: line.url }]);
    await page.goto((ofReal ? real.url : line.url) + path);
    await ready?.(page);
    const picture = join(output, `${name}.png`);
    await page.screenshot({ path: picture });
    if (process.env.UPDATE_SCREENSHOTS === '1') copyFileSync(picture, join(root, 'docs/screenshots', `${name}.png`));
    expect(complaints).toEqual([]);
    await context.close();
    line.rate(Infinity);
  });
}

it('README shows pictures that exist, and these are all', () => {
  const shown = ['README.md', 'README.zh-CN.md'].map((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\((docs\/screenshots\/[^)]+)\)/g)].map((match) => match[1]!).sort(),
  );
  const made = Object.keys(SHOTS).map((name) => `docs/screenshots/${name}.png`).sort();
  expect(shown).toEqual([made, made]);
  for (const path of made) expect(existsSync(join(root, path))).toBe(true);
  for (const each of [panel, real]) expect(each.errorLog()).toBe('');
});
