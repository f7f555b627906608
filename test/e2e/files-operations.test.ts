import { expect } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { e2ePanel } from '../support/e2e-panel.ts';
import { dialog, openFolder, select } from '../support/files-page.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** Renaming, moving, deleting and bringing back, by mouse and keys in a real browser, on a real disk. */
const it = needs('linux', 'chromium');
const e2e = e2ePanel(it, { root: 'once' });
const at = (...parts: string[]) => join(e2e.root, ...parts);

/** A browser in a folder with these files. */
async function inFolder(name: string, ...files: string[]) {
  mkdirSync(at(name), { recursive: true });
  for (const file of files) writeFileSync(at(name, file), file);
  return openFolder(e2e, at(name));
}

const submit = (page: Page) => dialog(page, 'button.primary').click();
const listed = (page: Page, name: string) => page.locator(`#files [data-name="${name}"]`).count();

it('new folder and F2: the list follows, and a taken name is said in the dialog', async () => {
  const { page, complaints } = await inFolder('new', 'old.txt', 'taken.txt');
  await page.locator('[data-id="new-folder"]').first().evaluate((element: any) => element.click());
  await dialog(page, '[name=name]').fill('馒头');
  await submit(page);
  await until(async () => (await listed(page, '馒头')) === 1);
  await select(page, 'old.txt');
  await page.keyboard.press('F2');
  await dialog(page, '[name=to]').fill('taken.txt');
  await submit(page);
  await dialog(page, '[role=alert]').waitFor();
  expect(readFileSync(at('new/taken.txt'), 'utf8')).toBe('taken.txt');
  await dialog(page, '[name=to]').fill('new.txt');
  await submit(page);
  await until(async () => (await listed(page, 'new.txt')) === 1 && (await listed(page, 'old.txt')) === 0);
  expect(readdirSync(at('new')).sort()).toEqual(['new.txt', 'taken.txt', '馒头']);
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
});

it('many names: the preview follows the rules while they are typed', async () => {
  const { page, complaints } = await inFolder('many', 'one.txt', 'two.txt');
  await select(page, 'one.txt', 'two.txt');
  await page.keyboard.press('F2');
  await dialog(page, '[name=find]').fill('o');
  await dialog(page, '[name=replace]').fill('0');
  await until(async () => (await dialog(page, '#rename-preview').textContent())?.includes('tw0.txt'));
  expect(readdirSync(at('many')).sort()).toEqual(['one.txt', 'two.txt']);
  await submit(page);
  await until(async () => (await listed(page, '0ne.txt')) === 1);
  expect(readdirSync(at('many')).sort()).toEqual(['0ne.txt', 'tw0.txt']);
  expect(complaints).toEqual([]);
});

it('move: the folder is gone to step by step, and what is there is asked about', async () => {
  mkdirSync(at('move/target'), { recursive: true });
  writeFileSync(at('move/target/one.txt'), 'theirs');
  const { page, complaints } = await inFolder('move', 'one.txt', 'two.txt');
  await select(page, 'one.txt', 'two.txt');
  await page.locator('.selbar [data-id="move-to"]').click();
  await dialog(page, '.chooser-folders button').filter({ hasText: 'target' }).click();
  await until(async () => (await dialog(page, '[name=to]').inputValue()) === at('move/target'));
  await submit(page);
  // The form before it has a choice of that name too: only the question is meant.
  await dialog(page, '.conflicts').waitFor();
  await dialog(page, '[name=conflict]').selectOption('keep-both');
  await submit(page);
  await until(async () => (await listed(page, 'one.txt')) === 0);
  expect([readdirSync(at('move/target')).sort(), readFileSync(at('move/target/one.txt'), 'utf8')]).toEqual([['one (2).txt', 'one.txt', 'two.txt'], 'theirs']);
  // The list may be told before whoever moved.
  await until(async () => (await page.locator('#sheet[data-selected], .sheet[data-selected]').count()) === 0);
  expect(complaints.filter((line) => !line.includes('409'))).toEqual([]);
});

it('delete, undo, and for good only when it was typed', async () => {
  const { page, complaints } = await inFolder('gone', 'one.txt', 'two.txt');
  await select(page, 'one.txt');
  await page.keyboard.press('Delete');
  await submit(page);
  await until(() => !existsSync(at('gone/one.txt')));
  await page.locator('.toast form button').click();
  // The list may not have told yet that it was gone.
  await until(() => existsSync(at('gone/one.txt')));
  await until(async () => (await listed(page, 'one.txt')) === 1);
  expect(readFileSync(at('gone/one.txt'), 'utf8')).toBe('one.txt');
  await until(async () => (await page.locator('.toast form').count()) === 0);
  await select(page, 'two.txt');
  await page.keyboard.press('Shift+Delete');
  await dialog(page, '[name=confirm]').fill('yes');
  await submit(page);
  await dialog(page, '[role=alert]').waitFor();
  expect(existsSync(at('gone/two.txt'))).toBe(true);
  await dialog(page, '[name=confirm]').fill('two.txt');
  await submit(page);
  await until(async () => (await listed(page, 'two.txt')) === 0);
  expect(readdirSync(at('gone'))).toEqual(['one.txt']);
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
});

it('the trash, without JavaScript: restored to a folder that is gone, after asking', async () => {
  const { page } = await inFolder('bin', 'x.txt');
  await select(page, 'x.txt');
  await page.keyboard.press('Delete');
  await submit(page);
  await until(() => !existsSync(at('bin/x.txt')));
  // Until it is in the book of the trash.
  await page.locator('.toast form').waitFor();
  rmSync(at('bin'), { recursive: true });
  const { page: plain } = await e2e.open('/files/trash', { javaScriptEnabled: false });
  await plain.locator('tr', { hasText: at('bin') }).locator('[name=id]').check();
  await plain.locator('#trash button').first().click();
  await plain.locator('[name=recreate]').waitFor({ state: 'attached' });
  await plain.locator('.action button.primary').click();
  await plain.locator('.banner[data-tone=ok]').waitFor();
  expect(readFileSync(at('bin/x.txt'), 'utf8')).toBe('x.txt');
});
