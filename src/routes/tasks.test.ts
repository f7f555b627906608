import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { SYSTEM, type Actor } from '../core/app.ts';
import { findSession } from '../core/sessions/sessions.ts';
import type { TaskContext, TaskPlan } from '../core/tasks/runner.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { audit } from '../db/schema/audit.ts';
import { tasks } from '../db/schema/tasks.ts';
import { en } from '../i18n/en.ts';
import { zhCN } from '../i18n/zh-CN.ts';
import { AppError } from '../lib/errors.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(() => panel.close());

const forever = (task: TaskContext) => new Promise<void>((resolve) => task.signal.addEventListener('abort', () => resolve()));
const start = (run: (task: TaskContext) => Promise<void>, kind = 'maintenance.check') =>
  panel.app.tasks.start(SYSTEM, { kind, key: panel.app.random.id(), steps: ['integrity', 'vacuum'], run });

/** The events of a stream until it ends, as [name, payload]. */
async function events(response: Response): Promise<[string, Record<string, unknown>][]> {
  const text = await response.text();
  return text.split('\n\n').filter((block) => block.includes('event:')).map((block) => [
    /^event: (.*)$/m.exec(block)![1]!,
    JSON.parse([...block.matchAll(/^data: (.*)$/gm)].map((line) => line[1]).join('\n')),
  ]);
}

test('S12 a task about files is seen by whoever started it and by administrators: it tells names', async () => {
  const [lin, kai, viewer, boss] = [panel.as('operator', 'lin'), panel.as('operator', 'kai'), panel.as('viewer'), panel.as('admin', 'boss')];
  const id = panel.app.tasks.start(findSession(panel.app, lin.token, '127.0.0.1')!, { kind: 'files.extract', key: 'k', params: { name: 'secret-name', path: '/' }, steps: ['filesExtract'], run: async (task) => (task.log('secret-name'), forever(task)) });
  for (const who of [lin, boss]) {
    for (const path of ['', `/${id}`, '/tray']) expect(await (await who.request(`/tasks${path}`)).text()).toContain('secret-name');
    expect((await who.request(`/tasks/${id}/log`)).status).toBe(200);
  }
  for (const who of [kai, viewer]) {
    for (const path of ['', '/tray']) expect(await (await who.request(`/tasks${path}`)).text()).not.toContain('secret-name');
    for (const path of ['', '/log', '/stream']) expect((await who.request(`/tasks/${id}${path}`)).status).toBe(404);
  }
  expect((await kai.request(`/tasks/${id}/cancel`, { form: {} })).status).toBe(404);
  expect(panel.app.tasks.running()).toBe(1);
  // Their keys and errors tell paths, and what the engine logged is for whoever may change its settings.
  for (const kind of ['images.build', 'images.load', 'volumes.import', 'docker.configure', 'docker.configure_settle']) {
    const told = start(forever, kind);
    expect([kind, (await kai.request(`/tasks/${told}`)).status, (await boss.request(`/tasks/${told}`)).status]).toEqual([kind, 404, 200]);
  }
  // What is not about files is everybody's.
  const other = start(forever);
  expect((await viewer.request(`/tasks/${other}`)).status).toBe(200);
});

test('a task that is done leads to what it has made, whoever may see that', async () => {
  const boss = panel.as('admin', 'boss');
  for (const [kind, params, link] of [
    ['containers.create', { name: 'web' }, '/containers/web">Show container'],
    ['containers.edit', { name: 'web', old: 'x' }, '/containers/web">Show container'],
    ['containers.recreate', { name: 'web', old: 'x' }, '/containers/web">Show container'],
    ['containers.local_only', { name: 'web', old: 'x' }, '/containers/web">Show container'],
    ['containers.commit', { name: 'web', reference: 'acme/web:1' }, '/images/named?reference=acme%2Fweb%3A1">Show image'],
    ['volumes.backup', { name: 'data' }, '/volumes/data">Show volume'],
    ['volumes.restore', { name: 'data' }, '/volumes/data">Show volume'],
    ['volumes.clone', { name: 'data', to: 'copy' }, '/volumes/copy">Show volume'],
  ] as const) {
    const id = panel.app.tasks.start(SYSTEM, { kind, key: panel.app.random.id(), params, steps: ['create'], run: async () => {} });
    await panel.app.tasks.settled(id);
    const [href, label] = link.split('>') as [string, string];
    const html = await (await boss.request(`/tasks/${id}`)).text();
    expect([kind, html.includes(`href="${href}`), html.includes(label)]).toEqual([kind, true, true]);
  }
  const failed = panel.app.tasks.start(SYSTEM, { kind: 'containers.create', key: 'k', params: { name: 'web' }, steps: ['create'], run: () => Promise.reject(new Error('no')) });
  await panel.app.tasks.settled(failed);
  expect(await (await boss.request(`/tasks/${failed}`)).text()).not.toContain('Show container');
});

