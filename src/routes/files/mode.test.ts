import { afterEach, beforeEach, expect } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORIGIN, testApp, type Browser, type TestApp } from '../../../test/support/app.ts';
import { needs } from '../../../test/support/needs.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { audit } from '../../db/schema/audit.ts';

const it = needs('linux', 'root');
let t: TestApp;
let folder = '';
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-mode-page-'));
  mkdirSync(join(folder, 'd'));
  // Whatever the machine's umask is.
  chmodSync(join(folder, 'd'), 0o755);
  for (const name of ['a', 'b', 'd/c']) {
    writeFileSync(join(folder, name), 'x');
    chmodSync(join(folder, name), 0o644);
  }
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

const modeOf = (path: string) => (lstatSync(join(folder, path)).mode & 0o7777).toString(8);

/** A form with repeated names, as a browser sends it. */
function post(browser: Browser, path: string, fields: Record<string, string>, names: string[], htmx = true) {
  const body = new URLSearchParams(fields);
  body.set('folder', folder);
  for (const name of names) body.append('name', name);
  return browser.request(path, { method: 'POST', body, headers: { origin: ORIGIN, 'content-type': 'application/x-www-form-urlencoded', ...(htmx ? { 'hx-request': 'true' } : {}) } });
}
const sheet = (browser: Browser, names: string[], part = 'mode') => browser.request(`/files/${part}?${new URLSearchParams([['folder', folder], ...names.map((name) => ['name', name] as [string, string])])}`);
const unchanged = { mode: '0644', 'mode-was': '0644', common: '644', mixed: '0', owner: 'root', 'owner-was': 'root', group: 'root', 'group-was': 'root', 'bit-400': 'on', 'bit-200': 'on', 'bit-40': 'on', 'bit-4': 'on' };

it.describe('refused', () => {
  it('nothing selected, nothing changed, a mode that is none, an account that is not there', async () => {
    const admin = t.as('admin');
    expect((await sheet(admin, [])).status).toBe(422);
    for (const [fields, said] of [
      [unchanged, 'Nothing was changed'], [{ ...unchanged, mode: '999' }, 'octal mode such as'], [{ ...unchanged, mode: '--reference=/etc/shadow' }, 'octal mode such as'],
      [{ ...unchanged, owner: '-R' }, 'has no user -R'], [{ ...unchanged, owner: '<img src=x onerror=alert(1)>' }, '&lt;img'],
    ] as const) {
      const answer = await post(admin, '/files/mode', fields, ['a']);
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(said);
    }
    expect(modeOf('a')).toBe('644');
  });

  it('an operator: owners, access lists, attributes, and everything outside the roots', async () => {
    const operator = t.as('operator');
    expect((await post(operator, '/files/mode', { ...unchanged, mode: '600' }, ['a'])).status).toBe(403);
    putSetting(t.app, 'filesRootsOperator', [folder]);
    expect((await post(operator, '/files/mode', { ...unchanged, owner: 'www-data' }, ['a'])).status).toBe(403);
    expect((await post(operator, '/files/acl', { 'mask-auto': 'on' }, ['a'])).status).toBe(403);
    expect((await post(operator, '/files/attributes', { immutable: 'on' }, ['a'])).status).toBe(403);
    expect((await post(operator, '/files/mode', { ...unchanged, mode: '600' }, ['a'])).status).toBe(200);
    expect(modeOf('a')).toBe('600');
  });

  it('a viewer looks and changes nothing', async () => {
    putSetting(t.app, 'filesRootsViewer', [folder]);
    const viewer = t.as('viewer');
    const page = await (await sheet(viewer, ['a'])).text();
    expect(page).toContain('value="0644"');
    expect(page).not.toContain('Save permissions');
    expect((await post(viewer, '/files/mode', { ...unchanged, mode: '600' }, ['a'])).status).toBe(403);
  });

  it('a preview and an undo of somebody else', async () => {
    const page = await (await post(t.as('admin'), '/files/mode', { ...unchanged, mode: '755', 'inside-mode': 'on' }, ['d'])).text();
    expect(page).toContain('Change 1 entry');
    const other = t.as('admin', 'eva');
    for (const scan of ['x', t.app.random.id()]) expect((await other.request(`/files/mode/preview?scan=${scan}`)).status).toBe(404);
    expect((await post(other, '/files/mode/undo', { id: t.app.random.id() }, [])).status).toBe(404);
  });
});

it('the boxes alone change a mode, and what was done is taken back from its toast', async () => {
  const admin = t.as('admin');
  const answer = await post(admin, '/files/mode', { ...unchanged, 'bit-100': 'on' }, ['a', 'b']);
  expect([modeOf('a'), modeOf('b')]).toEqual(['744', '744']);
  const id = /name="id" value="([^"]+)"/.exec(await answer.text())![1]!;
  expect((await post(admin, '/files/mode/undo', { id }, [])).headers.get('hx-trigger')).toContain('files-changed');
  expect([modeOf('a'), modeOf('b')]).toEqual(['644', '644']);
  expect((await post(admin, '/files/mode', { ...unchanged, mode: '640' }, ['a'], false)).status).toBe(303);
});

it('what differs is drawn as mixed, and left alone', async () => {
  chmodSync(join(folder, 'b'), 0o600);
  const admin = t.as('admin');
  const page = await (await sheet(admin, ['a', 'b'])).text();
  expect(page).toContain('placeholder="mixed"');
  expect(page).toContain('aria-label="Group: Read (mixed)"');
  await post(admin, '/files/mode', { mode: '', 'mode-was': '', common: '600', mixed: '44', 'bit-400': 'on', 'bit-200': 'on', 'bit-100': 'on' }, ['a', 'b']);
  expect([modeOf('a'), modeOf('b')]).toEqual(['744', '700']);
});

it('commands are shown before they are needed; inside folders a preview stands before the task', async () => {
  const admin = t.as('admin');
  symlinkSync('/etc/passwd', join(folder, 'd/link'));
  const fields = { ...unchanged, mode: '0750', 'inside-mode': 'on', fileMode: '0640', owner: 'www-data' };
  const commands = await (await post(admin, '/files/mode', { ...fields, step: 'commands' }, ['d'])).text();
  expect(commands).toContain(`chown -h -- www-data ${folder}/d`);
  expect(commands).toContain(`find ${folder}/d -xdev -type d -exec chmod 00750 -- {} +`);
  const preview = await (await post(admin, '/files/mode', fields, ['d'])).text();
  expect(preview).toContain('Change 2 entries');
  expect(modeOf('d/c')).toBe('644');
  const answer = await post(admin, '/files/mode', { ...fields, step: 'apply' }, ['d']);
  const { id } = JSON.parse(answer.headers.get('hx-trigger')!)['task-started'];
  await t.app.tasks.settled(id);
  expect([modeOf('d'), modeOf('d/c'), lstatSync(join(folder, 'd')).uid, lstatSync(join(folder, 'd/c')).uid]).toEqual(['750', '640', 33, 0]);
  expect(t.app.db.select().from(audit).all().filter(({ action }) => action.startsWith('files.')).map(({ action }) => action)).toEqual(['files.owner', 'files.mode']);
});

it('both languages, one entry or many', async () => {
  const admin = t.as('admin');
  const zh = await (await admin.request(`/files/mode?${new URLSearchParams([['folder', folder], ['name', 'a']])}`, { headers: { 'accept-language': 'zh-CN' } })).text();
  expect(zh).toContain('a 的权限');
  expect(await (await sheet(admin, ['a', 'b', 'd'])).text()).toContain('Permissions of 3 entries');
});
