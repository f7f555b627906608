import { expect } from 'bun:test';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { e2ePanel } from '../support/e2e-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;
declare const MutationObserver: any;

/** Changes that revert by themselves, as somebody sees them who changes the SSH server of the made-up machine. */
const it = needs('chromium', 'linux');
const e2e = e2ePanel(it, { root: 'once', args: ['--demo'] });
const seconds = (n: number) => e2e.post('/settings/armed-changes', { armedSeconds: String(n) });

/** Another port, by the form, its review, and the button. */
async function change(page: Page, port: string, words: { review: string; apply: string }) {
  await page.goto(`${e2e.origin()}/system/ssh`);
  await page.getByLabel(/^(Ports|端口)$/).fill(port);
  await page.getByRole('button', { name: words.review }).click();
  await page.getByRole('button', { name: words.apply }).click();
  await page.waitForSelector('#armed .banner');
}
const EN = { review: 'Review changes', apply: 'Apply, and revert unless kept' };
const ZH = { review: '查看更改', apply: '应用，不保留则还原' };
/** As when the page has sent something: what is armed is asked for. */
const changed = (page: Page) => page.evaluate(() => document.dispatchEvent(Object.assign(new Event('htmx:finally:request'), { detail: { ctx: { request: { method: 'POST' } } } })));
const banner = (page: Page) => page.locator('#armed .banner').first();

it('every page counts down, another browser sees it too, and Keep ends it everywhere', async () => {
  await seconds(60);
  const { page, complaints } = await e2e.newPage();
  await change(page, '2222', EN);
  await page.goto(`${e2e.origin()}/processes`);
  const left = () => page.locator('#armed [data-until]').textContent().then((text) => parseInt(text ?? ''));
  const before = await left();
  await until(async () => (await left()) < before);
  expect(await banner(page).textContent()).toContain('SSH server: Port 22 → 2222.');
  expect(await findings(page)).toEqual([]);
  const other = await e2e.open('/tasks');
  // What is unfolded stays so when the banners are others: as where something else has been armed, or was kept.
  const words = await banner(other.page).locator('p').first().textContent();
  await other.page.click('#armed summary');
  await other.page.evaluate(() => (document.querySelector('#armed .banner p').textContent = 'something else'));
  await changed(other.page);
  await until(async () => (await banner(other.page).locator('p').first().textContent()) === words);
  expect(await other.page.isVisible('#armed details pre')).toBe(true);
  await other.page.getByRole('button', { name: 'Keep' }).click();
  await until(async () => (await other.page.locator('#armed .banner').count()) === 0);
  expect(new URL(other.page.url()).pathname).toBe('/tasks');
  // The first one is told by its stream.
  await until(async () => (await page.locator('#armed .banner').count()) === 0);
  await e2e.open('/system/ssh').then(async (opened) => {
    expect(await opened.page.getByLabel('Ports').inputValue()).toBe('2222');
    await opened.context.close();
  });
  expect([...complaints, ...other.complaints]).toEqual([]);
  await Promise.all([page.context().close(), other.context.close()]);
});