describe('refused', () => {
  test('an id that is not there, and one that is no id', async () => {
    const { request } = panel.as('viewer');
    for (const id of ['0192d3a0-0000-7000-8000-000000000000', '..%2f..%2fetc%2fpasswd', "' OR 1=1 --"]) {
      for (const path of ['', '/log', '/stream']) expect((await request(`/tasks/${id}${path}`)).status).toBe(404);
    }
  });

  test('a viewer may not cancel; nobody may without signing in', async () => {
    const id = start(forever);
    expect((await panel.as('viewer').request(`/tasks/${id}/cancel`, { form: {} })).status).toBe(403);
    expect((await panel.request(`/tasks/${id}/cancel`, { form: {} })).headers.get('location')).toBe('/signin');
    expect(panel.app.tasks.running()).toBe(1);
  });

  test('S6 to cancel what one could not have started: no button, and no', async () => {
    const [lin, boss] = [panel.as('operator', 'lin'), panel.as('admin', 'boss')];
    const kinds = ['packages.upgrade', 'system.swap_remove', 'maintenance.check', 'history.purge', 'docker.install', 'containers.create', 'stacks.deploy', 'images.push', 'volumes.restore_over'];
    for (const kind of kinds) {
      const id = start(forever, kind);
      expect([kind, (await lin.request(`/tasks/${id}/cancel`, { form: {} })).status]).toEqual([kind, 403]);
      const shown = async (who: typeof lin, path: string) => (await (await who.request(path)).text()).includes('cancel-task');
      expect([kind, await shown(lin, `/tasks/${id}`), await shown(lin, '/tasks/tray')]).toEqual([kind, false, false]);
      expect([kind, await shown(boss, `/tasks/${id}`), await shown(boss, '/tasks/tray')]).toEqual([kind, true, true]);
      expect((await boss.request(`/tasks/${id}/cancel`, { form: {} })).status).toBe(303);
      await panel.app.tasks.settled(id);
    }
    expect(panel.app.db.select().from(audit).all().map(({ actor }) => actor)).toEqual(kinds.map(() => 'boss'));
  });

  test('S14 filters and sorts that the list does not have', async () => {
    const { request } = panel.as('viewer');
    for (const query of ['state=running%27--', 'sort=params', 'limit=100000', 'cursor=x', 'limit=-1']) {
      expect((await request(`/tasks?${query}`)).status).toBe(422);
    }
  });

  test('to cancel what is over', async () => {
    const id = start(async () => {});
    await panel.app.tasks.settled(id);
    expect((await panel.as('admin').request(`/tasks/${id}/cancel`, { form: {} })).status).toBe(409);
  });

  test('offsets that are no numbers of bytes', async () => {
    const id = start(async () => {});
    for (const offset of ['-1', 'x', '1e30', '1.5']) expect((await panel.as('viewer', offset).request(`/tasks/${id}/stream?offset=${offset}`)).status).toBe(422);
  });
});

test('what the panel itself started is its own, in the reader’s words', async () => {
  const id = start(async () => {});
  const { request } = panel.as('viewer');
  const shown = async (path: string, language: string) => (await request(path, { headers: { 'accept-language': language } })).text();
  for (const path of ['/tasks', `/tasks/${id}`]) {
    expect([path, (await shown(path, 'en')).includes(`>${en.audit.system}<`), (await shown(path, 'zh-CN')).includes(`>${zhCN.audit.system}<`)]).toEqual([path, true, true]);
  }
});

