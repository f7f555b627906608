import { afterEach, beforeAll, beforeEach, expect } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFile } from '../../src/cli/lock.ts';
import { ptyHostPlace } from '../../src/platform/pty-host/place.ts';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { runPanel, setUp, type RunningPanel } from '../support/panel.ts';
import { alive, endHost, hostPid, terminalsOf } from '../support/terminal-panel.ts';
import { until } from '../support/until.ts';

/** Shells of the compiled panel outlive it, and it outlives them. */
const it = needs('linux');
const asRoot = needs('linux', 'root');
let mantou = '';
let dataDir = '';
let panel: RunningPanel;
let cookie = '';
const shells = terminalsOf(() => panel, () => cookie);
const start = async () => void (panel = await runPanel([mantou], { dataDir }));
const pidsIn = (text: string) => [...text.matchAll(/pid=(\d+)/g)].map((match) => Number(match[1]));

if (it.ok) {
  beforeAll(async () => void (mantou = await executable()));
  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'mantou-shells-'));
    await start();
    cookie = await setUp(panel);
  });
  afterEach(async () => {
    expect(panel.errorLog()).toBe('');
    expect(await panel.stop()).toBe(0);
    await endHost(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  });
}

/** What a plain shell says, with a prompt that is told from its output. */
async function plainShell() {
  const id = await shells.open();
  const socket = await shells.socket(id);
  socket.type(`exec bash --norc --noprofile\r`);
  socket.type(`PS1='> '; bind 'set enable-bracketed-paste off'; stty -echo; echo rea''dy\r`);
  await socket.saw('ready\r\n');
  return { id, socket };
}

it('kill -9 of the panel: the shell goes on, and who comes back gets every byte once', async () => {
  const { id, socket } = await plainShell();
  const begin = socket.seen.offset;
  socket.type('seq 1 300000; echo the e""nd $?\r');
  await until(() => socket.seen.offset > begin + 200_000);
  panel.kill('SIGKILL');
  // What had come this far is read to its end.
  await Promise.all([panel.exited, socket.closed]);
  const first = socket.seen.bytes;
  const pid = hostPid(dataDir);
  expect(pid).not.toBeNull();
  await start();
  const again = await shells.socket(id, { from: socket.seen.offset });
  await again.saw('the end 0');
  const all = Buffer.concat([first, again.seen.bytes]).toString();
  expect(again.seen.restarts).toEqual([]);
  const numbers = /(?<=> )1\r\n2\r\n[^]*\r\n300000\r\n/.exec(all)?.[0] ?? '';
  expect(numbers === Array.from({ length: 300_000 }, (_, i) => `${i + 1}\r\n`).join('')).toBe(true);
  expect(hostPid(dataDir)).toBe(pid);
  // Whoever has nothing sees the same again.
  const fresh = await shells.socket(id);
  await fresh.saw('the end 0');
  expect(fresh.seen.bytes.toString().includes(numbers)).toBe(true);
  fresh.type('echo still he""re\r');
  await again.saw('still here');
});

it('a stop and a start: viewers are told that the panel leaves, the shell is the same one', async () => {
  const { id, socket } = await plainShell();
  socket.type('x=kept; echo pid=$$\r');
  await socket.saw('pid=');
  panel.kill('SIGTERM');
  expect([(await socket.closed).code, await panel.exited]).toEqual([1012, 0]);
  await start();
  const again = await shells.socket(id, { from: socket.seen.offset });
  again.type('echo pid=$$ $x\r');
  await again.saw('kept');
  expect(pidsIn(again.seen.text)[0]).toBe(pidsIn(socket.seen.text)[0]!);
});

it('the process that holds the shells is killed: they are lost, the panel is fine, the next one starts another', async () => {
  const { id, socket } = await plainShell();
  const pid = hostPid(dataDir)!;
  process.kill(pid, 'SIGKILL');
  expect((await socket.closed).code).toBe(4404);
  await until(async () => (await (await fetch(`${panel.url}/terminal`, { headers: { cookie, 'accept-language': 'en' } })).text()).includes('The process that held it has gone.'));
  expect((await fetch(`${panel.url}/healthz`)).status).toBe(200);
  expect((await (await shells.socket(id)).closed).code).toBe(4404);
  const next = await plainShell();
  next.socket.type('echo a new o""ne\r');
  await next.socket.saw('a new one');
  expect(hostPid(dataDir)).not.toBe(pid);
});

it('the process that holds the shells ends with the last of them, and a shell in the moment that it goes gets the next', async () => {
  for (let round = 0; round < 2; round++) {
    const { id, socket } = await plainShell();
    socket.type('exit 3\r');
    await socket.told('x');
    expect(socket.seen.json.x).toEqual([{ code: 3, signal: null }]);
    socket.close();
    await shells.kill(id);
    await shells.kill(id);
    if (round === 0) await Bun.sleep(5000 + Math.random() * 1500);
  }
  await until(() => hostPid(dataDir) === null);
});

