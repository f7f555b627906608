import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { connectPanel } from '../../src/platform/pty-host/client.ts';
import { ptyHostPlace } from '../../src/platform/pty-host/place.ts';
import { findings, overflow } from '../support/axe.ts';
import { real } from '../support/complaints.ts';
import { launch, openPage, PHONE } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

const it = needs('chromium', 'linux');
let browser: Browser;
let panel: RunningPanel;
let session = '';

if (it.ok) {
  beforeAll(async () => {
    panel = await runPanel([process.execPath, 'src/main.ts']);
    session = /mantou_session=([^;]+)/.exec(await setUp(panel))![1]!;
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    const shells = await host().catch(() => null);
    for (const { id } of (await shells?.call('list', {})) ?? []) await shells!.call('kill', { id });
    shells?.close();
    await panel.stop();
  });
}

const host = () => connectPanel(ptyHostPlace(panel.dataDir), { event() {}, close() {} });

async function open(path: string, lang = 'en', options = {}) {
  const opened = await openPage(browser, { reducedMotion: 'reduce', ...options });
  await opened.context.addCookies([{ name: 'mantou_session', value: session, url: panel.url }, { name: 'mantou_lang', value: lang, url: panel.url }]);
  await opened.page.goto(panel.url + path);
  return opened;
}

const screen = (page: Page) => page.locator('#play-screen .xterm-rows').innerText();
const at = (page: Page) => page.locator('#play-at').inputValue().then(Number);

async function newTerminal(page: Page) {
  await page.click('#tt-open-form [type=submit]');
  await page.locator('.tt-tab:not([hidden]) .xterm-screen').first().waitFor();
  await until(async () => /\d|–/.test(await page.locator('#tt-line').innerText()) && (await page.locator('#tt-line .dot').getAttribute('data-state')) === 'ok');
}

async function menu(page: Page, name: string) {
  await page.click('[popovertarget=tt-more]');
  await page.click(`#tt-more [data-tt="${name}"]`);
}

for (const lang of ['en', 'zh-CN'] as const) {
  it(`a terminal is recorded, found by what it showed, played and deleted (${lang})`, async () => {
    const { context, page, complaints } = await open('/terminal', lang);
    await newTerminal(page);
    await menu(page, 'record');
    await page.locator('#tt-rec').waitFor({ state: 'visible' });
    const word = `needle-${lang}`;
    await page.keyboard.type(`clear; echo ${word}-$((40+2)); sleep 3; echo later-$((50+5))\n`);
    const shells = await host();
    const { id } = (await shells.call('list', {})).at(-1)!;
    await until(async () => Buffer.from((await shells.call('output', { id, from: 0, most: 1e6 })).base64, 'base64').includes('later-55'));
    shells.close();
    await menu(page, 'record-stop');
    await page.locator('#tt-rec').waitFor({ state: 'hidden' });

    await page.goto(`${panel.url}/terminal/recordings?q=${word}-42`);
    expect(await findings(page)).toEqual([]);
    expect(await page.locator('[data-seek]').count()).toBe(1);
    await page.click('[data-seek]');
    await until(async () => (await screen(page)).includes(`${word}-42`));
    expect(await screen(page)).not.toContain('later-55');
    expect(await findings(page)).toEqual([]);
    expect(await overflow(page)).toEqual([]);

    // It goes on from there, and the pause of three seconds is passed over after two.
    await page.click('#play-toggle');
    await until(async () => (await screen(page)).includes('later-55'));
    await until(async () => (await page.locator('#play-toggle use').getAttribute('href'))!.endsWith('#play'));

    // By the keyboard: to the beginning, to the end, five seconds back.
    await page.focus('#play-at');
    await page.keyboard.press('Home');
    await until(async () => !(await screen(page)).includes('42'));
    expect(await at(page)).toBe(0);
    await page.keyboard.press('End');
    await until(async () => (await screen(page)).includes('later-55'));
    const end = await at(page);
    await page.keyboard.press('ArrowLeft');
    await until(async () => (await at(page)) < end);
    await page.focus('#play-stage');
    await page.keyboard.press('Home');
    await until(async () => (await at(page)) === 0);
    await page.selectOption('#play-speed', '8');
    await page.keyboard.press('Space');
    await until(async () => (await screen(page)).includes('later-55'));

    await page.click('.page-head button.danger');
    await page.click('#recording-remove [type=submit]');
    await page.waitForURL(/recordings\?done=removed/);
    expect(await page.locator(`text=${word}`).count()).toBe(0);
    expect(real(complaints)).toEqual([]);
    await context.close();
  });
}

