import { expect } from 'bun:test';
import type { Page, Request } from 'playwright-core';
import { SYSTEM } from '../../src/core/app.ts';
import { DockerError } from '../../src/platform/docker.ts';
import { testApp } from '../support/app.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

/** Parts of a page that are drawn anew by themselves: what somebody did in them stays, and the last that was asked for is shown. */
const it = needs('chromium');
/** Requests that are held back, by what their address and what they send match. */
let held: { path: RegExp; body: RegExp; asked: string[]; until: Promise<void> } | null = null;
const e2e = livePanel(it, {
  make: () => {
    const panel = testApp();
    const { hono } = panel.server;
    const answer = hono.fetch;
    hono.fetch = async (request, ...rest) => {
      if (held?.path.test(request.url) && held.body.test(await request.clone().text()) && held.asked.push(request.url) === 1) await held.until;
      return answer(request, ...rest);
    };
    return panel;
  },
});

const { open } = e2e;

/**
 * As when something has changed on the machine. What is pressed before and twice afterwards is pressed in the page itself: of
 * one that is about to be left nothing can be asked. @returns when it was drawn anew
 */
const redraw = (page: Page, part: string, press = '') =>
  page.evaluate(async ([id, what]) => {
    const click = () => what && document.querySelector(what).click();
    const drawn = new Promise<void>((resolve) => document.addEventListener('htmx:finally:request', ({ detail: { ctx } }: any) => ctx.sourceElement.id === id && resolve()));
    click();
    document.body.dispatchEvent(new CustomEvent('containers-changed'));
    await drawn;
    click();
    click();
  }, [part, press] as const);

/** Holds the first request to what matches until `go` is called. */
function hold(path: RegExp, body = /^/) {
  const { promise, resolve } = Promise.withResolvers<void>();
  held = { path, body, asked: [], until: promise };
  return { asked: held.asked, go: resolve };
}

/** When what matches was answered, or given up. */
const first = (page: Page, part: string) => {
  const matches = (request: Request) => request.url().includes(part);
  return Promise.race([page.waitForEvent('requestfinished', matches), page.waitForEvent('requestfailed', matches)]).then(() => page.evaluate('new Promise(requestAnimationFrame)'));
};

it('what somebody unfolded stays so, what was folded again as well, and a menu where it was put', async () => {
  const { page, complaints, context } = await open('/containers/gitea');
  for (const open of [true, false]) {
    await page.click('#ports summary');
    await redraw(page, 'container');
    expect(await page.isVisible('#ports details pre')).toBe(open);
  }
  // As in a browser that cannot anchor it to its button.
  await page.$eval('#container-menu', (menu) => menu.style.setProperty('--x', '8px'));
  await redraw(page, 'container');
  expect(await page.$eval('#container-menu', (menu) => menu.style.getPropertyValue('--x'))).toBe('8px');
  expect(complaints).toEqual([]);
  await context.close();
});

it('services and rules are narrowed while somebody types', async () => {
  for (const [path, row, what] of [['/services', '#services tbody tr', 'nginx'], ['/firewall', '.firewall-rules tbody tr', '8686']] as const) {
    const { page, complaints, context } = await open(path);
    const all = await page.locator(row).count();
    await page.focus('[data-filter]');
    await page.keyboard.type(what, { delay: 40 });
    await until(async () => {
      const rows = await page.locator(row).allTextContents();
      return rows.length > 0 && rows.length < all && rows.every((text) => text.includes(what));
    });
    // An answer to what was typed before may have told the list of another address.
    const part = path.slice(1);
    await page.$eval(`#${part}`, (list: any, address) => list.setAttribute('hx-get', address), path);
    await until(() => new URL(page.url()).searchParams.get('q') === what);
    await Promise.all([
      page.waitForRequest((request) => request.url().endsWith(`${path}?q=${what}`)),
      page.evaluate(`document.body.dispatchEvent(new CustomEvent('${part}-changed'))`),
    ]);
    expect(complaints).toEqual([]);
    await context.close();
  }
});

