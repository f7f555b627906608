import { expect } from 'bun:test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../../../test/support/needs.ts';
import { alive } from '../../../test/support/terminal-panel.ts';
import { until } from '../../../test/support/until.ts';
import { ptyDriver } from './driver.ts';
import type { PtyExit } from './pty.ts';

/** Real programs on real pseudo-terminals of this machine. */
const it = needs('linux');
const env = { PATH: '/usr/bin:/bin', TERM: 'xterm-256color', LANG: 'C.UTF-8' };

function run(...argv: [string, ...string[]]) {
  let text = '';
  let bytes = 0;
  let exit: PtyExit | null = null;
  const pty = ptyDriver()({
    argv, cwd: '/', env, cols: 80, rows: 24,
    onOutput(piece) {
      bytes += piece.length;
      text = (text + Buffer.from(piece).toString()).slice(-100_000);
    },
    onDrain: () => {},
    onExit: (given) => (exit = given),
  });
  return { pty, text: () => text, bytes: () => bytes, exit: () => exit, type: (keys: string) => pty.write(Buffer.from(keys)), says: (what: string) => until(() => text.includes(what)) };
}

const pidsIn = (text: string) => [...text.matchAll(/pid=(\d+)\s/g)].map((match) => Number(match[1]));
const isStopped = (pid: number) => readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ');

it('what cannot be started is told by its code', () => {
  for (const [argv, code] of [['/nothing', 'ENOENT'], ['/etc/passwd', 'EACCES'], ['/etc', 'EACCES']] as const) {
    expect(() => run(argv)).toThrow(expect.objectContaining({ code }));
  }
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  for (let i = 0; i < 50; i++) expect(() => run('/nothing')).toThrow();
  expect(open() - before).toBeLessThan(10);
});

needs('linux', 'root')('a machine that has no room for another process says EAGAIN', async () => {
  const script = `
    const { ptyDriver } = await import(${JSON.stringify(join(import.meta.dir, 'driver.ts'))});
    const start = () => ptyDriver()({ argv: ['/bin/true'], cwd: '/', env: {}, cols: 80, rows: 24, onOutput() {}, onDrain() {}, onExit() {} });
    Bun.spawnSync(['prlimit', '--nproc=1:1', '--pid', String(process.pid)]);
    process.setgid(65534);
    process.setuid(65534);
    const codes = new Set();
    for (let i = 0; i < 50; i++) try { start(); codes.add('started'); } catch (error) { codes.add(error.code); }
    console.log(JSON.stringify([...codes]));
    process.exit(0);`;
  // Bun 1.4 itself ends when it cannot start a thread for its compiler.
  const child = Bun.spawnSync([process.execPath, '-e', script], { env: { ...env, BUN_JSC_useJIT: '0' } });
  expect(child.stdout.toString().trim()).toBe('["EAGAIN"]');
});

it('its end comes after everything it said, with its code or its signal', async () => {
  const said = run('/bin/sh', '-c', 'seq 1 20000; exit 3');
  await until(() => said.exit());
  expect([said.exit(), said.text().trimEnd().endsWith('20000')]).toEqual([{ code: 3, signal: null }, true]);
  const killed = run('/bin/sh', '-c', 'kill -9 $$');
  await until(() => killed.exit());
  expect(killed.exit()).toEqual({ code: null, signal: 'SIGKILL' });
});

it('a program that is left behind does not keep the terminal from ending', async () => {
  const said = run('/bin/sh', '-c', '(trap "" HUP; sleep 3) & echo pid=$!; exit 0');
  await until(() => said.exit());
  for (const pid of pidsIn(said.text())) process.kill(pid, 'SIGKILL');
});

it('output is held and let go, also of a program that reads keys raw, and a key that means "go on" does not let it go', async () => {
  for (const mode of ['sane', 'raw -echo']) {
    const said = run('/bin/sh', '-c', `stty ${mode}; exec yes`);
    await until(() => said.bytes() > 100_000);
    expect(said.pty.hold()).toBe(true);
    // What is on its way still comes.
    let before = -1;
    while (before !== said.bytes()) {
      before = said.bytes();
      await Bun.sleep(100);
    }
    said.type('\x11');
    await Bun.sleep(200);
    expect(said.bytes() - before).toBe(0);
    said.pty.release();
    await until(() => said.bytes() > before + 100_000);
    said.pty.hold();
    await said.pty.kill();
    await until(() => said.exit());
  }
});

