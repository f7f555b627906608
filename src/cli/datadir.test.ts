import { afterEach, expect, test } from 'bun:test';
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { en } from '../i18n/en.ts';
import { AppError } from '../lib/errors.ts';
import type { Exec } from '../platform/exec.ts';
import { prepareDataDir } from './datadir.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-datadir-'));
  folders.push(folder);
  return folder;
}

/** Remembers what it was asked to run. */
function recorder(code = 0) {
  const ran: string[][] = [];
  const exec: Exec = {
    which: (tool) => `C:\\Windows\\System32\\${tool}.exe`,
    run: async (argv) => (ran.push([...argv]), { code, stdout: '', stderr: 'Access is denied.', truncated: false }),
  };
  return { ran, exec };
}

test('S20 a new folder and an old one are for their owner only, and nothing is left in them', async () => {
  const { exec, ran } = recorder();
  const old = place();
  chmodSync(old, 0o777);
  for (const path of [old, join(place(), 'a/b')]) {
    await prepareDataDir(path, exec, 'linux');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readdirSync(path)).toEqual([]);
  }
  expect(ran).toEqual([]);
});

test('S20 on Windows inheritance is cut, and SYSTEM, administrators and the owner are let in; once', async () => {
  const { exec, ran } = recorder();
  const path = join(place(), 'Mantou');
  await prepareDataDir(path, exec, 'win32');
  await prepareDataDir(path, exec, 'win32');
  expect(ran).toEqual([[
    'C:\\Windows\\System32\\icacls.exe', path, '/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F', '/grant:r', '*S-1-5-32-544:(OI)(CI)F', '/grant:r', '*S-1-3-4:(OI)(CI)F',
  ]]);
});

test('S20 a folder that cannot be closed is not used, and not left behind open', async () => {
  const path = join(place(), 'Mantou');
  const refused = await prepareDataDir(path, recorder(5).exec, 'win32').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect((refused as AppError).detail).toContain('Access is denied.');
  expect(existsSync(path)).toBe(false);
});

test.skipIf(process.getuid?.() !== 0)('S20 root takes no folder that belongs to somebody else, and changes nothing of it', async () => {
  const path = place();
  chmodSync(path, 0o755);
  chownSync(path, 65534, 65534);
  const refused = await prepareDataDir(path, recorder().exec, 'linux').catch((error: unknown) => error);
  expect((refused as AppError).say(en)).toContain('belongs to the user with id 65534, and the panel runs as 0');
  expect(statSync(path).mode & 0o777).toBe(0o755);
  expect(readdirSync(path)).toEqual([]);
});
