import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { SYSTEM } from '../core/app.ts';
import { installCommands, installPackages } from '../core/packages/install.ts';
import { changePackages, takeOverPackages } from '../core/packages/packages.ts';
import { getTask } from '../core/tasks/tasks.ts';
import { audit } from '../db/schema/audit.ts';
import type { Messages } from '../i18n/en.ts';
import { AppError } from '../lib/errors.ts';
import type { FakePackages } from '../platform/fake/packages.ts';
import type { PackageRun } from '../platform/packages.ts';

let panel: TestApp;
const start = () => (panel = testApp());
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});
const ran = () => (panel.app.host.packages as FakePackages).ran;
const sealIn = (html: string) => /name="seen" value="([^"]*)"/.exec(html)?.[1] ?? '';
const names = (html: string) => [...html.matchAll(/name="names" value="([^"]+)"/g)].map((found) => found[1]);

describe('refusals', () => {
  test('S6 viewers and operators see updates and install none', async () => {
    start();
    for (const role of ['viewer', 'operator'] as const) {
      const browser = panel.as(role);
      const html = await (await browser.request('/system/packages')).text();
      expect([html.includes('libssl3'), html.includes('/system/packages/upgrade?'), html.includes('name="names"')]).toEqual([true, false, false]);
      for (const path of ['upgrade', 'refresh', 'repair', 'automatic', 'nginx/hold']) expect((await browser.request(`/system/packages/${path}`, { form: { which: 'all' } })).status).toBe(403);
    }
    expect(ran()).toEqual([]);
  });

  test('S1 S2 names that are none, that are held, that have nothing newer; and what was not shown', async () => {
    start();
    const admin = panel.as('admin');
    const send = (form: Record<string, string>) => admin.request('/system/packages/upgrade', { form });
    for (const name of ['-y', '--allow-downgrades', './x.deb', 'a;b', 'tzdata-']) expect([name, (await send({ which: 'chosen', names: name })).status]).toEqual([name, 422]);
    for (const name of ['postgresql-15', 'bash', '']) expect([name, (await send({ which: 'chosen', names: name })).status]).toEqual([name, 409]);
    expect((await send({ which: 'all', do: 'apply', seen: 'x' })).status).toBe(409);
    expect((await send({ which: 'everything' })).status).toBe(422);
    expect((await admin.request('/system/packages/-y/hold')).status).toBe(404);
    expect((await admin.request('/system/packages/bash/changelog')).status).toBe(404);
    expect(ran()).toEqual([]);
  });
});

test('security first; what is ticked is what is installed, as a task', async () => {
  start();
  const admin = panel.as('admin');
  const list = await (await admin.request('/system/packages')).text();
  expect(names(list).slice(0, 3)).toEqual(['libssl3', 'linux-image-amd64', 'openssl']);
  const body = new URLSearchParams([['which', 'chosen'], ['names', 'nginx'], ['names', 'tzdata']]);
  const shown = await (await admin.request('/system/packages/upgrade', { method: 'POST', body: body as never, headers: { origin: 'http://127.0.0.1:8686' } })).text();
  expect(shown).toContain('--only-upgrade install nginx tzdata');
  const { packages } = panel.app.host;
  const { run } = packages;
  const gate = Promise.withResolvers<void>();
  packages.run = (...given) => gate.promise.then(() => run(...given));
  const done = await admin.request('/system/packages/upgrade', { form: { which: 'chosen', names: 'nginx tzdata', do: 'apply', seen: sealIn(shown) } });
  const id = done.headers.get('location')!.replace('/tasks/', '');
  // Two at once would wait for each other's lock.
  expect((await admin.request('/system/packages/refresh', { form: {} })).status).toBe(200);
  gate.resolve();
  await panel.app.tasks.settled(id);
  expect(await Bun.file(panel.app.tasks.logPath(id)).text()).toContain('Setting up nginx');
  expect(names(await (await admin.request('/system/packages')).text())).not.toContain('nginx');
  expect(panel.app.db.select().from(audit).all()).toMatchObject([{ action: 'packages.upgrade', params: { which: 'chosen', names: ['nginx', 'tzdata'], task: id } }]);
});

