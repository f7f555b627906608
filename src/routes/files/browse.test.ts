import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ORIGIN, testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { until } from '../../../test/support/until.ts';
import { listRecents } from '../../core/files/recents.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { nameOf } from '../../lib/file-name.ts';
import { encodePath } from '../../views/files/href.ts';

let t: TestApp;
let root: string;
let admin: Browser;

beforeEach(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-browse-'));
  admin = t.as('admin', 'lin');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

const folder = (path: string, more = '') => `/files?path=${encodePath(path)}${more}`;
const html = async (who: Browser, path: string, init?: RequestInit) => (await who.request(path, init)).text();
const namesOf = (page: string) => [...page.matchAll(/data-name="([^"]*)"/g)].map((match) => match[1]!);

describe('refused, each as a page with a way out', () => {
  test('S4 outside of the folders of the role, by every route', async () => {
    mkdirSync(join(root, 'open'));
    mkdirSync(join(root, 'shut'));
    symlinkSync(join(root, 'shut'), join(root, 'open/out'));
    putSetting(t.app, 'filesRootsOperator', [join(root, 'open')]);
    const operator = t.as('operator');
    for (const path of ['/', root, join(root, 'shut'), join(root, 'open/out'), `${root}/open/../shut`]) {
      const answer = await operator.request(folder(path));
      expect([403, 422], path).toContain(answer.status);
      expect(await answer.text()).not.toContain('id="files"');
      expect(await (await operator.request(`/files/names/complete?path=${encodePath(path)}/`)).json(), path).toEqual({ items: [] });
    }
    const page = await html(operator, folder(join(root, 'open')));
    // What is above is no link, and where a symlink out leads is not told.
    expect(page).not.toContain(`href="/files?path=${root}"`);
    expect(page).not.toContain('data-leads="folder"');
  });

  test.each([
    ['a path that is none', 'relative', 422, 'Enter an absolute path'],
    ['nothing there', '/nonexistent/folder', 404, 'This folder is gone'],
    ['a file', '/etc/passwd', 422, 'Open the file'],
  ])('%s', async (_what, path, status, text) => {
    const answer = await admin.request(folder(path));
    expect(answer.status).toBe(status);
    const page = await answer.text();
    expect(page).toContain(text);
    expect(page).toMatch(/href="\/files(\?path=[^"]*)?"/);
  });

  test('a role without folders is told who can change that; S6 nobody sees nothing', async () => {
    const page = await html(t.as('viewer'), '/files');
    expect(page).toContain('No folders are open to your role');
    expect(page).not.toContain('/settings#files');
    expect((await t.request('/files')).headers.get('location')).toStartWith('/signin');
  });

  test.each([['sort=evil'], ['from=-1'], ['from=1e99'], [`filter=${'x'.repeat(400)}`]])('S14 ?%s', async (query) => {
    expect((await admin.request(folder(root, `&${query}`))).status).toBe(422);
  });

  test('S12 the listing of somebody else is nobody’s', async () => {
    writeFileSync(join(root, 'a.txt'), 'a');
    const id = /data-listing="([^"]+)"/.exec(await html(admin, folder(root)))![1]!;
    const other = t.as('admin', 'wei');
    for (const path of [`/files/names?listing=${id}&from=0&count=9`, `/files/names/find?listing=${id}&prefix=a`, `/files/names/total?listing=${id}`]) {
      expect((await other.request(path)).status, path).toBe(404);
      expect((await admin.request(path)).status, path).toBe(200);
    }
  });

  test('favourites and views that are none', async () => {
    for (const form of [{ path: 'x', on: 'on' }, { path: '/srv', on: 'maybe' }, { on: 'on' }]) expect((await admin.request('/files/favourites', { form: form as Record<string, string> })).status).toBe(422);
    expect((await admin.request('/files/view', { form: { view: 'rows' } })).status).toBe(422);
    expect((await admin.request('/files/view', { form: { view: 'grid', next: '//evil.example/' } })).headers.get('location')).toBe('/files');
  });
});

