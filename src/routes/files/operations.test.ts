import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { audit } from '../../db/schema/audit.ts';
import { openFile } from '../../core/files/entry.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { createFakeHost } from '../../platform/fake/host.ts';
import { manualClock } from '../../lib/clock.ts';
import { createLinuxFiles } from '../../platform/linux/files/files.ts';
import { exec } from '../../platform/exec.ts';

let t: TestApp;
let admin: Browser;
let operator: Browser;
let viewer: Browser;
let root = '';

beforeAll(() => {
  const files = { ...createLinuxFiles(exec), volumes: async () => [{ path: root, type: 'ext4', device: '', readOnly: false }] };
  t = testApp({ app: { host: createFakeHost({ clock: manualClock(), files }) } });
  [admin, operator, viewer] = [t.as('admin'), t.as('operator'), t.as('viewer')];
});
afterAll(() => t.close());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mantou-operations-'));
  for (const name of ['a', 'b']) mkdirSync(join(root, name));
  putSetting(t.app, 'filesRootsOperator', [at('a')]);
  put('a/one.txt', '1');
  put('a/two.txt', '2');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (...parts: string[]) => join(root, ...parts);
const put = (path: string, text: string) => writeFileSync(at(path), text);
const form = (fields: Record<string, string | string[]>) => new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, one])));
const post = (path: string, fields: Record<string, string | string[]>, who = admin, htmx = true) =>
  who.request(path, { method: 'POST', headers: { origin: 'http://127.0.0.1:8686', ...(htmx ? { 'hx-request': 'true' } : {}) }, body: form(fields) });
const sel = (...names: string[]) => ({ folder: at('a'), name: names });
const query = (fields: Record<string, string | string[]>) => form(fields).toString();
const toastOf = (answer: Response) => (JSON.parse(answer.headers.get('hx-trigger') ?? '{}') as { toast?: { tone: string; text: string } }).toast;