test('an installation that was cut off, a busy tool, a tool that fails, a machine without one: each is said', async () => {
  start();
  const admin = panel.as('admin');
  const { packages } = panel.app.host;
  const { list } = packages;
  packages.list = async () => ({ ...(await list()), interrupted: 'The following packages are only half configured:\n bun', busy: true });
  const cut = await (await admin.request('/system/packages')).text();
  for (const text of ['An installation was cut off', 'only half configured', '/system/packages/repair', 'Somebody else is installing']) expect(cut).toContain(text);
  expect(cut).not.toContain('/system/packages/upgrade?which=all');
  expect((await admin.request('/system/packages/upgrade', { form: { which: 'all' } })).status).toBe(409);
  // What was answered before is forgotten by then.
  panel.clock.advance(5000);
  packages.list = async () => { throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: 'apt-get', code: 100 }), { detail: 'E: <broken> list' }); };
  const broken = await (await admin.request('/system/packages')).text();
  expect(broken).toContain('apt-get ended with code 100');
  expect(broken).toContain('E: &lt;broken&gt; list');
  packages.refusal = () => (t) => t.packages.noTool;
  expect(await (await admin.request('/system/packages')).text()).toContain('neither apt nor dnf');
  expect((await admin.request('/system/packages/refresh')).status).toBe(501);
});

describe('whoever may look may ask as often as they like', () => {
  test('the list is asked for once and told for five seconds; a change and a fault are not waited out', async () => {
    start();
    const [admin, viewer] = [panel.as('admin'), panel.as('viewer')];
    const { packages } = panel.app.host;
    const { list } = packages;
    let asked = 0;
    let fails = false;
    packages.list = async () => {
      asked++;
      await Bun.sleep(1);
      if (fails) throw new AppError('unavailable', (t) => t.packages.notTold);
      return list();
    };
    const look = () => viewer.request('/system/packages');
    await Promise.all([look(), look(), look()]);
    panel.clock.advance(4999);
    await look();
    expect(asked).toBe(1);
    panel.clock.advance(1);
    await look();
    expect(asked).toBe(2);
    // What is to be changed is asked for anew, and so is what is there afterwards.
    const seen = sealIn(await (await admin.request('/system/packages/nginx/hold')).text());
    const held = await admin.request('/system/packages/nginx/hold', { form: { do: 'apply', seen } });
    expect([held.status < 400, ran()]).toEqual([true, ['apt-mark hold nginx']]);
    const before = asked;
    await look();
    expect(asked).toBe(before + 1);
    panel.clock.advance(5000);
    fails = true;
    await look();
    fails = false;
    expect(await (await look()).text()).toContain('libssl3');
    expect(asked).toBe(before + 3);
  });

  test('changelogs: one program for a name, three at once, then come back later', async () => {
    start();
    const viewer = panel.as('viewer');
    const asked: string[] = [];
    const gate = Promise.withResolvers<void>();
    panel.app.host.packages.changelog = async (name) => {
      asked.push(name);
      await gate.promise;
      return `changes of ${name}`;
    };
    const read = (name: string) => viewer.request(`/system/packages/${name}/changelog`);
    const names = ['libssl3', 'openssl', 'nginx'];
    const first = [...names, ...names].map(read);
    while (asked.length < 3) await Bun.sleep(1);
    const refused = await read('tzdata');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    gate.resolve();
    for (const [i, answer] of (await Promise.all(first)).entries()) expect(await answer.text()).toContain(`changes of ${names[i % 3]}`);
    expect(asked.toSorted()).toEqual(names.toSorted());
    expect((await read('tzdata')).status).toBe(200);
  });
});

test('what does not run as root shows updates and offers nothing', async () => {
  start();
  panel.app.host.packages.changeRefusal = () => (t) => t.packages.notRoot;
  const admin = panel.as('admin');
  const html = await (await admin.request('/system/packages')).text();
  expect([html.includes('does not run as root'), names(html)]).toEqual([true, []]);
  expect((await admin.request('/system/packages/upgrade', { form: { which: 'all' } })).status).toBe(501);
});

