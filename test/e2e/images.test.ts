import { expect } from 'bun:test';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
const e2e = livePanel(it);
const { open } = e2e;

/** Containers of other tests come and go on this machine, and a browser takes that for another network. */
const real = (complaints: string[]) => complaints.filter((line) => !/ERR_NETWORK_CHANGED|422/.test(line));
const rowOf = (page: Page, text: string) => page.locator('main tbody tr', { hasText: text });

async function choose(page: Page, row: string, item: string) {
  const menu = rowOf(page, row).locator('.acts button');
  await menu.hover();
  await menu.click();
  await page.locator('.menu:popover-open').getByText(item).click();
  await until(async () => page.locator('#form-dialog').isVisible());
}

it('images: pulled in a dialog, there by itself when it has come, named, and removed in the words of the engine', async () => {
  const { context, page, complaints } = await open('/images');
  await page.getByRole('link', { name: 'Pull', exact: true }).click();
  const dialog = page.locator('#form-dialog');
  await dialog.locator('#f-reference').fill('Not A Name');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await dialog.locator('.error').textContent())?.includes('lower case'));
  expect(await dialog.locator('#f-reference').inputValue()).toBe('Not A Name');
  await dialog.locator('#f-reference').fill('acme/fresh:2');
  await dialog.locator('button[type=submit]').click();
  // Whichever comes first: what is said goes again by itself.
  await Promise.all([
    until(async () => !(await dialog.isVisible())),
    until(async () => (await page.locator('.toasts').textContent())?.includes('Pulling acme/fresh:2')),
  ]);
  await until(async () => (await rowOf(page, 'acme/fresh:2').count()) === 1);

  await choose(page, 'acme/fresh:2', 'Add name…');
  await dialog.locator('#f-reference').fill('acme/fresh:stable');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await rowOf(page, 'acme/fresh:stable').count()) === 1);
  await choose(page, 'acme/fresh:stable', 'Remove…');
  expect(await dialog.textContent()).toContain('Only this name goes.');
  await dialog.getByRole('button', { name: 'Remove name' }).click();
  await until(async () => (await rowOf(page, 'acme/fresh:stable').count()) === 0);

  await choose(page, 'postgres:17.2-alpine', 'Remove…');
  expect(await dialog.textContent()).toContain('shop-db-1 runs from it');
  expect(await dialog.locator('button[type=submit]').count()).toBe(0);
  await dialog.getByRole('link', { name: 'Cancel' }).click();
  await until(async () => !(await dialog.isVisible()));
  expect(new URL(page.url()).pathname).toBe('/images');

  await page.locator('[data-filter]').fill('fresh');
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('main tbody tr').count()) === 1);
  await page.getByRole('link', { name: /^acme\/fresh:2/ }).click();
  await until(async () => (await page.locator('h1').textContent()) === 'acme/fresh:2');
  // With its scripts, by which forms open in a dialog.
  await page.waitForLoadState();
  expect(await page.locator('#history').textContent()).toContain('COPY /out /srv');
  await page.getByRole('link', { name: 'Remove…' }).click();
  await dialog.getByRole('button', { name: 'Remove image' }).click();
  await page.waitForURL(`${e2e.origin}/images`);
  expect(await rowOf(page, 'acme/fresh').count()).toBe(0);
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('images: what pruning shows is what goes', async () => {
  const { context, page, complaints } = await open('/images?show=dangling');
  expect(await page.locator('main tbody tr').count()).toBe(2);
  await page.getByRole('link', { name: 'Prune…' }).click();
  await page.getByRole('button', { name: 'Remove 2 images' }).click();
  await until(async () => (await page.locator('#facts').textContent())?.includes('Done'));
  // The end of its log may come a moment after its state.
  await until(async () => /removed: 2, failed: 0, freed: \d+ bytes/.test((await page.locator('#task-log').textContent())!));
  await page.goto(`${e2e.origin}/images/prune`);
  expect(await page.locator('main').textContent()).toContain('Nothing to remove');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('why a registry did not answer stays to be read, whatever happens to containers meanwhile', async () => {
  const { context, page, complaints } = await open('/containers/shop-web-1/recreate');
  await page.getByRole('link', { name: 'Ask the registry' }).click();
  await page.waitForURL(/ask=on/);
  await page.waitForLoadState();
  // What the stream of events says as soon as it is open; a look that it led to has been answered by the second.
  await page.locator('body').dispatchEvent('containers-changed');
  for (let i = 0; i < 2; i++) await page.evaluate(async () => void (await fetch('/containers/shop-web-1/recreate')));
  expect(await page.locator('#recreate').textContent()).toContain('unauthorized: authentication required');
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('volumes: sizes come after the page; made, kept while used, removed by their typed names', async () => {
  const { context, page, complaints } = await open('/volumes');
  await until(async () => /\d (MB|GB)/.test((await rowOf(page, 'shop_cache').locator('.num').textContent()) ?? ''));
  expect(await rowOf(page, 'shop_cache').locator('.skel').count()).toBe(0);
  await page.getByRole('link', { name: 'Create volume' }).click();
  const dialog = page.locator('#form-dialog');
  await dialog.locator('#f-name').fill('gitea');
  await dialog.locator('#f-labels').fill('no pair');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await dialog.locator('.error').count()) > 0);
  await dialog.locator('#f-labels').fill('owner=lin\npurpose=a=b');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await dialog.locator('[role=alert]').textContent())?.includes('There is a volume gitea already'));
  await dialog.locator('#f-name').fill('fresh');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await rowOf(page, '/fresh/').count()) === 1);

  await choose(page, 'shop_uploads', 'Remove…');
  expect(await dialog.textContent()).toContain('shop_uploads is used by shop-web-1, shop-worker-1');
  expect(await dialog.locator('button[type=submit]').count()).toBe(0);
  await dialog.getByRole('link', { name: 'Cancel' }).click();

  await page.getByRole('link', { name: /^fresh/ }).click();
  await page.waitForURL(`${e2e.origin}/volumes/fresh`);
  expect(await page.locator('#more').textContent()).toContain('a=b');
  // Its folder is not on this machine: there is nothing to browse.
  expect(await page.getByRole('link', { name: 'Browse files' }).count()).toBe(0);
  await page.goto(`${e2e.origin}/volumes/-/prune`);
  await page.getByLabel('Type fresh to remove it').fill('fres');
  await page.getByRole('button', { name: 'Remove what is typed' }).click();
  await until(async () => (await page.locator('[role=alert]').textContent())?.includes('fres is not the name of an unused volume'));
  await page.getByLabel('Type fresh to remove it').fill('fresh');
  await page.getByRole('button', { name: 'Remove what is typed' }).click();
  await page.waitForURL(`${e2e.origin}/volumes`);
  expect(await rowOf(page, '/fresh/').count()).toBe(0);
  expect(await rowOf(page, 'shop_db_2025').count()).toBe(1);
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('volumes: one that is made while sizes are measured stays when they come, and so does what was typed to prune', async () => {
  const { docker } = e2e.panel.app.host;
  const { ask } = docker;
  const [asked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  docker.ask = async (question) => {
    const answer = await ask.call(docker, question);
    if (question.path !== '/system/df') return answer;
    asked.resolve();
    await go.promise;
    return answer;
  };
  // What was measured for the test before is old.
  e2e.panel.clock.advance(61_000);
  const { context, page, complaints } = await open('/volumes');
  await asked.promise;
  expect((await e2e.admin.request('/volumes', { form: { name: 'shop_meanwhile', driver: 'local' } })).status).toBe(303);
  await until(async () => (await rowOf(page, 'shop_meanwhile').count()) === 1);
  const measured = page.waitForResponse((answer) => answer.url().endsWith('/volumes/-/sizes'));
  go.resolve();
  await (await measured).finished();
  docker.ask = ask;
  await until(async () => (await page.locator('main [hx-get="/volumes/-/sizes"]').count()) === 0);
  expect(await page.locator('main tbody .skel').count()).toBe(0);
  expect(await rowOf(page, 'shop_meanwhile').count()).toBe(1);

  // Asked for with sizes, as without scripts: it is a page that asks for itself like the other.
  e2e.panel.clock.advance(61_000);
  await page.goto(`${e2e.origin}/volumes?sizes=on`);
  expect((await e2e.admin.request('/volumes', { form: { name: 'shop_later', driver: 'local' } })).status).toBe(303);
  await until(async () => (await rowOf(page, 'shop_later').count()) === 1);
  expect((await e2e.admin.request('/volumes/shop_later/remove', { form: {} })).status).toBe(303);
  await until(async () => (await rowOf(page, 'shop_later').count()) === 0);

  // The page of one is drawn anew likewise, and that of those to remove keeps what was typed.
  e2e.panel.clock.advance(61_000);
  await page.goto(`${e2e.origin}/volumes/shop_meanwhile`);
  await until(async () => (await page.locator('main [hx-get="/volumes/-/sizes"]').count()) === 0);
  await page.goto(`${e2e.origin}/volumes/-/prune`);
  await page.getByLabel('Type shop_meanwhile to remove it').fill('shop_meanwhile');
  await page.getByLabel('Type shop_db_2025 to remove it').fill('shop_db');
  e2e.panel.clock.advance(61_000);
  const again = page.waitForResponse((answer) => answer.url().endsWith('/volumes/-/prune') && answer.request().method() === 'GET');
  await page.getByRole('button', { name: 'Remove what is typed' }).click();
  await (await again).finished();
  // It is drawn once the answer is read.
  await page.evaluate('new Promise(requestAnimationFrame)');
  expect(await page.getByLabel('Type shop_meanwhile to remove it').inputValue()).toBe('shop_meanwhile');
  expect((await e2e.admin.request('/volumes/shop_meanwhile/remove', { form: {} })).status).toBe(303);
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('networks: made, a container put on it and taken off, removed; those of the engine cannot be', async () => {
  const { context, page, complaints } = await open('/networks');
  expect(await rowOf(page, 'of the engine').locator('.acts button').count()).toBe(0);
  await page.getByRole('link', { name: 'Create network' }).click();
  const dialog = page.locator('#form-dialog');
  await dialog.locator('#f-name').fill('fresh');
  await dialog.locator('#f-subnet').fill('172.30.0.0/33');
  await dialog.locator('#f-gateway6').fill('fd00::1');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await dialog.locator('.error').count()) >= 1);
  await dialog.locator('#f-subnet').fill('172.30.0.0/24');
  await dialog.locator('#f-gateway').fill('172.30.0.1');
  await dialog.locator('#f-gateway6').fill('');
  await dialog.locator('button[type=submit]').click();
  await until(async () => (await rowOf(page, 'fresh').count()) === 1);
  await page.getByRole('link', { name: /^fresh/ }).click();
  await page.waitForURL(/\/networks\/[0-9a-f]{64}$/);
  // Chosen, and gone before it is sent: none is chosen then, and not another one.
  const { docker } = e2e.panel.app.host;
  const { Id } = (await docker.ask({ method: 'POST', path: '/containers/create', query: { name: 'passing' }, body: { Image: 'redis:7.4-alpine' } })) as { Id: string };
  const which = page.getByLabel('Container to connect');
  await which.selectOption({ label: 'passing' });
  await docker.ask({ method: 'DELETE', path: `/containers/${Id}` });
  await until(async () => (await which.locator('option', { hasText: 'passing' }).count()) === 0);
  expect([await which.inputValue(), await which.evaluate((field) => (field as unknown as { checkValidity(): boolean }).checkValidity())]).toEqual(['', false]);
  await which.selectOption({ label: 'gitea' });
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await until(async () => (await page.locator('#members').textContent())?.includes('172.30.0.2/24'));
  await page.getByRole('link', { name: 'Remove…' }).click();
  await until(async () => (await dialog.textContent())?.includes('gitea runs on fresh'));
  await dialog.getByRole('link', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Disconnect gitea' }).click();
  await until(async () => (await page.locator('#members').textContent())?.includes('No container is on it'));
  await page.getByRole('link', { name: 'Remove…' }).click();
  await dialog.getByRole('button', { name: 'Remove network' }).click();
  await page.waitForURL(`${e2e.origin}/networks`);
  expect(await rowOf(page, 'fresh').count()).toBe(0);
  expect(real(complaints)).toEqual([]);
  await context.close();
});

it('without JavaScript: the same forms are pages, and lead back', async () => {
  const { context, page } = await open('/images', { javaScriptEnabled: false });
  await page.click('a[href="/images/pull"]');
  await page.fill('#f-reference', 'acme/plain:1');
  await page.click('.dialog-form button[type=submit]');
  expect(new URL(page.url()).pathname).toStartWith('/tasks/');
  await until(async () => (await page.goto(`${e2e.origin}/images?q=plain`), (await page.locator('main tbody tr').count()) === 1));
  await page.goto(`${e2e.origin}/volumes`);
  await page.click('a[href="/volumes/-/new"]');
  await page.fill('#f-name', 'plain');
  await page.click('.dialog-form button[type=submit]');
  expect(page.url()).toBe(`${e2e.origin}/volumes`);
  await page.click('a[href="/volumes/plain"]');
  await page.click('.page-head [popovertarget]');
  await page.click('a[href="/volumes/plain/remove"]');
  await page.click('.dialog-form button[type=submit]');
  await page.waitForURL(`${e2e.origin}/volumes`);
  expect(await page.locator('a[href="/volumes/plain"]').count()).toBe(0);
  await context.close();
});

it('a viewer looks and changes nothing', async () => {
  const { context, page, complaints } = await open('/images', { as: e2e.panel.as('viewer', 'wen') });
  expect(await page.locator('.acts, a[href="/images/pull"], a[href="/images/prune"]').count()).toBe(0);
  await page.goto(`${e2e.origin}/volumes/gitea`);
  expect(await page.getByRole('link', { name: 'Remove…' }).count()).toBe(0);
  await page.goto(`${e2e.origin}/networks`);
  expect(await page.locator('.acts').count()).toBe(0);
  expect(real(complaints)).toEqual([]);
  await context.close();
});

for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: images, volumes, networks; ${name}`, async () => {
    const { context, page, complaints } = await open('/images', options);
    const links = async (list: string, text: string) => (await page.goto(e2e.origin + list), await rowOf(page, text).locator('a').first().getAttribute('href'))!;
    const image = await links('/images', 'ghcr.io/acme/shop:2026.11.3');
    const network = await links('/networks', 'shop_private');
    const paths = ['/images', image!, '/images/pull', `${image}/remove`, '/images/prune?kind=unused', '/volumes', '/volumes/shop_uploads', '/volumes/-/new', '/volumes/-/prune', '/volumes/shop_db/remove', '/networks', network!, '/networks/new', `${network}/remove`];
    for (const path of paths) {
      await page.goto(e2e.origin + path);
      expect(await findings(page), path).toEqual([]);
      expect(await overflow(page), path).toEqual([]);
    }
    await page.goto(`${e2e.origin}/networks`);
    await page.click('a[href="/networks/new"]');
    await until(async () => page.locator('#form-dialog').isVisible());
    expect(await findings(page), 'dialog').toEqual([]);
    expect(real(complaints)).toEqual([]);
    await context.close();
  });
}
