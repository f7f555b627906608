import { afterAll, beforeAll, expect } from 'bun:test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { smallEngine, type SmallEngine } from '../support/small-engine.ts';
import { until } from '../support/until.ts';

/** A second engine is added, tried and chosen in a browser; what it looks like lies in test/output/screenshots. */
const it = needs('chromium');
const output = join(import.meta.dir, '../output/screenshots');
const e2e = livePanel(it);
let small: SmallEngine;

if (it.ok) {
  beforeAll(() => {
    mkdirSync(output, { recursive: true });
    small = smallEngine('small');
  });
  afterAll(() => small.stop());
}

async function open(path: string, { lang = 'en', ...options }: BrowserContextOptions & { lang?: string } = {}) {
  const opened = await e2e.newPage(options);
  await opened.context.addCookies([{ name: 'mantou_lang', value: lang, url: e2e.origin }]);
  await opened.page.goto(e2e.origin + path);
  return opened;
}

/** Containers of other tests come and go on this machine, and a browser takes that for another network. */
const real = (complaints: string[]) => complaints.filter((line) => !/ERR_NETWORK_CHANGED|409|422|503/.test(line));

it('an engine is added, refused where it has to be, chosen, seen on every page, and left again', async () => {
  const { context, page, complaints } = await open('/docker');
  await page.getByRole('link', { name: 'Add an engine' }).click();
  await page.locator('#f-name').fill('prod-2');
  await page.locator('#f-address').waitFor();
  await page.getByRole('radio', { name: /TCP without TLS/ }).check();
  for (const name of ['sshHost', 'ca', 'key', 'sshKey', 'socket']) expect([name, await page.locator(`[name=${name}]`).isVisible()]).toEqual([name, false]);
  await page.locator('#f-address').fill('10.0.0.5');
  await page.getByRole('button', { name: 'Save and test' }).click();
  await until(async () => (await page.locator('#f-address-error').textContent())?.includes('Without TLS only this machine'));
  expect(await page.locator('#f-name').inputValue()).toBe('prod-2');
  await page.locator('#f-address').fill('localhost');
  await page.locator('#f-port').fill(String(small.port));
  await page.getByRole('button', { name: 'Save and test' }).click();
  const row = page.locator('#endpoints tbody tr', { hasText: 'prod-2' });
  await until(async () => (await row.textContent())?.includes('Up, 9.9.9-small'));

  // Pages that others have open: a list, and a form.
  const list = await open('/containers');
  const form = await open('/networks/new');
  const create = await open('/containers/new');
  await until(async () => (await list.page.locator('#containers tbody tr').count()) > 1);
  await row.getByRole('button', { name: 'Use: prod-2' }).click();
  await until(async () => (await page.locator('.page-head .on-engine').textContent()) === 'on prod-2');
  await until(async () => (await list.page.locator('.on-engine').count()) === 1 && (await list.page.locator('#containers').textContent())!.includes('small-web'));
  await form.page.locator('#f-name').fill('shop');
  await form.page.locator('main button[type=submit], main .btn.primary').last().click();
  await until(async () => (await form.page.locator('body').textContent())!.includes('The panel works on prod-2 since this page was opened'));
  // The same without htmx.
  await create.page.locator('[name=name]').fill('shop');
  await create.page.locator('[name=image]').fill('nginx');
  await create.page.getByRole('button', { name: 'Create container' }).click();
  await until(async () => (await create.page.locator('main').textContent())!.includes('The panel works on prod-2 since this page was opened'));
  expect(small.asked.filter((line) => line.startsWith('POST'))).toEqual([]);

  // Tested again where it stands; what is in use cannot be removed.
  const tested = page.waitForResponse((answer) => answer.url().endsWith('/test'));
  await row.getByRole('button', { name: 'Test: prod-2' }).click();
  await tested;
  await until(async () => (await row.textContent())?.includes('Up, 9.9.9-small'));
  await page.goto(`${e2e.origin}/images`);
  await page.locator('.on-engine').click();
  await until(() => page.url().endsWith('/docker#endpoints'));
  await page.locator('#endpoints tr', { hasText: 'This machine' }).getByRole('button', { name: 'Use: This machine' }).click();
  await page.waitForURL(`${e2e.origin}/docker`);
  await until(async () => (await page.locator('.on-engine').count()) === 0);
  await until(async () => !(await list.page.locator('#containers').textContent())!.includes('small-web'));
  await row.getByRole('button', { name: 'prod-2: Edit' }).click();
  await page.locator('.menu:popover-open').getByText('Remove').click();
  await page.locator('dialog[open]').getByRole('button', { name: 'Remove' }).click();
  await until(async () => (await row.count()) === 0);
  expect(real([...complaints, ...list.complaints, ...form.complaints, ...create.complaints])).toEqual([]);
  for (const one of [context, list.context, form.context, create.context]) await one.close();
});