it('two that are started at once do not take each other’s socket away', async () => {
  const argv = [mantou, 'pty-host', '--data-dir', dataDir];
  const hosts = Array.from({ length: 4 }, () => Bun.spawn(argv, { env: {}, cwd: '/', stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' }));
  await until(() => hosts.filter((host) => host.exitCode === 0).length === 3);
  const { id } = await plainShell();
  await Bun.sleep(6000);
  const socket = await shells.socket(id);
  await socket.saw('ready');
});

it('one that starts while another has not gone yet, and gives up: the next is started', async () => {
  const place = ptyHostPlace(dataDir);
  const other = lockFile(place.lock, 0)!;
  const opened = plainShell();
  // Longer than the first that is started waits for it.
  await Bun.sleep(4500);
  expect(hostPid(dataDir) === null || Bun.peek.status(opened) === 'pending').toBe(true);
  other.close();
  const { socket } = await opened;
  socket.type('echo at l""ast\r');
  await socket.saw('at last');
});

it('kill ends everything that a shell started', async () => {
  const { id, socket } = await plainShell();
  socket.type(`sleep 1001 & echo pid=$!; (trap '' HUP TERM; echo pid=$BASHPID; while :; do sleep 0.1; done) & sh -c 'setsid sh -c "echo pid=\\$\\$; sleep 1002; sleep 1003" & wait' & sleep 0.2; echo pid=$$ started\r`);
  await socket.saw('started');
  await until(() => pidsIn(socket.seen.text).length === 4);
  const pids = pidsIn(socket.seen.text);
  expect([pids.length, pids.filter(alive).length]).toEqual([4, 4]);
  await shells.kill(id);
  expect(pids.filter(alive)).toEqual([]);
  await socket.told('x');
});

it('S20 a shell has nothing of the panel’s: neither its variables nor its descriptors', async () => {
  const { socket } = await plainShell();
  socket.type('env | sort; ls -l /proc/$$/fd; grep SigIgn /proc/self/status; echo d""one\r');
  await socket.saw('done');
  const said = socket.seen.text;
  expect(said).not.toMatch(/MANTOU|BUN_|NODE_|INVOCATION_ID|NOTIFY_SOCKET/);
  for (const line of ['TERM=xterm-256color', 'COLORTERM=truecolor']) expect(said).toContain(line);
  expect([...said.matchAll(/ (\d+) -> (\S+)/g)].filter(([, , to]) => !to!.startsWith('/dev/pts/')).map(([line]) => line)).toEqual([]);
  expect(said).toContain('SigIgn:\t0000000000000000');
});

asRoot('another account of the machine', async () => {
  const name = `mt${process.pid}`;
  expect(Bun.spawnSync(['useradd', '-m', '-s', '/bin/bash', name]).exitCode).toBe(0);
  try {
    const id = await shells.open({ shell: name });
    const socket = await shells.socket(id);
    socket.type('id -un; pwd; cat /etc/shadow; echo h""ome=$HOME; echo pid=$$\r');
    await socket.saw(`home=/home/${name}`);
    for (const line of [`${name}\r\n`, `/home/${name}\r\n`, 'Permission denied']) expect(socket.seen.text).toContain(line);
    await until(() => pidsIn(socket.seen.text).length > 0);
    await shells.kill(id);
    expect(pidsIn(socket.seen.text).filter(alive)).toEqual([]);
  } finally {
    expect(Bun.spawnSync(['userdel', '-r', name], { stderr: 'ignore' }).exitCode).toBe(0);
  }
});

it('what cannot be opened is told in words', async () => {
  const said = (fields: Record<string, string>) => shells.open(fields).then(() => 'opened', (error: Error) => error.message);
  expect(await said({ shell: 'nobody-of-this-name' })).toContain('is no account of this machine');
  expect(await said({ shell: '--user=root' })).toContain('is no account of this machine');
  expect(await said({ folder: '/nothing/here' })).toContain('/nothing/here is not a folder that exists');
  expect(hostPid(dataDir)).toBeNull();
});

it('`yes` for ten seconds and a viewer that has stopped: memory stays, the panel answers, keys come through', async () => {
  const { id, socket } = await plainShell();
  const quiet = await plainShell();
  const rss = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
  const host = hostPid(dataDir)!;
  const before = [rss(panel.pid), rss(host)];
  const stopped = await shells.socket(id, { acks: false });
  socket.type('yes\r');
  await Bun.sleep(200);
  socket.close();
  const times: number[] = [];
  const until10 = performance.now() + 10_000;
  while (performance.now() < until10) {
    const begun = performance.now();
    expect((await fetch(`${panel.url}/healthz`)).status).toBe(200);
    times.push(performance.now() - begun);
    await Bun.sleep(20);
  }
  quiet.socket.type('echo ke""ys\r');
  await quiet.socket.saw('keys');
  const grown = [rss(panel.pid) - before[0]!, rss(host) - before[1]!];
  console.log(`grown: panel ${grown[0]!.toFixed(1)} MiB, host ${grown[1]!.toFixed(1)} MiB; /healthz p99 ${times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]!.toFixed(1)} ms`);
  expect(grown[0]).toBeLessThan(32);
  expect(grown[1]).toBeLessThan(5 + 40);
  expect(stopped.seen.bytes.length).toBeLessThan(600_000);
  await shells.kill(id);
});
