import { beforeAll, expect } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { getSetting } from '../../src/core/settings/settings.ts';
import type { FakeHost } from '../../src/platform/fake/host.ts';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

const it = needs('chromium');
const e2e = livePanel(it, { quiet: false });

async function look(times: number) {
  for (let i = 0; i < times; i++) {
    e2e.panel.clock.advance(1000);
    await e2e.panel.app.sampler.tick();
  }
}

if (it.ok) {
  beforeAll(async () => {
    // Watched for four minutes: the processes of each are kept.
    const stop = e2e.panel.app.sampler.watch();
    await look(240);
    stop();
  });
}

async function open(path: string, options: BrowserContextOptions = {}, ready = '.plot canvas') {
  const opened = await e2e.open(path, options);
  if (options.javaScriptEnabled !== false) await opened.page.waitForSelector(ready);
  return opened;
}

const tips = (page: Page) => page.locator('figure.is-hover .tip').allTextContents();
const place = async (page: Page, chart: string, share: number) => {
  const box = (await page.locator(`figure[data-chart=${chart}] .plot`).boundingBox())!;
  return [box.x + box.width * share, box.y + box.height / 2] as const;
};

it('figures, charts and processes go on by themselves, in place', async () => {
  const { context, page, complaints } = await open('/');
  await until(() => e2e.panel.app.sampler.watchers() === 1);
  const before = await page.textContent('#stats');
  const rows = await page.locator('#top-rows tr').count();
  await look(6);
  await until(async () => (await page.textContent('#stats')) !== before);
  expect(await page.locator('#top-rows tr').count()).toBe(rows);
  expect(await page.locator('.plot svg').count()).toBe(0);
  await page.click('[data-top-sort=memory]');
  expect(await page.locator('th[aria-sort=descending]').textContent()).toContain('Memory');
  expect(page.url()).toContain('sort=memory');
  expect(await page.locator('#top-rows tr').first().textContent()).toContain('java');
  expect(complaints).toEqual([]);
  await context.close();
});

it('a page that was drawn before the panel had looked at the machine becomes whole by itself', async () => {
  const { page, context, complaints } = await open('/');
  const cores = await page.locator('#core-list li').count();
  const early = (text: string) => text.replace(/<ol class="cores"[\s\S]*?<\/ol>/, '<p data-unknown="cores">early</p>');
  await page.route((url) => url.pathname === '/', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: early(await response.text()) });
  }, { times: 1 });
  await page.goto(page.url());
  expect(await page.locator('[data-unknown=cores]').count()).toBe(1);
  await until(async () => (await look(1), (await page.locator('#core-list li').count()) === cores));
  expect([cores > 0, await page.locator('[data-unknown=cores]').count(), complaints]).toEqual([true, 0, []]);
  await context.close();
});

