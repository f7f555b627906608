import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { findings, overflow } from '../support/axe.ts';
import { PHONE, picture } from '../support/browser.ts';
import { e2ePanel, type OpenOptions } from '../support/e2e-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

// What runs inside the page; the project's own types know no browser.
declare const document: any;

const it = needs('chromium', 'linux');
const e2e = e2ePanel(it, { root: 'once' });
/** Programs of this file alone, under a name that nothing else has. */
const name = `zleep${process.pid}`.slice(0, 15);
const children: Bun.Subprocess[] = [];
let program = '';

if (it.ok) {
  beforeAll(() => {
    program = join(mkdtempSync(join(tmpdir(), 'mantou-zleep-')), name);
    copyFileSync(Bun.which('sleep')!, program);
  });
  afterAll(() => {
    for (const child of children) child.kill(9);
    // Also what they started.
    Bun.spawnSync(['pkill', '-KILL', '-x', name]);
    rmSync(join(program, '..'), { recursive: true, force: true });
  });
}

const start = (...words: string[]) => {
  const child = Bun.spawn([program, ...words], { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' });
  children.push(child);
  return child;
};

const row = (page: Page, pid: number) => page.locator(`#processes tr[data-pid="${pid}"]`);
const rows = (page: Page) => page.locator('#processes tbody tr[data-pid]').count();

const pids = (page: Page) => page.locator('#processes tbody tr[data-pid]').evaluateAll((all: any[]) => all.map((one) => Number(one.dataset.pid)));

/** With the stream's rows in place of those that the server drew. */
async function openList(path = '/processes', options: OpenOptions = {}) {
  const opened = await e2e.open(path, options);
  await opened.page.waitForSelector('#processes[data-live]', { state: 'attached' });
  return opened;
}

it('one that starts appears, is found, ended after it was asked for, and gone', async () => {
  const { page, complaints, context } = await openList();
  await page.keyboard.press('/');
  await page.keyboard.type(name);
  await page.waitForSelector('#process-list .empty');
  const child = start('600');
  await row(page, child.pid).waitFor();
  expect(page.url()).toContain(`q=${name}`);
  await row(page, child.pid).hover();
  await row(page, child.pid).locator('.c-acts a').click();
  await page.waitForSelector('#form-dialog[open]');
  expect(await page.locator('#form-dialog .snippet').textContent()).toBe(`kill -TERM ${child.pid}`);
  await picture(page, 'process-end');
  await page.click('#form-dialog button.danger');
  await child.exited;
  expect(child.signalCode).toBe('SIGTERM');
  // First what goes by itself.
  await page.waitForSelector('.toast');
  await until(async () => (await row(page, child.pid).count()) === 0);
  expect(complaints).toEqual([]);
  await context.close();
});

it('sorting and folding happen in the page; the address keeps them', async () => {
  const parent = Bun.spawn(['sh', '-c', `"$0" 601 & "$0" 602 & wait`, program], { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' });
  children.push(parent);
  const { page, complaints, context } = await openList(`/processes?view=tree&q=${name}`);
  await until(async () => (await page.locator(`#processes b:text-is("${name}")`).count()) === 2);
  const depth = (pid: number) => row(page, pid).evaluate((one: any) => Number(one.style.getPropertyValue('--depth')));
  const pids = (await page.locator(`#processes tr:has(b:text-is("${name}"))`).evaluateAll((all: any[]) => all.map((one) => Number(one.dataset.pid)))) as number[];
  expect(await Promise.all(pids.map(depth))).toEqual(Array(2).fill((await depth(parent.pid)) + 1));
  await row(page, parent.pid).locator('.fold').click();
  await until(async () => (await page.locator(`#processes b:text-is("${name}")`).count()) === 0);
  await row(page, parent.pid).locator('.fold').click();
  await until(async () => (await page.locator(`#processes b:text-is("${name}")`).count()) === 2);
  await page.click('#processes th.c-pid a');
  await until(async () => (await page.locator('th.c-pid').getAttribute('aria-sort')) === 'ascending');
  expect(page.url()).toContain('sort=pid');
  await page.reload();
  expect(await page.locator('th.c-pid').getAttribute('aria-sort')).toBe('ascending');
  expect(complaints).toEqual([]);
  await context.close();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
});

it('the focus stays on its process when it gets another place, and keys go on from there', async () => {
  const [first, second] = [start('605'), start('605')].sort((a, b) => a.pid - b.pid) as [Bun.Subprocess, Bun.Subprocess];
  const { page, complaints, context } = await openList(`/processes?q=${name}&sort=-nice`);
  const focused = () => page.evaluate(() => Number(document.activeElement.dataset.pid));
  const ordered = (...wanted: number[]) => until(async () => (await pids(page)).join() === wanted.join());
  await ordered(first.pid, second.pid);
  for (const pid of [first.pid, second.pid]) {
    await page.keyboard.press('j');
    expect(await focused()).toBe(pid);
  }
  setPriority(second.pid, 5);
  await ordered(second.pid, first.pid);
  expect(await focused()).toBe(second.pid);
  await page.keyboard.press('j');
  expect(await focused()).toBe(first.pid);
  // Also of what is in a row.
  await row(page, first.pid).locator('.c-name a').focus();
  setPriority(first.pid, 10);
  await ordered(first.pid, second.pid);
  expect(await row(page, first.pid).locator('.c-name a:focus').count()).toBe(1);
  expect(complaints).toEqual([]);
  await context.close();
  for (const child of [first, second]) child.kill(9);
  await Promise.all([first.exited, second.exited]);
});

it('columns are this browser’s to choose', async () => {
  const { page, complaints, context } = await openList();
  const shown = (column: string) => page.locator(`th.c-${column}`).isVisible();
  expect([await shown('threads'), await shown('user')]).toEqual([false, true]);
  await page.click('button[popovertarget=process-columns]');
  await page.check('#process-columns input[value=threads]');
  await page.uncheck('#process-columns input[value=user]');
  expect([await shown('threads'), await shown('user')]).toEqual([true, false]);
  await page.reload();
  await until(async () => (await shown('threads')) && !(await shown('user')));
  expect(complaints).toEqual([]);
  await context.close();
});

it('what goes over the network is told to who chooses to see it, and the list is sorted by it', async () => {
  // Under a word of their own: of a whole machine somebody else may send more.
  const word = `talks-${process.pid}`;
  const talk = (bytes: number) => Bun.spawn([process.execPath, '-e', `'${word}';
const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
const client = await Bun.connect({ hostname: '127.0.0.1', port: server.port, socket: { data() {} } });
setInterval(() => client.write(new Uint8Array(${bytes})), 20);`], { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' });
  const [quiet, talker] = [talk(64), talk(65536)];
  children.push(quiet, talker);
  const { page, complaints, context } = await openList(`/processes?q=${word}&sort=pid`);
  await row(page, talker.pid).waitFor();
  await page.click('button[popovertarget=process-columns]');
  await page.check('#process-columns input[value=sent]');
  await until(async () => /\d.*B\/s/.test((await row(page, talker.pid).locator('.c-sent').textContent()) ?? ''));
  await page.keyboard.press('Escape');
  await page.click('#processes th.c-sent a');
  await until(async () => (await pids(page)).join() === [talker.pid, quiet.pid].join());
  await picture(page, 'process-network');
  await row(page, talker.pid).locator('.c-name a').click();
  await page.waitForSelector('#figures :text("sent over 2 open TCP connections")');
  expect(complaints).toEqual([]);
  await context.close();
  for (const child of [quiet, talker]) child.kill(9);
});

it('one of them: paused, continued, put last, seen with its variables, and its page goes with it', async () => {
  const child = Bun.spawn([program, '603'], { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', env: { SHOP_TOKEN: 'hunter2', SHOP_NAME: 'buns' } });
  children.push(child);
  const { page, complaints, context } = await openList(`/processes?q=${name}`);
  await row(page, child.pid).locator('a').first().click();
  await page.waitForSelector('#environment:has-text("buns")');
  // With its scripts, by which forms open in a dialog.
  await page.waitForLoadState();
  expect(await page.textContent('#environment')).not.toContain('hunter2');
  await page.click('#environment button');
  await page.waitForSelector('#environment td:text-is("hunter2")');
  const act = async (href: string, submit = '#form-dialog button[type=submit]', before?: () => Promise<void>) => {
    await page.click('button[popovertarget=process-menu]');
    await page.click(`#process-menu a[href$="${href}"]`);
    await page.waitForSelector('#form-dialog[open]');
    await before?.();
    await Promise.all([page.waitForNavigation(), page.click(submit)]);
  };
  await act('signal?signal=STOP');
  await page.waitForSelector('#figures dd:text-is("stopped")');
  await act('signal?signal=CONT');
  await page.waitForSelector('#figures dd:text-is("sleeping")');
  await act('/priority', undefined, () => page.fill('#form-dialog [name=nice]', '7'));
  await page.waitForSelector('#figures dd:text-is("7")');
  child.kill(9);
  await page.waitForURL((url) => url.pathname === '/processes');
  // Its own answer, 404, is what told the page.
  expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  await context.close();
});

it('the panel itself is ended only by its name', async () => {
  const { page, context } = await openList(`/processes?q=${e2e.panel.pid}`);
  await row(page, e2e.panel.pid).hover();
  await row(page, e2e.panel.pid).locator('.c-acts a').click();
  await page.waitForSelector('#form-dialog[open] [name=confirm]');
  await page.fill('#form-dialog [name=confirm]', 'something else');
  await page.click('#form-dialog button.danger');
  await page.waitForSelector('#form-dialog[open] .form-errors');
  expect((await fetch(`${e2e.panel.url}/healthz`)).status).toBe(200);
  await context.close();
});

it('two thousand of them: a few rows stand in the document, and the last is reached', async () => {
  const shell = Bun.spawn(['sh', '-c', `for i in $(seq 2000); do "$0" 600$i & done; wait`, program], { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore' });
  children.push(shell);
  try {
    const { page, complaints, context } = await openList(`/processes?q=${name}&sort=pid`);
    await until(async () => /^2,\d{3} of/.test((await page.textContent('#process-count'))!));
    expect(await rows(page)).toBeLessThan(120);
    const first = await page.locator('#processes tbody tr[data-pid]').first().getAttribute('data-pid');
    await page.evaluate(() => (document.getElementById('main').scrollTop = 1e9));
    await until(async () => Number(await page.locator('#processes tbody tr[data-pid]').first().getAttribute('data-pid')) > Number(first) + 1000);
    expect(await rows(page)).toBeLessThan(120);
    expect(complaints).toEqual([]);
    await context.close();
  } finally {
    Bun.spawnSync(['pkill', '-KILL', '-x', name]);
    await shell.exited;
  }
});

it('both languages, both themes, desktop and phone: nothing serious, nothing sideways', async () => {
  for (const options of [{}, { colorScheme: 'dark' as const, locale: 'zh-CN' }, { viewport: PHONE }, { viewport: PHONE, colorScheme: 'dark' as const, locale: 'zh-CN' }]) {
    for (const path of ['/processes', '/processes?view=tree', `/processes?at=${Date.now() - 60_000}`]) {
      const { page, complaints, context } = await e2e.open(path, options);
      await page.waitForTimeout(300);
      expect([path, await findings(page), await overflow(page), complaints]).toEqual([path, [], [], []]);
      await context.close();
    }
  }
});

it('without JavaScript: the list, the tree, and ending one', async () => {
  const child = start('604');
  const { page, context } = await e2e.open(`/processes?q=${name}`, { javaScriptEnabled: false });
  // What was looked at a moment before it began to run is still right for others.
  await until(async () => (await row(page, child.pid).count()) > 0 || (await page.reload(), false));
  await row(page, child.pid).locator('a').first().click();
  await page.click('.page-head a.danger');
  await page.click('button.danger');
  await child.exited;
  expect(child.signalCode).toBe('SIGTERM');
  await context.close();
});
