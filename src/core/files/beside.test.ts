import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { fileParts } from '../../db/schema/files.ts';
import { nameBytes } from '../../lib/file-name.ts';
import { systemRandom } from '../../lib/random.ts';
import type { PinnedFolder } from '../../platform/files.ts';
import { createFolderPart, createPart, isPartName, partName, renameNew } from './beside.ts';
import { errnoOf } from './faults.ts';

let t: TestApp;
let root = '';
let folder: PinnedFolder;
beforeAll(() => void (t = testApp()));
afterAll(() => t.close());
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mantou-beside-'));
  folder = await t.app.host.files.pin(root);
});
afterEach(async () => {
  await folder.close();
  rmSync(root, { recursive: true, force: true });
});

const codeOf = (work: Promise<unknown>) => work.then(() => 'nothing', errnoOf);
const records = () => t.app.db.select().from(fileParts).all();

describe('refused', () => {
  test('to commit as new over what is there: both stay, then the part goes', async () => {
    const part = await createPart(t.app, folder, 'a.txt');
    await part.handle.writeFile('new');
    writeFileSync(join(root, 'a.txt'), 'old');
    expect(await codeOf(part.commit('new'))).toBe('EEXIST');
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('old');
    expect(readFileSync(join(root, part.name), 'utf8')).toBe('new');
    await part.discard();
    expect(readdirSync(root)).toEqual(['a.txt']);
    expect(records()).toEqual([]);
  });

  test('a part in a folder that is gone, and no record of it stays', async () => {
    rmSync(root, { recursive: true });
    expect(await codeOf(createPart(t.app, folder, 'a'))).toBe('ENOENT');
    expect(await codeOf(createFolderPart(t.app, folder, 'a'))).toBe('ENOENT');
    expect(records()).toEqual([]);
  });

  test.each([
    ['a file over a file', () => writeFileSync(join(root, 'a'), '1'), () => writeFileSync(join(root, 'b'), '2')],
    ['a file over a dangling symlink', () => writeFileSync(join(root, 'a'), '1'), () => symlinkSync('nowhere', join(root, 'b'))],
    ['a symlink over a file', () => symlinkSync('nowhere', join(root, 'a')), () => writeFileSync(join(root, 'b'), '2')],
    ['a folder over an empty folder', () => mkdirSync(join(root, 'a')), () => mkdirSync(join(root, 'b'))],
    ['a folder over a file', () => mkdirSync(join(root, 'a')), () => writeFileSync(join(root, 'b'), '2')],
    ['a file over itself', () => writeFileSync(join(root, 'a'), '1'), () => Bun.spawnSync(['ln', join(root, 'a'), join(root, 'b')])],
  ])('to rename %s', async (_, source, target) => {
    source();
    target();
    expect(await codeOf(renameNew(folder, 'a', folder, 'b'))).toBe('EEXIST');
    expect(readdirSync(root).sort()).toEqual(['a', 'b']);
  });
});

test('a part is hidden, private and recorded until it has its name', async () => {
  const part = await createPart(t.app, folder, 'a.txt');
  expect(part.name).toMatch(/^\.a\.txt\.mantou-[0-9a-f]{12}$/);
  expect(statSync(join(root, part.name)).mode & 0o777).toBe(0o600);
  expect(records()).toMatchObject([{ folder: root, name: part.name }]);
  await part.handle.writeFile('x');
  await part.commit('new');
  await part.discard();
  expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('x');
  expect(readdirSync(root)).toEqual(['a.txt']);
  expect(records()).toEqual([]);
});

test('a replacing commit takes the place of a file at once, and of a symlink itself', async () => {
  writeFileSync(join(root, 'far'), 'far');
  symlinkSync('far', join(root, 'a'));
  const part = await createPart(t.app, folder, 'a');
  await part.handle.writeFile('near');
  await part.commit('replace');
  expect([lstatSync(join(root, 'a')).isFile(), readFileSync(join(root, 'far'), 'utf8')]).toEqual([true, 'far']);
});

test('what was discarded leaves nothing, and a part that keeps its own record leaves none of ours', async () => {
  const part = await createPart(t.app, folder, 'a', { recorded: false });
  expect(records()).toEqual([]);
  await part.discard();
  const made = await createFolderPart(t.app, folder, 'f');
  mkdirSync(join(root, made.name, 'deep/er'), { recursive: true });
  symlinkSync(tmpdir(), join(root, made.name, 'link'));
  await made.discard();
  expect(readdirSync(root)).toEqual([]);
  expect(records()).toEqual([]);
  expect(statSync(tmpdir()).isDirectory()).toBe(true);
});

test('a folder gets its name with all that is in it, and never over another', async () => {
  const made = await createFolderPart(t.app, folder, 'f');
  writeFileSync(join(root, made.name, 'x'), '1');
  mkdirSync(join(root, 'f'));
  writeFileSync(join(root, 'f', 'theirs'), '');
  expect(await codeOf(made.commit())).toBe('EEXIST');
  rmSync(join(root, 'f'), { recursive: true });
  await made.commit();
  expect(readdirSync(join(root, 'f'))).toEqual(['x']);
});

test('names of parts stay within 255 bytes and whole characters', () => {
  for (const name of ['a'.repeat(255), '馒'.repeat(85), '\u{10ffff}'.repeat(255), '😀'.repeat(63)]) {
    const part = partName(systemRandom, name);
    expect(nameBytes(part)).toBeLessThanOrEqual(255);
    expect(nameBytes(part)).toBeGreaterThan(250);
    expect(isPartName(part)).toBe(true);
    expect(part).not.toContain('\ufffd');
  }
  expect(isPartName('.a.mantou-0')).toBe(false);
});

test('files, folders and symlinks are renamed, as they are', async () => {
  writeFileSync(join(root, 'file'), '1');
  mkdirSync(join(root, 'folder'));
  writeFileSync(join(root, 'folder/in'), '1');
  symlinkSync('nowhere', join(root, 'link'));
  const { ino } = statSync(join(root, 'file'));
  for (const name of ['file', 'folder', 'link']) await renameNew(folder, name, folder, `${name}2`);
  expect(readdirSync(root).sort()).toEqual(['file2', 'folder2', 'link2']);
  expect([statSync(join(root, 'file2')).ino, readlinkSync(join(root, 'link2')), readdirSync(join(root, 'folder2'))]).toEqual([ino, 'nowhere', ['in']]);
});
