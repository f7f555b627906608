import { afterEach, beforeEach, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakePty } from '../../../test/support/pty.ts';
import { ptyHostPlace } from './place.ts';
import { servePtyHost } from './serve.ts';

let dataDir = '';
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'mantou-place-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const file = () => join(dataDir, 'terminals/token');

test('S20 the token is made once, private, and stays', () => {
  const { token } = ptyHostPlace(dataDir);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(ptyHostPlace(dataDir).token).toBe(token);
  expect(readFileSync(file(), 'utf8')).toBe(token);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(dataDir, 'terminals'))).toEqual(['token']);
});

test.each(['', '\n', 'half-of-a-tok', '\0'.repeat(43)])('S20 what a full disk left of a token is none: %j', (left) => {
  mkdirSync(join(dataDir, 'terminals'));
  writeFileSync(file(), left);
  chmodSync(file(), 0o644);
  const { token } = ptyHostPlace(dataDir);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test('S20 nobody serves without a token', async () => {
  const { path } = ptyHostPlace(dataDir);
  for (const token of ['', 'short']) await expect(servePtyHost({ path, token, pty: fakePty().driver, onFault() {} })).rejects.toThrow();
});

test.skipIf(process.platform === 'win32')('S20 where the data directory lies far down, the folder of the socket is the panel’s own as well', () => {
  const far = join(dataDir, 'x'.repeat(120));
  const runtime = join(dataDir, 'run');
  mkdirSync(join(runtime, 'mantou'), { recursive: true });
  chmodSync(join(runtime, 'mantou'), 0o777);
  expect(ptyHostPlace(far, runtime).path).toStartWith(join(runtime, 'mantou/'));
  expect(statSync(join(runtime, 'mantou')).mode & 0o777).toBe(0o700);
  rmSync(join(runtime, 'mantou'), { recursive: true });
  symlinkSync('/tmp', join(runtime, 'mantou'));
  expect(() => ptyHostPlace(far, runtime)).toThrow();
});