test('S15 no name becomes markup, hides a part of itself or breaks the page', async () => {
  const hostile = ['<img src=x onerror=alert(1)>', '"><script>alert(1)<script>', "'; DROP TABLE users; --", 'line\nbreak', 'photo\u202egpj.exe', '-rf', '&lt;b&gt;', '`$(id)`', '{{7*7}}', '%2e%2e%2f', 'a'.repeat(255)];
  for (const name of hostile) writeFileSync(join(root, name), '');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.of(0xe9)]), '');
  const page = await html(admin, folder(root));
  expect(page).not.toMatch(/<img src=x|<script>alert|<b>/);
  expect(namesOf(page)).toHaveLength(hostile.length + 1);
  expect(page).toContain('line␊break');
  expect(page).toContain('photo\\u202egpj.exe');
  expect(page).toContain('caf\\xe9');
  expect(page).not.toContain('\u202egpj.exe</bdi>');
  // Every name leads to itself: the bytes of its link are the bytes on the disk.
  const linked = [...page.matchAll(/<div class="words"><a href="([^"]+)"/g)].map((match) => new URL(match[1]!.replaceAll('&amp;', '&').replaceAll('&#39;', "'"), 'http://x').searchParams.get('path'));
  const broken = nameOf(Buffer.concat([Buffer.from('caf'), Buffer.of(0xe9)]));
  expect(linked.toSorted()).toEqual([...hostile, broken].map((name) => join(root, name)).toSorted());
});

test('the first rows are in the document, with what is unusual about them', async () => {
  mkdirSync(join(root, 'sub'));
  mkdirSync(join(root, 'sub/deeper'));
  writeFileSync(join(root, 'a.txt'), 'x'.repeat(1500));
  writeFileSync(join(root, '.env'), '');
  chmodSync(join(root, 'a.txt'), 0o4750);
  symlinkSync('sub', join(root, 'link'));
  symlinkSync('nowhere', join(root, 'lost'));
  expect(Bun.spawnSync(['mkfifo', join(root, 'pipe')]).exitCode).toBe(0);
  const page = await html(admin, folder(root));
  expect(namesOf(page)).toEqual(['sub', 'a.txt', 'link', 'lost', 'pipe']);
  for (const text of ['-rwsr-x---', '1.5 KB', '→ sub', '→ nowhere', 'broken', 'named pipe', '5 items', '1 hidden', 'aria-rowcount="6"', 'aria-sort="ascending"']) expect(page, text).toContain(text);
  // A link to a folder opens it; a pipe opens nothing.
  expect(page).toContain(`href="/files?path=${root}/link"`);
  expect(page).not.toContain(`path=${root}/pipe"`);
  expect(namesOf(await html(admin, folder(root, '&sort=-size')))[1]).toBe('a.txt');
  expect(namesOf(await html(admin, folder(root, '&filter=LI')))).toEqual(['link']);
  expect(await html(admin, folder(root, '&filter=zzz'))).toContain('Clear filter');
});

test('mounted file systems are marked', async () => {
  const page = await html(admin, folder('/'));
  expect(page).toMatch(/proc mounted here/);
});

test('hidden files and the view are the browser’s: kept in cookies, without JavaScript too', async () => {
  writeFileSync(join(root, '.only'), '');
  expect(await html(admin, folder(root))).toContain('Only hidden files here');
  const answer = await admin.request('/files/view', { form: { hidden: 'on', view: 'grid', next: folder(root) } });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, folder(root)]);
  const cookie = `mantou_session=${admin.token}; ${answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ')}`;
  const page = await (await t.request(folder(root), { headers: { cookie } })).text();
  expect(namesOf(page)).toEqual(['.only']);
  expect(page).toContain('as-grid');
});

test('without JavaScript a large folder comes in pages', async () => {
  for (let i = 0; i < 250; i++) writeFileSync(join(root, `f${i}`), '');
  const first = await html(admin, folder(root));
  expect(namesOf(first)).toHaveLength(100);
  const next = /rel="next" href="([^"]+)"/.exec(first)![1]!.replaceAll('&amp;', '&');
  expect(namesOf(await html(admin, next))).toEqual(Array.from({ length: 100 }, (_, i) => `f${i + 100}`));
  const last = await html(admin, folder(root, '&from=200'));
  expect(namesOf(last)).toHaveLength(50);
  expect(last).not.toContain('rel="next"');
});

