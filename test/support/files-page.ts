import type { Page } from 'playwright-core';
import type { E2ePanel, OpenOptions } from './e2e-panel.ts';
import { until } from './until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

export const folderPath = (path: string) => `/files?path=${encodeURIComponent(path)}`;

/** The list is there and its keys work: one of its rows can have the focus. */
export const isListed = (page: Page) => until(() => page.evaluate(() => document.querySelector('tr[data-i][tabindex="0"]') !== null));

/** A page of the file manager that shows this folder. */
export async function openFolder(e2e: E2ePanel, path: string, options: OpenOptions = {}) {
  const opened = await e2e.open(folderPath(path), options);
  if (options.javaScriptEnabled !== false) await isListed(opened.page);
  return opened;
}

export const row = (page: Page, name: string) => page.locator(`#files tr[data-name="${name}"]`);

/** Something in the dialog that is open. */
export const dialog = (page: Page, part: string) => page.locator(`#files-dialog[open] ${part}`);

export const select = async (page: Page, ...names: string[]) => {
  for (const name of names) await row(page, name).locator('.pick input').check();
};