it('a form is sent once, also where its part of the page is drawn anew meanwhile', async () => {
  const { page, complaints, context } = await open('/containers/gitea');
  const { asked, go } = hold(/\/local-only\b/);
  await redraw(page, 'container', 'form[action*="/local-only"] button');
  go();
  await page.waitForURL(/\/tasks\//);
  expect(asked).toHaveLength(1);
  // The one before may be asked for once more before its page is left.
  expect(complaints.filter((text) => !/status of 404/.test(text))).toEqual([]);
  await context.close();
});

it('a form that was sent is sent again where it says something else by then', async () => {
  const { page, context } = await open('/containers/gitea/exec');
  const { go } = hold(/\/exec\b/, /user=(&|$)/);
  // In the page itself, as above; the second when the first is on its way.
  await page.evaluate(`(() => {
    const send = (user) => {
      document.querySelector('[name=user]').value = user;
      document.querySelector('form[action*="/exec"] button[type=submit]').click();
    };
    setTimeout(async () => {
      send('');
      await fetch('/healthz');
      send('-');
    });
  })()`);
  await page.waitForSelector('[name=user][aria-invalid=true]');
  go();
  await context.close();
});

it('what is wrong has the focus once, also where something else was wrong before', async () => {
  const { page, complaints, context } = await open('/containers');
  for (const id of ['first', 'second', 'first']) {
    await page.evaluate(`(() => {
      const errors = document.getElementById('${id}') ?? Object.assign(document.createElement('p'), { id: '${id}', tabIndex: -1 });
      errors.dataset.focus = '';
      document.querySelector('main').append(errors);
      document.dispatchEvent(new CustomEvent('htmx:after:swap', { detail: {} }));
    })()`);
    expect(await page.evaluate('document.activeElement.id')).toBe(id === 'first' && (await page.locator('#second').count()) ? 'second' : id);
  }
  expect(complaints).toEqual([]);
  await context.close();
});

it('what is gone does not lead away from where somebody is on the way to', async () => {
  const { page, complaints, context } = await open('/volumes/shop_uploads');
  const { asked, go } = hold(/\/tasks$/);
  await page.evaluate(`void setTimeout(() => document.querySelector('a[href="/tasks"]').click())`);
  await until(() => asked.length > 0);
  const { docker } = e2e.panel.app.host;
  const ask = docker.ask;
  docker.ask = (call) => (call.path === '/volumes/shop_uploads' ? Promise.reject(new DockerError(404, 'no such volume')) : ask(call));
  const told = page.waitForResponse((answer) => answer.headers()['hx-redirect'] === '/volumes');
  await ask({ method: 'POST', path: '/containers/create', query: { name: 'gone' }, body: { Image: 'redis:7.4-alpine' } });
  await (await told).finished();
  go();
  docker.ask = ask;
  await page.waitForURL(/\/tasks$/);
  expect(complaints).toEqual([]);
  await context.close();
});

it('of two questions that are asked for, the dialog shows the last', async () => {
  const { page, complaints, context } = await open('/services');
  const { asked, go } = hold(/verb=stop/);
  const ask = (name: string) => page.locator(`tr[data-name="${name}"] a[href$="verb=stop"]`).dispatchEvent('click');
  const over = first(page, 'nginx.service');
  await ask('nginx.service');
  await until(() => asked.length > 0);
  await ask('cron.service');
  await page.waitForSelector('#form-dialog[open] .snippet:text("cron.service")');
  go();
  await over;
  expect(await page.textContent('#form-dialog .snippet')).toContain('cron.service');
  expect(complaints).toEqual([]);
  await context.close();
});

it('what would be done follows the last that was typed, while the answer to the first is on its way', async () => {
  const { page, complaints, context } = await open('/firewall/blocks/new');
  const { asked, go } = hold(/address=203/);
  const over = first(page, 'address=203');
  await page.fill('#f-address', '203.0.113.7');
  await until(() => asked.length > 0);
  // Each is asked for after a pause.
  for (const address of ['198.51.100.8', '192.0.2.9']) {
    await Promise.all([page.waitForRequest((request) => request.url().includes(`address=${address}`)), page.fill('#f-address', address)]);
  }
  await until(async () => (await page.textContent('#block-commands'))!.includes('192.0.2.9'));
  go();
  await over;
  expect(await page.textContent('#block-commands')).toContain('192.0.2.9');
  expect(complaints).toEqual([]);
  await context.close();
});

it('the focus stays on the button of a task that goes on', async () => {
  const { promise: over, resolve: end } = Promise.withResolvers<void>();
  const { promise: next, resolve: goOn } = Promise.withResolvers<void>();
  const id = e2e.panel.app.tasks.start(SYSTEM, { kind: 'images.pull', key: 'images.pull web', params: { name: 'web' }, steps: ['one', 'two'], run: async (task) => {
    task.step('one');
    await next;
    task.step('two');
    await over;
  } });
  const { page, complaints, context } = await open(`/tasks/${id}`);
  await page.focus('#task-buttons .danger');
  const before = await page.textContent('#steps');
  goOn();
  await until(async () => (await page.textContent('#steps')) !== before);
  expect(await page.locator('#task-buttons .danger:focus').count()).toBe(1);
  end();
  await page.waitForSelector('#task-buttons .danger', { state: 'detached' });
  expect(complaints).toEqual([]);
  await context.close();
});

it('all are ticked no longer when another one has come', async () => {
  const { page, complaints, context } = await open('/containers');
  await page.check('.pick-all');
  await e2e.panel.app.host.docker.ask({ method: 'POST', path: '/containers/create', query: { name: 'another' }, body: { Image: 'redis:7.4-alpine' } });
  await page.waitForSelector('#containers tr:has-text("another")');
  expect(await page.$eval('.pick-all', ({ checked, indeterminate }: any) => ({ checked, indeterminate }))).toEqual({ checked: false, indeterminate: true });
  expect(complaints).toEqual([]);
  await context.close();
});
