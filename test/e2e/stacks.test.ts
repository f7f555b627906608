import { afterAll, beforeAll, expect } from 'bun:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Browser as Person, TestApp } from '../support/app.ts';
import { findings, overflow } from '../support/axe.ts';
import { launch, openPage, PHONE } from '../support/browser.ts';
import { COMPOSE_FORMS } from '../support/compose.ts';
import { busyboxImage } from '../support/docker.ts';
import { live } from '../support/live.ts';
import { needs } from '../support/needs.ts';
import { realPanel, removeProject } from '../support/stacks.ts';
import { until } from '../support/until.ts';

const FORM = COMPOSE_FORMS.find(({ kind }) => kind === 'plugin')!;
const it = needs('chromium', 'docker', 'busybox', FORM.need);
const STACK = `mtse${process.pid}`;
let browser: Browser;
let panel: TestApp;
let served: ReturnType<typeof live>;
let admin: Person;
let image = '';

if (it.ok) {
  beforeAll(async () => {
    image = await busyboxImage();
    browser = await launch();
    panel = realPanel(FORM);
    served = live(panel);
    admin = panel.as('admin', 'lin');
  });
  afterAll(async () => {
    await browser.close();
    await served.stop();
    await panel.close();
    await removeProject(STACK);
    expect(panel.errors).toEqual([]);
  });
}

async function open(path: string, options: BrowserContextOptions = {}) {
  const opened = await openPage(browser, { reducedMotion: 'reduce', ...options });
  await opened.context.addCookies([{ name: 'mantou_session', value: admin.token, url: served.origin }]);
  await opened.page.goto(served.origin + path);
  return opened;
}

/** Without a network of its own: a browser lets go of what it loads when the machine gets one. */
const compose = (command: string) => `services:\n  web:\n    image: ${image}\n    command: ${JSON.stringify(['sh', '-c', command])}\n    stop_grace_period: 1s\n    network_mode: none\n`;
const good = () => compose('while true; do sleep 1; done');

const text = async (page: Page, selector: string) => (await page.locator(selector).textContent()) ?? '';

it('a stack is made and deployed, broken, and comes back by itself; its page says all of it as it happens', async () => {
  const { context, page, complaints } = await open('/stacks');
  await page.click('a[href="/stacks/new"]');
  await page.fill('#f-name', STACK);
  await page.fill('#compose', 'services:\n  web:\n    image: x\n   bad: 1\n');
  await page.click('button[value=create]');
  expect(await text(page, '#fault')).toContain('compose.yml, line 4');
  expect(await page.locator('.excerpt .ln.at').getAttribute('data-n')).toBe('4');
  await page.fill('#compose', good());
  await page.click('button[value=deploy]');
  await page.waitForURL(`**/stacks/${STACK}`);
  await until(async () => (await text(page, '#task-log')).includes('all services are up: web'), 40_000);
  await until(async () => (await text(page, '#services')).includes('1 of 1 running'));
  expect(await page.locator('#services tbody a[href^="/containers/"]').count()).toBe(1);

  await page.click('a[href$="/edit"]');
  expect(await page.inputValue('#text0')).toBe(good());
  await page.fill('#text0', good().replace('image:', 'imge:'));
  await page.click('button[value=validate]');
  expect(await text(page, '#fault')).toContain('imge');
  await page.fill('#text0', compose('echo out of luck; exit 3'));
  await page.click('button[value=review]');
  expect(await page.locator('.diff .ln[data-op="+"]').textContent()).toContain('out of luck');
  expect(await page.locator('.diff .ln[data-op="-"]').count()).toBe(1);
  await page.fill('#wait', '30');
  await page.click('button[value=deploy]');
  await page.waitForURL(`**/stacks/${STACK}`);
  await until(async () => (await text(page, '#task-log')).includes('the files that ran before run again'), 60_000);
  expect(await text(page, '#task-log')).toContain('out of luck');
  await until(async () => (await text(page, '#stacks')).includes('did not come up (exit 3)'));
  await until(async () => (await text(page, '#services')).includes('1 of 1 running'));

  await page.goto(`${served.origin}/stacks/${STACK}/versions`);
  expect(await page.locator('tbody tr').allTextContents()).toEqual([expect.stringContaining('Did not come up'), expect.stringContaining('Ran well')]);
  await page.click('tbody tr:first-child a');
  expect(await page.inputValue('#text0')).toContain('out of luck');
  expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
  await context.close();
}, 180_000);

it('without JavaScript files are edited, checked, looked at and saved', async () => {
  const { context, page } = await open(`/stacks/${STACK}/edit`, { javaScriptEnabled: false });
  await page.fill('#text0', `${good()}# 馒头 <b>\n`);
  await page.fill('#text1', 'A=1\n');
  await page.click('button[value=validate]');
  expect(await text(page, '.banner[data-tone=ok]')).toContain('Compose takes these files.');
  await page.click('button[value=review]');
  expect(await page.locator('.diff').count()).toBe(2);
  await page.click('button[value=save]');
  expect(page.url()).toBe(`${served.origin}/stacks/${STACK}`);
  await page.goto(`${served.origin}/stacks/${STACK}/edit`);
  expect([await page.inputValue('#text0'), await page.inputValue('#text1')]).toEqual([`${good()}# 馒头 <b>\n`, 'A=1\n']);
  await page.goto(`${served.origin}/stacks/${STACK}`);
  for (const [action, then] of [['stop', '0 of 1 running'], ['start', '1 of 1 running']] as const) {
    await Promise.all([page.waitForEvent('load'), page.click(`button[value=${action}]`)]);
    // The next may begin when this one has ended, not when its containers have.
    await until(async () => {
      await page.goto(`${served.origin}/stacks/${STACK}`);
      return (await text(page, '#services')).includes(then) && (await text(page, '.last-task')).includes('Done');
    }, 30_000);
  }
  await context.close();
}, 120_000);

for (const [name, options] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark', locale: 'zh-CN' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } })) {
  it(`axe finds nothing serious and nothing sticks out: ${name}`, async () => {
    const { context, page, complaints } = await open('/about', options);
    for (const path of ['/stacks', '/stacks/new', `/stacks/${STACK}`, `/stacks/${STACK}/edit`, `/stacks/${STACK}/versions`]) {
      await page.goto(served.origin + path);
      expect(await findings(page), path).toEqual([]);
      expect(await overflow(page), path).toEqual([]);
    }
    await page.goto(`${served.origin}/stacks/${STACK}/edit`);
    await page.fill('#text0', `${good()}${'x'.repeat(400)}\n`);
    await page.click('button[value=validate]');
    for (const next of ['', 'review']) {
      if (next) {
        await page.fill('#text0', `${good()}# ${'x'.repeat(400)}\n`);
        await page.click(`button[value=${next}]`);
      }
      expect([next, await findings(page)]).toEqual([next, []]);
      expect([next, await overflow(page)]).toEqual([next, []]);
    }
    expect(complaints.filter((line) => !line.includes('422'))).toEqual([]);
    await context.close();
  }, 120_000);
}