test('what is not loaded can be named, found and added up', async () => {
  for (let i = 0; i < 150; i++) writeFileSync(join(root, `f${i}`), 'xx');
  mkdirSync(join(root, 'zeta'));
  const id = /data-listing="([^"]+)"/.exec(await html(admin, folder(root)))![1]!;
  const ask = async (path: string) => (await admin.request(`/files/names${path}listing=${id}`)).json();
  expect((await ask('?from=148&count=9&')) as unknown).toEqual({ items: [['f147', 'file'], ['f148', 'file'], ['f149', 'file']] });
  expect(await ask('/find?prefix=F14&after=20&')).toEqual({ index: 141 });
  expect(await ask('/find?prefix=f2&after=149&')).toEqual({ index: 3 });
  expect(await ask('/find?name=zeta&')).toEqual({ index: 0 });
  expect(await ask('/find?name=gone&')).toEqual({ index: -1 });
  expect(await ask('/total?')).toEqual({ bytes: 300 });
  const present = new URLSearchParams([['listing', id], ['name', 'f3'], ['name', 'gone'], ['name', 'zeta']]);
  expect(await (await admin.request('/files/names/present', { method: 'POST', headers: { origin: ORIGIN }, body: present })).json()).toEqual({ items: ['zeta', 'f3'] });
  expect(await (await admin.request(`/files/names/complete?path=${root}/Z`)).json()).toEqual({ items: [`${root}/zeta`] });
});

test('a favourite is set and taken back; what is opened is remembered, refreshes and filters are not', async () => {
  mkdirSync(join(root, 'sub'));
  await admin.request('/files/favourites', { form: { path: root, on: 'on' } });
  expect(await html(admin, folder(root))).toContain('aria-pressed="true"');
  await html(admin, folder(join(root, 'sub')), { headers: { 'x-refresh': '1' } });
  await html(admin, folder(join(root, 'sub'), '&filter=x'));
  const actor = { kind: 'user', userId: admin.userId, name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '' } as const;
  expect(listRecents(t.app, actor).map(({ path }) => path)).toEqual([root]);
  await admin.request('/files/favourites', { form: { path: root, on: 'off' } });
  expect(await html(admin, folder(root))).not.toContain('is-starred');
});

test('pages are told when their folder changes, once for many changes, and of no other', async () => {
  const before = t.app.bus.count('files.changed');
  const answer = await admin.request(`/files/changes?path=${root}`, { headers: { accept: 'text/event-stream' } });
  let said = '';
  const reader = answer.body!.getReader();
  const reading = (async () => {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) said += new TextDecoder().decode(piece.value);
  })();
  await until(() => t.app.bus.count('files.changed') > before);
  t.app.bus.emit('files.changed', { folder: join(root, 'other') });
  for (let i = 0; i < 50; i++) t.app.bus.emit('files.changed', { folder: root });
  await until(() => said.includes('event: changed'));
  expect(said.match(/event: changed/g)).toHaveLength(1);
  // Of a folder above only when this one is gone with it.
  t.app.bus.emit('files.changed', { folder: dirname(root) });
  await Bun.sleep(600);
  expect(said.match(/event: changed/g)).toHaveLength(1);
  renameSync(root, `${root}.away`);
  t.app.bus.emit('files.changed', { folder: dirname(root) });
  await until(() => said.match(/event: changed/g)!.length === 2);
  renameSync(`${root}.away`, root);
  await reader.cancel();
  await reading;
  expect((await admin.request('/files/changes?path=/nonexistent')).status).toBe(200);
});

test('what changed between the page and its stream is told', async () => {
  const id = /data-listed="([^"]+)"/.exec(await html(admin, folder(root)))![1]!;
  t.app.bus.emit('files.changed', { folder: root });
  const answer = await admin.request(`/files/changes?${new URLSearchParams({ path: root, of: id })}`, { headers: { accept: 'text/event-stream' } });
  const reader = answer.body!.getReader();
  let said = '';
  while (!said.includes('event: changed')) said += new TextDecoder().decode((await reader.read()).value);
  await reader.cancel();
});

test('a selection of 60,000 names is kept, and those that are there are told', async () => {
  writeFileSync(join(root, 'name-of-a-file-that-is-long-59999.txt'), '');
  const id = /data-listing="([^"]+)"/.exec(await html(admin, folder(root)))![1]!;
  const names = Array.from({ length: 60_000 }, (_, i): [string, string] => ['name', `name-of-a-file-that-is-long-${i}.txt`]);
  const post = (path: string, first: [string, string]) => admin.request(path, { method: 'POST', headers: { origin: ORIGIN }, body: new URLSearchParams([first, ...names]) });
  expect(await (await post('/files/selections', ['folder', root])).json()).toEqual({ id: expect.any(String) });
  expect(await (await post('/files/names/present', ['listing', id])).json()).toEqual({ items: ['name-of-a-file-that-is-long-59999.txt'] });
});
