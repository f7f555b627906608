import { describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import iconv from 'iconv-lite';
import { archiveBench, patchName, zip } from '../../../../test/support/archives.ts';
import { until } from '../../../../test/support/until.ts';
import { fileParts } from '../../../db/schema/files.ts';
import { SYSTEM } from '../../app.ts';
import { getTask } from '../../tasks/tasks.ts';
import { readContents } from './contents.ts';
import { createArchive } from './create.ts';
import { extract, type ExtractInput } from './extract.ts';

const { app, root, at, ended, unpack, create, run, left } = archiveBench();
const codeOf = (work: Promise<unknown>) => work.then(() => 'nothing', (error: { code?: string }) => error.code ?? String(error));

function tree() {
  mkdirSync(at('tree/sub/empty'), { recursive: true });
  writeFileSync(at('tree/a.txt'), 'hello '.repeat(5000));
  writeFileSync(at('tree/sub/馒头 "x".txt'), 'steam');
  writeFileSync(at('tree/-rf'), 'dash');
  writeFileSync(at('tree/run.sh'), '#!/bin/sh\n');
  chmodSync(at('tree/run.sh'), 0o750);
  symlinkSync('sub', at('tree/link'));
  utimesSync(at('tree/a.txt'), 1_700_000_000, 1_700_000_000);
}

test('a truncated archive, and what is none', async () => {
  tree();
  run('tar', '-czf', 'whole.tar.gz', 'tree');
  const bytes = readFileSync(at('whole.tar.gz'));
  writeFileSync(at('cut.tar.gz'), bytes.subarray(0, bytes.length >> 1));
  expect((await unpack(at('cut.tar.gz'))).state).toBe('failed');
  expect(existsSync(at('out'))).toBe(false);
  writeFileSync(at('none.zip'), 'no archive at all');
  expect((await unpack(at('none.zip'))).state).toBe('failed');
  expect(await codeOf(readContents(app(), SYSTEM, at('none.zip')))).toBe('invalid');
  expect(left()).toEqual([]);
});

describe('before it begins', () => {
  test('a name that is taken, a password for what has none, nothing selected, the panel’s own folder', async () => {
    tree();
    writeFileSync(at('there.zip'), '');
    const input = { folder: root(), names: ['tree'] };
    expect(await codeOf(createArchive(app(), SYSTEM, { ...input, name: 'there.zip', format: 'zip' }))).toBe('conflict');
    expect(await codeOf(createArchive(app(), SYSTEM, { ...input, name: 'a.tar', format: 'tar', password: 'x' }))).toBe('invalid');
    expect(await codeOf(createArchive(app(), SYSTEM, { ...input, names: [], name: 'a.tar', format: 'tar' }))).toBe('invalid');
    expect(await codeOf(createArchive(app(), SYSTEM, { ...input, names: ['../etc'], name: 'a.tar', format: 'tar' }))).toBe('invalid');
    expect(await codeOf(extract(app(), SYSTEM, { path: at('there.zip'), to: app().config.dataDir, into: '', conflict: 'skip' }))).toBe('denied');
    expect(await codeOf(extract(app(), SYSTEM, { path: at('there.zip'), to: root(), into: '..', conflict: 'skip' }))).toBe('invalid');
    expect(readdirSync(root()).sort()).toEqual(['there.zip', 'tree']);
  });
});

const CHECKS = {
  zip: ['unzip', '-t'], tar: ['tar', '-tf'], 'tar.gz': ['tar', '-tzf'], 'tar.zst': ['tar', '--zstd', '-tf'],
} as const;

test.each(['zip', 'tar', 'tar.gz', 'tar.zst'] as const)('%s there and back: contents, modes, times, links, and other programs agree', async (format) => {
  tree();
  expect(await create({ name: `a.${format}`, format })).toMatchObject({ state: 'done' });
  const checked = run(...CHECKS[format], `a.${format}`);
  expect([checked.code, checked.out.includes('run.sh')]).toEqual([0, true]);
  expect(run('7z', 't', `a.${format}`).code).toBe(0);
  expect(await unpack(at(`a.${format}`))).toMatchObject({ state: 'done', error: null });
  expect(run('diff', '-r', '--no-dereference', 'tree', 'out/tree').code).toBe(0);
  expect(statSync(at('out/tree/run.sh')).mode & 0o7777).toBe(0o750);
  expect(statSync(at('out/tree/a.txt')).mtimeMs).toBe(1_700_000_000_000);
  expect(readlinkSync(at('out/tree/link'))).toBe('sub');
  expect(left()).toEqual([]);
  expect(app().db.select().from(fileParts).all()).toEqual([]);
  const contents = await readContents(app(), SYSTEM, at(`a.${format}`));
  expect([contents.format, contents.total, contents.cut, contents.refused]).toEqual([format, 8, false, 0]);
});

test.each([['zip', 'zip', '-qry', 'real.zip', 'tree'], ['tar.gz', 'tar', '-czf', 'real.tar.gz', 'tree'], ['tar.zst', 'tar', '--zstd', '-cf', 'real.tar.zst', 'tree'], ['7z', '7z', 'a', 'real.7z', 'tree/a.txt', 'tree/sub', 'tree/-rf', 'tree/run.sh']])(
  'a %s that another program made', async (ending, ...argv) => {
    tree();
    expect(run(...(argv as [string])).code).toBe(0);
    const task = await unpack(at(`real.${ending}`));
    expect([task.state, task.error]).toEqual(['done', null]);
    const base = 'out/tree';
    expect(readFileSync(at(base, 'a.txt'), 'utf8')).toBe('hello '.repeat(5000));
    expect(readFileSync(at(base, 'sub/馒头 "x".txt'), 'utf8')).toBe('steam');
    expect(statSync(at(base, 'run.sh')).mode & 0o777).toBe(0o750);
  });

test.each(['aes', 'zipcrypto'] as const)('a zip with a password (%s), both ways', async (encryption) => {
  // The old cipher takes bytes, and programs do not agree on which a letter beyond ASCII is.
  const password = encryption === 'aes' ? '密码 1' : 'pass word 1';
  tree();
  expect(await create({ name: 'locked.zip', format: 'zip', password, encryption })).toMatchObject({ state: 'done' });
  expect(run('7z', 't', `-p${password}`, 'locked.zip').code).toBe(0);
  expect(run('7z', 't', '-pwrong', 'locked.zip').code).not.toBe(0);
  expect((await readContents(app(), SYSTEM, at('locked.zip'))).encrypted).toBe(true);
  const wrong = await unpack(at('locked.zip'), { password: 'wrong' });
  expect(wrong.state).toBe('failed');
  expect(wrong.log).toContain('left out (wrongPassword)');
  rmSync(at('out'), { recursive: true });
  const task = await unpack(at('locked.zip'), { password });
  expect([task.state, run('diff', '-r', '--no-dereference', 'tree', 'out/tree').code]).toEqual(['done', 0]);
  // S13: neither the row nor the log of the task has it.
  expect(JSON.stringify(task)).not.toContain(password);
});

test('a 7z with a password, also over its names; the password is no argument', async () => {
  tree();
  run('7z', 'a', '-psecret', '-mhe=on', 'locked.7z', 'tree/a.txt');
  expect(await codeOf(readContents(app(), SYSTEM, at('locked.7z')))).toBe('invalid');
  expect((await readContents(app(), SYSTEM, at('locked.7z'), { password: 'secret' })).entries.map(({ name }) => name)).toEqual(['tree/a.txt']);
  expect((await unpack(at('locked.7z'), { password: 'wrong' })).state).toBe('failed');
  const task = await unpack(at('locked.7z'), { password: 'secret' });
  expect([task.state, readFileSync(at('out/tree/a.txt'), 'utf8').length]).toEqual(['done', 30_000]);
});

test('rar without a program that unpacks it is said plainly', async () => {
  writeFileSync(at('a.rar'), Buffer.from('526172211a0701003392b5e50a01050600050101808000', 'hex'));
  const bare = { ...app(), exec: { ...app().exec, which: () => undefined } };
  expect(await codeOf(readContents(bare, SYSTEM, at('a.rar')))).toBe('unsupported');
});

test('names of old zips: GBK is detected, the rest is the person’s choice', async () => {
  await zip(at('gbk.zip'), [['XXXXXXXX.txt', 'x', { useUnicodeFileNames: false }], ['plain.txt', 'y']]);
  const gbk = iconv.encode('中文文件', 'gbk').toString('latin1');
  patchName(at('gbk.zip'), 'XXXXXXXX', gbk);
  const names = async (encoding?: string) => (await readContents(app(), SYSTEM, at('gbk.zip'), { encoding })).entries.map(({ name }) => name);
  expect(await names()).toEqual(['中文文件.txt', 'plain.txt']);
  expect((await names('big5'))[0]).toBe(`${iconv.decode(Buffer.from(gbk, 'latin1'), 'big5')}.txt`);
  expect((await unpack(at('gbk.zip'))).state).toBe('done');
  expect(readdirSync(at('out')).sort()).toEqual(['plain.txt', '中文文件.txt'].sort());
});

test('what is there already: kept, replaced or both', async () => {
  mkdirSync(at('tree/in'), { recursive: true });
  writeFileSync(at('tree/in/a.txt'), 'new');
  writeFileSync(at('tree/in/b.txt'), 'new');
  await create({ name: 'a.zip', format: 'zip' });
  const outcome = async (conflict: ExtractInput['conflict']) => {
    rmSync(at('out'), { recursive: true, force: true });
    mkdirSync(at('out/tree/in'), { recursive: true });
    writeFileSync(at('out/tree/in/a.txt'), 'old');
    const { state } = await unpack(at('a.zip'), { conflict });
    return [state, ...readdirSync(at('out/tree/in')).sort().map((name) => `${name}=${readFileSync(at('out/tree/in', name), 'utf8')}`)];
  };
  expect(await outcome('skip')).toEqual(['done', 'a.txt=old', 'b.txt=new']);
  expect(await outcome('replace')).toEqual(['done', 'a.txt=new', 'b.txt=new']);
  expect(await outcome('keep-both')).toEqual(['done', 'a (2).txt=new', 'a.txt=old', 'b.txt=new']);
  rmSync(at('out/tree'), { recursive: true });
  symlinkSync(tmpdir(), at('out/tree'));
  expect((await unpack(at('a.zip'), { conflict: 'replace' })).state).toBe('failed');
  expect(lstatSync(at('out/tree')).isSymbolicLink()).toBe(true);
});

test('cancelled in the middle: nothing half-written stays, neither of packing nor of unpacking', async () => {
  mkdirSync(at('tree'));
  const noise = Buffer.alloc(1 << 20);
  for (let i = 0; i < 48; i++) writeFileSync(at('tree', `f${i}`), noise.fill(crypto.getRandomValues(new Uint8Array(4096))));
  const cancelWhen = async (id: string, seen: () => boolean) => {
    await until(() => seen() || getTask(app(), SYSTEM, id).state !== 'running');
    app().tasks.cancel(id);
    return (await ended(id)).state;
  };
  const packing = await createArchive(app(), SYSTEM, { folder: root(), names: ['tree'], name: 'a.tar.gz', format: 'tar.gz' });
  expect(await cancelWhen(packing, () => left().length > 0)).toBe('cancelled');
  expect(readdirSync(root())).toEqual(['tree']);
  run('tar', '-czf', 'whole.tar.gz', 'tree');
  const unpacking = await extract(app(), SYSTEM, { path: at('whole.tar.gz'), to: root(), into: 'out', conflict: 'skip' });
  expect(await cancelWhen(unpacking, () => left().some((name) => readdirSync(at(name)).length > 0))).toBe('cancelled');
  expect(readdirSync(root()).sort()).toEqual(['tree', 'whole.tar.gz']);
  expect(app().db.select().from(fileParts).all()).toEqual([]);
});
