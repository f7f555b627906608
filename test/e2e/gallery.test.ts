import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser } from 'playwright-core';
import { serveGallery } from '../gallery/serve.ts';
import { findings } from '../support/axe.ts';
import { launch, openPage, PHONE } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
let browser: Browser;
let server: ReturnType<typeof serveGallery>;

if (it.ok) {
  beforeAll(async () => {
    browser = await launch();
    server = serveGallery();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop(true);
  });
}

const at = (path: string) => new URL(path, server.url).href;

async function open(path: string, options = {}) {
  const opened = await openPage(browser, options);
  await opened.page.goto(at(path));
  return opened;
}

for (const theme of ['light', 'dark']) {
  for (const path of ['/', '/signin']) {
    it(`axe finds nothing serious on ${path}, ${theme}`, async () => {
      const { context, page, complaints } = await open(`${path}?theme=${theme}`, { reducedMotion: 'reduce' });
      expect(await findings(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });
  }
}

it('axe finds nothing serious in what floats', async () => {
  const { context, page } = await open('/', { reducedMotion: 'reduce' });
  for (const id of ['palette', 'shortcuts', 'typed', 'form-dialog']) {
    await page.evaluate(`document.getElementById('${id}').showModal()`);
    await page.waitForTimeout(50);
    expect(await findings(page), id).toEqual([]);
    await page.keyboard.press('Escape');
  }
  await context.close();
});

for (const [width, lang] of [
  [360, 'en'],
  [360, 'zh-CN'],
  [768, 'en'],
  [1600, 'en'],
] as const) {
  it(`nothing sticks out sideways at ${width} px, ${lang}`, async () => {
    const { context, page } = await open(`/?lang=${lang}&host=a-host-with-a-rather-long-name.internal.example.com`, {
      viewport: { width, height: 800 },
    });
    const wide = await page.evaluate<number[]>(
      "[document.documentElement, document.getElementById('main')].map((e) => e.scrollWidth - e.clientWidth)",
    );
    expect(wide).toEqual([0, 0]);
    await context.close();
  });
}

it('a destructive button is armed by typing the name, and disarmed by leaving', async () => {
  const { context, page, complaints } = await open('/');
  await page.click('[popovertarget=restart-menu]');
  await page.click('[data-open=typed]');
  const submit = page.locator('#typed [type=submit]');
  expect(await submit.isDisabled()).toBe(true);
  await page.keyboard.type('hk-0');
  expect(await submit.isDisabled()).toBe(true);
  await page.keyboard.type('1');
  expect(await submit.isEnabled()).toBe(true);
  await page.keyboard.press('Escape');
  await page.evaluate("document.getElementById('typed').showModal()");
  // The browser tells of the end of a dialog with the next picture.
  await until(() => submit.isDisabled());
  expect(complaints).toEqual([]);
  await context.close();
});

it('the palette opens by keyboard, filters, and runs', async () => {
  const { context, page, complaints } = await open('/');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('dark');
  const option = page.locator('#palette [role=option][aria-selected=true]');
  expect(await option.textContent()).toBe('Use dark theme');
  await page.keyboard.press('Enter');
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  await page.locator('#palette').waitFor({ state: 'hidden' });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('audit');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/audit');
  expect(complaints).toEqual([]);
  await context.close();
});

it('g and a letter go to a page, / focuses the filter, ? lists the keys, j walks the rows', async () => {
  const { context, page } = await open('/');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  expect(await page.evaluate("document.activeElement.querySelector('.num').textContent")).toBe('20417');
  await page.keyboard.press('Space');
  expect(await page.locator('tbody .pick :checked').count()).toBe(1);
  await page.keyboard.press('Space');
  await page.keyboard.press('/');
  expect(await page.evaluate('document.activeElement.name')).toBe('q');
  await page.keyboard.type('g d');
  expect(await page.inputValue('[data-filter]')).toBe('g d');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  expect(await page.locator('#shortcuts').isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  // One after the other without a look at what the first did: the second must come soon.
  await Promise.all([page.keyboard.press('g'), page.keyboard.press('u')]);
  await page.waitForURL('**/users');
  await context.close();
});

it('on a phone the navigation keeps the focus, and Esc brings it back', async () => {
  const { context, page } = await open('/', { viewport: PHONE, hasTouch: true, isMobile: true });
  const toggle = page.locator('.topbar [popovertarget=side]');
  await toggle.click();
  // A popover that has opened says so a little later.
  await until(() => page.evaluate("document.activeElement.getAttribute('href') === '/'"));
  expect(await page.evaluate("document.getElementById('main').inert")).toBe(true);
  await page.keyboard.press('Escape');
  await page.locator('#side').waitFor({ state: 'hidden' });
  expect(await page.evaluate("document.activeElement.getAttribute('popovertarget')")).toBe('side');
  await context.close();
});

it('without JavaScript the menus open, and the theme is a form', async () => {
  const { context, page } = await open('/', { javaScriptEnabled: false });
  await page.click('[popovertarget=account-menu]');
  expect(await page.locator('#account-menu').isVisible()).toBe(true);
  expect(await page.locator('[data-copy]').first().isVisible()).toBe(false);
  await page.keyboard.press('Escape');
  // Invoker commands: the dialog opens, and its pattern arms it.
  await page.click('[commandfor=form-dialog]');
  expect(await page.locator('#form-dialog').isVisible()).toBe(true);
  await page.keyboard.press('Escape');
  const form = page.locator('.side-foot > form[data-theme-form]');
  expect(await form.getAttribute('action')).toBe('/preferences');
  expect(await form.locator('button').getAttribute('value')).toBe('dark');
  await context.close();
});

it('the theme goes light, dark, system at once and says so', async () => {
  const { context, page, complaints } = await open('/?theme=light');
  const button = page.locator('.side-foot > form[data-theme-form] button');
  expect(await button.getAttribute('aria-label')).toBe('Theme: Light. Switch to Dark');
  await button.click();
  expect(await page.getAttribute('html', 'data-theme')).toBe('dark');
  await button.click();
  expect(await page.getAttribute('html', 'data-theme')).toBe('system');
  expect(await button.getAttribute('aria-label')).toBe('Theme: System. Switch to Light');
  await button.click();
  expect(await page.getAttribute('html', 'data-theme')).toBe('light');
  expect(complaints).toEqual([]);
  await context.close();
});

it('a toast goes by itself unless it is an error, and no faster while the pointer is on it', async () => {
  const { context, page, complaints } = await open('/');
  await page.clock.install();
  const say = (tone: string, text: string) =>
    page.evaluate(`document.dispatchEvent(new CustomEvent('toast', { detail: { tone: '${tone}', text: '${text}' } }))`);
  await say('ok', 'Saved');
  await say('danger', 'It did not start <b>');
  const saved = page.locator('.toast', { hasText: 'Saved' });
  const failed = page.locator('.toast', { hasText: 'It did not start <b>' });
  await saved.hover();
  await page.clock.runFor(20_000);
  expect(await saved.count()).toBe(1);
  await page.mouse.move(5, 5);
  await page.clock.runFor(7_000);
  expect(await saved.count()).toBe(0);
  expect(await failed.count()).toBe(1);
  await failed.locator('[data-dismiss]').click();
  expect(await failed.count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('a live page says when the panel is gone, comes back by itself, and goes to the sign-in when signed out', async () => {
  const text = new TextEncoder();
  const streams = new Set<ReadableStreamDefaultController>();
  let away = false;
  const live = (url: URL) => {
    if (away) return new Response('', { status: 503 });
    if (url.pathname !== '/live') return undefined;
    let mine: ReadableStreamDefaultController;
    const body = new ReadableStream({
      start(controller) {
        mine = controller;
        streams.add(mine);
        mine.enqueue(text.encode('event: sample\ndata: {"n":1}\n\n'));
      },
      cancel: () => void streams.delete(mine),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  };
  const say = (event: string) => streams.forEach((stream) => stream.enqueue(text.encode(event)));
  let panel = serveGallery(0, live);
  const port = panel.port!;
  const { context, page } = await openPage(browser);
  await page.goto(panel.url.href);
  await page.evaluate(
    `import('/assets/0/js/sse.js').then(({ subscribe }) => subscribe('/live', { sample() { window.seen = (window.seen ?? 0) + 1; } }))`,
  );
  await until(() => page.evaluate('window.seen === 1'));

  // It takes nobody from here on, however long it goes on itself.
  away = true;
  say('event: bye\ndata: {"reason":"restart"}\n\n');
  const banner = page.locator('#connection');
  await banner.waitFor({ state: 'visible' });
  expect(await banner.textContent()).toContain('The panel is restarting.');
  await panel.stop(true);
  streams.clear();
  await page.waitForTimeout(300);
  away = false;
  panel = serveGallery(port, live);
  await until(() => page.evaluate('window.seen === 2'));
  await banner.waitFor({ state: 'hidden' });
  expect(await page.locator('.toast').first().textContent()).toContain('Connected again');

  say('event: signed-out\ndata: {}\n\n');
  await page.waitForURL('**/signin');
  await context.close();
  await panel.stop(true);
});

it('the first page weighs at most 100 KB compressed before its own scripts', async () => {
  const { context, page } = await openPage(browser);
  const paths = new Set<string>();
  page.on('response', (response) => paths.add(response.url()));
  await page.goto(at('/'));
  await page.waitForLoadState('networkidle');
  let bytes = 0;
  for (const url of paths)
    if (url.includes('/assets/')) bytes += Bun.gzipSync(await (await fetch(url)).arrayBuffer(), { level: 9 }).length;
  console.log(`shell: ${paths.size} files, ${(bytes / 1000).toFixed(1)} KB with gzip`);
  expect(bytes).toBeLessThan(100_000);
  await context.close();
});
