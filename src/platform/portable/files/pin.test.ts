import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pinFolder } from './pin.ts';

let base = '';
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'mantou-pin-')));
  mkdirSync(join(base, 'mine/sub'), { recursive: true });
  mkdirSync(join(base, 'theirs'));
  writeFileSync(join(base, 'theirs/secret'), 'x');
  // libuv tells junctions as symlinks, so this is what one looks like to the driver.
  symlinkSync(join(base, 'theirs'), join(base, 'mine/junction'));
  symlinkSync(join(base, 'nowhere'), join(base, 'mine/broken'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const codeOf = (work: Promise<unknown>) => work.then(() => 'nothing', (error: NodeJS.ErrnoException) => error.code);

describe('S23 junctions and symlinks', () => {
  test('are not entered from the folder above, and where they lead is told when they are followed', async () => {
    const folder = await pinFolder(join(base, 'mine'));
    expect(await codeOf(folder.child('junction'))).toBe('ENOTDIR');
    expect(await codeOf(folder.child('none'))).toBe('ENOENT');
    expect((await folder.open('junction', 'follow')).real).toBe(join(base, 'theirs'));
    const itself = await folder.open('junction', 'nofollow');
    expect([itself.real, itself.stats.isSymbolicLink()]).toEqual([join(base, 'mine/junction'), true]);
    expect(await codeOf(folder.open('broken', 'follow'))).toBe('ENOENT');
    expect((await folder.child('sub')).real).toBe(join(base, 'mine/sub'));
  });

  test('a path through one is where it really is: what rights are checked against', async () => {
    expect((await pinFolder(join(base, 'mine/junction'))).real).toBe(join(base, 'theirs'));
    expect(await codeOf(pinFolder(join(base, 'theirs/secret')))).toBe('ENOTDIR');
  });
});
