import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nameOf, systemName } from '../../../lib/file-name.ts';
import { inShell } from '../exec-end.ts';
import { spelled } from '../run-in.ts';
import { LIST, parseShellListing } from './shell-list.ts';

const MARK = '@0123456789abcdef:';
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-list-')));
const inside = join(folder, 'a "folder"\n of \'ours\' $(touch canary)\n');
const NAMES = ['plain', '.hidden', '..two', '-rf', 'a b', 'new\nline', '\n', "it's", '"', '$(touch canary)', '; touch canary', '*', '馒头', 'a -> b', ' 81a4 1 0 0 root root 0 ', nameOf(Buffer.from([0x63, 0xe9]))];
const at = (name: string) => Buffer.concat([Buffer.from(`${inside}/`), Buffer.from(systemName(name) as string)]);

beforeAll(() => {
  mkdirSync(inside);
  for (const name of NAMES) writeFileSync(at(name), name);
  mkdirSync(at('sub'));
  symlinkSync('sub', at('to sub'));
  symlinkSync('no\nwhere -> x', at('broken'));
  symlinkSync("it's", at("it's a link"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function list(shell: readonly string[], path: string) {
  const words = inShell(LIST, 'mantou', spelled(path), MARK).slice(1);
  const ran = Bun.spawnSync([...shell, ...words], { cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', QUOTING_STYLE: 'literal' } });
  return { code: ran.exitCode, ...parseShellListing(Buffer.from(ran.stdout), MARK) };
}

const shells = [['/bin/sh'], ['/bin/bash'], ['/bin/busybox', 'sh']].filter(([path]) => Bun.file(path!).size > 0);

test.each(shells.map((shell) => [shell] as const))('%p lists names of every kind, and runs none of them', (shell) => {
  const { code, real, entries } = list(shell, inside);
  expect([code, real]).toEqual([0, inside]);
  expect(entries.map(({ name }) => name).toSorted()).toEqual([...NAMES, 'sub', 'to sub', 'broken', "it's a link"].toSorted());
  for (const name of NAMES) expect(entries.find((one) => one.name === name)).toMatchObject({ type: 'file', size: Buffer.byteLength(name) });
  expect(entries.find(({ name }) => name === 'to sub')).toMatchObject({ type: 'link', link: { path: 'sub', state: 'ok', type: 'folder' } });
  expect(entries.find(({ name }) => name === 'broken')).toMatchObject({ link: { path: 'no\nwhere -> x', state: 'broken', type: null } });
  expect(entries.find(({ name }) => name === "it's a link")).toMatchObject({ link: { path: "it's", state: 'ok', type: 'file' } });
  expect(Bun.file(join(inside, 'canary')).size + Bun.file('/canary').size).toBe(0);
  expect(list(shell, join(inside, 'sub'))).toMatchObject({ code: 0, entries: [] });
  expect(list(shell, join(inside, 'none')).code).toBe(3);
  expect(list(shell, join(inside, 'plain')).code).toBe(3);
});

test('S4 what a hostile container says in place of a list leads nowhere', () => {
  const line = (name: string) => `${MARK}81a4 1 0 0 root root 0 ./${name}/${MARK}/./${name}\n`;
  const said = ['../../etc/passwd', '..', '.', 'a/b', ''].map(line).join('');
  expect(parseShellListing(Buffer.from(`/\n${said}`), MARK).entries).toEqual([]);
  for (const text of ['', '\0\0', MARK.repeat(5), `/\n${MARK}zz`, `/\n${MARK}81a4 1 0 0 root root 0 ./x`, `/\n${MARK}>ffff`]) expect(parseShellListing(Buffer.from(text), MARK).entries).toEqual([]);
});

test('S22 a container that says more of a file than anybody can is not listened to', () => {
  const record = (name: string, owner: string) => `${MARK}81a4 1 0 0 ${owner} root 1 ./${name}/${MARK}/./${name}\n`;
  const { entries } = parseShellListing(Buffer.from(`/x\n${record('a', 'root')}${record('b', 'r'.repeat(1 << 20))}${record('n'.repeat(1 << 20), 'root')}${record('c', 'root')}`), MARK);
  expect(entries.map(({ name }) => name)).toEqual(['a', 'c']);
});
