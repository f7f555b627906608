/**
 * The pictures of README.md, taken of the demo machine. They land in test/output/screenshots; with UPDATE_SCREENSHOTS=1
 * also in docs/screenshots, where README.md shows them.
 */
import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { launch, openPage, PHONE } from '../support/browser.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

const it = needs('chromium', 'linux');
const root = join(import.meta.dir, '../..');
const output = join(root, 'test/output/screenshots');
let browser: Browser;
let panel: RunningPanel;
let cookies: { name: string; value: string; url: string }[];

if (it.ok) {
  beforeAll(async () => {
    mkdirSync(output, { recursive: true });
    panel = await runPanel([await executable()], { args: ['--demo'] });
    const [name = '', value = ''] = (await setUp(panel)).split('; ').find((cookie) => cookie.includes('session'))!.split('=');
    cookies = [{ name, value, url: panel.url }];
    browser = await launch();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await panel?.stop();
  });
}

const SHOTS: [name: string, path: string, options: BrowserContextOptions, signedIn: boolean][] = [
  ['dashboard-light', '/', {}, true],
  ['dashboard-dark', '/?range=24h', { colorScheme: 'dark' }, true],
  ['dashboard-zh', '/', { locale: 'zh-CN' }, true],
  ['dashboard-phone', '/', { viewport: PHONE, deviceScaleFactor: 2, isMobile: true, hasTouch: true }, true],
  ['signin', '/signin', {}, false],
];

for (const [name, path, options, signedIn] of SHOTS) {
  it(`${name}.png`, async () => {
    const { page, context, complaints } = await openPage(browser, options);
    if (signedIn) await context.addCookies(cookies);
    await page.goto(panel.url + path);
    if (signedIn) {
      await until(async () => (await page.locator('.uplot canvas').count()) === 4);
      // Some live samples, so that the newest end of the charts is drawn too.
      await Bun.sleep(3000);
    }
    const picture = join(output, `${name}.png`);
    await page.screenshot({ path: picture });
    if (process.env.UPDATE_SCREENSHOTS === '1') copyFileSync(picture, join(root, 'docs/screenshots', `${name}.png`));
    expect(complaints).toEqual([]);
    await context.close();
  }, 60_000);
}

it('README shows pictures that exist, and these are all', () => {
  const shown = ['README.md', 'README.zh-CN.md'].map((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/\((docs\/screenshots\/[^)]+)\)/g)].map((match) => match[1]!).sort(),
  );
  const made = SHOTS.map(([name]) => `docs/screenshots/${name}.png`).sort();
  expect(shown).toEqual([made, made]);
  for (const path of made) expect(existsSync(join(root, path))).toBe(true);
  expect(panel.errorLog()).toBe('');
});
