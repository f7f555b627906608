/** What people who live in terminals expect of one: panes, keys, the clipboard, what is said to them, in real Chromium. */
import { afterEach, expect } from 'bun:test';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { needs } from '../support/needs.ts';
import { endTerminals, line, newShell, openShell, READABLE, screen, shows, status, tabs } from '../support/terminal-page.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

const it = needs('chromium', 'linux');
const e2e = e2ePanel(it, { root: 'each', flags: READABLE });

if (it.ok) afterEach(() => endTerminals(e2e));

const inTerminal = (page: Page): Promise<boolean> => page.evaluate(() => document.activeElement?.classList.contains('xterm-helper-textarea'));
/** Left, top, width and height of the panes that are seen, in reading order. */
const boxes = (page: Page): Promise<number[][]> =>
  page.evaluate(() => [...document.querySelectorAll('.tt-tab:not([hidden]) .tt-pane')].map((pane: any) => {
    const { left, top, width, height } = pane.getBoundingClientRect();
    return [left, top, width, height].map(Math.round);
  }));
const panes = (page: Page, n: number) => until(async () => (await boxes(page)).length === n && inTerminal(page));

it('letters stay in their cells: a full line ends where the screen ends', async () => {
  const { page } = await openShell(e2e, { viewport: { width: 1000, height: 700 } });
  await line(page, `clear; printf '%*s\\n' $COLUMNS | tr ' ' W; echo '中文abc（中文），abc'`);
  await shows(page, /^W{20,}$/m);
  const [row, whole] = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('.xterm-rows > div')];
    const full = rows.find((each: any) => /^W{20,}$/.test(each.textContent.trim()));
    return [full.querySelector('span').getBoundingClientRect().width, document.querySelector('.xterm-screen').getBoundingClientRect().width];
  });
  expect(Math.abs(row! - whole!)).toBeLessThan(1.5);
});

