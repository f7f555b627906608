import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../lib/clock.ts';
import { createLinuxProcesses, parseCmdline, parsePasswd, parseProcessStat, parseUid } from './processes.ts';

const fixture = (path: string) => readFileSync(join(import.meta.dir, '../../../test/fixtures/linux/machine', path), 'utf8');

test('a process that ended while it was read is none', () => {
  expect(parseProcessStat('')).toBeNull();
  expect(parseProcessStat('12 (cut')).toBeNull();
  expect(parseProcessStat('12 (cut) S 1 2')).toBeNull();
  expect(parseUid('')).toBe(0);
  expect(parseCmdline('')).toBe('');
});

test('S15 a name with brackets and spaces neither ends the name nor shifts the figures', () => {
  const stat = parseProcessStat(fixture('process/weird.stat'))!;
  expect(stat).toMatchObject({ name: 'we) ird (1', state: 'S', threads: 1 });
  expect(stat.resident).toBeGreaterThan(0);
  expect(stat.started).toBeGreaterThan(0);
  expect(parseCmdline(fixture('process/weird.cmdline'))).toEndWith('we) ird (1 600');
});

test('kernel threads have no command line; users come from the status and /etc/passwd', () => {
  expect(parseProcessStat(fixture('process/kernel.stat'))).toMatchObject({ pid: 2, name: 'kthreadd', parent: 0, resident: 0 });
  expect(parseCmdline(fixture('process/kernel.cmdline'))).toBe('');
  const users = parsePasswd(fixture('etc/passwd'));
  expect(users.get(parseUid(fixture('process/www-data.status')))).toBe('www-data');
  expect(users.get(parseUid(fixture('process/kernel.status')))).toBe('root');
  expect(parseCmdline(fixture('process/www-data.cmdline'))).toBe('/bin/sleep 601');
});

test('S15 control characters in a command line become spaces', () => {
  expect(parseCmdline('a\0b\n\x1b[31mc\0')).toBe('a b [31mc');
});

test.skipIf(process.platform !== 'linux')('this machine: a child appears, works, and is gone when it ends', async () => {
  const { list } = createLinuxProcesses(systemClock);
  await list();
  const child = Bun.spawn([process.execPath, '-e', 'for (const end = Date.now() + 20000; Date.now() < end; );'], { stdout: 'ignore' });
  const find = async () => (await list()).find(({ pid }) => pid === child.pid);
  let row = await find();
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && !(((row = await find())?.cpu ?? 0) > 0); ) await Bun.sleep(100);
  expect(row).toMatchObject({ parent: process.pid, command: expect.stringContaining('Date.now()') });
  expect(row!.cpu).toBeGreaterThan(0);
  expect(row!.memory).toBeGreaterThan(1 << 20);
  expect(Math.abs(row!.startedAt - Date.now())).toBeLessThan(60_000);
  child.kill();
  await child.exited;
  expect(await find()).toBeUndefined();
});
