import { afterAll, beforeAll, expect } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { DESKTOP, launch, openPage } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { until } from '../support/until.ts';

/** Everyday things without a mouse, and what a window is large enough for. */
const it = needs('linux', 'chromium');
let panel: RunningPanel;
let browser: Browser;
let root = '';
let cookies: { name: string; value: string; url: string }[] = [];
const at = (...parts: string[]) => join(root, ...parts);

if (it.ok) {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'mantou-e2e-keyboard-'));
    [panel, browser] = await Promise.all([runPanel([process.execPath, 'src/main.ts']), launch()]);
    const header = await setUp(panel);
    cookies = header.split('; ').map((pair) => ({ name: pair.slice(0, pair.indexOf('=')), value: pair.slice(pair.indexOf('=') + 1), url: panel.url }));
  });
  afterAll(async () => {
    await browser?.close();
    expect(await panel?.stop()).toBe(0);
    rmSync(root, { recursive: true, force: true });
  });
}

async function inFolder(name: string, files: readonly string[]): Promise<{ page: Page; complaints: string[] }> {
  mkdirSync(at(name), { recursive: true });
  for (const file of files) writeFileSync(at(name, file), file);
  const { context, page, complaints } = await openPage(browser);
  await context.addCookies(cookies);
  await page.goto(`${panel.url}/files?path=${encodeURIComponent(at(name))}`);
  await page.locator(`#files [data-name="${files[0]}"][data-ready]`).waitFor();
  return { page, complaints };
}

const listed = (page: Page, name: string) => page.locator(`#files [data-name="${name}"]`).count();

it('Delete and Enter put a file into the trash', async () => {
  const { page, complaints } = await inFolder('delete', ['a.txt', 'b.txt']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Delete');
  await page.locator('#files-dialog[open] button.primary:focus').waitFor();
  await page.keyboard.press('Enter');
  await until(async () => (await listed(page, 'a.txt')) === 0);
  expect([existsSync(at('delete/a.txt')), existsSync(at('delete/b.txt'))]).toEqual([false, true]);
  expect(complaints).toEqual([]);
});

it('what ends a long form is in sight, and its list scrolls', async () => {
  const { page, complaints } = await inFolder('many', Array.from({ length: 30 }, (_, i) => `IMG_${i + 10}.JPG`));
  await page.keyboard.press('Control+a');
  await page.keyboard.press('F2');
  await page.locator('#files-dialog[open] #rename-preview tbody tr').nth(20).waitFor();
  const box = (await page.locator('#files-dialog[open] button.primary').boundingBox())!;
  const dialog = (await page.locator('#files-dialog[open]').boundingBox())!;
  expect(box.y + box.height).toBeLessThanOrEqual(dialog.y + dialog.height);
  expect(dialog.y + dialog.height).toBeLessThanOrEqual(DESKTOP.height);
  expect(complaints).toEqual([]);
});

it('two are compared, not the first of three; and there is a way back', async () => {
  const { page, complaints } = await inFolder('compare', ['a.txt', 'b.txt', 'c.txt']);
  const compare = page.locator('.selbar [data-id=compare]');
  await page.keyboard.press('Control+a');
  await page.locator('.selbar [data-id=delete]').waitFor();
  expect(await compare.isVisible()).toBe(false);
  await page.locator('#files [data-name="c.txt"] .pick input').uncheck({ force: true });
  await compare.click();
  await page.locator('#compare').waitFor();
  await page.locator('.page-head a[href^="/files?path="]').click();
  await page.locator('#files [data-name="c.txt"]').waitFor();
  expect(readFileSync(at('compare/a.txt'), 'utf8')).toBe('a.txt');
  expect(complaints).toEqual([]);
});

it('? lists the keys of the file manager too, and only there', async () => {
  const { page, complaints } = await inFolder('keys', ['a.txt']);
  await page.keyboard.press('?');
  const keys = () => page.locator('#shortcuts[open] kbd').allInnerTexts();
  await page.locator('#shortcuts[open]').waitFor();
  expect(await keys()).toEqual(expect.arrayContaining(['F2', 'Del', '⇧ Del', 'Ctrl C', 'Ctrl V']));
  await page.goto(`${panel.url}/tasks`);
  await page.keyboard.press('?');
  await page.locator('#shortcuts[open]').waitFor();
  expect(await keys()).not.toContain('F2');
  expect(complaints).toEqual([]);
});

it('what is no form has the same edges in a dialog; the status bar stays below a tray', async () => {
  const { page, complaints } = await inFolder('edges', ['a.txt']);
  await page.locator('#files [data-name="a.txt"] .pick input').check({ force: true });
  for (const id of ['checksum', 'size']) {
    await page.locator(`#row-menu [data-id=${id}], [data-id=${id}]`).first().evaluate((element: any) => element.click());
    await page.locator('#files-dialog[open] h2').waitFor();
    const edges = await page.locator('#files-dialog').evaluate((dialog: any) => {
      const box = dialog.getBoundingClientRect();
      return [...dialog.querySelectorAll('input, .btns > *')].map((element: any) => element.getBoundingClientRect()).filter((one: any) => one.width > 0).every((one: any) => one.left >= box.left + 16 && one.right <= box.right - 16 && one.bottom <= box.bottom - 16);
    });
    expect([id, edges]).toEqual([id, true]);
    await page.keyboard.press('Escape');
    await until(async () => (await page.locator('#files-dialog[open]').count()) === 0);
  }
  await page.locator('#upload-files').setInputFiles({ name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.from('b') });
  await page.locator('.tray[open]').waitFor();
  const bar = (await page.locator('#statusbar').boundingBox())!;
  expect(bar.y + bar.height).toBeGreaterThan(DESKTOP.height - 40);
  expect(complaints).toEqual([]);
});