it('panes split in both directions, begin where the one beside them is, and keep their sizes over a reload', async () => {
  const { page, complaints } = await openShell(e2e);
  await line(page, `cd ${e2e.root} && echo th""ere`);
  await shows(page, /\nthere/);
  await page.keyboard.press('Control+Shift+E');
  await panes(page, 2);
  await shows(page, /[#$] ?$/m);
  await line(page, 'pwd');
  await shows(page, new RegExp(`^${e2e.root}$`, 'm'));
  await page.keyboard.press('Control+Shift+O');
  await panes(page, 3);
  const [first, second, third] = await boxes(page);
  // One beside two that stand below each other.
  expect([first![3]! > second![3]!, second![0] === third![0], second![1]! < third![1]!]).toEqual([true, true, true]);
  const divider = (await page.locator('.tt-divider[aria-orientation=vertical]').boundingBox())!;
  await page.mouse.move(divider.x + 0.5, divider.y + 50);
  await page.mouse.down();
  await page.mouse.move(divider.x - 200, divider.y + 50, { steps: 4 });
  await page.mouse.up();
  // The keyboard stays where it was.
  expect(await inTerminal(page)).toBe(true);
  const dragged = await boxes(page);
  expect(dragged[0]![2]).toBeLessThan(first![2]! - 150);
  await page.keyboard.press('Control+Shift+O');
  await panes(page, 4);
  await page.keyboard.press('Control+Shift+E');
  await until(async () => /4 terminals at most/.test(await page.innerText('#toasts')));
  const before = await boxes(page);
  await page.reload();
  await panes(page, 4);
  // The line below them comes with the first picture.
  await until(async () => Bun.deepEquals(await boxes(page), before));
  await shows(page, /[#$] ?$/m);
  await page.keyboard.press('Control+d');
  await page.click('.tt-over:not([hidden]) .btn:last-child');
  await panes(page, 3);
  expect((await boxes(page)).slice(0, 3).map((box) => box[3])).toEqual(dragged.map((box) => box[3]));
  await picture(page, 'terminal-panes');
  expect(complaints).toEqual([]);
});

it('a folder that is gone: the terminal beside it begins at home', async () => {
  const { page } = await openShell(e2e);
  await line(page, `mkdir ${e2e.root}/gone; cd ${e2e.root}/gone; rmdir ${e2e.root}/gone; echo left`);
  await shows(page, /\nleft/);
  await page.keyboard.press('Control+Shift+E');
  await panes(page, 2);
  await shows(page, /[#$] ?$/m);
});

it('by keyboard: between terminals, out of them and back, and from a question or a search back to typing', async () => {
  const { page } = await openShell(e2e);
  await line(page, `printf '\\e]0;first\\a'`);
  await page.click('#tt-new');
  await until(() => page.evaluate(() => document.activeElement?.closest('#tt-open-form') !== null));
  await page.keyboard.press('Enter');
  await until(() => inTerminal(page));
  await until(async () => (await tabs(page)).length === 2);
  await page.keyboard.press('Control+Shift+ArrowLeft');
  await until(async () => (await page.innerText('#tt-tabs [aria-current]')) === 'first');
  const label = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
  expect(label).toBe('Terminal “first”. Ctrl Shift ↑ leaves it.');
  await page.keyboard.type(`sleep 1; printf '\\e]0;later\\a'\n`);
  await page.keyboard.press('Control+Shift+ArrowUp');
  expect(await page.evaluate(() => document.activeElement.dataset.tab)).toBeTruthy();
  await page.keyboard.press('?');
  await page.waitForSelector('#shortcuts[open]');
  expect(await page.innerText('#shortcuts')).toContain('Leave the terminal, to its tab');
  await until(async () => (await page.innerText('#tt-tabs [aria-current]')) === 'later');
  await page.keyboard.press('Escape');
  // The dialog gives the focus back when it has closed, to a tab that has been drawn again meanwhile.
  await until(() => page.evaluate(() => document.activeElement.dataset.tab !== undefined));
  await page.keyboard.press('ArrowDown');
  await until(() => inTerminal(page));
  await page.keyboard.press('Control+Shift+F');
  await page.waitForSelector('#tt-search', { state: 'visible' });
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await until(() => inTerminal(page));
  expect(await page.isVisible('#tt-search')).toBe(false);
  await page.click('[popovertarget=tt-more]');
  await page.click('[data-tt=rename]');
  await page.keyboard.press('Escape');
  await until(() => inTerminal(page));
});

it('a tab that is closed says that its shell goes on, with the way back; one that has ended is opened again in its place', async () => {
  const { page, complaints } = await openShell(e2e);
  await line(page, 'cd /; kept=steam');
  await page.click('.tt-close');
  await until(async () => /goes on/.test(await page.innerText('#toasts')));
  await page.click('.toast .btn:not(.ghost) >> nth=0');
  await until(() => inTerminal(page));
  await line(page, 'echo "<$kept>"; exit 4');
  await until(async () => /Ended with 4/.test(await page.innerText('.tt-over')));
  await page.click('.tt-over .btn >> nth=0');
  await until(() => inTerminal(page));
  // The new one has the keyboard before it has a line.
  await shows(page, /[#$] ?$/m);
  await line(page, 'echo "<$kept>" again');
  await shows(page, /\n<> again/);
  // From the list, one is ended without being opened.
  await page.click('.tt-close');
  await page.click('[data-end]');
  await page.click('#tt-kill [value=yes]');
  await until(async () => (await page.locator('[data-end]').count()) === 0);
  expect(complaints).toEqual([]);
});

it('without a line, what is typed goes nowhere, and that is said once', async () => {
  const { page } = await openShell(e2e);
  const port = Number(new URL(e2e.panel.url).port);
  await e2e.kill();
  await until(async () => /trying again/.test(await status(page)));
  await page.keyboard.type('rm -rf something');
  const said = () => page.evaluate(() => [...document.querySelectorAll('.toast')].filter((toast: any) => /goes nowhere/.test(toast.innerText)).length);
  await until(async () => (await said()) > 0);
  expect(await said()).toBe(1);
  await e2e.start(port);
  await until(async () => /^Connected/.test(await status(page)));
  expect(await screen(page)).not.toContain('something');
});

it('copying works on a page that has no clipboard, as over plain HTTP', async () => {
  const { page, context } = await openShell(e2e);
  await context.grantPermissions(['clipboard-read']);
  await line(page, `clear; printf 'steam\\n'`);
  await shows(page, /^steam$/m);
  await page.evaluate(() => Object.defineProperty(document.defaultView.navigator.clipboard, 'writeText', { value: () => Promise.reject(new Error('none')) }));
  await page.click('[popovertarget=tt-more]');
  await page.click('[data-tt=copy-all]');
  await until(async () => (await page.evaluate<string>('navigator.clipboard.readText()')).includes('steam'));
  await until(() => inTerminal(page));
});

it('who watches a large terminal on a small screen sees it smaller, under the name that it was given', async () => {
  const { page } = await openShell(e2e);
  await page.click('[popovertarget=tt-more]');
  await page.click('[data-tt=rename]');
  await page.fill('#tt-looks [name=name]', '部署');
  await page.click('#tt-looks [type=submit]');
  await until(() => inTerminal(page));
  await line(page, 'seq 1 200');
  await shows(page, /^200$/m);
  await page.click('[popovertarget=tt-more]');
  await page.click('[data-tt=share]');
  await page.click('form[action$="/share"] [type=submit]');
  const link = await page.inputValue('#terminal-link').catch(() => page.innerText('#terminal-link'));
  const guest = await e2e.newPage({ as: null, viewport: { width: 900, height: 560 } });
  await guest.page.goto(link.trim());
  await shows(guest.page, /^200$/m);
  expect(await guest.page.innerText('h1')).toBe('部署');
  const fits = () => guest.page.evaluate(() => {
    const [whole, room] = ['.xterm-screen', '.tt-body'].map((what) => document.querySelector(what).getBoundingClientRect());
    return whole.width <= room.width && whole.height <= room.height;
  });
  await until(fits);
  const phone = await e2e.newPage({ as: null, viewport: PHONE, isMobile: true, hasTouch: true, locale: 'zh-CN' });
  await phone.page.goto(link.trim());
  await shows(phone.page, /^200$/m);
  expect(await overflow(phone.page)).toEqual([]);
  await picture(phone.page, 'terminal-watch-phone');
  expect([guest.complaints, phone.complaints]).toEqual([[], []]);
});

it('twenty tabs and titles without an end neither stick out nor hide what is done with them', async () => {
  const { page, complaints } = await openShell(e2e, { viewport: { width: 1024, height: 700 } });
  await line(page, `printf '\\e]0;%s\\a' "$(printf 'long title %.0s' $(seq 1 40))"`);
  for (let n = 0; n < 9; n++) {
    await page.click('#tt-new');
    await newShell(page);
  }
  expect(await overflow(page)).toEqual([]);
  const box = async (what: string) => (await page.locator(what).boundingBox())!;
  for (const what of ['#tt-new', '[popovertarget=tt-more]']) expect((await box(what)).x + 24).toBeLessThan(1024);
  const [row, now] = [await box('#tt-tabs'), await box('#tt-tabs [data-selected]')];
  expect(now.x + now.width).toBeLessThanOrEqual(row.x + row.width + 1);
  await picture(page, 'terminal-many');
  expect(complaints).toEqual([]);
  expect(await findings(page)).toEqual([]);
});

it('a terminal that a screen reader reads has its lines as text', async () => {
  const { page } = await openShell(e2e);
  await page.click('[popovertarget=tt-more]');
  await page.click('[data-tt=reader]');
  await line(page, `echo for readers`);
  await until(async () => /readers/.test(await page.innerText('.xterm-accessibility-tree')));
  expect(await findings(page)).toEqual([]);
});