describe('refused', () => {
  test('S12 what lies outside of the roots, and everything to viewers', async () => {
    put('b/secret', 'x');
    const secret = { folder: at('b'), name: 'secret' };
    for (const [path, fields] of [
      ['/files/new/file', { folder: at('b'), name: 'x' }], ['/files/rename', { ...secret, to: 'y' }], ['/files/copy', { ...secret, to: at('a') }],
      ['/files/move', { ...secret, to: at('a') }], ['/files/copy', { ...sel('one.txt'), to: at('b') }], ['/files/duplicate', secret],
      ['/files/delete', secret], ['/files/delete', { ...secret, forever: 'on', confirm: 'secret' }], ['/files/rename-many', { ...secret, find: 's', replace: 'x' }],
    ] as const) {
      const answer = await post(path, fields as Record<string, string | string[]>, operator, false);
      expect([path, answer.status]).toEqual([path, path === '/files/copy' && 'to' in fields && fields.to === at('b') ? 422 : 403]);
      expect((await post(path, fields as Record<string, string | string[]>, viewer, false)).status).toBe(403);
    }
    expect([readdirSync(at('b')), readdirSync(at('a')).sort()]).toEqual([['secret'], ['one.txt', 'two.txt']]);
  });

  test('S4 a symlink out of the roots is made by those only who may go there, and reading through it is refused', async () => {
    put('b/secret', 'x');
    mkdirSync(at('a/sub'));
    for (const target of [at('b/secret'), '../b/secret', '../b', at('b/not there yet'), '../../../../../../../../etc/passwd', '/']) {
      const answer = await post('/files/new/link', { folder: at('a'), name: 'link', target }, operator, false);
      expect([target, answer.status]).toEqual([target, 403]);
    }
    // Behind a name ".." means another thing to the kernel, where that name is a symlink.
    expect((await post('/files/new/link', { folder: at('a'), name: 'link', target: 'sub/../../b' }, operator, false)).status).toBe(422);
    expect(existsSync(at('a/link'))).toBe(false);
    for (const [name, target] of [['in', 'one.txt'], ['up', '../a/two.txt'], ['dangling', 'later']]) {
      expect((await post('/files/new/link', { folder: at('a'), name: name!, target: target! }, operator)).status).toBe(204);
    }
    expect(readFileSync(at('a/up'), 'utf8')).toBe('2');
    expect((await post('/files/new/link', { folder: at('a'), name: 'out', target: at('b/secret') })).status).toBe(204);
      const who = { kind: 'user', userId: operator.userId, name: 'operator', role: 'operator', sessionId: null, tokenId: null, ip: '' } as const;
    expect(await openFile(t.app, who, at('a/out')).then(() => 'opened', (error: { code: string }) => error.code)).toBe('denied');
  });

  test('deleting for good without the word, and the trash without the number', async () => {
    for (const confirm of ['', 'One.txt', 'yes']) {
      const answer = await post('/files/delete', { ...sel('one.txt'), forever: 'on', confirm });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain('one.txt');
    }
    await post('/files/delete', sel('one.txt', 'two.txt'));
    expect((await post('/files/trash/empty', { confirm: '1' })).status).toBe(422);
    expect((await (await admin.request('/files/trash')).text()).match(/name="id"/g)).toHaveLength(2);
  });

  test('names that are taken or none stand in the form again', async () => {
    for (const [path, fields, text] of [
      ['/files/new/folder', { folder: at('a'), name: 'one.txt' }, 'already'], ['/files/new/file', { folder: at('a'), name: 'a/b' }, 'cannot be the name'],
      ['/files/rename', { ...sel('one.txt'), to: 'two.txt' }, 'already'], ['/files/rename', { ...sel('one.txt'), to: '..' }, 'cannot be the name'],
    ] as const) {
      const answer = await post(path, fields as Record<string, string | string[]>);
      expect([path, answer.status]).toEqual([path, 422]);
      expect(await answer.text()).toContain(text);
    }
    expect([readFileSync(at('a/one.txt'), 'utf8'), readFileSync(at('a/two.txt'), 'utf8')]).toEqual(['1', '2']);
  });

  test('S15 hostile names are text in every form', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    put(`a/${evil}`, 'x');
    put(`b/${evil}`, 'y');
    for (const path of ['rename', 'rename-many', 'copy', 'move', 'delete', 'delete?forever=on']) {
      const [page, more] = path.split('?');
      const answer = await admin.request(`/files/${page}?${query(sel(evil))}${more ? `&${more}` : ''}`);
      expect([path, answer.status]).toEqual([path, 200]);
      expect(await answer.text()).not.toContain('<img');
    }
    const conflict = await post('/files/copy', { ...sel(evil), to: at('b') });
    expect(conflict.status).toBe(409);
    expect(await conflict.text()).not.toContain('<img');
    await post('/files/delete', sel(evil));
    expect(await (await admin.request('/files/trash')).text()).not.toContain('<img');
  });
});

test('new folder, file and link, in the dialog and as a page', async () => {
  expect(await (await admin.request(`/files/new/folder?folder=${at('a')}`)).text()).toContain('id="action"');
  const made = await post('/files/new/folder', { folder: at('a'), name: '馒头' });
  expect([made.status, toastOf(made)]).toEqual([204, { tone: 'ok', text: '馒头 was created.' }]);
  const plain = await post('/files/new/file', { folder: at('a'), name: 'x' }, admin, false);
  expect([plain.status, plain.headers.get('location')]).toEqual([303, `/files?path=${at('a')}`]);
  expect(readdirSync(at('a')).sort()).toEqual(['one.txt', 'two.txt', 'x', '馒头']);
});

test('a conflict is asked about before anything is done, then done as chosen', async () => {
  put('b/one.txt', 'old');
  put('b/two.txt', 'old');
  const asked = await post('/files/move', { ...sel('one.txt', 'two.txt'), to: at('b') });
  expect(asked.status).toBe(409);
  expect((await asked.text()).match(/name="at"/g)).toHaveLength(2);
  expect(readFileSync(at('b/one.txt'), 'utf8')).toBe('old');
  const done = await post('/files/move', { ...sel('one.txt', 'two.txt'), to: at('b'), conflict: 'skip', at: ['one.txt', 'two.txt'], do: ['keep-both', ''] });
  expect(toastOf(done)).toEqual({ tone: 'warn', text: '1 entry was moved. 1 was skipped.' });
  expect([readdirSync(at('a')), readFileSync(at('b/one (2).txt'), 'utf8')]).toEqual([['two.txt'], '1']);
});

