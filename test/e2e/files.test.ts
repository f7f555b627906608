import { beforeAll, beforeEach, expect } from 'bun:test';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { e2ePanel, type OpenOptions } from '../support/e2e-panel.ts';
import { folderPath, isListed, openFolder, row } from '../support/files-page.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;
declare const getComputedStyle: any;

const MANY = 100_000;
/** Far fewer elements than rows: what “bounded” means here. */
const ROWS_MOST = 400;
/** Lists that the panel keeps for one session. */
const LISTS_MOST = 12;

const it = needs('linux', 'chromium');
const e2e = e2ePanel(it, { root: 'once' });
const at = (...parts: string[]) => join(e2e.root, ...parts);
let many: string;

if (it.ok) {
  beforeAll(() => {
    many = at('many');
    mkdirSync(many);
    // The one at 77,777 is the largest.
    for (let i = 0; i < MANY; i++) writeFileSync(`${many}/f${String(i).padStart(6, '0')}.txt`, i === 77_777 ? 'xxxxxxxx' : '');
  });
  beforeEach(() => {
    rmSync(at('site'), { recursive: true, force: true });
    for (const folder of ['site', 'site/public', 'site/src', 'site/src/deep', 'site/.git']) mkdirSync(at(folder));
    for (const name of ['index.html', 'notes.md', 'package.json', 'server.mjs', 'photo.png', 'backup.zip']) writeFileSync(at('site', name), name.repeat(40));
    symlinkSync('public', at('site/link'));
    symlinkSync('missing', at('site/lost'));
  });
}

/** A folder as tiles. */
async function openTiles(path: string, options: OpenOptions = {}) {
  const opened = await e2e.newPage(options);
  await opened.context.addCookies([{ name: 'mantou_files_view', value: 'grid', url: e2e.origin() }]);
  await opened.page.goto(e2e.origin() + folderPath(path));
  await opened.page.waitForSelector('#files.as-grid tr[tabindex="0"]');
  return opened;
}

/** Shows a folder, and the page is told of what changes in it. */
async function watch(page: Page, path: string) {
  const told = page.waitForResponse((answer) => answer.url().includes('/files/changes'));
  await page.goto(e2e.origin() + folderPath(path));
  await told;
}

const focused = (page: Page) => page.evaluate<string | undefined>(() => document.activeElement?.closest('tr')?.dataset.name);
const selected = async (page: Page) => (await page.textContent('#selected-count'))!.trim();
const isSelecting = (page: Page) => page.evaluate<boolean>(() => document.getElementById('main').hasAttribute('data-selected'));
const folder = (page: Page) => page.evaluate<string>(() => document.getElementById('contents').dataset.path);
const elements = (page: Page) => page.locator('#files tbody tr').count();
const scrollTo = (page: Page, share: number) =>
  page.evaluate((at) => {
    const sheet = document.getElementById('main');
    sheet.scrollTop = at * (sheet.scrollHeight - sheet.clientHeight);
  }, share);
/** Rows that can be seen and are there: the first and last of them. */
const inView = (page: Page) =>
  page.evaluate<string[]>(() => {
    const { bottom } = document.getElementById('main').getBoundingClientRect();
    const top = document.querySelector('#files thead').getBoundingClientRect().bottom;
    return [...document.querySelectorAll('#files tbody tr')]
      .filter((one: any) => !one.matches('.gap') && one.getBoundingClientRect().bottom > top && one.getBoundingClientRect().top < bottom)
      .map((one: any) => one.dataset.name ?? '(waiting)');
  });

