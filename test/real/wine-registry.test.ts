import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type RunningPanel, runPanel, setUp } from '../support/panel.ts';
import { type Wine, wine } from '../support/wine.ts';

/** The registry by the calls of Windows, as Wine has them, held against what Wine's own reg.exe says. */
const it = needs('linux', 'wine', 'mingw');
let windows: Wine;
let panel: RunningPanel;
let token = '';
let folder = '';
const ROOT = 'HKEY_CURRENT_USER\\Software\\MantouTest';

if (it.ok) {
  beforeAll(async () => {
    windows = await wine();
    folder = mkdtempSync(join(tmpdir(), 'mantou-wine-registry-'));
    const exe = join(folder, 'mantou.exe');
    copyFileSync(await executable('windows-x64'), exe);
    panel = await runPanel([...windows.command, exe], { cwd: folder, env: windows.env, dataDir: join(folder, 'state') });
    const cookie = await setUp(panel);
    const made = await fetch(`${panel.url}/account/tokens`, {
      method: 'POST', redirect: 'manual', headers: { cookie, origin: panel.url, 'accept-language': 'en' }, body: new URLSearchParams({ name: 'registry', role: 'admin', days: '30', current: 'steamed bun 2026' }),
    });
    token = /mantou_[\w-]{20,}/.exec(await made.text())?.[0] ?? '';
    reg('delete', ROOT, '/f');
    reg('add', ROOT, '/f');
  });
  afterAll(async () => {
    if (windows) reg('delete', ROOT, '/f');
    panel?.kill('SIGTERM');
    windows?.end();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });
}

/** Wine's reg.exe: what it prints. */
const reg = (...words: string[]) => windows.run(['reg', ...words]).out;

const api = (method: string, path: string, body?: unknown) =>
  fetch(`${panel.url}/api/v1/registry${path}`, {
    method, headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? null : JSON.stringify(body),
  });

async function good<T>(answer: Promise<Response>): Promise<T> {
  const found = await answer;
  const text = await found.text();
  if (!found.ok) throw new Error(`${found.status} ${text}`);
  return JSON.parse(text) as T;
}

interface Key {
  keys: { name: string; hasKeys: boolean }[];
  values: { name: string; type: string; value: string; bytes: string }[];
  writtenAt: number | null;
}
const query = (values: Record<string, string>) => `?${new URLSearchParams(values)}`;
const key = (path: string, more: Record<string, string> = {}) => good<Key>(api('GET', `/key${query({ key: path, ...more })}`));
const set = (name: string, type: string, value: string, path = ROOT) => good<{ change: string }>(api('PUT', '/value', { key: path, name, type, value }));

it('what Windows has in it is read: keys, which of them have keys, values, and when it was written', async () => {
  const machine = await key('HKLM');
  expect(machine.keys.map(({ name }) => name.toLowerCase())).toContain('software');
  const version = await key('HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion');
  expect(version.values.find(({ name }) => name === 'CurrentVersion')).toMatchObject({ type: 'REG_SZ', value: expect.stringMatching(/^\d+\.\d+$/) });
  expect(version.keys.find(({ name }) => name === 'Fonts')).toBeTruthy();
  expect((await key('HKLM\\SOFTWARE')).keys.find(({ name }) => name === 'Microsoft')?.hasKeys).toBe(true);
  expect((await key('HKCU\\Software')).writtenAt).toBeGreaterThan(Date.UTC(2020, 0));
});

