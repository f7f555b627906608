import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { openFolder, row } from '../support/files-page.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

const it = needs('linux', 'chromium');
const e2e = e2ePanel(it, { root: 'once' });
const at = (...parts: string[]) => join(e2e.root, ...parts);
let other: ReturnType<typeof Bun.serve>;

if (it.ok) {
  beforeAll(async () => {
    mkdirSync(at('album'));
    writeFileSync(at('abc'), 'abc');
    writeFileSync(at('album/中文.txt'), 'inside');
    other = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response('from elsewhere', { headers: { 'content-disposition': 'attachment; filename=there.txt' } }) });
    await e2e.api('/settings', { fetchPrivate: true });
  });
  afterAll(() => other?.stop(true));
}

/** Chooses a line of the context menu of a row. */
async function choose(page: Page, name: string, action: string) {
  await row(page, name).click({ button: 'right', position: { x: 300, y: 10 } });
  await page.getByRole('menuitem', { name: action, exact: true }).or(page.locator('.menu:popover-open').getByText(action, { exact: true })).first().click();
}

it('checksums come into the dialog, are held against what is pasted, and again the next time', async () => {
  const { context, page, complaints } = await openFolder(e2e, e2e.root);
  for (let time = 0; time < 2; time++) {
    await choose(page, 'abc', 'Checksums…');
    await until(async () => (await page.inputValue('#checksum-md5').catch(() => '')) === '900150983cd24fb0d6963f7d28e17f72');
    await page.fill('[data-compare]', 'MD5 (abc) = 900150983CD24FB0D6963F7D28E17F72');
    expect(await page.textContent('[data-verdict]')).toBe('It matches: MD5.');
    await page.fill('[data-compare]', '900150983cd24fb0d6963f7d28e17f73');
    expect(await page.textContent('[data-verdict]')).toBe('It matches none of the checksums of this file.');
    expect(await findings(page)).toEqual([]);
    await page.click('#files-dialog [data-cancel]');
    await until(() => page.evaluate(() => !document.getElementById('files-dialog').open));
  }
  expect(complaints).toEqual([]);
  await context.close();
});

it('a file is shared with a password; a stranger types it and downloads; revoked it is gone', async () => {
  const { context, page, complaints } = await openFolder(e2e, e2e.root);
  await choose(page, 'album', 'Share link…');
  await page.fill('#files-dialog [name=password]', 'abc');
  await page.click('#files-dialog button[type=submit]');
  await page.waitForSelector('#files-dialog .form-errors, #files-dialog :invalid', { state: 'attached' });
  await page.fill('#files-dialog [name=password]', 'bamboo');
  await page.click('#files-dialog button[type=submit]');
  await page.waitForSelector('#share-link');
  const link = await page.inputValue('#share-link');
  expect(link).toStartWith(`${e2e.origin()}/s/`);
  expect(await findings(page)).toEqual([]);

  const stranger = await e2e.open(link.slice(e2e.origin().length), { as: null, viewport: PHONE, acceptDownloads: true });
  expect(await stranger.page.textContent('h1')).toBe('Shared file');
  await stranger.page.fill('[name=password]', 'bamboo');
  await stranger.page.click('main button[type=submit]');
  await stranger.page.waitForSelector('.shared-list');
  expect(await stranger.page.textContent('.shared-list')).toContain('中文.txt');
  expect(await findings(stranger.page)).toEqual([]);
  expect(await overflow(stranger.page)).toEqual([]);
  const waiting = stranger.page.waitForEvent('download');
  await stranger.page.getByText('中文.txt').click();
  const got = await waiting;
  expect(got.suggestedFilename()).toBe('中文.txt');
  expect(readFileSync((await got.path())!, 'utf8')).toBe('inside');

  await page.goto(`${e2e.origin()}/files/shares`);
  expect(await findings(page)).toEqual([]);
  await page.getByRole('button', { name: /Revoke/ }).click();
  await page.waitForSelector('.banner[data-tone=ok]');
  const gone = await stranger.page.goto(link);
  expect(gone!.status()).toBe(404);
  expect(await stranger.page.textContent('h1')).toBe('This link leads nowhere');
  expect(complaints.filter((one) => !one.includes('422'))).toEqual([]);
  await stranger.context.close();
  await context.close();
});

it('a file from a URL appears in the folder that is open', async () => {
  const { context, page, complaints } = await openFolder(e2e, e2e.root, { locale: 'zh-CN' });
  await page.locator('[data-action="/files/fetch"]').first().evaluate((button: any) => button.click());
  await page.waitForSelector('#files-dialog [name=url]');
  expect(await page.textContent('#files-dialog')).toContain('从 URL 下载');
  expect(await findings(page)).toEqual([]);
  await page.fill('#files-dialog [name=url]', `http://127.0.0.1:${other.port}/x`);
  await page.click('#files-dialog button[type=submit]');
  await page.waitForSelector('#files tr[data-name="there.txt"]');
  expect(readFileSync(at('there.txt'), 'utf8')).toBe('from elsewhere');
  expect(complaints).toEqual([]);
  await context.close();
});

it('two selected entries are downloaded as one zip', async () => {
  const { context, page } = await openFolder(e2e, e2e.root, { acceptDownloads: true });
  await row(page, 'abc').click({ position: { x: 300, y: 10 } });
  await row(page, 'album').click({ position: { x: 300, y: 10 }, modifiers: ['Control'] });
  const waiting = page.waitForEvent('download');
  await page.locator('[data-action="/files/download"], [data-href="/files/download"]').first().evaluate((button: any) => button.click());
  const got = await waiting;
  expect(got.suggestedFilename()).toEndWith('.zip');
  expect(readFileSync((await got.path())!).subarray(0, 2).toString()).toBe('PK');
  await context.close();
});
