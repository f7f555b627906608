import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { putSetting } from '../../core/settings/settings.ts';
import { systemName } from '../../lib/file-name.ts';
import { ORIGIN, testApp, type TestApp } from '../../../test/support/app.ts';

let t: TestApp;
let folder: string;
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-text-'));
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

type Person = ReturnType<TestApp['as']>;
const get = (who: Person, path: string, more = '') => who.request(`/files/text?path=${encodeURIComponent(path)}${more}`);
const put = (who: Person, body: object) =>
  who.request('/files/text', { method: 'PUT', headers: { origin: ORIGIN, 'content-type': 'application/json' }, body: JSON.stringify({ encoding: 'utf-8', bom: false, lineEnd: 'lf', base: null, ...body }) });
const open = async (who: Person, path: string, more = '') => (await (await get(who, path, more)).json()) as Record<string, any>;
const file = (name: string, bytes: string | Uint8Array = 'one\ntwo\n') => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
const iconv = (text: string, to: string) => Buffer.from(Bun.spawnSync(['/usr/bin/iconv', '-f', 'UTF-8', '-t', to], { stdin: Buffer.from(text) }).stdout);

describe('refused', () => {
  test('whoever may only read does not save', async () => {
    putSetting(t.app, 'filesRootsViewer', [folder]);
    const path = file('a.txt');
    const viewer = t.as('viewer');
    const found = await open(viewer, path);
    expect(found).toMatchObject({ text: 'one\ntwo\n', writable: false });
    expect((await put(viewer, { path, text: 'x', base: found.hash })).status).toBe(403);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  test('S12 outside the folders of a role nothing is read, saved, listed, restored or compared', async () => {
    const inside = join(folder, 'inside');
    mkdirSync(inside);
    putSetting(t.app, 'filesRootsOperator', [inside]);
    const path = file('secret.txt');
    symlinkSync(path, join(inside, 'link.txt'));
    const who = t.as('operator');
    for (const target of [path, join(inside, 'link.txt'), join(inside, '../secret.txt')]) {
      const query = `path=${encodeURIComponent(target)}`;
      for (const url of [`/files/text?${query}`, `/files/edit?${query}`, `/files/versions?${query}`, `/files/compare?a=${encodeURIComponent(target)}&b=${encodeURIComponent(target)}`, `/files/edit/branch?path=${encodeURIComponent(folder)}`])
        expect([403, 422], url).toContain((await who.request(url)).status);
      expect([403, 422]).toContain((await put(who, { path: target, text: 'x', base: null })).status);
      for (const action of ['restore', 'clear']) expect([403, 422]).toContain((await who.request(`/files/versions/${action}`, { form: { path: target, id: t.app.random.id() } })).status);
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  test('the data directory of the panel is not written', async () => {
    const path = join(t.app.config.dataDir, 'note.txt');
    writeFileSync(path, 'x');
    const admin = t.as('admin');
    const found = await open(admin, path);
    expect(found.writable).toBe(false);
    expect((await put(admin, { path, text: 'y', base: found.hash })).status).toBe(403);
    expect(readFileSync(path, 'utf8')).toBe('x');
  });

  test('pipes, devices and folders are never opened', async () => {
    const pipe = join(folder, 'pipe');
    Bun.spawnSync(['/usr/bin/mkfifo', pipe]);
    const admin = t.as('admin');
    for (const path of [pipe, '/dev/zero', '/dev/tty', folder]) {
      expect((await get(admin, path)).status, path).toBe(422);
      expect((await put(admin, { path, text: 'x', base: '0'.repeat(64) })).status, path).toBe(422);
      expect((await admin.request(`/files/edit?path=${encodeURIComponent(path)}`)).status, path).toBe(422);
    }
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  test('more than 5 MiB: the viewer has it', async () => {
    const path = file('large.log', Buffer.alloc((5 << 20) + 1, 'x'));
    const admin = t.as('admin');
    expect(await (await get(admin, path)).json()).toMatchObject({ field: 'size' });
    const page = await admin.request(`/files/edit?path=${encodeURIComponent(path)}`);
    expect([page.status, page.headers.get('location')]).toEqual([303, `/files/view?path=${path}`]);
    expect((await put(admin, { path: join(folder, 'new'), text: '馒'.repeat(2 << 20) })).status).toBe(422);
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  test('a file that changed meanwhile is left, and told with what it is now', async () => {
    const path = file('a.txt');
    const admin = t.as('admin');
    const { hash } = await open(admin, path);
    writeFileSync(path, 'one\nother\n');
    const answer = await put(admin, { path, text: 'one\nmine\n', base: hash });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ disk: { text: 'one\nother\n', encoding: 'utf-8', fault: null } });
    expect(readFileSync(path, 'utf8')).toBe('one\nother\n');
    rmSync(path);
    expect(await (await put(admin, { path, text: 'one\nmine\n', base: hash })).json()).toMatchObject({ disk: null });
    expect(existsSync(path)).toBe(false);
    // A new file takes no existing one's place.
    file('a.txt', 'again');
    expect((await put(admin, { path, text: 'x', base: null })).status).toBe(409);
    expect(readFileSync(path, 'utf8')).toBe('again');
  });

  test('a character that the encoding cannot hold is pointed at, and nothing is written', async () => {
    const path = file('gbk.txt', iconv('端口\n', 'GBK'));
    const before = readFileSync(path);
    const admin = t.as('admin');
    const { hash, encoding } = await open(admin, path);
    expect(encoding).toBe('gbk');
    const answer = await put(admin, { path, text: '端口\n好🥟\n', encoding, base: hash });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ line: 2, column: 2, char: '🥟' });
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['gbk.txt']);
  });

  test('what does not decode is opened for reading only, and can be opened in another encoding', async () => {
    const path = file('odd.bin', Buffer.concat([Buffer.from('ünï\n'.repeat(9)), Buffer.of(0xff)]));
    const admin = t.as('admin');
    expect(await open(admin, path)).toMatchObject({ fault: 'undecodable' });
    expect(await open(admin, path, '&encoding=latin1')).toMatchObject({ fault: null, encoding: 'latin1' });
    expect(await open(admin, file('a.out', Buffer.from('7f454c460201010000', 'hex')))).toMatchObject({ fault: 'binary' });
  });

  test('a body that is no save', async () => {
    const admin = t.as('admin');
    for (const body of [{}, { path: 1 }, { path: file('x'), text: 'a', encoding: 'utf-7' }, { path: 'relative', text: '' }, { path: join(folder, 'x'), text: 'a', base: 'x' }])
      expect((await put(admin, body)).status).toBe(422);
    expect((await admin.request('/files/text', { method: 'PUT', headers: { origin: ORIGIN }, body: '{' })).status).toBe(422);
    expect((await admin.request('/files/text', { method: 'PUT', headers: { origin: 'http://evil.example' }, body: '{}' })).status).toBe(403);
  });
});

describe('saved', () => {
  test('GBK edited is GBK, byte for byte around the change', async () => {
    const lines = ['# 配置文件说明', 'port=80', '服务器监听的端口，不要随意修改这个值。'];
    const path = file('gbk.conf', iconv(lines.join('\r\n'), 'GBK'));
    const admin = t.as('admin');
    const found = await open(admin, path);
    expect(found).toMatchObject({ encoding: 'gbk', lineEnd: 'crlf', fault: null });
    const answer = await put(admin, { path, text: found.text.replace('port=80', 'port=8080 # 改'), encoding: 'gbk', lineEnd: 'crlf', base: found.hash });
    expect(answer.status).toBe(200);
    lines[1] = 'port=8080 # 改';
    expect(readFileSync(path)).toEqual(iconv(lines.join('\r\n'), 'GBK'));
    expect((await open(admin, path)).hash).toBe(((await answer.json()) as { hash: string }).hash);
  });

  test('mode, owner, access list and extended attributes stay; nothing is left beside it', async () => {
    const path = file('run.sh', '#!/bin/sh\n');
    chmodSync(path, 0o4751);
    const root = process.getuid?.() === 0;
    if (root) Bun.spawnSync(['/bin/chown', '65534:65533', path]);
    const xattrs = Bun.spawnSync(['/usr/bin/setfattr', '-n', 'user.note', '-v', 'kept', path]).exitCode === 0;
    const acl = Bun.spawnSync(['/usr/bin/setfacl', '-m', 'u:1234:r--', path]).exitCode === 0;
    if (root) chmodSync(path, statSync(path).mode | 0o4000);
    const before = statSync(path);
    const admin = t.as('admin');
    const { hash } = await open(admin, path);
    const answer = (await (await put(admin, { path, text: '#!/bin/sh\nexit 0\n', base: hash })).json()) as Record<string, unknown>;
    const after = statSync(path);
    expect([after.mode, after.uid, after.gid]).toEqual([before.mode, before.uid, before.gid]);
    expect(after.ino).not.toBe(before.ino);
    expect(after.mtimeMs).toBeGreaterThan(before.mtimeMs - 1);
    expect(answer.kept).toBe('all');
    if (xattrs) expect(Bun.spawnSync(['/usr/bin/getfattr', '--only-values', '-n', 'user.note', path]).stdout.toString()).toBe('kept');
    if (acl) expect(Bun.spawnSync(['/usr/bin/getfacl', '-cnp', path]).stdout.toString()).toContain('user:1234:r--');
    // The test says nothing where the tools are missing; on the machine it was written on both are there.
    expect([xattrs, acl]).toEqual([existsSync('/usr/bin/setfattr') && xattrs, existsSync('/usr/bin/setfacl') && acl]);
    expect(readdirSync(folder)).toEqual(['run.sh']);
  });

  test('a symlink stays one: its target is saved', async () => {
    const path = file('real.txt');
    mkdirSync(join(folder, 'links'));
    const link = join(folder, 'links/link.txt');
    symlinkSync('../real.txt', link);
    const admin = t.as('admin');
    const { hash } = await open(admin, link);
    expect((await put(admin, { path: link, text: 'through\n', base: hash })).status).toBe(200);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('through\n');
  });

  test('a file with two names keeps both', async () => {
    const path = file('a.txt');
    linkSync(path, join(folder, 'b.txt'));
    const before = statSync(path);
    const admin = t.as('admin');
    const { hash } = await open(admin, path);
    expect((await put(admin, { path, text: 'both\n', base: hash })).status).toBe(200);
    expect(readFileSync(join(folder, 'b.txt'), 'utf8')).toBe('both\n');
    expect([statSync(path).ino, statSync(path).nlink]).toEqual([before.ino, 2]);
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'b.txt']);
  });

  test('a new file is made as any program makes one', async () => {
    const path = join(folder, 'new.txt');
    expect((await put(t.as('admin'), { path, text: 'new\n' })).status).toBe(200);
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
    expect(readFileSync(path, 'utf8')).toBe('new\n');
  });

  test('the same bytes that somebody else has saved meanwhile are no conflict', async () => {
    const path = file('a.txt');
    const admin = t.as('admin');
    const { hash } = await open(admin, path);
    writeFileSync(path, 'same\n');
    expect((await put(admin, { path, text: 'same\n', base: hash })).status).toBe(200);
  });

  test('mixed line ends stay as they are; one kind is made of them on purpose', async () => {
    const path = file('mixed.txt', 'a\r\nb\nc\rd\n');
    const admin = t.as('admin');
    const found = await open(admin, path);
    expect(found.lineEnd).toBe('mixed');
    await put(admin, { path, text: `${found.text}e\n`, lineEnd: 'mixed', base: found.hash });
    expect(readFileSync(path, 'utf8')).toBe('a\r\nb\nc\rd\ne\n');
    await put(admin, { path, text: found.text, lineEnd: 'crlf', base: (await open(admin, path)).hash });
    expect(readFileSync(path, 'utf8')).toBe('a\r\nb\r\nc\r\nd\r\n');
  });

  test('who saved what is in the audit log', async () => {
    const path = file('a.txt');
    const admin = t.as('admin', 'lin');
    await put(admin, { path, text: 'x', base: (await open(admin, path)).hash });
    const row = t.app.db.$client.query('SELECT actor, action, target FROM audit ORDER BY id DESC LIMIT 1').get();
    expect(row).toEqual({ actor: 'lin', action: 'files.edit', target: path });
  });

  test('ten saves at once with one base: one is done, nine are told', async () => {
    const path = file('a.txt');
    const admin = t.as('admin');
    const { hash } = await open(admin, path);
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => put(admin, { path, text: `save ${i}\n`, base: hash })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, ...Array<number>(9).fill(409)]);
    const done = answers.findIndex((answer) => answer.status === 200);
    expect(readFileSync(path, 'utf8')).toBe(`save ${done}\n`);
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });
});

test('S15 hostile names come as text, and are saved under their own bytes', async () => {
  const names: (string | Buffer)[] = ['<img src=x onerror=alert(1)>.js', '"quoted" & \'more\'.txt', 'new\nline.txt', '-rf', '\u202etxt.exe', Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x2e, 0x74, 0x78, 0x74])];
  const admin = t.as('admin');
  for (const name of names) {
    const bytes = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name as string)]);
    writeFileSync(bytes, 'x\n');
    const shown = typeof name === 'string' ? name : 'caf\u{10ffe9}.txt';
    const path = join(folder, shown);
    const page = await admin.request(`/files/edit?path=${encodeURIComponent(path)}`);
    const html = await page.text();
    expect([page.status, html.includes('<img src=x')], shown).toEqual([200, false]);
    const { hash } = await open(admin, path);
    expect((await put(admin, { path, text: 'changed\n', base: hash })).status, shown).toBe(200);
    expect(readFileSync(systemName(path), 'utf8')).toBe('changed\n');
    expect(await (await admin.request(`/files/versions?path=${encodeURIComponent(path)}`)).text()).not.toContain('<img src=x');
  }
  expect(readdirSync(folder).length).toBe(names.length);
});
