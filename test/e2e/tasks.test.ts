import { expect } from 'bun:test';
import type { BrowserContextOptions } from 'playwright-core';
import { SYSTEM } from '../../src/core/app.ts';
import { record } from '../../src/core/audit/audit.ts';
import type { TaskContext } from '../../src/core/tasks/runner.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { findings, overflow } from '../support/axe.ts';
import { PHONE } from '../support/browser.ts';
import { livePanel } from '../support/live-panel.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

const it = needs('chromium');
const e2e = livePanel(it, { quiet: false });
const { open } = e2e;

/** A task that goes on until it is cancelled, and says what it is told to. */
function talkative() {
  let context!: TaskContext;
  const id = e2e.panel.app.tasks.start(SYSTEM, {
    kind: 'maintenance.check', key: e2e.panel.app.random.id(), steps: ['integrity', 'vacuum'],
    run: (task) => new Promise<void>((resolve) => {
      context = task;
      task.step('integrity');
      task.signal.addEventListener('abort', () => resolve());
    }),
  });
  return { id, task: () => context };
}

it('a log goes on by itself, also after a reload in the middle and a lost connection, and misses and repeats nothing', async () => {
  const { id, task } = talkative();
  const { context, page, complaints } = await open('/tasks');
  await page.click(`#task-${id} a`);
  const text = () => page.locator('#task-log').textContent();
  let written = '';
  const say = (line: string) => {
    task().log(line);
    written += `${line}\n`;
  };
  for (let i = 0; i < 50; i++) say(`馒头 ${i} \x1b[32mgreen\x1b[0m`);
  const shown = () => written.replaceAll(/\x1b\[\d+m/g, '');
  await until(async () => (await text()) === shown());
  await page.reload();
  say('after the reload');
  await until(async () => (await text()) === shown());
  // The server closes the stream: the page comes back for what it has not seen.
  e2e.panel.server.streams.stop('stop');
  say('while nobody listened');
  await until(async () => (await text()) === shown());
  task().step('vacuum');
  task().progress(0.5);
  await until(async () => (await page.locator('#task progress').getAttribute('value')) === '0.5');
  expect(await page.locator('.steps li[data-state=now]').textContent()).toContain('Compact the file');

  await page.click('[data-open=cancel-task]');
  await page.click('#cancel-task button[type=submit]');
  await until(async () => (await page.locator('#facts').textContent())!.includes('Cancelled'));
  // The end of its log may come a moment after its state.
  await until(async () => (await text()) === `${shown()}[cancelled by lin]\n`);
  expect(await page.locator('[data-open=cancel-task]').count()).toBe(0);
  expect(complaints.filter((line) => !line.includes('ERR_'))).toEqual([]);
  await context.close();
});

it('the corner of every page shows what runs until it has ended; the list knows by itself', async () => {
  const { id, task } = talkative();
  const settings = await open('/settings');
  const list = await open('/tasks');
  await until(async () => (await settings.page.locator('details.tray').textContent())!.includes('Check and compact'));
  expect(await settings.page.locator('#tasks-count').innerText()).toBe('1');
  task().progress(0.25);
  await until(async () => (await settings.page.locator('details.tray li progress').getAttribute('value')) === '0.25');
  await until(async () => (await list.page.locator(`#task-${id}`).textContent())!.includes('25%'));
  e2e.panel.app.tasks.cancel(id);
  await until(async () => (await list.page.locator(`#task-${id}`).textContent())!.includes('Cancelled'));
  await until(async () => (await settings.page.locator('details.tray').textContent())!.includes('All tasks have ended'));
  await until(async () => !(await settings.page.locator('#tasks-count').isVisible()));
  for (const { context, complaints } of [settings, list]) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});

it('the reference tries a call with a token that stays in the page', async () => {
  const actor = { kind: 'user', userId: e2e.admin.userId, name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '' } as const;
  const { token } = createToken(e2e.panel.app, actor, { name: 'try', role: 'viewer', expiresInDays: 1 });
  const { context, page, complaints } = await open('/api/docs#tasks-list');
  const answer = page.locator('#tasks-list-answer');
  await page.click('#tasks-list form.try button');
  expect(await page.locator('#tasks-list form.try [role=status]').textContent()).toContain('Enter an API token');
  await page.fill('#docs-token', token);
  await page.fill('#tasks-list-path', '/api/v1/tasks?limit=1');
  await page.click('#tasks-list form.try button');
  await until(async () => (await answer.textContent())!.includes('"total"'));
  await page.fill('#tasks-list-path', 'https://example.org/api/v1/tasks');
  await page.click('#tasks-list form.try button');
  await until(async () => (await page.locator('#tasks-list form.try [role=status]').textContent())!.startsWith('404'));
  expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
  await context.close();
});

for (const [i, [name, options]] of Object.entries<BrowserContextOptions>({ light: {}, dark: { colorScheme: 'dark' }, phone: { viewport: PHONE, locale: 'zh-CN' }, narrow: { viewport: { width: 360, height: 740 } } }).entries()) {
  it(`axe finds nothing serious and nothing sticks out: tasks, audit, settings, reference, about; ${name}`, async () => {
    const long = `${'馒头'.repeat(40)}<b>${'x'.repeat(80)}`;
    record(e2e.panel.app, SYSTEM, { action: 'users.create', target: long, params: { before: long, after: { name: long } }, commands: [long] });
    const { id, task } = talkative();
    const { context, page, complaints } = await open('/about', options);
    task().log(long.repeat(5));
    for (const path of ['/about', '/tasks', `/tasks/${id}`, '/audit', '/settings', '/api/docs']) {
      await page.goto(e2e.origin + path);
      await page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true");
      expect(await overflow(page), path).toEqual([]);
      // Hundreds of calls that one component draws: axe would hold the page for a minute, and whatever it asks for is late then.
      await page.evaluate(`document.querySelectorAll('details.call').forEach((call, at) => at % 16 === ${i} || call.remove())`);
      expect(await findings(page), path).toEqual([]);
    }
    expect(complaints).toEqual([]);
    e2e.panel.app.tasks.cancel(id);
    await context.close();
  });
}
