import { beforeEach, expect } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { e2ePanel, type OpenOptions } from '../support/e2e-panel.ts';
import { openFolder, select } from '../support/files-page.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium', 'root', 'linux', 'acl');
const e2e = e2ePanel(it, { root: 'each' });
const at = (...parts: string[]) => join(e2e.root, ...parts);

if (it.ok) {
  // What new files get, whatever it is on this machine.
  process.umask(0o022);
  beforeEach(() => {
    for (const folder of ['site', 'site/public']) mkdirSync(at(folder));
    for (const name of ['index.html', 'notes.md', 'site/app.js', 'site/public/logo.svg']) writeFileSync(at(name), 'x');
    for (let i = 0; i < 300; i++) writeFileSync(at(`site/public/f${i}`), '');
    chmodSync(at('notes.md'), 0o600);
    symlinkSync('/etc/passwd', at('site/link'));
  });
}

const modeOf = (path: string) => (lstatSync(at(path)).mode & 0o7777).toString(8);

/** In the browser page: selects the rows and opens the sheet by its key. */
async function sheetOf(names: string[], options: OpenOptions = {}) {
  const opened = await openFolder(e2e, e2e.root, options);
  await select(opened.page, ...names);
  await opened.page.keyboard.press('Control+i');
  await opened.page.waitForSelector('#files-dialog[open] form.modes');
  return opened;
}

const bit = (page: Page, octal: number) => page.locator(`form.modes input[data-bit="${octal}"]`);
const mode = (page: Page) => page.inputValue('form.modes [name=mode]');

it('boxes and number say the same, the change is saved, and taken back from its toast', async () => {
  const { page, context, complaints } = await sheetOf(['index.html']);
  expect(await mode(page)).toBe('0644');
  await bit(page, 0o100).check();
  expect(await mode(page)).toBe('0744');
  await page.fill('form.modes [name=mode]', '2750');
  expect(await Promise.all([0o2000, 0o040, 0o010, 0o004].map((one) => bit(page, one).isChecked()))).toEqual([true, true, true, false]);
  await page.fill('form.modes [name=mode]', '0600');
  expect(await bit(page, 0o040).isChecked()).toBe(false);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'sheet');
  await page.click('form.modes button.primary');
  await until(() => modeOf('index.html') === '600');
  await until(async () => !(await page.locator('#files-dialog[open]').count()));
  await page.click('.toast button:text("Undo")');
  await until(() => modeOf('index.html') === '644');
  expect(complaints).toEqual([]);
  await context.close();
});

it('entries that differ: only what is touched changes', async () => {
  const { page, context, complaints } = await sheetOf(['index.html', 'notes.md']);
  expect(await mode(page)).toBe('');
  await bit(page, 0o020).check();
  expect(await mode(page)).toBe('g+w');
  await picture(page, 'mixed');
  await page.click('form.modes button.primary');
  await until(() => modeOf('index.html') === '664' && modeOf('notes.md') === '620');
  expect(complaints).toEqual([]);
  await context.close();
});

it('a mode that is none is said in the dialog; commands are shown there', async () => {
  const { page, context } = await sheetOf(['index.html']);
  await page.fill('form.modes [name=mode]', '0999');
  await page.click('form.modes button.primary');
  await page.waitForSelector('#files-dialog[open] .form-errors');
  await page.fill('form.modes [name=mode]', '0640');
  await page.click('form.modes button[name=step][value=commands]');
  await page.waitForSelector('#files-dialog[open] details.commands');
  expect(await page.locator('details.commands pre').textContent()).toBe(`chmod 0640 -- ${at('index.html')}`);
  expect(modeOf('index.html')).toBe('644');
  await context.close();
});

it('everything inside: counted first, then changed by a task', async () => {
  const { page, context, complaints } = await sheetOf(['site'], { locale: 'zh-CN' });
  await page.fill('form.modes [name=mode]', '0750');
  await page.check('form.modes [name=inside-mode]');
  expect(await page.inputValue('form.modes [name=fileMode]')).toBe('0640');
  await picture(page, 'inside');
  await page.click('form.modes button.primary');
  await page.waitForSelector('#mode-count:not([aria-busy])');
  expect(await page.locator('#mode-count button.primary').textContent()).toBe('修改 304 个项目');
  expect(modeOf('site/app.js')).toBe('644');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'preview');
  await page.click('#mode-count button.primary');
  await until(() => modeOf('site/public/f299') === '640' && modeOf('site/public') === '750' && modeOf('site') === '750');
  expect((lstatSync('/etc/passwd').mode & 0o777).toString(8)).toBe('644');
  await until(async () => (await e2e.api('/tasks?state=running')).total === 0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('an access list: an account is added, its entry is there again, and a folder hands it on', async () => {
  const { page, context, complaints } = await sheetOf(['site']);
  await page.click('#files-dialog .tabs a:text("Access list")');
  await page.waitForSelector('#files-dialog [name=new-account]');
  await page.fill('[name=new-account]', 'www-data');
  await page.check('[name=new-w]');
  await page.check('[name=make-defaults]');
  expect(await findings(page)).toEqual([]);
  await page.click('form.modes button.primary');
  await until(async () => !(await page.locator('#files-dialog[open]').count()));
  expect(Bun.spawnSync(['getfacl', '-n', '--absolute-names', '--', at('site')]).stdout.toString()).toMatch(/user:33:rw-[^]*default:user:33:rw-/);
  await page.keyboard.press('Control+i');
  await page.click('#files-dialog .tabs a:text("Access list")');
  await page.waitForSelector('#files-dialog th:text("www-data")');
  await picture(page, 'acl');
  await page.click('#files-dialog .tabs a:text("Attributes")');
  await page.waitForSelector('#files-dialog [name=immutable], #files-dialog fieldset .hint');
  expect(await findings(page)).toEqual([]);
  await picture(page, 'attributes');
  expect(complaints).toEqual([]);
  await context.close();
});

it('without JavaScript the sheet is a page: boxes count, and the folder is shown next', async () => {
  const path = `/files/mode?${new URLSearchParams({ folder: e2e.root, name: 'notes.md' })}`;
  const { page, context } = await e2e.open(path, { javaScriptEnabled: false, viewport: PHONE });
  await bit(page, 0o040).check();
  await page.click('form.modes button.primary');
  await page.waitForURL(/\/files\?path=/);
  expect(modeOf('notes.md')).toBe('640');
  await context.close();
});

it('on a phone, in both languages, nothing sticks out', async () => {
  for (const locale of ['en', 'zh-CN']) {
    for (const part of ['mode', 'acl', 'attributes']) {
      const { page, context, complaints } = await e2e.open(`/files/${part}?${new URLSearchParams({ folder: e2e.root, name: 'site' })}`, { locale, viewport: PHONE });
      expect(await overflow(page)).toEqual([]);
      expect(await findings(page)).toEqual([]);
      await picture(page, `phone-${part}-${locale}`);
      expect(complaints).toEqual([]);
      await context.close();
    }
  }
});