it('100,000 entries: the first rows come with the document, every place is one jump away, and the document stays small', async () => {
  const { context, page, complaints } = await openFolder(e2e, many);
  expect(await page.textContent('#statusbar')).toContain('100,000 items');
  expect(await page.getAttribute('#files', 'aria-rowcount')).toBe('100001');
  expect((await inView(page))[0]).toBe('f000000.txt');
  // The scrollbar is as long as if all rows were there.
  const height = await page.evaluate<number>(() => document.querySelector('#files tbody').getBoundingClientRect().height / document.querySelector('#files tr[data-i]').getBoundingClientRect().height);
  expect(Math.round(height)).toBe(MANY);
  for (const [share, near] of [[1, 99_999], [0.5, 50_000], [0.25, 25_000], [0, 0]] as const) {
    await scrollTo(page, share);
    let at: number[] = [];
    // The old rows stand until the page has heard of the jump.
    await until(async () => {
      const names = await inView(page);
      at = names.map((name) => Number(name.slice(1, 7)));
      return names.length > 10 && !names.includes('(waiting)') && Math.min(...at.map((i) => Math.abs(i - near))) < 40;
    });
    expect(at).toEqual(at.map((_, i) => at[0]! + i));
    expect(await elements(page)).toBeLessThan(ROWS_MOST);
    // In one look: rows go on coming.
    const last = await page.locator('#files tr[data-i]').last().evaluate((one: any) => [Number(one.getAttribute('aria-rowindex')), Number(one.dataset.i)]);
    expect(last[0]).toBe(last[1]! + 2);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

it('100,000 entries: filtered to one while it is typed, sorted by size, all selected without being loaded', async () => {
  const { context, page, complaints } = await openFolder(e2e, many);
  await page.keyboard.press('/');
  await page.keyboard.type('f077777');
  await until(async () => (await page.locator('#files tr[data-i]').count()) === 1);
  expect(await inView(page)).toEqual(['f077777.txt']);
  expect(await page.textContent('#statusbar')).toContain('1 of 100,000 items');
  expect(page.url()).toContain('filter=f077777');
  expect(await page.evaluate(() => document.activeElement.id)).toBe('files-filter');
  await page.fill('#files-filter', '');
  await until(async () => (await inView(page)).length > 10);
  await page.click('#files thead a:has-text("Size")');
  await until(async () => (await inView(page))[0] === 'f077777.txt');
  expect(await page.getAttribute('th[aria-sort]', 'aria-sort')).toBe('descending');
  await page.keyboard.press('Control+a');
  expect(await selected(page)).toBe('100,000 selected');
  await until(async () => (await page.textContent('#selected-size')) === '8 B');
  // One less; the others stay, also where nobody has looked yet.
  await page.click('tr[data-name="f077777.txt"] .pick input');
  expect(await selected(page)).toBe('99,999 selected');
  await scrollTo(page, 0.5);
  await until(async () => !(await inView(page)).includes('(waiting)') && (await page.locator('#files tr[aria-selected=false]').count()) === 0);
  await page.keyboard.press('Escape');
  expect(await isSelecting(page)).toBe(false);
  expect(complaints).toEqual([]);
  await context.close();
});

it('100,000 entries by keyboard: End, Home, pages, a range over rows that are not here, letters of a name', async () => {
  const { context, page, complaints } = await openFolder(e2e, many);
  await page.locator('#files tr[data-i="0"]').focus();
  await page.keyboard.press('End');
  await until(async () => (await focused(page)) === 'f099999.txt');
  await page.keyboard.press('Home');
  await until(async () => (await focused(page)) === 'f000000.txt');
  await page.keyboard.press('PageDown');
  await until(async () => Number((await focused(page))?.slice(1, 7)) > 10);
  await page.keyboard.type('f05432');
  await until(async () => (await focused(page)) === 'f054320.txt');
  await page.keyboard.press('Shift+End');
  await until(async () => (await selected(page)) === '100,000 selected');
  await page.keyboard.press('Space');
  await until(async () => (await selected(page)) === '99,999 selected');
  expect(await elements(page)).toBeLessThan(ROWS_MOST);
  expect(complaints).toEqual([]);
  await context.close();
});

it('folders by keyboard, without loading a page: into, up to where one came from, back and forward', async () => {
  const { context, page, complaints } = await openFolder(e2e, at('site'));
  await page.evaluate(() => void (document.body.dataset.same = 'yes'));
  await page.locator('#files tr[data-i="0"]').focus();
  await page.keyboard.type('src');
  await until(async () => (await focused(page)) === 'src');
  await page.keyboard.press('Enter');
  await until(async () => (await folder(page)).endsWith('/src') && (await focused(page)) === 'deep');
  expect(await page.title()).toContain('src');
  await page.keyboard.press('Backspace');
  await until(async () => (await focused(page)) === 'src');
  await page.goBack();
  await until(async () => (await folder(page)).endsWith('/src'));
  await page.goBack();
  await until(async () => (await folder(page)).endsWith('/site') && (await focused(page)) === 'src');
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await until(async () => (await selected(page)) === '3 selected');
  await page.keyboard.press('Escape');
  expect(await isSelecting(page)).toBe(false);
  expect(await page.evaluate(() => document.body.dataset.same)).toBe('yes');
  expect(complaints).toEqual([]);
  await context.close();
});

it('the path as text: Ctrl+L, completion by Tab, and a path that is not there', async () => {
  const { context, page, complaints } = await openFolder(e2e, at('site'));
  await page.keyboard.press('Control+l');
  await page.fill('.path-form input', at('site/sr'));
  await until(() => page.evaluate(() => document.querySelectorAll('#path-names option').length === 1));
  await page.keyboard.press('Tab');
  expect(await page.inputValue('.path-form input')).toBe(at('site/src/'));
  await page.keyboard.press('Enter');
  await until(async () => (await folder(page)).endsWith('/src'));
  await page.keyboard.press('Control+l');
  await page.fill('.path-form input', at('nowhere/at/all'));
  await page.keyboard.press('Enter');
  await page.waitForSelector('.empty');
  expect(await page.textContent('.empty')).toContain('This folder is gone');
  await page.click('.empty .btn');
  await until(async () => (await folder(page)) === e2e.root);
  expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  await context.close();
});

it('the menu at the pointer shows what fits; “…” and the menu key open the same', async () => {
  const { context, page, complaints } = await openFolder(e2e, at('site'));
  const items = () => page.locator('#files-menu button:visible').allTextContents();
  await row(page, 'index.html').click({ button: 'right', position: { x: 300, y: 10 } });
  await page.waitForSelector('#files-menu:popover-open');
  expect(await selected(page)).toBe('1 selected');
  const ofFile = (await items()).join('|');
  expect(ofFile).toContain('Copy path');
  expect(ofFile).not.toContain('Open in a new tab');
  await page.keyboard.press('Escape');
  await row(page, 'src').locator('[data-more]').click();
  expect((await items()).join('|')).toContain('Open in a new tab');
  await page.click('#files-menu [data-id=open-tab]');
  await until(async () => (await folder(page)).endsWith('/src'));
  expect(await page.locator('.folder-tab').allTextContents()).toEqual(['site', 'src']);
  await page.click('.folder-tab:first-child a');
  await until(async () => (await folder(page)).endsWith('/site'));
  await page.click('[data-close-tab="1"]');
  expect(await page.locator('#folder-tabs').isHidden()).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

it('cut in one folder and pasted in another; dragged onto a folder; both are seen at once', async () => {
  const { context, page, complaints } = await openFolder(e2e, at('site'));
  await row(page, 'notes.md').locator('.pick input').click();
  await page.keyboard.press('Control+x');
  await page.waitForSelector('[data-paste]', { state: 'attached' });
  await row(page, 'src').locator('a').click();
  await until(async () => (await folder(page)).endsWith('/src'));
  await page.click('[data-paste]');
  await row(page, 'notes.md').waitFor();
  expect([existsSync(at('site/notes.md')), existsSync(at('site/src/notes.md'))]).toEqual([false, true]);
  // The list may be told before whoever pasted.
  await until(async () => (await page.locator('[data-paste]').count()) === 0);
  await page.dragAndDrop('tr[data-name="notes.md"] td.num', 'tr[data-name="deep"] .drawing');
  await until(async () => (await row(page, 'notes.md').count()) === 0);
  expect(existsSync(at('site/src/deep/notes.md'))).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

it('another session changes the folder: the list follows, place, focus and selection stay', async () => {
  const { context, page, complaints } = await e2e.newPage();
  await watch(page, many);
  await isListed(page);
  await page.locator('#files tr[data-i="0"]').focus();
  await page.keyboard.type('f05000');
  await until(async () => (await focused(page)) === 'f050000.txt');
  await page.keyboard.press('Space');
  const before = await page.evaluate(() => document.activeElement.getBoundingClientRect().top);
  await e2e.post('/files/new/file', { folder: many, name: 'f050000.a' });
  await until(async () => (await page.textContent('#statusbar'))!.includes('100,001'));
  await until(async () => (await inView(page)).includes('f050000.a'));
  expect(await focused(page)).toBe('f050000.txt');
  expect(await selected(page)).toBe('1 selected');
  const after = await page.evaluate(() => document.activeElement.getBoundingClientRect().top);
  expect(Math.abs(after - before)).toBeLessThan(60);
  // What is deleted is not selected any more.
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Escape');
  await row(page, 'f050000.a').locator('.pick input').click();
  await row(page, 'f050001.txt').locator('.pick input').click();
  expect(await selected(page)).toBe('2 selected');
  await e2e.post('/files/delete', { folder: many, name: 'f050000.a' });
  await until(async () => (await selected(page)) === '1 selected');
  expect(complaints).toEqual([]);
  await context.close();
});

it('what did not change keeps its element: a press that began before a change is a click after it', async () => {
  const { context, page, complaints } = await e2e.newPage();
  await watch(page, at('site'));
  await isListed(page);
  const box = (await row(page, 'server.mjs').locator('.pick input').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await e2e.post('/files/new/file', { folder: at('site'), name: 'zz.txt' });
  await row(page, 'zz.txt').waitFor();
  await page.mouse.up();
  await until(async () => (await selected(page)) === '1 selected');
  // What did change is drawn anew.
  const before = await row(page, 'server.mjs').textContent();
  writeFileSync(at('site/server.mjs'), 'longer '.repeat(4000));
  await e2e.post('/files/delete', { folder: at('site'), name: 'zz.txt' });
  await until(async () => (await row(page, 'server.mjs').textContent()) !== before);
  expect(complaints).toEqual([]);
  await context.close();
});

it('the panel has let go of the list, or the folder is deleted: the page finds its way', async () => {
  const { context, page, complaints } = await openFolder(e2e, many);
  const first = await page.getAttribute('#files', 'data-listing');
  // So many other lists of the same session push the longest unused one out.
  for (let i = 0; i < LISTS_MOST; i++) expect((await fetch(e2e.origin() + folderPath(at('site')), { headers: { cookie: e2e.cookie } })).status).toBe(200);
  await scrollTo(page, 0.9);
  await until(async () => (await inView(page)).length > 10 && !(await inView(page)).includes('(waiting)'));
  expect(await page.getAttribute('#files', 'data-listing')).not.toBe(first);
  await watch(page, at('site/src/deep'));
  await e2e.post('/files/delete', { folder: at('site'), name: 'src' });
  await page.waitForSelector('text=This folder is gone');
  expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  await context.close();
});

it('hidden files, tiles, a star: seen at once, kept when the page is loaded again; arrows go through tiles in lines', async () => {
  const { context, page, complaints } = await openFolder(e2e, at('site'));
  await page.click('[data-view-form] [name=hidden]');
  await row(page, '.git').waitFor();
  await page.click('[data-view-form] [name=view]');
  await page.waitForSelector('#files.as-grid');
  await page.click('[data-star] button');
  await page.waitForSelector('.is-starred');
  await page.reload();
  await isListed(page);
  await row(page, '.git').waitFor();
  expect(await page.locator('#files.as-grid').count()).toBe(1);
  await page.click('button[popovertarget=places-menu]');
  expect(await page.locator('#places-menu a').first().getAttribute('href')).toBe(`/files?path=${at('site')}`);
  await page.keyboard.press('Escape');
  const lines = await page.evaluate<number>(() => getComputedStyle(document.querySelector('#files tbody')).gridTemplateColumns.split(' ').length);
  await page.locator('#files tr[data-i="0"]').focus();
  await page.keyboard.press('ArrowRight');
  await until(async () => (await page.evaluate(() => document.activeElement.dataset.i)) === '1');
  await page.keyboard.press('ArrowDown');
  await until(async () => (await page.evaluate(() => document.activeElement.dataset.i)) === String(1 + lines));
  await page.click('[data-star] button');
  await until(async () => (await page.locator('.is-starred').count()) === 0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('tiles: 100,000 of them, any place is one jump away', async () => {
  const { context, page, complaints } = await openTiles(many);
  await scrollTo(page, 0.5);
  await until(async () => (await inView(page)).length > 10 && !(await inView(page)).includes('(waiting)'));
  const at = (await inView(page)).map((name) => Number(name.slice(1, 7)));
  expect(Math.min(...at.map((i) => Math.abs(i - MANY / 2)))).toBeLessThan(100);
  expect(at).toEqual(at.map((_, i) => at[0]! + i));
  expect(await elements(page)).toBeLessThan(ROWS_MOST);
  expect(complaints).toEqual([]);
  await context.close();
});

it('S15 hostile names: nothing runs, all are listed, open their menu and are selected', async () => {
  const names = ['<img src=x onerror=alert(1)>', '"><svg onload=alert(1)>', 'a\nb', '\u202egpj.exe', '-rf', "it's", '{{x}}', '中文 文件.txt'];
  mkdirSync(at('site/odd'));
  for (const name of names) writeFileSync(at('site/odd', name), '');
  writeFileSync(Buffer.concat([Buffer.from(at('site/odd/caf')), Buffer.of(0xe9)]), '');
  const { context, page, complaints } = await openFolder(e2e, at('site/odd'));
  let asked = '';
  page.on('dialog', (dialog) => void ((asked = dialog.message()), dialog.dismiss()));
  expect(await page.locator('#files tr[data-i]').count()).toBe(names.length + 1);
  await page.keyboard.press('Control+a');
  expect(await selected(page)).toBe('9 selected');
  await page.keyboard.press('Escape');
  for (let i = 0; i <= names.length; i++) {
    await page.locator(`#files tr[data-i="${i}"] [data-more]`).click();
    await page.waitForSelector('#files-menu:popover-open');
    await page.keyboard.press('Escape');
  }
  expect(asked).toBe('');
  expect(await page.locator('main img, main svg[onload]').count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('axe finds nothing: both themes, both languages, list and grid, with a selection, an empty folder', async () => {
  for (const [colorScheme, locale, view] of [['light', 'en', 'list'], ['dark', 'zh-CN', 'list'], ['light', 'zh-CN', 'grid']] as const) {
    const { context, page, complaints } = view === 'grid' ? await openTiles(at('site'), { colorScheme, locale }) : await openFolder(e2e, at('site'), { colorScheme, locale });
    await row(page, 'index.html').waitFor();
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Control+a');
    expect(await findings(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.goto(e2e.origin() + folderPath(at('site/public')));
    expect(await findings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  }
});

it('phones: nothing sticks out at 360, a selection and the menu can be had with a thumb', async () => {
  const { context, page, complaints } = await openFolder(e2e, at('site'), { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  expect(await overflow(page)).toEqual([]);
  await row(page, 'notes.md').locator('.pick input').tap();
  expect(await selected(page)).toBe('1 selected');
  expect(await overflow(page)).toEqual([]);
  await row(page, 'notes.md').locator('[data-more]').tap();
  await page.waitForSelector('#files-menu:popover-open');
  const box = (await page.locator('#files-menu').boundingBox())!;
  expect(box.x >= 0 && box.x + box.width <= 360 && box.y + box.height <= 740).toBe(true);
  expect(complaints).toEqual([]);
  await context.close();
});

it('without JavaScript: folders, order, filter and pages are links and forms', async () => {
  const { context, page } = await openFolder(e2e, many, { javaScriptEnabled: false });
  expect(await page.locator('#files tbody tr').count()).toBe(100);
  await page.click('a[rel=next]');
  expect(await page.locator('#files tbody tr').first().getAttribute('data-name')).toBe('f000100.txt');
  await page.fill('#files-filter', 'f099999');
  await page.click('noscript button, .toolbar form button');
  await until(async () => (await page.locator('#files tbody tr').count()) === 1);
  await context.close();
});
