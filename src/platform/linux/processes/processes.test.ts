import { afterEach, describe, expect, test } from 'bun:test';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMs } from '../../../../test/support/cpu.ts';
import { until } from '../../../../test/support/until.ts';
import { systemClock } from '../../../lib/clock.ts';
import { readSome } from '../source.ts';
import { exec } from '../../exec.ts';
import { openNumbers } from './listeners.ts';
import { createProcessList } from './list.ts';
import { createLinuxProcesses } from './processes.ts';
import { parseSockets } from './sockets.ts';
import { parseCgroup, parseCmdline, parseIo, parsePasswd, parseProcessStat, parseUid } from './stat.ts';

const fixture = (path: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/linux/machine', path), 'utf8');

const told = (pid: number) => parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))!;
/** It has begun, and waits for what is to come: until then it works. */
const rests = (pid: number) => until(() => told(pid).state === 'S');

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
  const { list } = createLinuxProcesses(exec, systemClock);
  await list();
  await using child = Bun.spawn([process.execPath, '-e', 'for (;;);'], { stdout: 'ignore' });
  const find = async () => (await list()).find(({ pid }) => pid === child.pid);
  let row = await find();
  await until(async () => ((row = await find())?.cpu ?? 0) > 0);
  expect(row).toMatchObject({ parent: process.pid, command: expect.stringContaining('for (;;);') });
  expect(row!.cpu).toBeGreaterThan(0);
  expect(row!.memory).toBeGreaterThan(1 << 20);
  expect(Math.abs(row!.startedAt - Date.now())).toBeLessThan(60_000);
  child.kill();
  await child.exited;
  expect(await find()).toBeUndefined();
});

test.skipIf(process.platform !== 'linux').each([['that rests', 'second', 8, 2], ['that rests for long', 'fourth', 60, 4]] as const)('among many, one %s is read every %s look, and is seen to work then', async (_, __, looks, every) => {
  const { list } = createProcessList(systemClock, 0);
  const child = Bun.spawn(['/bin/sh', '-c', 'read go; while :; do :; done'], { stdin: 'pipe', stdout: 'ignore' });
  try {
    const find = () => list(false).find(({ pid }) => pid === child.pid);
    await rests(child.pid);
    for (let i = 0; i < looks; i++) {
      find();
      await Bun.sleep(5);
    }
    child.stdin.write('now\n');
    await child.stdin.flush();
    const before = told(child.pid).cpu;
    await until(() => told(child.pid).cpu > before + 1);
    // Until it is its turn, which comes by its number, it is what it was before.
    const seen = Array.from({ length: every }, () => find()!.cpu > 0);
    const turns = Array.from({ length: every }, (_, i) => (looks + 1 + i + child.pid) % every === 0);
    expect(seen.indexOf(true)).toBe(turns.indexOf(true));
  } finally {
    child.kill('SIGKILL');
    await child.exited;
  }
  expect(list(false).some(({ pid }) => pid === child.pid)).toBe(false);
});

test('who a process belongs to: a service, a service of a person, a container; a session is neither', () => {
  const id = '4f5c'.repeat(16);
  expect(parseCgroup('0::/system.slice/nginx.service\n')).toEqual({ service: 'nginx.service', container: null });
  expect(parseCgroup('0::/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service\n').service).toBe('sync.service');
  expect(parseCgroup('0::/user.slice/user-0.slice/session-3.scope\n')).toEqual({ service: null, container: null });
  for (const line of [`0::/system.slice/docker-${id}.scope\n`, `12:pids:/docker/${id}\n1:name=systemd:/docker/${id}\n`, `0::/kubepods.slice/cri-containerd-${id}.scope\n`]) {
    expect(parseCgroup(line)).toEqual({ service: null, container: id });
  }
  expect(parseCgroup('12:cpu:/a\n1:name=systemd:/system.slice/ssh.service\n').service).toBe('ssh.service');
  expect(parseCgroup('')).toEqual({ service: null, container: null });
  expect(parseIo('')).toBeNull();
});

test('sockets: both families, addresses in the order that people write', () => {
  const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const line = (local: string, remote: string, state: string, inode: number) => `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000   107        0 ${inode} 1 0 100 0 0 10 0\n`;
  const zero = '0'.repeat(32);
  const text = head + line('0100007F:18EB', '00000000:0000', '0A', 1) + line('00000000000000000000000001000000:1F90', `${zero}:0000`, '0A', 2)
    + line('0000000000000000FFFF00000200000A:0050', '0000000000000000FFFF00000300000A:C350', '01', 3) + line(`${zero}:0016`, `${zero}:0000`, '0A', 4) + 'cut';
  expect(parseSockets(text, 'tcp', () => true).map(({ address, port, remote, state, inode }) => [address, port, remote && `${remote.address}:${remote.port}`, state, inode])).toEqual([
    ['127.0.0.1', 6379, null, 'LISTEN', 1], ['::1', 8080, null, 'LISTEN', 2], ['10.0.0.2', 80, '10.0.0.3:50000', 'ESTAB', 3], ['::', 22, null, 'LISTEN', 4],
  ]);
  expect(parseSockets('', 'tcp', () => true)).toEqual([]);
});