test('S14 a name like "constructor" chooses nothing by itself', async () => {
  put('a/constructor', 'new');
  put('b/constructor', 'old');
  expect((await post('/files/copy', { ...sel('constructor'), to: at('b'), at: 'x', do: 'replace' })).status).toBe(409);
  expect(readFileSync(at('b/constructor'), 'utf8')).toBe('old');
});

test('trash with undo, restore and empty, each in the audit log', async () => {
  const gone = await post('/files/delete', sel('one.txt', 'two.txt'));
  expect([gone.status, gone.headers.get('hx-reswap')]).toEqual([200, 'none']);
  const ids = [...(await gone.text()).matchAll(/name="id" value="([^"]+)"/g)].map((match) => match[1]!);
  expect(ids).toHaveLength(2);
  expect(readdirSync(at('a'))).toEqual([]);
  expect((await post('/files/trash/undo', { id: ids, folder: at('a') })).status).toBe(204);
  expect(readdirSync(at('a')).sort()).toEqual(['one.txt', 'two.txt']);
  await post('/files/delete', sel('one.txt'));
  const page = await (await admin.request('/files/trash')).text();
  const id = /name="id" value="([^"]+)"/.exec(page)![1]!;
  put('a/one.txt', 'new');
  expect((await post('/files/trash/restore', { id }, admin, false)).status).toBe(409);
  const restored = await post('/files/trash/restore', { id, conflict: 'replace' }, admin, false);
  expect(restored.headers.get('location')).toBe('/files/trash?done=restored&n=1');
  expect(readFileSync(at('a/one.txt'), 'utf8')).toBe('1');
  await post('/files/delete', sel('one.txt', 'two.txt'));
  expect((await post('/files/trash/empty', { confirm: '2' }, admin, false)).headers.get('location')).toBe('/files/trash?done=emptied&n=2');
  const actions = t.app.db.select().from(audit).all().map((row) => row.action);
  for (const action of ['files.trash', 'files.restore', 'files.empty']) expect(actions).toContain(action);
});

test('where there can be no trash, deleting for good is offered with the reason', async () => {
  symlinkSync(at('b'), at(`.Trash-${process.getuid?.()}`));
  const answer = await post('/files/delete', sel('one.txt'));
  expect(answer.status).toBe(422);
  const text = await answer.text();
  expect(text).toContain('only be deleted for good');
  expect(text).toContain('name="confirm"');
  expect((await post('/files/delete', { ...sel('one.txt'), forever: 'on', confirm: 'one.txt' })).status).toBe(204);
  expect(readdirSync(at('a'))).toEqual(['two.txt']);
});

test('many names: the preview shows what would be, and nothing is done', async () => {
  const rules = { ...sel('one.txt', 'two.txt'), find: 'o', replace: '0' };
  const preview = await post('/files/rename-many/preview', rules);
  expect(await preview.text()).toContain('0ne.txt');
  expect((await post('/files/rename-many', { ...rules, preview: 'on' })).status).toBe(200);
  expect(readdirSync(at('a')).sort()).toEqual(['one.txt', 'two.txt']);
  const bad = await post('/files/rename-many', { ...rules, regex: 'on', find: '(o)\\1' });
  expect([bad.status, await bad.text()]).toEqual([422, expect.stringContaining('not accepted')]);
  expect((await post('/files/rename-many', rules)).status).toBe(204);
  expect(readdirSync(at('a')).sort()).toEqual(['0ne.txt', 'tw0.txt']);
});

test('the folder chooser shows what is within reach', async () => {
  mkdirSync(at('a/sub<b>'));
  expect(await (await operator.request(`/files/folders?to=${at('a')}`)).text()).toContain('sub&lt;b');
  const outside = await (await operator.request(`/files/folders?to=${at('b')}`)).text();
  expect(outside).toContain('outside the folders');
});