it('中文，手机：没人保留就自动还原，页面无需刷新即说明', async () => {
  await seconds(6);
  const { page, complaints } = await e2e.newPage({ viewport: PHONE, locale: 'zh-CN', colorScheme: 'dark', hasTouch: true });
  await change(page, '2200', ZH);
  expect(await overflow(page)).toEqual([]);
  expect(await findings(page)).toEqual([]);
  await picture(page, 'armed-phone-zh');
  expect(await banner(page).textContent()).toContain('SSH 服务器：Port 2222 → 2200。');
  await until(async () => (await banner(page).textContent())?.includes('无人保留，已于'));
  expect(await findings(page)).toEqual([]);
  await page.reload();
  expect(await page.getByLabel('端口').inputValue()).toBe('2222');
  await page.getByRole('button', { name: '知道了' }).click();
  await until(async () => (await page.locator('#armed .banner').count()) === 0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('without JavaScript the time is told, and the buttons work', async () => {
  await seconds(60);
  const { page } = await e2e.newPage({ javaScriptEnabled: false });
  await change(page, '2201', EN);
  expect(await banner(page).textContent()).toMatch(/Reverts by itself at \d\d:\d\d:\d\d unless it is kept/);
  await page.getByRole('button', { name: 'Revert now' }).click();
  expect(await page.locator('#armed .banner').count()).toBe(0);
  expect(await page.getByLabel('Ports').inputValue()).toBe('2222');
  await page.context().close();
});

it('with the keyboard alone, from the form to Keep', async () => {
  const { page, complaints } = await e2e.open('/system/ssh');
  await page.getByLabel('Attempts for each connection').fill('4');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#ssh-review');
  await page.getByRole('button', { name: EN.apply }).focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('#armed .banner');
  await page.getByRole('button', { name: 'Keep' }).focus();
  await page.keyboard.press('Enter');
  await until(async () => (await page.locator('#armed .banner').count()) === 0);
  expect(await page.getByLabel('Attempts for each connection').inputValue()).toBe('4');
  expect(complaints).toEqual([]);
  await page.context().close();
});

it('the page of the SSH server is whole at every width, in both languages', async () => {
  for (const [viewport, locale] of [[PHONE, 'zh-CN'], [PHONE, 'en'], [{ width: 800, height: 900 }, 'en'], [{ width: 1440, height: 900 }, 'zh-CN']] as const) {
    const { page, complaints } = await e2e.open('/system/ssh', { viewport, locale });
    expect([viewport.width, locale, await overflow(page), await findings(page)]).toEqual([viewport.width, locale, [], []]);
    await picture(page, `ssh-server-${viewport.width}-${locale}`);
    expect(complaints).toEqual([]);
    await page.context().close();
  }
});

it('an answer is shown also where a later one never comes', async () => {
  await seconds(60);
  const [changing, looking] = [await e2e.newPage(), await e2e.newPage()];
  const { page } = looking;
  await change(changing.page, '2224', EN);
  // Nothing but what is asked for here.
  await page.route(`${e2e.origin()}/armed/stream`, (route) => route.abort());
  await page.goto(`${e2e.origin()}/processes`);
  await changing.page.getByRole('button', { name: 'Keep' }).click();
  await until(async () => (await changing.page.locator('#armed .banner').count()) === 0);
  const [later, failed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let asked = 0;
  await page.route(`${e2e.origin()}/armed`, async (route) => {
    if (++asked > 1) return route.abort().then(later.resolve);
    const response = await route.fetch();
    await failed.promise;
    await route.fulfill({ response });
  });
  await changed(page);
  await until(() => asked === 1);
  await changed(page);
  await later.promise;
  failed.resolve();
  await until(async () => (await page.locator('#armed .banner').count()) === 0);
  await Promise.all([changing.context.close(), looking.context.close()]);
});

it('an answer that comes late does not bring back what was kept meanwhile', async () => {
  await seconds(60);
  const [changing, looking] = [await e2e.newPage(), await e2e.newPage()];
  const { page } = looking;
  await change(changing.page, '2223', EN);
  const [asked, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let first = true;
  await page.route(`${e2e.origin()}/armed`, async (route) => {
    if (!first) return route.continue();
    first = false;
    const response = await route.fetch();
    asked.resolve();
    await kept.promise;
    await route.fulfill({ response });
  });
  await page.goto(`${e2e.origin()}/processes`);
  await asked.promise;
  await changing.page.getByRole('button', { name: 'Keep' }).click();
  await until(async () => (await page.locator('#armed .banner').count()) === 0);
  // It would not be there for long, as what it says is asked for again.
  await page.evaluate(() => new MutationObserver(() => {
    if (document.querySelector('#armed .banner')) document.body.dataset.back = '';
  }).observe(document.body, { childList: true, subtree: true }));
  const late = page.waitForEvent('requestfinished', (request) => new URL(request.url()).pathname === '/armed');
  kept.resolve();
  await late;
  await page.evaluate(() => fetch('/armed').then((answer) => answer.text()));
  expect(await page.locator('body[data-back]').count()).toBe(0);
  expect([...changing.complaints, ...looking.complaints]).toEqual([]);
  await Promise.all([changing.context.close(), looking.context.close()]);
});
