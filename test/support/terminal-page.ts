import type { BrowserContextOptions, Page } from 'playwright-core';
import type { E2ePanel } from './e2e-panel.ts';
import { until } from './until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

/** Without a graphics card xterm.js draws elements, which can be read. */
export const READABLE = ['--disable-3d-apis'];

/** What the screen of the active pane shows, line by line, without spaces at the ends. */
export const screen = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const rows = document.querySelector('.tt-tab:not([hidden]) .tt-pane[data-active] .xterm-rows, .tt-watch .xterm-rows');
    return [...(rows?.children ?? [])].map((row: any) => row.textContent.replaceAll('\u00a0', ' ').trimEnd()).join('\n').trimEnd();
  });

export const shows = (page: Page, what: string | RegExp) => until(async () => (typeof what === 'string' ? (await screen(page)).includes(what) : what.test(await screen(page))));

/** Titles of the tabs, from left to right. */
export const tabs = (page: Page): Promise<string[]> => page.evaluate(() => [...document.querySelectorAll('#tt-tabs .tt-tab-open')].map((tab: any) => tab.innerText.trim()));

export const status = (page: Page): Promise<string> => page.innerText('#tt-line');

/** A page with a new shell in it that is ready for keys. */
export async function openShell(e2e: E2ePanel, options: BrowserContextOptions & { lang?: string } = {}) {
  const { lang, ...rest } = options;
  const opened = await e2e.newPage(rest);
  if (lang) await opened.context.addCookies([{ name: 'mantou_lang', value: lang, url: e2e.origin() }]);
  await opened.page.goto(`${e2e.origin()}/terminal`);
  await newShell(opened.page);
  return opened;
}

export async function newShell(page: Page) {
  await page.click('#tt-open-form [type=submit]');
  await until(() => page.evaluate(() => document.activeElement?.classList.contains('xterm-helper-textarea')));
  await shows(page, /[#$] ?$/m);
}

export async function line(page: Page, text: string) {
  await page.keyboard.type(`${text}\n`);
}

/** Ends every terminal that the panel knows: what a test opened must not outlive it. */
export async function endTerminals(e2e: E2ePanel) {
  const page = await (await fetch(`${e2e.panel.url}/terminal`, { headers: { cookie: e2e.cookie } })).text();
  const ids = [...new Set([...page.matchAll(/id="tt-row-([\w-]+)"/g)].map((match) => match[1]!))];
  await Promise.all(ids.map((id) => e2e.post(`/terminal/${id}/kill`, {})));
}