describe.skipIf(process.platform !== 'linux')('this machine', () => {
  const driver = createLinuxProcesses(exec, systemClock);
  const children: Bun.Subprocess[] = [];
  const run = (...argv: string[]) => {
    const child = Bun.spawn(argv, { stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', env: { PATH: process.env.PATH!, SOME_TOKEN: 'x' } });
    children.push(child);
    return child;
  };
  const keyOf = async (pid: number) => (await driver.list()).find((row) => row.pid === pid)!;
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill(9);
  });

  test('another process under the same number is never told anything', async () => {
    const child = run('sleep', '60');
    const row = await keyOf(child.pid);
    expect(await driver.change({ pid: row.pid, startedAt: row.startedAt - 10 }, { signal: 'KILL' })).toBe(false);
    expect(await driver.one({ pid: row.pid, startedAt: row.startedAt + 10 })).toBeNull();
    expect(await driver.runs(row)).toBe(true);
    expect(await driver.change(row, { signal: 'KILL' })).toBe(true);
    await child.exited;
    expect(child.signalCode).toBe('SIGKILL');
    expect(await driver.runs(row)).toBe(false);
    expect(await driver.change(row, { signal: 'TERM' })).toBe(false);
    expect(await driver.change(row, { nice: 3 })).toBe(false);
  });

  test('paused, continued, put behind the others', async () => {
    const child = run('sleep', '60');
    const row = await keyOf(child.pid);
    await driver.change(row, { signal: 'STOP' });
    await until(async () => (await keyOf(child.pid)).state === 'T');
    await driver.change(row, { signal: 'CONT' });
    await until(async () => (await keyOf(child.pid)).state === 'S');
    expect(row.nice).toBe(0);
    await driver.change(row, { nice: 7 });
    expect((await keyOf(child.pid)).nice).toBe(7);
  });

  test('one: its folder, its variables, its files, and its port with its holder', async () => {
    const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } });
    const found = (await driver.one(await keyOf(process.pid)))!;
    expect([found.folder, found.executable]).toEqual([process.cwd(), realpathSync(process.execPath)]);
    expect(found.sockets).toContainEqual({ protocol: 'tcp', address: '127.0.0.1', port: server.port, remote: null, state: 'LISTEN', received: null, sent: null });
    expect(found.files!.total).toBeGreaterThan(3);
    expect(await driver.listeners()).toContainEqual({ protocol: 'tcp', address: '127.0.0.1', port: server.port, pid: process.pid });
    server.stop(true);
    expect((await driver.listeners()).some(({ port }) => port === server.port)).toBe(false);
    const child = run('sleep', '60');
    // In the moment of its start it has none yet.
    await until(async () => (await driver.one(await keyOf(child.pid)))?.environment?.includes('SOME_TOKEN=x'));
  });

  test('folders among what is open are told without asking their file system', async () => {
    const fd = openSync('/tmp', constants.O_RDONLY | constants.O_DIRECTORY);
    const file = openSync('/etc/passwd', 'r');
    try {
      // Not this process: it has those of every process of the machine open, and only the first are shown.
      const child = Bun.spawn(['sleep', '60'], { stdin: fd, stdout: file, stderr: 'ignore' });
      children.push(child);
      const { shown } = (await driver.one(await keyOf(child.pid)))!.files!;
      expect(shown.map(({ fd, kind }) => [fd, kind])).toEqual(expect.arrayContaining([[0, 'folder'], [1, 'file']]));
    } finally {
      for (const one of [fd, file]) closeSync(one);
    }
  });

  test('S22 of a process with very many open files the first are looked at', () => {
    const all = openNumbers(process.pid);
    expect([all.total, all.numbers.includes(0)]).toEqual([all.numbers.length, true]);
    // Every process has room for 64.
    const first = openNumbers(process.pid, 8);
    expect([first.numbers, first.total >= all.total - 2]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7], true]);
  });

  test('S22 what has no end is read to a bound', () => {
    expect(readSome('/dev/zero', 100_000)?.length).toBe(100_000);
    expect([readSome('/proc/version', 1 << 20)?.toString().startsWith('Linux'), readSome('/nowhere', 10)]).toEqual([true, null]);
  });

  test('what is written to disk', async () => {
    // Not the folder of temporary files, which lies in memory on some machines.
    const folder = mkdtempSync('/var/tmp/mantou-io-');
    const child = run('sh', '-c', `while :; do dd if=/dev/zero of=${folder}/x bs=1M count=4 conv=fsync 2>/dev/null; done`);
    await until(async () => (await driver.list(true)).some((row) => row.parent === child.pid || row.pid === child.pid));
    let most = 0;
    await until(async () => {
      await Bun.sleep(100);
      for (const row of await driver.list(true)) if (row.pid === child.pid) most = Math.max(most, (await driver.one(row))?.disk?.written ?? 0);
      return most > 0;
    });
    child.kill(9);
    await child.exited;
    rmSync(folder, { recursive: true, force: true });
    expect((await driver.list()).every(({ read }) => !read)).toBe(true);
  });

  test('one that rests is the same row again, with nothing read and written; what works is not', async () => {
    const list = createProcessList(systemClock, 1_000_000);
    const rest = run('sleep', '60');
    const row = (pid: number) => list.list(true).find((one) => one.pid === pid)!;
    await rests(rest.pid);
    for (let i = 0; i < 3; i++) row(rest.pid);
    // Once in thirty looks it is read anew.
    const looks = [row(rest.pid), row(rest.pid), row(rest.pid)];
    const before = looks[2]!;
    expect([looks[1] === looks[0] || looks[2] === looks[1], before.cpu, before.read, before.written]).toEqual([true, 0, 0, 0]);
    // Neither its user nor its command line are in what it says each time: they are read again sometimes.
    let same = 0;
    for (let i = 0; i < 40; i++) same += Number(row(rest.pid) === before);
    expect(same).toBeLessThan(40);
    expect(row(rest.pid)).toEqual(before);
    const end = cpuMs() + 100;
    const mine = row(process.pid);
    while (cpuMs() < end);
    expect(row(process.pid)).not.toBe(mine);
  });
});