/** A recording that nobody had to sit through. */
function saved(lines: (line: (seconds: number, kind: string, text: string) => void) => void, seconds: number): string {
  const id = Bun.randomUUIDv7();
  const text: string[] = ['{"version":2,"width":80,"height":24}\n'];
  lines((at, kind, output) => void text.push(`${JSON.stringify([at, kind, output])}\n`));
  const file = text.join('');
  const folder = join(panel.dataDir, 'terminals/recordings');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${id}.cast`), file);
  using db = new Database(join(panel.dataDir, 'mantou.db'));
  // The panel writes to it as well.
  db.run('PRAGMA busy_timeout = 60000');
  db.run("INSERT INTO recordings (id, terminal_id, title, target, opened_by, started_by, state, started_at, ended_at, bytes, length_ms) VALUES (?, 't', 'made', 'root', 'lin', 'lin', 'done', ?, ?, ?, ?)", [id, Date.now(), Date.now(), file.length, seconds * 1000]);
  return id;
}

it('S15 what a program says to a recording does nothing in the player', async () => {
  const id = saved((line) => {
    line(0.1, 'o', '\x1b]0;<img src=x onerror=alert(1)>\x07\x1b]52;c;c3RvbGVu\x07\x1b]8;;javascript:alert(1)\x1b\\click\x1b]8;;\x1b\\ https://example.test/ \x1b[6n\x1b[c<script>alert(1)</script>\r\n');
    line(0.2, 'r', '<b>x</b>');
    line(0.3, 'o', 'end');
  }, 0.3);
  const { context, page, complaints } = await open(`/terminal/recordings/${id}?t=0.3`);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: panel.url });
  await page.evaluate('navigator.clipboard.writeText("mine")');
  let opened = 0;
  context.on('page', () => opened++);
  page.on('dialog', () => opened++);
  await until(async () => (await screen(page)).includes('end'));
  for (const x of [20, 80]) await page.locator('#play-screen .xterm-screen').click({ position: { x, y: 8 } });
  await page.keyboard.type('typed');
  await Bun.sleep(300);
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe('mine');
  expect(opened).toBe(0);
  expect(await page.evaluate(() => document.querySelectorAll('#play script, #play img, #play b').length)).toBe(0);
  expect(await screen(page)).toContain('<script>alert(1)</script>');
  expect(await page.title()).not.toContain('onerror');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('S22 a recording of 64 MB: its end and its middle are there in moments, the page answers meanwhile, and keeps little of it', async () => {
  const row = `${'x'.repeat(70)}\r\n`.repeat(50);
  const id = saved((line) => {
    for (let n = 0; n < 18_000; n++) line(n / 10, 'o', `${row}line-${n}\r\n`);
  }, 1800);
  const { context, page, complaints } = await open(`/terminal/recordings/${id}`);
  await page.locator('#play-at:not([disabled])').waitFor();
  for (const [key, wanted] of [['End', 'line-17999'], ['Home', ''], ['End', 'line-17999']] as const) {
    await page.focus('#play-at');
    const began = performance.now();
    await page.keyboard.press(key);
    if (wanted) {
      await until(async () => (await screen(page)).includes(wanted));
      expect(performance.now() - began).toBeLessThan(15_000);
    }
  }
  // Between two frames nothing takes long, while 4 MB are drawn again.
  const gap = await page.evaluate(`new Promise((resolve) => {
    let most = 0, last = performance.now();
    const end = last + 2500;
    const look = () => { const now = performance.now(); most = Math.max(most, now - last); last = now; now < end ? setTimeout(look, 5) : resolve(most); };
    const slider = document.getElementById('play-at');
    slider.value = '900'; slider.dispatchEvent(new Event('input'));
    look();
  })`);
  expect(gap).toBeLessThan(2500);
  await until(async () => (await screen(page)).includes('line-9000'));
  const heap = await context.newCDPSession(page).then((cdp) => cdp.send('Runtime.getHeapUsage'));
  expect(heap.usedSize).toBeLessThan(120e6);
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('a phone has room for it, in the dark too', async () => {
  const id = saved((line) => line(0.1, 'o', 'hello'), 0.1);
  for (const path of ['', `/${id}`, '?q=hello']) {
    const { context, page, complaints } = await open(`/terminal/recordings${path}`, 'zh-CN', { viewport: PHONE, colorScheme: 'dark', hasTouch: true });
    expect(await overflow(page), path).toEqual([]);
    expect(await findings(page), path).toEqual([]);
    expect(real(complaints)).toEqual([]);
    await context.close();
  }
});
