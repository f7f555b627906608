import { afterAll, beforeAll, expect } from 'bun:test';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type RunningPanel, runPanel, setUp } from '../support/panel.ts';
import { until } from '../support/until.ts';
import { type Wine, wine } from '../support/wine.ts';

/** Files on Windows, as far as Wine is one: drives, names without case, no descriptors to hold folders by, no PowerShell. */
const it = needs('linux', 'wine', 'mingw');
let windows: Wine;
let panel: RunningPanel;
let cookie = '';
let token = '';
let folder = '';
/** Of drive C:, seen from outside. */
let disk = '';
const HOME = 'C:\\mantou-files';

if (it.ok) {
  beforeAll(async () => {
    windows = await wine();
    folder = mkdtempSync(join(tmpdir(), 'mantou-wine-files-'));
    const exe = join(folder, 'mantou.exe');
    copyFileSync(await executable('windows-x64'), exe);
    disk = join(windows.env.WINEPREFIX!, 'drive_c', 'mantou-files');
    rmSync(disk, { recursive: true, force: true });
    mkdirSync(disk);
    panel = await runPanel([...windows.command, exe], { cwd: folder, env: windows.env, dataDir: join(folder, 'state') });
    cookie = await setUp(panel);
    const made = await page('/account/tokens', { name: 'files', role: 'admin', days: '30', current: 'steamed bun 2026' });
    token = /mantou_[\w-]{20,}/.exec(await made.text())?.[0] ?? '';
  });
  afterAll(async () => {
    panel?.kill('SIGTERM');
    windows?.end();
    for (const path of [folder, disk]) if (path) rmSync(path, { recursive: true, force: true });
  });
}

/** A page's form by its session. */
const page = (path: string, form?: Record<string, string>) =>
  fetch(panel.url + path, { redirect: 'manual', headers: { cookie, origin: panel.url, 'accept-language': 'en' }, ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}) });

