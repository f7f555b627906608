import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseMountinfo, realMounts } from './mounts.ts';

const fixture = (path: string) => readFileSync(join(import.meta.dir, '../../../test/fixtures/linux', path), 'utf8');

test('nothing and nonsense give no mounts', () => {
  expect(parseMountinfo('')).toEqual([]);
  expect(parseMountinfo('27 1 254:0 / / rw\nno mount at all\n')).toEqual([]);
});

test('a real machine: real file systems only, each once, spaces in paths', () => {
  const entries = parseMountinfo(fixture('machine/proc/mountinfo'));
  // A bind mount and a mount of a folder of the same disk are the disk again.
  expect(entries.filter(({ device }) => device === '254:0').map(({ path }) => path)).toEqual(['/', '/var/lib/docker', '/srv/bound']);
  expect(realMounts(entries).map(({ path, type }) => [path, type])).toEqual([['/', 'ext4'], ['/srv/with space', 'ext4']]);
});

test('a container: its own disk, and not those of the files that Docker mounts into it', () => {
  const mounts = realMounts(parseMountinfo(fixture('container/proc/mountinfo')));
  expect(mounts.map(({ path, type }) => [path, type])).toEqual([['/', 'overlay'], ['/etc/hosts', 'ext4']]);
});