it('nothing is lost, doubled or out of order however often a program is held, in the middle of a line end as well', async () => {
  for (const [command, expected] of [
    ['seq 1 300000', Array.from({ length: 300_000 }, (_, i) => `${i + 1}\r\n`).join('')],
    ['yes | head -c 1000000', 'y\r\n'.repeat(500_000)],
  ] as const) {
    const hash = new Bun.CryptoHasher('sha1');
    const sizes: number[] = [];
    let exit: PtyExit | null = null;
    let sum = 0;
    const pty = ptyDriver()({
      argv: ['/bin/sh', '-c', command], cwd: '/', env, cols: 80, rows: 24,
      onOutput(bytes) {
        hash.update(bytes);
        sizes.push(bytes.length);
        if ((sum += bytes.length) < 8192) return;
        sum = 0;
        expect(pty.hold()).toBe(true);
        setTimeout(() => pty.release(), Math.random() * 2);
      },
      onDrain: () => {},
      onExit: (given) => (exit = given),
    });
    await until(() => exit);
    expect(sizes.reduce((total, size) => total + size, 0)).toBe(expected.length);
    expect(hash.digest('hex')).toBe(new Bun.CryptoHasher('sha1').update(expected).digest('hex'));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(64 * 1024);
  }
});

it('a program that does not read is given everything when it does, and what was typed meanwhile after it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-paste-'));
  let drained = 0;
  let got = '';
  const pty = ptyDriver()({
    argv: ['/bin/sh', '-c', `stty raw -echo; echo ready; until [ -e ${folder}/go ]; do sleep 0.05; done; head -c 300003 | md5sum`], cwd: '/', env, cols: 80, rows: 24,
    onOutput: (bytes) => (got += Buffer.from(bytes).toString()),
    onDrain: () => drained++,
    onExit: () => {},
  });
  await until(() => got.includes('ready'));
  const paste = Buffer.from(Array.from({ length: 300_000 }, (_, i) => 33 + (i % 90)));
  pty.write(paste);
  pty.write(Buffer.from('end'));
  paste.fill(0);
  await Bun.sleep(100);
  expect(drained).toBe(0);
  writeFileSync(join(folder, 'go'), '');
  const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => 33 + (i % 90)));
  await until(() => got.includes(new Bun.CryptoHasher('md5').update(sent).update('end').digest('hex')));
  expect(drained).toBe(1);
  await pty.kill();
  rmSync(folder, { recursive: true });
});

it('a terminal that is over leaves no file open, also where somebody still waited to read from it', async () => {
  const open = () => readdirSync('/proc/self/fd').length;
  const before = open();
  const ends = await Promise.all(Array.from({ length: 30 }, async (_, i) => {
    const said = run('/bin/sh', '-c', i % 3 === 0 ? '(trap "" HUP; sleep 2) & exit 0' : i % 3 === 1 ? 'exit 0' : 'exec cat');
    if (i % 3 === 2) {
      await Bun.sleep(50);
      said.pty.close();
    }
    await until(() => said.exit());
    return said.exit()!;
  }));
  expect(ends.filter(({ signal }) => signal === 'SIGHUP')).toHaveLength(10);
  await until(() => open() <= before + 2);
});

it('kill ends everything: jobs, stopped ones, children that ignore it, and those with a session of their own', async () => {
  const script = `
    sleep 1001 & echo pid=$!
    sh -c 'kill -STOP $$; sleep 1002' & echo pid=$!
    sh -c 'trap "" HUP TERM INT; echo pid=$$; while :; do sleep 0.1; done' &
    sh -c 'setsid sh -c "trap \\"\\" HUP; echo pid=\\$\\$; sleep 1003; sleep 1004" & wait' &
    echo pid=$$; wait`;
  const said = run('/bin/bash', '-c', script);
  await until(() => pidsIn(said.text()).length === 5 && pidsIn(said.text()).some(isStopped));
  const pids = pidsIn(said.text());
  expect(pids.filter(alive)).toEqual(pids);
  await said.pty.kill();
  await until(() => pids.every((pid) => !alive(pid)));
  await until(() => said.exit());
});

it('a shell that saves its work when it is hung up on has the time to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-hangup-'));
  const said = run('/bin/bash', '-c', `trap 'sleep 0.3; echo saved > ${folder}/saved; exit' HUP; echo ready; while :; do sleep 0.05; done`);
  await said.says('ready');
  await said.pty.kill();
  expect(readFileSync(join(folder, 'saved'), 'utf8')).toBe('saved\n');
  rmSync(folder, { recursive: true });
});

it('size, foreground, and no descriptor of others', async () => {
  const other = run('/bin/cat');
  const said = run('/bin/bash', '--norc', '-i');
  said.pty.resize(132, 43);
  said.type('stty size; ls /proc/self/fd | tr "\\n" " "; echo done\r');
  await said.says('43 132');
  await said.says('0 1 2 3 done\r');
  said.type('sleep 60\r');
  await until(() => said.pty.foreground() === 'sleep');
  said.type('\x03');
  await until(() => said.pty.foreground() === 'bash');
  await Promise.all([said.pty.kill(), other.pty.kill()]);
  expect(said.pty.foreground()).toBe('');
});
