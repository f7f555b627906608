import { describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ORIGIN, testApp, type Browser } from '../../../test/support/app.ts';
import { OFFSET, metadata, tus, type Headers, uploadPanel } from '../../../test/support/upload-panel.ts';
import { SYSTEM } from '../../core/app.ts';
import { sweepUploads } from '../../core/files/uploads/sweep.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { createToken } from '../../core/tokens/tokens.ts';
import { uploads } from '../../db/schema/files.ts';

const panel = uploadPanel();
const { announce, begin, patch, offsetOf, names, parts, read } = panel;

describe('what is there already', () => {
  test('ask and skip refuse before any byte, 412; a folder is never replaced', async () => {
    writeFileSync(join(panel.root, 'a.txt'), 'old');
    mkdirSync(join(panel.root, 'folder'));
    expect((await announce(3)).status).toBe(412);
    expect((await announce(3, { conflict: 'skip' })).status).toBe(412);
    expect((await announce(3, { conflict: 'replace', filename: 'folder' })).status).toBe(412);
    expect(names()).toEqual(['a.txt', 'folder']);
  });

  test('replace takes its place at once, with its mode', async () => {
    writeFileSync(join(panel.root, 'a.txt'), 'old');
    chmodSync(join(panel.root, 'a.txt'), 0o640);
    const url = await begin(3, { conflict: 'replace', lastModified: '1700000000000' });
    expect(read('a.txt')).toBe('old');
    expect((await patch(url, 0, 'new')).status).toBe(204);
    expect([read('a.txt'), statSync(join(panel.root, 'a.txt')).mode & 0o777, statSync(join(panel.root, 'a.txt')).mtimeMs]).toEqual(['new', 0o640, 1700000000000]);
    expect(parts()).toEqual([]);
  });

  test('keep both finds a free name, and says it', async () => {
    writeFileSync(join(panel.root, 'a.txt'), 'old');
    const answer = await announce(3, { conflict: 'keep-both' }, { 'content-type': OFFSET, 'content-length': '3' }, panel.admin, 'new');
    expect([answer.status, answer.headers.get('mantou-upload-name')]).toEqual([201, encodeURIComponent('a (2).txt')]);
    expect([read('a.txt'), read('a (2).txt')]).toEqual(['old', 'new']);
  });

  test('it appeared meanwhile: 412, both stay, HEAD does not say done, another policy ends it without a byte more', async () => {
    const url = await begin(3);
    writeFileSync(join(panel.root, 'a.txt'), 'theirs');
    expect((await patch(url, 0, 'new')).status).toBe(412);
    expect((await tus(panel.admin, 'HEAD', url)).status).toBe(412);
    expect(read('a.txt')).toBe('theirs');
    const place = (conflict: string) =>
      panel.admin.request(`/files/uploads/${url.split('/').at(-1)}/place`, { method: 'POST', headers: { origin: ORIGIN, 'content-type': 'application/json' }, body: JSON.stringify({ conflict }) });
    expect((await place('ask')).status).toBe(422);
    expect(await (await place('keep-both')).json()).toEqual({ name: 'a (2).txt' });
    expect([read('a.txt'), read('a (2).txt')]).toEqual(['theirs', 'new']);
    expect(await offsetOf(url)).toBe('3');
  });

  test('skip at the end leaves what appeared, and nothing else', async () => {
    const url = await begin(3, { conflict: 'skip' });
    writeFileSync(join(panel.root, 'a.txt'), 'theirs');
    expect((await patch(url, 0, 'new')).status).toBe(204);
    expect([names(), read('a.txt')]).toEqual([['a.txt'], 'theirs']);
  });

  test('two uploads to one name at once: one is first, the panel.other is told', async () => {
    const [one, two] = [await begin(3), await begin(3)];
    const answers = await Promise.all([patch(one, 0, 'one'), patch(two, 0, 'two')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([204, 412]);
    expect(['one', 'two']).toContain(read('a.txt'));
    expect(parts()).toHaveLength(1);
  });
});

describe('protocol', () => {
  test('what is offered, without a word for panel.other origins', async () => {
    const answer = await tus(panel.admin, 'OPTIONS', '/files/upload');
    expect(answer.headers.get('tus-extension')).toBe('creation,creation-with-upload,creation-defer-length,termination,expiration,checksum');
    expect(answer.headers.get('tus-checksum-algorithm')).toBe('sha1,sha256,md5,crc32');
    expect(answer.headers.get('tus-version')).toBe('1.0.0');
    const url = await begin(4);
    for (const each of [answer, await tus(panel.admin, 'HEAD', url), await patch(url, 0, 'ab'), await patch(url, 9, 'ab'), await tus(panel.admin, 'DELETE', url)]) {
      expect([...each.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  test('bytes lie hidden beside the target, private, and become it: one file, no copy', async () => {
    const url = await begin(8);
    expect(url).toMatch(/^\/files\/upload\/[\w-]+$/);
    await patch(url, 0, 'abcd');
    const [part = ''] = parts();
    const { ino, mode } = statSync(join(panel.root, part));
    expect([part.startsWith('.a.txt.mantou-'), mode & 0o777, names()]).toEqual([true, 0o600, [part]]);
    const last = await patch(url, 4, 'efgh');
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, '8']);
    expect([statSync(join(panel.root, 'a.txt')).ino, read('a.txt'), names()]).toEqual([ino, 'abcdefgh', ['a.txt']]);
  });

  test('HEAD says where it is, is never stored, and knows a finished one', async () => {
    const url = await begin(4);
    const head = await tus(panel.admin, 'HEAD', url);
    expect([head.status, head.headers.get('upload-offset'), head.headers.get('upload-length'), head.headers.get('cache-control')]).toEqual([200, '0', '4', 'no-store']);
    expect(Date.parse(head.headers.get('upload-expires')!)).toBe(Math.floor((panel.t.clock.now() + 72 * 3_600_000) / 1000) * 1000);
    await patch(url, 0, 'abcd');
    expect(await offsetOf(url)).toBe('4');
    expect((await tus(panel.admin, 'GET', url)).status).toBe(405);
  });

  test('an empty file, a deferred length, a proxy that lets only POST through', async () => {
    expect((await announce(0, { filename: 'empty' })).status).toBe(201);
    expect(read('empty')).toBe('');
    const made = await tus(panel.admin, 'POST', '/files/upload', { 'upload-defer-length': '1', 'upload-metadata': metadata({ filename: 'later', path: panel.root }) });
    const url = made.headers.get('location')!;
    expect((await tus(panel.admin, 'HEAD', url)).headers.get('upload-defer-length')).toBe('1');
    expect((await patch(url, 0, 'ab')).status).toBe(204);
    expect((await patch(url, 2, 'cd', { 'upload-length': '1' })).status).toBe(400);
    const over = (method: string, headers: Headers = {}, body?: string) => tus(panel.admin, 'POST', url, { 'x-http-method-override': method, ...headers }, body);
    expect((await over('HEAD')).headers.get('upload-offset')).toBe('2');
    expect((await over('PATCH', { 'upload-offset': '2', 'content-type': OFFSET, 'content-length': '2', 'upload-length': '4' }, 'cd')).status).toBe(204);
    expect(read('later')).toBe('abcd');
    expect((await over('DELETE')).status).toBe(204);
    expect(read('later')).toBe('abcd');
  });

  test('folders with their structure, hostile and broken names, as they are', async () => {
    const hostile = ['<img src=x onerror=alert(1)>.txt', '-rf', "quo'te\".txt", 'new\nline', '馒'.repeat(85), '\u202egnp.exe', 'a\u{10ff80}b'];
    for (const name of hostile) expect((await announce(1, { relativePath: `tief/${name}` }, { 'content-type': OFFSET, 'content-length': '1' }, panel.admin, 'x')).status, name).toBe(201);
    const found = readdirSync(join(panel.root, 'tief'), { encoding: 'buffer' }).map((name) => name.toString('latin1')).sort();
    expect(found).toEqual([...hostile.slice(0, -1).map((name) => Buffer.from(name).toString('latin1')), 'a\x80b'].sort());
  });

  test('termination removes the part; a second one finds nothing', async () => {
    const url = await begin(4);
    await patch(url, 0, 'ab');
    expect((await tus(panel.admin, 'DELETE', url)).status).toBe(204);
    expect(names()).toEqual([]);
    expect((await tus(panel.admin, 'DELETE', url)).status).toBe(404);
  });

  test('a headers of a proxy in front, and a bearer token at the API, which shares nothing with sessions', async () => {
    const { token } = createToken(panel.t.app, SYSTEM, { userId: panel.admin.userId, name: 'up', role: 'operator', expiresInDays: 1 });
    putSetting(panel.t.app, 'filesRootsOperator', [panel.root]);
    const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', 'x-forwarded-proto': 'https, http' };
    const made = await panel.t.request('/api/v1/files/upload', { method: 'POST', headers: { ...headers, 'upload-length': '2', 'upload-metadata': metadata({ filename: 'api', path: panel.root }) } });
    const url = made.headers.get('location')!;
    expect(url).toStartWith('/api/v1/files/upload/');
    expect((await panel.t.request(url, { method: 'PATCH', headers: { ...headers, 'upload-offset': '0', 'content-type': OFFSET, 'content-length': '2' }, body: 'ok' })).status).toBe(204);
    expect(read('api')).toBe('ok');
    putSetting(panel.t.app, 'filesRootsOperator', []);
  });
});

describe('what is left over', () => {
  test('expiry: 410, then the sweep removes part and row; one that ended is forgotten later', async () => {
    const fresh = testApp();
    const lin = fresh.as('admin', 'lin');
    const make = (name: string) => tus(lin, 'POST', '/files/upload', { 'upload-length': '4', 'upload-metadata': metadata({ filename: name, path: panel.root }) });
    const url = (await make('old')).headers.get('location')!;
    const done = (await make('done')).headers.get('location')!;
    await patch(done, 0, 'abcd', {}, lin);
    fresh.clock.advance(71 * 3_600_000);
    await patch(url, 0, 'ab', {}, lin);
    fresh.clock.advance(71 * 3_600_000);
    expect((await tus(lin, 'HEAD', url)).headers.get('upload-offset')).toBe('2');
    expect(await sweepUploads(fresh.app)).toBe(0);
    expect((await tus(lin, 'HEAD', done)).status).toBe(404);
    fresh.clock.advance(2 * 3_600_000);
    expect((await tus(lin, 'HEAD', url)).status).toBe(410);
    expect(await sweepUploads(fresh.app)).toBe(1);
    expect(names()).toEqual(['done']);
    expect(fresh.app.db.select().from(uploads).all()).toEqual([]);
    await fresh.close();
  });

  test('a part that somebody removed: 404, and the row goes; a folder that is gone', async () => {
    const url = await begin(4);
    rmSync(join(panel.root, parts()[0]!));
    expect((await tus(panel.admin, 'HEAD', url)).status).toBe(404);
    expect(panel.t.app.db.select().from(uploads).all().some((row) => url.endsWith(row.id))).toBe(false);
    const second = await begin(4);
    rmSync(panel.root, { recursive: true });
    expect((await tus(panel.admin, 'HEAD', second)).status).toBe(404);
    mkdirSync(panel.root);
  });

  test('the panel died between the last byte and the name: HEAD finishes it', async () => {
    const url = await begin(4);
    writeFileSync(join(panel.root, parts()[0]!), 'abcd');
    expect(await offsetOf(url)).toBe('4');
    expect([names(), read('a.txt')]).toEqual([['a.txt'], 'abcd']);
  });

  test('the panel died while bytes came whose checksum was not seen: they do not count', async () => {
    const url = await begin(8);
    await patch(url, 0, 'abcd');
    panel.t.app.db.$client.run('UPDATE uploads SET unchecked_from = 4 WHERE id = ?', [url.split('/').at(-1)!]);
    writeFileSync(join(panel.root, parts()[0]!), 'abcdXY');
    expect(await offsetOf(url)).toBe('4');
    expect(read(parts()[0]!)).toBe('abcd');
  });

  test('a part swapped for a symlink is not written through', async () => {
    const url = await begin(4);
    const far = join(panel.root, 'far');
    writeFileSync(far, 'far');
    rmSync(join(panel.root, parts()[0]!));
    symlinkSync(far, join(panel.root, `${panel.t.app.db.select().from(uploads).all().find((row) => url.endsWith(row.id))!.part}`));
    expect((await patch(url, 0, 'abcd')).status).toBeGreaterThanOrEqual(400);
    expect(readFileSync(far, 'utf8')).toBe('far');
  });
});

describe('what a page asks', () => {
  const json = (path: string, body: object, who: Pick<Browser, 'request'> = panel.admin) =>
    who.request(path, { method: 'POST', headers: { origin: ORIGIN, 'content-type': 'application/json' }, body: JSON.stringify(body) });

  test('which names are taken, at any depth, without following symlinks', async () => {
    mkdirSync(join(panel.root, 'a/b'), { recursive: true });
    writeFileSync(join(panel.root, 'a/b/c'), '12345');
    symlinkSync('/etc', join(panel.root, 'etc'));
    const answer = (await (await json('/files/uploads/there', { folder: panel.root, paths: ['a/b/c', 'a/b', 'a/x/c', 'z', 'etc/passwd', 'etc'] })).json()) as { items: { path: string; folder: boolean; size: number }[] };
    expect(answer.items.map(({ path, folder }) => [path, folder])).toEqual([['a/b/c', false], ['a/b', true], ['etc', false]]);
    expect(answer.items[0]!.size).toBe(5);
    for (const paths of [['../x'], ['a//b'], ['/etc'], []]) expect((await json('/files/uploads/there', { folder: panel.root, paths })).status, String(paths)).toBeGreaterThanOrEqual(400);
    expect((await json('/files/uploads/there', { folder: panel.root, paths: ['a'] }, panel.t.as('viewer', 'vee'))).status).toBe(403);
  });

  test('empty folders are made, those that are there stay', async () => {
    mkdirSync(join(panel.root, 'a'));
    expect((await json('/files/uploads/folders', { folder: panel.root, paths: ['a', 'a/b/c', 'd'] })).status).toBe(200);
    expect([existsSync(join(panel.root, 'a/b/c')), existsSync(join(panel.root, 'd'))]).toEqual([true, true]);
    writeFileSync(join(panel.root, 'file'), '');
    expect((await json('/files/uploads/folders', { folder: panel.root, paths: ['file'] })).status).toBe(422);
    expect((await json('/files/uploads/folders', { folder: panel.root, paths: ['../evil'] })).status).toBe(422);
  });
});
