import { afterAll, beforeAll, expect, test } from 'bun:test';
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { SYSTEM } from '../../app.ts';
import { checksumsOf } from './checksums.ts';

let t: TestApp;
const root = mkdtempSync(join(tmpdir(), 'mantou-checksum-'));
const never = new AbortController().signal;
beforeAll(() => void (t = testApp()));
afterAll(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});
const made = (name: string, bytes: string | Uint8Array) => (writeFileSync(join(root, name), bytes), join(root, name));

test('a folder, a device, nothing at all, and one who may not read', async () => {
  for (const [path, code] of [[root, 'invalid'], ['/dev/zero', 'invalid'], [join(root, 'none'), 'not_found']] as const) await expect(checksumsOf(t.app, SYSTEM, path, { signal: never })).rejects.toMatchObject({ code });
  await expect(checksumsOf(t.app, { kind: 'anonymous', ip: '' }, made('a', 'x'), { signal: never })).rejects.toMatchObject({ code: 'denied' });
  symlinkSync('/dev/zero', join(root, 'zero'));
  await expect(checksumsOf(t.app, SYSTEM, join(root, 'zero'), { signal: never })).rejects.toMatchObject({ code: 'invalid' });
});

test('a file that changes while it is read has no checksum', async () => {
  const path = made('changes', new Uint8Array(5 << 20));
  await expect(checksumsOf(t.app, SYSTEM, path, { signal: never, onProgress: (done) => void (done === 1 << 20 && truncateSync(path, 3 << 20)) })).rejects.toMatchObject({ code: 'conflict' });
  writeFileSync(path, new Uint8Array(5 << 20));
  await expect(checksumsOf(t.app, SYSTEM, path, { signal: never, onProgress: (done) => void (done === 1 << 20 && appendFileSync(path, 'x')) })).rejects.toMatchObject({ code: 'conflict' });
});

test('ends when nobody waits any more', async () => {
  const abort = new AbortController();
  const path = made('long', new Uint8Array(8 << 20));
  let last = 0;
  await expect(checksumsOf(t.app, SYSTEM, path, { signal: abort.signal, onProgress: (done) => ((last = done), abort.abort()) })).rejects.toThrow();
  expect(last).toBe(1 << 20);
});

test('the published values of "abc" and of nothing (FIPS 180-4, RFC 1321)', async () => {
  expect(await checksumsOf(t.app, SYSTEM, made('abc', 'abc'), { signal: never })).toEqual({
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad', sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d', md5: '900150983cd24fb0d6963f7d28e17f72', size: 3,
  });
  expect(await checksumsOf(t.app, SYSTEM, made('none', ''), { signal: never })).toMatchObject({ md5: 'd41d8cd98f00b204e9800998ecf8427e', size: 0 });
});