it('values of every type are written byte for byte, as reg.exe reads them, and reg.exe\'s are read', async () => {
  await set('text', 'REG_SZ', '馒头 \u{1f95f} "quoted" \\ 100%');
  await set('expand', 'REG_EXPAND_SZ', '%windir%\\x');
  await set('list', 'REG_MULTI_SZ', '北京\n上海');
  await set('number', 'REG_DWORD', '0xfffffffe');
  await set('long', 'REG_QWORD', '18446744073709551615');
  await set('bytes', 'REG_BINARY', '00 01 fe ff');
  await set('nothing', 'REG_NONE', '');
  await set('', 'REG_SZ', 'the default');
  const said = reg('query', ROOT);
  // What is no ASCII it prints as question marks into a pipe; the export below holds all letters against each other.
  expect(said).toMatch(/text +REG_SZ +\?\? \?\? "quoted" \\ 100%/);
  expect(said).toMatch(/number +REG_DWORD +0xfffffffe/);
  expect(said).toMatch(/list +REG_MULTI_SZ +\?\?\\0\?\?/);
  expect(said).toMatch(/bytes +REG_BINARY +0001FEFF/);
  reg('add', ROOT, '/v', 'theirs', '/t', 'REG_EXPAND_SZ', '/d', 'a b', '/f');
  const { values } = await key(ROOT);
  const bytes = (name: string) => Buffer.from(values.find((value) => value.name === name)!.bytes, 'base64').toString('hex');
  expect(values.map(({ name, type }) => [name, type])).toContainEqual(['theirs', 'REG_EXPAND_SZ']);
  expect(bytes('long')).toBe('ffffffffffffffff');
  expect(bytes('list')).toBe(Buffer.from('北京\0上海\0\0', 'utf16le').toString('hex'));
  expect(bytes('nothing')).toBe('');
  expect(values[0]).toMatchObject({ name: '', value: 'the default' });
  expect(values.find(({ name }) => name === 'text')?.value).toBe('馒头 \u{1f95f} "quoted" \\ 100%');
});

it('keys are made, renamed and removed with what is in them, and all of it is undone', async () => {
  await good(api('POST', '/key', { key: ROOT, name: '订单' }));
  await good(api('POST', '/key', { key: `${ROOT}\\订单`, name: 'below' }));
  await set('a', 'REG_SZ', '1', `${ROOT}\\订单\\below`);
  expect((await api('POST', '/key', { key: ROOT, name: '订单' })).status).toBe(409);
  const renamed = await good<{ change: string }>(api('POST', '/key/rename', { key: `${ROOT}\\订单`, name: 'orders' }));
  expect(reg('query', `${ROOT}\\orders\\below`)).toMatch(/a +REG_SZ +1/);
  expect((await key(ROOT)).keys.map(({ name }) => name)).toEqual(['orders']);
  await good(api('POST', `/changes/${renamed.change}/undo`));
  expect((await key(ROOT)).keys.map(({ name }) => name)).toEqual(['订单']);
  expect((await api('POST', '/key/remove', { key: `${ROOT}\\订单`, confirm: 'orders' })).status).toBe(422);
  const removed = await good<{ change: string }>(api('POST', '/key/remove', { key: `${ROOT}\\订单`, confirm: '订单' }));
  expect((await key(ROOT)).keys).toEqual([]);
  await good(api('POST', `/changes/${removed.change}/undo`));
  expect((await key(`${ROOT}\\订单\\below`)).values).toMatchObject([{ name: 'a', value: '1' }]);
  expect((await api('POST', `/changes/${removed.change}/undo`)).status).toBe(409);
});

it('an export is one that reg.exe imports, and one of reg.exe is imported here, with what it takes away', async () => {
  const answer = await api('GET', `/export${query({ key: ROOT })}`);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.subarray(0, 2).toString('hex')).toBe('fffe');
  const file = join(folder, 'ours.reg');
  await Bun.write(file, bytes);
  const before = reg('query', ROOT, '/s');
  reg('delete', ROOT, '/f');
  expect(reg('import', `Z:${file.replaceAll('/', '\\')}`)).not.toContain('error');
  expect(reg('query', ROOT, '/s').split('\n').toSorted()).toEqual(before.split('\n').toSorted());
  reg('export', ROOT, `Z:${join(folder, 'theirs.reg').replaceAll('/', '\\')}`, '/y');
  const theirs = await Bun.file(join(folder, 'theirs.reg')).bytes();
  const same = await good<{ changes: number }>(api('POST', '/plan', { file: Buffer.from(theirs).toString('base64') }));
  expect(same.changes).toBe(0);
  const text = `Windows Registry Editor Version 5.00\r\n\r\n[${ROOT}]\r\n"text"=-\r\n"number"=dword:00000007\r\n\r\n[-${ROOT}\\订单]\r\n\r\n[${ROOT}\\fresh\\deep]\r\n@="new"\r\n`;
  const given = Buffer.from(`\ufeff${text}`, 'utf16le').toString('base64');
  const plan = await good<{ changes: number; digest: string }>(api('POST', '/plan', { file: given }));
  expect(plan.changes).toBe(5);
  reg('add', ROOT, '/v', 'number', '/t', 'REG_DWORD', '/d', '9', '/f');
  expect((await api('POST', '/import', { file: given, digest: plan.digest })).status).toBe(409);
  const again = await good<{ digest: string }>(api('POST', '/plan', { file: given }));
  const done = await good<{ change: string }>(api('POST', '/import', { file: given, digest: again.digest }));
  expect((await key(`${ROOT}\\fresh\\deep`)).values).toMatchObject([{ name: '', value: 'new' }]);
  expect((await key(ROOT)).values.find(({ name }) => name === 'number')?.value).toBe('7');
  await good(api('POST', `/changes/${done.change}/undo`));
  const back = await key(ROOT);
  expect(back.keys.map(({ name }) => name)).toEqual(['订单']);
  expect(back.values.find(({ name }) => name === 'number')?.value).toBe('9');
  expect(back.values.find(({ name }) => name === 'text')?.value).toContain('馒头');
});