it('one crosshair for all four charts, by mouse and by keyboard', async () => {
  const { context, page, complaints } = await open('/');
  await page.mouse.move(...(await place(page, 'cpu', 0.9)));
  await until(async () => (await tips(page)).length === 4);
  const said = await tips(page);
  expect(said[0]).toMatch(/^\d+%load \d/);
  expect(said[1]).toMatch(/GBcache/);
  expect(said[2]).toMatch(/ [KM]b\/s \/ .*−\d+ s$/);
  await page.mouse.move(5, 5);
  await until(async () => (await tips(page)).length === 0);
  await page.focus('figure[data-chart=disk] .plot');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Shift+ArrowLeft');
  expect((await tips(page)).length).toBe(4);
  expect(await page.getAttribute('figure[data-chart=disk] .plot', 'aria-valuetext')).toMatch(/^−\d+ s: .*B\/s/);
  await page.keyboard.press('Escape');
  expect(await tips(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

it('the canvas takes the colours of the theme, also when it changes', async () => {
  const { context, page, complaints } = await open('/', { colorScheme: 'light' });
  const picture = () => page.evaluate(() => document.querySelector('figure[data-chart=memory] canvas').toDataURL());
  const light = await picture();
  await page.emulateMedia({ colorScheme: 'dark' });
  await until(async () => (await picture()) !== light);
  expect(await findings(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

it('drag zooms in history, a double click goes back; a click shows what ran then', async () => {
  const { context, page, complaints } = await open('/?range=1h');
  const axis = () => page.textContent('figure[data-chart=network] [data-axis=from]');
  expect(await axis()).toBe('1 h ago');
  await page.mouse.move(...(await place(page, 'cpu', 0.95)));
  await page.mouse.down();
  await page.mouse.move(...(await place(page, 'cpu', 0.99)), { steps: 5 });
  await page.mouse.up();
  await until(async () => /^\d\d:\d\d$/.test((await axis()) ?? ''));
  expect(await page.isVisible('#whole-range')).toBe(true);
  await page.mouse.dblclick(...(await place(page, 'disk', 0.5)));
  await until(async () => (await axis()) === '1 h ago');
  expect(await page.isVisible('#whole-range')).toBe(false);
  expect(await page.isVisible('#minute')).toBe(false);
  await page.mouse.click(...(await place(page, 'memory', 0.98)));
  await page.waitForSelector('#minute[open] #minute-lists table');
  expect(await page.textContent('#minute')).toContain('ffmpeg');
  expect(await findings(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await page.click('figure[data-chart=cpu] [data-minute]');
  await page.waitForSelector('#minute[open] #minute-lists');
  expect(complaints).toEqual([]);
  await context.close();
});

it('what ran then is a page of its own, in both themes and on a phone', async () => {
  for (const options of [{ colorScheme: 'light' }, { colorScheme: 'dark', locale: 'zh-CN', viewport: PHONE, isMobile: true }] as const) {
    const { context, page, complaints } = await open(`/dashboard/processes?at=${e2e.panel.clock.now() - 60_000}`, options, '#minute-lists table');
    expect(await page.locator('main').innerText()).toContain('ffmpeg');
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  }
});

it('a reboot wants the name typed, then its dialog is gone', async () => {
  const { context, page, complaints } = await open('/');
  await page.click('[popovertarget=power-menu]');
  await page.click('[data-open=power-reboot]');
  const submit = page.locator('#power-reboot [type=submit]');
  expect(await submit.isDisabled()).toBe(true);
  await page.fill('#power-reboot [name=confirm]', 'demo-0');
  expect(await submit.isDisabled()).toBe(true);
  expect(await findings(page)).toEqual([]);
  await page.fill('#power-reboot [name=confirm]', 'demo-01');
  await submit.click();
  await until(() => (e2e.panel.app.host as FakeHost).power.ran.length === 1);
  await until(async () => !(await page.isVisible('#power-reboot')));
  expect(complaints).toEqual([]);
  await context.close();
});

it('without JavaScript the charts are drawn, ranges and devices work', async () => {
  const { context, page } = await open('/', { javaScriptEnabled: false });
  expect(await page.locator('.plot svg path.line').count()).toBe(6);
  await page.click('[popovertarget=interfaces-choice]');
  await page.check('#interfaces-choice [value=lo]');
  await page.click('#interfaces-choice [type=submit]');
  expect(getSetting(e2e.panel.app, 'shownInterfaces')).toEqual(['lo']);
  await page.click('.page-head .seg a:has-text("24 h")');
  expect(page.url()).toEndWith('?range=24h');
  await page.click('figure[data-chart=cpu] [data-minute]');
  expect(await page.textContent('h1')).toContain('What ran at');
  await context.close();
});

it('nothing sticks out from a phone to a wide screen, in both languages', async () => {
  for (const lang of ['en-US', 'zh-CN']) {
    for (const path of ['/', '/?range=30d', '/processes']) {
      const { context, page, complaints } = await e2e.open(path, { locale: lang });
      for (const width of [360, PHONE.width, 768, 1024, 1600]) {
        await page.setViewportSize({ width, height: 900 });
        expect([lang, width, path, ...(await overflow(page))]).toEqual([lang, width, path]);
      }
      expect(complaints).toEqual([]);
      await context.close();
    }
  }
});
