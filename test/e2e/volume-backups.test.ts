import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { picture, PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
const e2e = livePanel(it);
const { open } = e2e;
let folder = '';

if (it.ok) {
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'mantou-backups-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

const real = (complaints: string[]) => complaints.filter((line) => !/ERR_NETWORK_CHANGED|422/.test(line));
const dialog = (page: Page) => page.locator('#form-dialog');
const rows = (page: Page) => page.locator('#backups tbody tr');

async function inMenu(page: Page, row: string, item: string) {
  await page.locator('main tbody tr', { hasText: row }).first().locator('.acts button').click();
  await page.locator('.menu:popover-open').getByText(item).click();
}

it('backed up in a dialog, there by itself when it is whole, restored, cloned, downloaded and deleted', async () => {
  const { context, page, complaints } = await open('/volumes/shop_uploads');
  await page.getByRole('link', { name: 'Back up', exact: true }).click();
  await until(() => dialog(page).isVisible());
  expect(await dialog(page).textContent()).toContain('Running: shop-web-1, shop-worker-1');
  await picture(page, 'volume-backup');
  await dialog(page).getByText('Pause while it is read').click();
  await dialog(page).locator('button[type=submit]').click();
  await until(async () => (await rows(page).count()) === 1);
  expect(await rows(page).first().textContent()).toContain('Containers were paused');
  await picture(page, 'volume-page');

  await inMenu(page, 'Containers were paused', 'Restore');
  await until(() => dialog(page).isVisible());
  await picture(page, 'volume-restore');
  await dialog(page).locator('#f-into').fill('shop_db');
  await dialog(page).locator('button[type=submit]').click();
  await until(async () => (await dialog(page).textContent())?.includes('There is a volume shop_db already.'));
  await dialog(page).locator('#f-into').fill('uploads-again');
  await dialog(page).locator('button[type=submit]').click();
  await until(async () => !(await dialog(page).isVisible()));
  await until(async () => (await e2e.admin.request('/volumes/uploads-again')).status === 200);

  await page.locator('[popovertarget=volume-more]').click();
  await page.locator('#volume-more').getByText('Clone').click();
  await until(() => dialog(page).isVisible());
  await picture(page, 'volume-clone');
  await dialog(page).locator('button[type=submit]').click();
  await until(async () => (await e2e.admin.request('/volumes/shop_uploads-copy')).status === 200);

  await page.locator('main tbody tr .acts button').first().click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.menu:popover-open').getByText('Download').click()]);
  expect(download.suggestedFilename()).toMatch(/^shop_uploads-.*\.tar\.zst$/);
  await download.saveAs(join(folder, 'down.tar.zst'));

  await page.goto(`${e2e.origin}/volumes/-/backups`);
  await inMenu(page, 'shop_uploads', 'Delete');
  await until(() => dialog(page).isVisible());
  await dialog(page).locator('button[type=submit]').click();
  await until(async () => (await page.locator('main').textContent())?.includes('No backups yet'));
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('a file of this computer becomes a backup; what is none is told, and the form stays', async () => {
  const { context, page, complaints } = await open('/volumes/-/backups/import');
  writeFileSync(join(folder, 'none.tar'), 'no tar');
  await page.fill('#f-name', 'from-home');
  await page.click('main button[type=submit]');
  expect(await page.locator('[data-fault]').textContent()).toContain('Choose a file');
  await page.setInputFiles('#import-file', join(folder, 'none.tar'));
  await page.click('main button[type=submit]');
  await until(async () => (await page.locator('[data-fault]').textContent())?.includes('no tar'));
  await page.setInputFiles('#import-file', join(folder, 'down.tar.zst'));
  await page.click('main button[type=submit]');
  await page.waitForURL('**/volumes/-/backups');
  expect(await page.locator('main').textContent()).toContain('From down.tar.zst');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark', locale: 'zh-CN' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: ${name}`, async () => {
    await e2e.admin.request('/volumes/gitea/backup', { form: {} });
    await until(async () => (await (await e2e.admin.request('/volumes/gitea')).text()).includes('/backups/'));
    const backup = /\/volumes\/gitea\/backups\/[\w-]+/.exec(await (await e2e.admin.request('/volumes/gitea')).text())![0];
    const { context, page, complaints } = await open('/about', options);
    for (const path of ['/volumes', '/volumes/gitea', '/volumes/-/backups', '/volumes/-/backups/import', '/volumes/gitea/backup', '/volumes/gitea/clone', `${backup}/restore`, `${backup}/remove`]) {
      await page.goto(e2e.origin + path);
      expect(await findings(page), path).toEqual([]);
      expect(await overflow(page), path).toEqual([]);
      await picture(page, `backups-${name}-${path.replace(/\W+/g, '-').slice(0, 40)}`);
    }
    expect(real(complaints)).toEqual([]);
    await context.close();
  });
}