it('a key of many keys and a value of a mebibyte are no trouble', async () => {
  const path = `${ROOT}\\many`;
  const text = `Windows Registry Editor Version 5.00\n\n${Array.from({ length: 3000 }, (_, i) => `[${path}\\k${i}]\n"v"=dword:${i.toString(16).padStart(8, '0')}\n`).join('\n')}`;
  const file = Buffer.from(text).toString('base64');
  const { digest } = await good<{ digest: string }>(api('POST', '/plan', { file }));
  await good(api('POST', '/import', { file, digest }));
  expect((await key(path)).keys).toHaveLength(500);
  expect((await key(path, { q: 'k2999' })).keys).toEqual([{ name: 'k2999', hasKeys: false }]);
  // On a busy machine two seconds may not be enough for all of it: then it says where to go on.
  const found: string[] = [];
  for (let after: string | null = ''; after !== null; ) {
    const answer: { items: { path: string }[]; next: string | null } = await good(api('GET', `/search${query({ key: path, q: 'K2998', ...(after ? { after } : {}) })}`));
    found.push(...answer.items.map((item) => item.path));
    after = answer.next;
  }
  expect(found).toEqual([`${path}\\k2998`]);
  await set('big', 'REG_BINARY', 'ab'.repeat(200_000));
  expect(Buffer.from((await key(ROOT)).values.find(({ name }) => name === 'big')!.bytes, 'base64')).toHaveLength(200_000);
});

it('refused: protected keys, roots, keys that are not there, paths that are none, and values of another type', async () => {
  const status = async (method: string, path: string, body?: unknown) => (await api(method, path, body)).status;
  expect(await status('PUT', '/value', { key: 'HKLM\\SAM', name: 'x', type: 'REG_SZ', value: 'x' })).toBe(403);
  expect(await status('PUT', '/value', { key: 'hklm\\security\\Policy', name: 'x', type: 'REG_SZ', value: 'x' })).toBe(403);
  expect(await status('POST', '/key/remove', { key: 'HKLM\\SYSTEM', confirm: 'SYSTEM' })).toBe(403);
  expect(await status('POST', '/key/remove', { key: 'HKLM', confirm: 'HKEY_LOCAL_MACHINE' })).toBe(403);
  expect(await status('GET', `/key${query({ key: `${ROOT}\\none` })}`)).toBe(404);
  for (const path of ['', 'C:\\', 'HKLM\\\\SAM', '\\\\other\\HKLM', 'HKEY_PERFORMANCE_DATA', 'HKLM\\a\u0000b', `HKLM\\${'x'.repeat(256)}`]) expect(await status('GET', `/key${query({ key: path })}`), path).toBe(422);
  for (const [type, value] of [['REG_DWORD', '4294967296'], ['REG_DWORD', '-1'], ['REG_BINARY', '0'], ['REG_MULTI_SZ', 'a\n\nb'], ['REG_LINK', 'x']]) expect(await status('PUT', '/value', { key: ROOT, name: 'x', type, value }), type).toBe(422);
});

it('without PowerShell the selftest says that it does not start, and reads the registry all the same', async () => {
  const { out, code } = windows.run([join(folder, 'mantou.exe'), 'doctor', '--windows-selftest'], { cwd: folder });
  expect(out).toContain('PowerShell does not start');
  expect(out).toMatch(/^ok +\d+ ms  registry: \d+ keys, \d+ values$/m);
  // All but the last: Wine keeps rights of files as those of Unix.
  expect(out).toMatch(/^fail +\d+ ms  folders that are held: the rights of a file$/m);
  expect(out).toMatch(/^ok +\d+ ms  OpenSSH Server: not installed$/m);
  expect(code).toBe(1);
});