const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${panel.url}/api/v1${path}`, {
    method, redirect: 'manual', headers: { authorization: `Bearer ${token}`, ...(body === undefined || body instanceof Uint8Array ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? null : body instanceof Uint8Array ? body : JSON.stringify(body),
  });

/** The answer, or what was said against it. */
async function good<T>(answer: Promise<Response>): Promise<T> {
  const found = await answer;
  const text = await found.text();
  if (!found.ok) throw new Error(`${found.status} ${text}`);
  return (text ? JSON.parse(text) : null) as T;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const list = async (path: string) => (await good<{ items: { name: string; type: string; size: number | null }[] }>(api('GET', `/files?path=${encodeURIComponent(path)}&hidden=true`))).items;
const query = (path: string) => encodeURIComponent(path);

it('there is a token to go on with', () => {
  expect(token).not.toBe('');
});

it('drives stand at the top, and C:\\ is listed, as a page and by the API', async () => {
  expect((await list('/')).map(({ name }) => name)).toContain('C:');
  const names = (await list('C:\\')).map(({ name }) => name);
  expect(names).toContain('windows');
  expect(names).toContain('mantou-files');
  expect((await (await page(`/files?path=${query('C:\\')}`)).text()).includes('data-name="windows"')).toBe(true);
});

it('S23 paths and names that Windows would read otherwise are refused', async () => {
  for (const path of ['C:x', '\\\\localhost\\c$', '\\\\?\\C:\\windows', 'C:\\windows\\..\\users', 'C:\\windows::$INDEX_ALLOCATION', 'C:\\CON', 'C:\\windows.', 'C:\\windows ', '/etc/passwd', 'C:\\a*']) {
    expect((await api('GET', `/files?path=${query(path)}`)).status, path).toBe(422);
  }
  for (const name of ['nul', 'a:b', 'x.', 'con.txt', '..']) expect((await api('POST', '/files/folders', { path: `${HOME}\\${name}` })).status, name).toBe(422);
  expect(readdirSync(disk)).toEqual([]);
});

it('S23 the panel’s own folder is not changed, in whatever case it is written', async () => {
  const own = `Z:${join(folder, 'state').replaceAll('/', '\\')}`;
  for (const path of [`${own}\\mantou.db`, `${own.toUpperCase()}\\MANTOU.DB`, own]) {
    const answer = await api('POST', '/files/rename', { path, name: 'gone.db' });
    expect([403, 404], path).toContain(answer.status);
  }
  expect(existsSync(join(folder, 'state', 'mantou.db'))).toBe(true);
});

it('a folder is made, a file uploaded by tus in two pieces, downloaded whole and in part', async () => {
  await good(api('POST', '/files/folders', { path: `${HOME}\\上传` }));
  const bytes = Buffer.from('steamed bun\r\n'.repeat(1000));
  const begun = await api('POST', '/files/upload', undefined, {
    'tus-resumable': '1.0.0', 'upload-length': String(bytes.length), 'upload-metadata': `filename ${base64('馒头.txt')},path ${base64(`${HOME}\\上传`)}`,
  });
  expect(begun.status).toBe(201);
  const where = begun.headers.get('location')!.replace(/^.*\/api\/v1/, '');
  for (const [from, to] of [[0, 5000], [5000, bytes.length]] as const) {
    const sent = await api('PATCH', where, new Uint8Array(bytes.subarray(from, to)), { 'tus-resumable': '1.0.0', 'upload-offset': String(from), 'content-type': 'application/offset+octet-stream' });
    expect(sent.status).toBe(204);
  }
  expect(readFileSync(join(disk, '上传', '馒头.txt')).equals(bytes)).toBe(true);
  expect(readdirSync(join(disk, '上传'))).toEqual(['馒头.txt']);
  const path = query(`${HOME}\\上传\\馒头.txt`);
  const whole = await fetch(`${panel.url}/files/download?path=${path}`, { headers: { cookie } });
  expect(whole.headers.get('content-disposition')).toContain("filename*=UTF-8''%E9%A6%92%E5%A4%B4.txt");
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
  const part = await fetch(`${panel.url}/files/download?path=${path}`, { headers: { cookie, range: 'bytes=8-10' } });
  expect([part.status, await part.text()]).toEqual([206, 'bun']);
});

it('a text in GBK is opened, changed and saved in GBK, and its old self is kept as a version', async () => {
  writeFileSync(join(disk, 'gbk.txt'), iconv.encode('馒头是面食。\r\n第二行，足够让人认出编码。\r\n', 'gbk'));
  const path = `${HOME}\\gbk.txt`;
  const opened = await good<{ text: string; encoding: string; hash: string; eol?: string; bom?: boolean }>(page(`/files/text?path=${query(path)}`));
  expect(opened.text).toContain('馒头是面食');
  expect(opened.encoding).toMatch(/gb/i);
  const saved = await fetch(`${panel.url}/files/text`, {
    method: 'PUT', headers: { cookie, origin: panel.url, 'content-type': 'application/json' },
    body: JSON.stringify({ path, text: opened.text.replace('馒头', '包子'), encoding: opened.encoding, bom: false, lineEnd: 'crlf', base: opened.hash }),
  });
  expect([saved.status, saved.ok ? '' : await saved.text()]).toEqual([200, '']);
  expect(iconv.decode(readFileSync(join(disk, 'gbk.txt')), 'gbk')).toBe('包子是面食。\r\n第二行，足够让人认出编码。\r\n');
  expect(readdirSync(disk).filter((name) => name.includes('.mantou-'))).toEqual([]);
});

it('renaming: to a new name, to another case, and not onto what is there', async () => {
  writeFileSync(join(disk, 'one.txt'), '1');
  writeFileSync(join(disk, 'two.txt'), '2');
  await good(api('POST', '/files/rename', { path: `${HOME}\\one.txt`, name: 'eins.txt' }));
  await good(api('POST', '/files/rename', { path: `${HOME}\\eins.txt`, name: 'EINS.txt' }));
  expect((await api('POST', '/files/rename', { path: `${HOME}\\EINS.txt`, name: 'two.txt' })).status).toBe(409);
  // Wine takes a change of case for the same name and leaves it; nothing may be lost by asking for it.
  expect(readdirSync(disk).filter((name) => /eins|two/i.test(name)).map((name) => name.toLowerCase()).sort()).toEqual(['eins.txt', 'two.txt']);
  expect(readFileSync(join(disk, 'two.txt'), 'utf8')).toBe('2');
});

it('copied and moved', async () => {
  mkdirSync(join(disk, 'from', 'deep'), { recursive: true });
  writeFileSync(join(disk, 'from', 'deep', 'a.txt'), 'a');
  mkdirSync(join(disk, 'to'));
  await settled(await good(api('POST', '/files/copy', { folder: HOME, names: ['from'], to: `${HOME}\\to` })));
  expect(readFileSync(join(disk, 'to', 'from', 'deep', 'a.txt'), 'utf8')).toBe('a');
  await settled(await good(api('POST', '/files/move', { folder: `${HOME}\\to\\from`, names: ['deep'], to: HOME })));
  expect(existsSync(join(disk, 'to', 'from', 'deep'))).toBe(false);
  expect(readFileSync(join(disk, 'deep', 'a.txt'), 'utf8')).toBe('a');
});

it('deleted into the trash and back, and for good', async () => {
  writeFileSync(join(disk, 'weg.txt'), 'back');
  const { trash, ...rest } = await good<{ trash: string[]; task?: string | null }>(api('POST', '/files/delete', { folder: HOME, names: ['weg.txt'] }));
  await settled(rest);
  expect(existsSync(join(disk, 'weg.txt'))).toBe(false);
  await settled(await good(api('POST', '/files/trash/restore', { ids: trash })));
  expect(readFileSync(join(disk, 'weg.txt'), 'utf8')).toBe('back');
  await settled(await good(api('POST', '/files/delete', { folder: HOME, names: ['weg.txt', 'deep'], forever: true })));
  await until(() => !existsSync(join(disk, 'weg.txt')) && !existsSync(join(disk, 'deep')));
});

it('a program writes contents that are still what it knows, and nothing else', async () => {
  const path = query(`${HOME}\\api.txt`);
  const put = (text: string, headers: Record<string, string>) => api('PUT', `/files/content?path=${path}`, new TextEncoder().encode(text), { 'content-type': 'application/octet-stream', ...headers });
  const { sha256 } = await good<{ sha256: string }>(put('one', { 'if-none-match': '*' }));
  expect((await put('two', { 'if-none-match': '*' })).status).toBeGreaterThanOrEqual(400);
  expect((await put('two', { 'if-match': `"${'0'.repeat(64)}"` })).status).toBeGreaterThanOrEqual(400);
  await good(put('three', { 'if-match': `"${sha256}"` }));
  expect(readFileSync(join(disk, 'api.txt'), 'utf8')).toBe('three');
  expect(await good(api('GET', `/files/checksum?path=${path}`))).toMatchObject({ size: 5, md5: '35d6d33467aae9a2e3dccb4b6b027878' });
});

it('a zip and a tar are made, listed and extracted; what climbs out of them is refused', async () => {
  mkdirSync(join(disk, 'pack', 'sub'), { recursive: true });
  writeFileSync(join(disk, 'pack', 'sub', '馒头.txt'), 'x'.repeat(5000));
  for (const format of ['zip', 'tar.gz']) {
    const name = `pack.${format}`;
    await settled(await good(api('POST', '/files/archive', { folder: HOME, names: ['pack'], name, format })));
    const { items } = await good<{ items: { name: string }[] }>(api('GET', `/files/archive/contents?path=${query(`${HOME}\\${name}`)}`));
    expect(items.map((item) => item.name.replace(/\/$/, '')).sort()).toContain('pack/sub/馒头.txt');
    await settled(await good(api('POST', '/files/extract', { path: `${HOME}\\${name}`, to: HOME, into: `out-${format}` })));
    expect(readFileSync(join(disk, `out-${format}`, 'pack', 'sub', '馒头.txt'), 'utf8')).toHaveLength(5000);
  }
  // A tar with names that Windows would read as other places.
  const evil = join(folder, 'evil.tar');
  expect(Bun.spawnSync(['tar', '-cf', evil, '--transform', 's,pack/sub/.*,..\\\\evil.txt,', '-P', 'pack/sub/馒头.txt'], { cwd: disk }).exitCode).toBe(0);
  copyFileSync(evil, join(disk, 'evil.tar'));
  const { task } = await good<{ task: string }>(api('POST', '/files/extract', { path: `${HOME}\\evil.tar`, to: HOME, into: 'evil' }));
  await until(async () => (await good<{ state: string }>(api('GET', `/tasks/${task}`))).state !== 'running');
  expect(existsSync(join(disk, 'evil.txt'))).toBe(false);
});

it('searched by name and in contents', async () => {
  const hits = async (more: string) => (await (await api('GET', `/files/search?path=${query(HOME)}&${more}`)).text()).split('\n').filter(Boolean).map((line) => JSON.parse(line) as { path?: string });
  expect(JSON.stringify(await hits(`name=${query('*馒头*')}`))).toContain('馒头.txt');
  expect(JSON.stringify(await hits(`text=${query('three')}`))).toContain('api.txt');
});

it('a large file is looked at in windows, and read in parts', async () => {
  writeFileSync(join(disk, 'large.log'), Array.from({ length: 200_000 }, (_, i) => `line ${i} 馒头\n`).join(''));
  const path = query(`${HOME}\\large.log`);
  const view = await page(`/files/view/window?path=${path}&at=3000000&toward=forward`);
  expect([view.status, await view.text()].join()).toContain('line 1');
  const raw = await fetch(`${panel.url}/api/v1/files/content?path=${path}`, { headers: { authorization: `Bearer ${token}`, range: 'bytes=0-5' } });
  expect([raw.status, await raw.text()]).toEqual([206, 'line 0']);
  const found = await page(`/files/view/find?path=${path}&q=${query('line 199999')}&from=0`);
  expect(found.status).toBe(200);
});

it('versions of a text are kept and listed', async () => {
  const text = await (await page(`/files/versions?path=${query(`${HOME}\\gbk.txt`)}`)).text();
  expect(text.match(/name="id" value=|[?&](amp;)?id=/g)?.length ?? 0).toBeGreaterThan(0);
});

it('permissions: there are no modes here, and why there is no access list is said', async () => {
  const text = await (await page(`/files/mode?folder=${query(HOME)}&name=two.txt`)).text();
  expect(text).toContain('PowerShell cannot be started on this machine.');
  expect((await api('POST', '/files/mode', { folder: HOME, names: ['two.txt'], mode: '600' })).status).toBe(501);
});

it('a shell is started by the process behind the named pipe, which proves itself first; Wine itself shows nothing of what it says', async () => {
  const choices = await (await page('/terminal')).text();
  expect([...choices.matchAll(/<option value="(powershell|cmd|pwsh)"/g)].map((match) => match[1])).toContain('cmd');
  const opened = await good<{ id: string; state: string }>(api('POST', '/terminals', { shell: 'cmd', folder: HOME, cols: 100, rows: 30 }));
  expect(opened.state).toBe('running');
  const folderGone = await api('POST', '/terminals', { shell: 'cmd', folder: 'C:\\nothing' });
  expect(folderGone.status).toBe(404);
  // Without a console of Wine's own its cmd ends by itself; whichever way, the end is told through the same pipe.
  await api('DELETE', `/terminals/${opened.id}`);
  await until(async () => ['ended', 'killed'].includes((await good<{ state: string }>(api('GET', `/terminals/${opened.id}`))).state));
});

it('nothing of this was an error to the panel', () => {
  expect(panel.errorLog()).toBe('');
});

/** Waits for the task that an answer names, if it does. */
async function settled(answer: { task?: string | null }): Promise<void> {
  if (!answer.task) return;
  await until(async () => (await good<{ state: string }>(api('GET', `/tasks/${answer.task}`))).state !== 'running');
  const { state, error } = await good<{ state: string; error: string | null }>(api('GET', `/tasks/${answer.task}`));
  expect([state, error]).toEqual(['done', null]);
}