test('the list shows what ran, filtered and in pages', async () => {
  const { request } = panel.as('viewer');
  expect(await (await request('/tasks')).text()).toContain('No tasks yet');
  for (let i = 0; i < 3; i++) {
    panel.clock.advance(1000);
    await panel.app.tasks.settled(start(async () => {}));
  }
  const page = await (await request('/tasks?limit=2')).text();
  expect(page.match(/<tr id="task-/g)).toHaveLength(2);
  const next = /href="(\/tasks\?[^"]*cursor=[^"]*)"/.exec(page)![1]!.replaceAll('&amp;', '&');
  expect((await (await request(next)).text()).match(/<tr id="task-/g)).toHaveLength(1);
  expect(await (await request('/tasks?state=failed')).text()).toContain('No task is in this state');
  expect((await (await request('/tasks?state=&limit=')).text()).match(/<tr id="task-/g)).toHaveLength(3);
});

test('a stream begins at the byte asked for, tells steps, and ends with the task', async () => {
  let go!: () => void;
  const gate = new Promise<void>((resolve) => (go = resolve));
  const id = start(async (task) => {
    task.log('馒头 one');
    await gate;
    task.step('vacuum');
    task.log('two');
  });
  await Bun.sleep(1);
  const stream = panel.as('viewer').request(`/tasks/${id}/stream?offset=7`);
  const response = await stream;
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  go();
  const seen = await events(response);
  const text = seen.filter(([name]) => name === 'output').map(([, value]) => value.text).join('');
  expect(text).toBe('one\ntwo\n');
  expect(seen.at(-1)).toEqual(['end', { state: 'done' }]);
  expect(seen.some(([name, value]) => name === 'state' && value.state === 'done')).toBe(true);
  expect(panel.server.streams.count()).toBe(0);
});

test('the stream of a task that is over says the rest and ends', async () => {
  const id = start(async (task) => task.log('x'.repeat(600_000)));
  await panel.app.tasks.settled(id);
  const seen = await events(await panel.as('viewer').request(`/tasks/${id}/stream`));
  expect(seen.filter(([name]) => name === 'output').map(([, value]) => String(value.text).length).reduce((a, b) => a + b)).toBe(600_001);
  expect(seen.at(-1)![0]).toBe('end');
});

describe('why a task failed is said in the language of', () => {
  const ZH = { 'accept-language': 'zh-CN,zh;q=0.9' };
  const away = new AppError('unavailable', (t) => t.docker.away.silent, { detail: 'E: 无法获得锁 /var/lib/dpkg/lock' });
  const [ours, ownZh, tool] = [en.docker.away.silent, zhCN.docker.away.silent, '无法获得锁'];
  const said = (text: string) => [ours, ownZh, tool].map((words) => text.includes(words));
  const inEnglish = [true, false, true];
  const inChinese = [false, true, true];
  const fail = async (actor: Actor = SYSTEM, thrown: unknown = away) => {
    const id = panel.app.tasks.start(actor, { kind: 'maintenance.check', key: panel.app.random.id(), steps: [], run: () => Promise.reject(thrown) });
    await panel.app.tasks.settled(id);
    return id;
  };
  /** The page down to its log, which stays as it was written. */
  const top = (html: string) => html.slice(0, html.indexOf('id="task-log"'));

  test('whoever reads its page, and a tool’s own words stay', async () => {
    const id = await fail();
    const { request } = panel.as('viewer');
    const page = async (headers: Record<string, string>) => top(await (await request(`/tasks/${id}`, { headers })).text());
    expect(said(await page({}))).toEqual(inEnglish);
    expect(said(await page(ZH))).toEqual(inChinese);
    // What was kept before there was a text for each language.
    panel.app.db.update(tasks).set({ error: { en: 'kept in English' } }).run();
    expect(await page(ZH)).toContain('kept in English');
  });

  test('whoever asks the API', async () => {
    const id = await fail();
    const { userId } = panel.as('viewer');
    const { token } = createToken(panel.app, { kind: 'user', userId, name: 'viewer', role: 'viewer', sessionId: null, tokenId: null, ip: '' }, { name: 'test', role: 'viewer', expiresInDays: null });
    const call = async (path: string, more: Record<string, string> = {}) => (await panel.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${token}`, ...more } })).json() as Promise<{ error: string; items: { error: string }[] }>;
    expect(said((await call(`/tasks/${id}`)).error)).toEqual(inEnglish);
    expect(said((await call(`/tasks/${id}`, ZH)).error)).toEqual(inChinese);
    expect(said((await call('/tasks', ZH)).items[0]!.error)).toEqual(inChinese);
  });

  test('whoever started it, in its log and on the stream of that', async () => {
    const lin = panel.as('admin', 'lin');
    const streamed = async (headers: Record<string, string>) => {
      // As a form starts one: the request says what its person reads.
      const begun = await lin.request('/settings/maintenance/maintenance.check', { form: {}, headers });
      const id = /\/tasks\/([\w-]+)/.exec(begun.headers.get('location') ?? '')![1]!;
      await panel.app.tasks.settled(id);
      return (await events(await lin.request(`/tasks/${id}/stream`))).filter(([name]) => name === 'output').map(([, value]) => value.text).join('');
    };
    const { start: begin } = panel.app.tasks;
    Object.assign(panel.app.tasks, { start: (actor: Actor, plan: TaskPlan) => begin(actor, { ...plan, run: () => Promise.reject(away) }) });
    expect(said(await streamed({}))).toEqual(inEnglish);
    expect(said(await streamed(ZH))).toEqual(inChinese);
    // Nobody reads what a schedule starts at once.
    const id = await fail();
    expect(said(await Bun.file(panel.app.tasks.logPath(id)).text())).toEqual([true, false, true]);
  });

  test('nobody: what is no refusal of ours is kept once, as it was thrown', async () => {
    await fail(SYSTEM, new Error('端口被占用'));
    expect(panel.app.db.select().from(tasks).all().map(({ error }) => error)).toEqual([{ en: '端口被占用' }]);
    expect(panel.errors.splice(0)).toHaveLength(1);
  });
});

test('S15 what a task writes is text on its page', async () => {
  const id = start(async (task) => {
    task.log('<img src=x onerror=alert(1)></pre><script>alert(2)</script>');
    throw new Error('<b>bold</b>');
  }, '<i>kind</i>');
  await panel.app.tasks.settled(id);
  panel.errors.length = 0;
  const html = await (await panel.as('viewer').request(`/tasks/${id}`)).text();
  expect(html).not.toContain('<img src=x');
  expect(html).not.toContain('<script>alert');
  expect(html).not.toContain('<b>bold');
  expect(html).not.toContain('<i>kind');
});

test('cancelling ends it, says who, and is recorded', async () => {
  const id = start(forever, 'images.pull');
  const answer = await panel.as('operator', 'lin').request(`/tasks/${id}/cancel`, { form: {} });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/tasks/${id}`]);
  await panel.app.tasks.settled(id);
  const page = await (await panel.as('viewer').request(`/tasks/${id}`)).text();
  expect(page).toContain('Cancelled');
  expect(page).toContain('[cancelled by lin]');
  expect(panel.app.db.select().from(audit).all()).toMatchObject([{ action: 'tasks.cancel', actor: 'lin', target: 'images.pull' }]);
});

test('the tray has what runs and what has just ended, and is empty else', async () => {
  const { request } = panel.as('viewer');
  expect(await (await request('/tasks/tray')).text()).toBe('');
  const id = start(forever);
  expect(await (await request('/tasks/tray')).text()).toContain(`/tasks/${id}`);
  panel.app.tasks.cancel(id);
  await panel.app.tasks.settled(id);
  const ended = await (await request('/tasks/tray')).text();
  expect(ended).toContain('Cancelled');
  expect(ended).not.toContain('every 2s');
  // The number in the navigation goes with it.
  expect(ended).toMatch(/<span class="count" id="tasks-count" hidden(="")? [^>]*hx-swap-oob="true"[^>]*>0</);
  panel.clock.advance(31_000);
  expect(await (await request('/tasks/tray')).text()).toBe('');
});

test('the log is downloaded as text, also an empty one', async () => {
  const id = start(async (task) => task.log('hello'));
  const empty = start(async () => {});
  await panel.app.tasks.settled(id);
  await panel.app.tasks.settled(empty);
  const answer = await panel.as('viewer').request(`/tasks/${id}/log`);
  expect(answer.headers.get('content-disposition')).toContain('attachment');
  expect(answer.headers.get('content-type')).toStartWith('text/plain');
  expect(await answer.text()).toBe('hello\n');
  expect(await (await panel.as('viewer', 'b').request(`/tasks/${empty}/log`)).text()).toBe('');
});
