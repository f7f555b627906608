import { beforeEach, expect } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { openFolder } from '../support/files-page.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('linux', 'chromium');
const e2e = e2ePanel(it, { root: 'each' });
const at = (...parts: string[]) => join(e2e.root, ...parts);

if (it.ok) {
  beforeEach(() => {
    mkdirSync(at('site/img'), { recursive: true });
    writeFileSync(at('site/index.html'), 'x'.repeat(3000));
    writeFileSync(at('site/img/a.png'), 'y'.repeat(5000));
  });
}

async function act(page: Page, name: string, action: string) {
  await page.click(`#files tr[data-name="${name}"] [data-more]`);
  await page.waitForSelector('#files-menu:popover-open');
  await page.click(`#files-menu [data-id=${action}]`);
  await page.waitForSelector('#files-dialog[open] #action');
}

it('from the menu of a folder: pack it, look into it, extract it; the list follows by itself', async () => {
  const { context, page, complaints } = await openFolder(e2e, e2e.root);
  await act(page, 'site', 'archive');
  expect(await findings(page)).toEqual([]);
  // A name that is taken is said in the dialog, with what was typed kept.
  writeFileSync(at('taken.tar.zst'), '');
  await page.fill('#files-dialog [name=archive]', 'taken');
  await page.selectOption('#files-dialog [name=format]', 'tar.zst');
  await page.click('#files-dialog [type=submit]');
  await until(async () => (await page.inputValue('#files-dialog [name=archive]').catch(() => '')) === 'taken' && (await page.locator('#files-dialog [aria-invalid=true]').count()) > 0);
  await page.fill('#files-dialog [name=archive]', 'backup');
  await page.click('#files-dialog [type=submit]');
  await until(() => existsSync(at('backup.tar.zst')));
  await page.waitForSelector('#files tr[data-name="backup.tar.zst"]');
  await act(page, 'backup.tar.zst', 'contents');
  await until(async () => (await page.textContent('#files-dialog'))!.includes('site/img/a.png'));
  expect(await findings(page)).toEqual([]);
  await page.click('#files-dialog a.primary');
  await page.waitForSelector('#files-dialog [name=into]');
  expect(new URL(page.url()).pathname).toBe('/files');
  expect(await page.inputValue('#files-dialog [name=into]')).toBe('backup');
  await page.click('#files-dialog [type=submit]');
  await page.waitForSelector('#files tr[data-name="backup"]');
  await until(() => existsSync(at('backup/site/img/a.png')));
  expect(readFileSync(at('backup/site/index.html'), 'utf8')).toBe('x'.repeat(3000));
  // The browser itself tells of the 422.
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
});

it('the size of a folder is counted in a dialog, and the count ends with it', async () => {
  const { context, page, complaints } = await openFolder(e2e, e2e.root);
  // The page's own stream, which tells of changes.
  await until(async () => (await e2e.streams()) > 0);
  const before = await e2e.streams();
  await act(page, 'site', 'size');
  await until(async () => (await page.textContent('#files-dialog'))!.includes('8,000 bytes'));
  expect(await page.textContent('#files-dialog')).toContain('2 files');
  await page.keyboard.press('Escape');
  await until(async () => (await e2e.streams()) <= before);
  // Once more: the module that counts has run before.
  await act(page, 'site', 'size');
  await until(async () => (await page.textContent('#files-dialog'))!.includes('8,000 bytes'));
  expect(complaints).toEqual([]);
  await context.close();
});

it('without JavaScript and on a phone: the forms are pages that fit', async () => {
  for (const options of [{ javaScriptEnabled: false }, { viewport: PHONE, locale: 'zh-CN' }]) {
    const { context, page } = await e2e.open(`/files/archive?folder=${e2e.root}&name=site`, options);
    const name = 'javaScriptEnabled' in options ? 'plain' : '手机';
    if (!('javaScriptEnabled' in options)) expect(await overflow(page)).toEqual([]);
    await page.fill('[name=archive]', name);
    await page.click('#action [type=submit]');
    await page.waitForURL(/\/files\?path=/);
    await until(() => existsSync(at(`${name}.zip`)));
    await page.goto(`${e2e.origin()}/files/archive/contents?path=${encodeURIComponent(at(`${name}.zip`))}`);
    expect(await page.textContent('#action')).toContain('site/index.html');
    await page.goto(`${e2e.origin()}/files/extract?path=${encodeURIComponent(at(`${name}.zip`))}`);
    if (!('javaScriptEnabled' in options)) expect(await overflow(page)).toEqual([]);
    await page.click('#action [type=submit]');
    await page.waitForURL(/\/files\?path=/);
    await until(() => existsSync(at(name, 'site/index.html')));
    await context.close();
  }
});