test('nothing is held while a task works on the packages', async () => {
  start();
  const id = await changePackages(panel.app, SYSTEM, { kind: 'upgrade', which: 'all', names: [] });
  const hold = () => changePackages(panel.app, SYSTEM, { kind: 'hold', name: 'nginx', to: true }).then(() => 'held', (error: AppError) => error.code);
  expect(await hold()).toBe('conflict');
  await panel.app.tasks.settled(id!);
  expect([await hold(), ran().filter((line) => line.startsWith('apt-mark'))]).toEqual(['held', ['apt-mark hold nginx']]);
});

test('what a page installs is one of them: two would wait for each other’s lock', async () => {
  start();
  const { app } = panel;
  const given = { names: { apt: ['ufw'], dnf: ['ufw'] } };
  const asked = (more: object = {}) => installPackages(app, SYSTEM, given, { action: 'firewall.install', target: 'ufw', params: { provider: 'ufw' }, refusal: (t) => t.firewall.noOffer, ...more });
  const upgrade = await changePackages(app, SYSTEM, { kind: 'upgrade', which: 'all', names: [] });
  expect(await asked().catch((error: AppError) => error.code)).toBe('conflict');
  await app.tasks.settled(upgrade!);
  const told: string[] = [];
  const after = () => void told.push('after');
  const id = await asked({ after, failed: async () => void told.push('failed') });
  await app.tasks.settled(id);
  expect([told, ran().at(-1), getTask(app, SYSTEM, id).state]).toEqual([['after'], expect.stringContaining('install ufw'), 'done']);
  expect(app.db.select().from(audit).all().find(({ action }) => action === 'firewall.install')!.commands!.at(-1)).toEndWith('install ufw');

  app.host.packages.run = () => Promise.reject(new AppError('unavailable', (t) => t.packages.stillRuns));
  const broken = await asked({ after, failed: async () => void told.push('failed') });
  await app.tasks.settled(broken);
  expect([told, getTask(app, SYSTEM, broken).state]).toEqual([['after', 'failed'], 'failed']);
  // No tool that is known, or not root.
  Object.assign(app.host.packages, { tool: 'winget' });
  expect([await installCommands(app, given), await asked().catch((error: AppError) => error.code)]).toEqual([null, 'unsupported']);
});

describe('what an earlier panel began', () => {
  test('is followed as a task, with lines that came in pieces whole', async () => {
    start();
    Object.assign(panel.app.host.packages, { left: () => async ({ onOutput }: PackageRun) => ['$ apt-get up', 'grade\nSetting up ', 'x (2.0)\nDone'].forEach(onOutput) });
    const id = takeOverPackages(panel.app)!;
    await panel.app.tasks.settled(id);
    expect(await Bun.file(panel.app.tasks.logPath(id)).text()).toBe('$ apt-get upgrade\nSetting up x (2.0)\nDone\n');
  });

  test('and cannot be followed: the panel starts all the same, and says so', async () => {
    const told: string[] = [];
    start();
    Object.assign(panel.app, { log: { ...panel.app.log, error: (text: string) => void told.push(text) } });
    for (const broken of [{ left: () => { throw new Error('ENOSPC'); } }, { left: () => async () => {} }]) {
      Object.assign(panel.app.host.packages, broken);
      const { tasks } = panel.app;
      Object.assign(panel.app, { tasks: { ...tasks, start: () => { throw new Error('ENOSPC'); } } });
      expect(takeOverPackages(panel.app)).toBeNull();
      Object.assign(panel.app, { tasks });
    }
    expect(told).toEqual(['packages not taken over', 'packages not taken over']);
  });
});

test('what is not known of updates is said, and does not read as nothing', async () => {
  start();
  const { packages } = panel.app.host;
  const list = await packages.list();
  Object.assign(packages, { list: async () => ({ ...list, unread: [{ tool: 'dnf', what: 'security', why: (t: Messages) => t.packages.noAdvisories, detail: 'Unknown argument "--json"' }] }) });
  const html = await (await panel.as('admin').request('/system/packages')).text();
  expect([html.includes('dnf does not tell which updates are for security.'), html.includes('None is marked below, though some may be. Unknown argument')]).toEqual([true, true]);
});