it('an answer of one that is tested takes away no question about another', async () => {
  for (const name of ['slow', 'old']) expect((await e2e.admin.request('/docker/endpoints', { form: { name, kind: 'tcp', address: '127.0.0.1', port: String(small.port) } })).status).toBe(303);
  const { context, page, complaints } = await open('/docker');
  const go = Promise.withResolvers<void>();
  await page.route('**/docker/endpoints/*/test*', async (route) => {
    await go.promise;
    await route.continue();
  });
  const row = (name: string) => page.locator('#endpoints tbody tr', { hasText: name });
  const ask = async (name: string) => {
    await row(name).getByRole('button', { name: `${name}: Edit` }).click();
    await page.locator('.menu:popover-open').getByText('Remove').click();
  };
  const tested = page.waitForResponse((answer) => answer.url().includes('/test'));
  await row('slow').getByRole('button', { name: 'Test: slow' }).click();
  await ask('old');
  const dialog = page.locator('dialog[open]');
  await dialog.waitFor();
  // Somebody else adds one: it comes with the answer, and with its own question.
  expect((await e2e.admin.request('/docker/endpoints', { form: { name: 'fresh', kind: 'tcp', address: '127.0.0.1', port: String(small.port) } })).status).toBe(303);
  go.resolve();
  await (await tested).finished();
  await row('fresh').waitFor();
  expect(await dialog.textContent()).toContain('old');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await until(async () => (await row('old').count()) === 0);
  for (const name of ['fresh', 'slow']) {
    await ask(name);
    await dialog.getByRole('button', { name: 'Remove' }).click();
    await until(async () => (await row(name).count()) === 0);
  }
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('one that goes away while it is in use: the page says so and leads back', async () => {
  const gone = smallEngine('gone');
  const made = await e2e.admin.request('/docker/endpoints', { form: { name: 'gone', kind: 'tcp', address: '127.0.0.1', port: String(gone.port) } });
  expect(made.status).toBe(303);
  const { context, page } = await open('/docker');
  await page.getByRole('button', { name: 'Use: gone' }).click();
  await until(async () => (await page.locator('.on-engine').count()) === 1);
  await page.goto(`${e2e.origin}/containers`);
  await until(async () => (await page.locator('#containers').textContent())!.includes('gone-web'));
  await gone.stop();
  await until(async () => (await page.locator('main').textContent())!.includes('gone cannot be reached'));
  await page.screenshot({ path: join(output, 'endpoint-away-en.png') });
  // The page hears of the switch before the answer to its form has come, and does not take that away.
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await page.route('**/docker/endpoints/here/use*', async (route) => {
    const response = await route.fetch({ maxRedirects: 0 });
    asked.resolve();
    await go.promise;
    await route.fulfill({ response });
  });
  const heard = page.waitForResponse((answer) => answer.url().endsWith('/containers') && answer.headers()['mantou-engine'] === 'here');
  await page.getByRole('button', { name: 'Back to this machine' }).click({ noWaitAfter: true });
  await asked.promise;
  await (await heard).finished();
  go.resolve();
  await until(async () => (await page.locator('.on-engine').count()) === 0 && page.url().endsWith('/docker'));
  await context.close();
});

it('in both languages, light and dark, on a desktop and a phone: nothing overflows, everything is named', async () => {
  const made = await e2e.admin.request('/docker/endpoints', { form: { name: 'staging', kind: 'tcp', address: '127.0.0.1', port: String(small.port) } });
  expect(made.status).toBe(303);
  for (const [lang, colorScheme, viewport] of [['en', 'light', { width: 1280, height: 900 }], ['zh-CN', 'dark', { width: 1280, height: 900 }], ['zh-CN', 'light', PHONE], ['en', 'dark', PHONE]] as const) {
    for (const [name, path] of [['list', '/docker'], ['form', '/docker/endpoints/new']] as const) {
      const { context, page } = await open(path, { lang, colorScheme, viewport });
      await page.locator('main h1').waitFor();
      expect([lang, name, await findings(page)]).toEqual([lang, name, []]);
      expect([lang, name, await overflow(page)]).toEqual([lang, name, []]);
      await page.screenshot({ path: join(output, `endpoint-${name}-${lang}-${colorScheme}-${viewport.width}.png`), fullPage: true });
      await context.close();
    }
  }
});
