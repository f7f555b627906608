import { afterAll, beforeAll, expect } from 'bun:test';
import { executable } from '../support/executable.ts';
import { needs } from '../support/needs.ts';
import { type SystemdHost, startSystemdHost } from '../support/systemd-host.ts';
import { openSocket } from '../support/terminal-socket.ts';
import { until } from '../support/until.ts';

/** Shells of the installed service on a real systemd: they are in a unit of their own, which the panel's does not touch. */
const it = needs('linux', 'root', 'docker', 'debootstrap');
let host: SystemdHost;
let session = '';
let id = '';
let pid = '';
/** What the shell has said, over all that happened to the panel. */
let offset = 0;

const url = () => `https://${host.ip}:8686`;
const tls = { rejectUnauthorized: false };
const post = (path: string, fields: Record<string, string>) =>
  fetch(url() + path, { method: 'POST', redirect: 'manual', headers: { origin: url(), cookie: session, accept: 'application/json' }, body: new URLSearchParams(fields), tls, signal: AbortSignal.timeout(20_000) });
const healthy = () => until(() => fetch(`${url()}/healthz`, { tls, signal: AbortSignal.timeout(2000) }).then((answer) => answer.ok, () => false));
const attach = () => openSocket(`${url()}/terminal/socket?id=${id}&from=${offset}`, { headers: { origin: url(), cookie: session }, from: offset });
const unit = async () => (await host.run('systemctl', 'list-units', '--plain', '--no-legend', 'mantou-terminals-*')).out.trim().split(/\s+/)[0] ?? '';

/** Types a line and waits for what it says. */
async function asks(line: string, answer: string): Promise<string> {
  const socket = await attach();
  socket.type(`${line}\r`);
  await socket.saw(answer);
  offset = socket.seen.offset;
  socket.close();
  return socket.seen.text;
}

/** The shell is the one it was, and everything it said meanwhile is there. */
async function goesOn() {
  await healthy();
  const said = await asks('echo shell=$$ ${count}th; count=$((count + 1))', 'th\r\n');
  expect(said).toContain(`shell=${pid} `);
  expect((await host.run('kill', '-0', pid)).code).toBe(0);
}

if (it.ok) {
  beforeAll(async () => {
    host = await startSystemdHost();
    await host.put(await executable(), '/root/mantou');
    const { out, code } = await host.run('/root/mantou', 'service', 'install');
    expect(code).toBe(0);
    await healthy();
    const password = 'steamed bun 2026';
    const answer = await post('/setup', { token: /\/setup#([\w-]{43})/.exec(out)![1]!, name: 'lin', password, password2: password });
    session = answer.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
  });
  afterAll(() => host?.stop());
}

it('a shell is in a unit of its own', async () => {
  const answer = (await (await post('/terminal', {})).json()) as { id: string };
  id = answer.id;
  const said = await asks('PS1="> "; count=1; echo shell=$$ ready; cat /proc/self/cgroup', 'mantou-terminals-');
  pid = /shell=(\d+) ready/.exec(said)![1]!;
  expect(await unit()).toMatch(/^mantou-terminals-.*\.service$/);
  expect(said).not.toContain('/mantou.service');
});

it('what the panel’s unit takes away is not taken from shells', async () => {
  const limits = (of: string) => host.run('sh', '-c', `grep -E '^(NoNewPrivs|Seccomp|CapBnd):' /proc/${of}/status`);
  const machine = (await limits('1')).out;
  expect((await limits(pid)).out).toBe(machine);
  const main = (await host.run('systemctl', 'show', '-P', 'MainPID', 'mantou')).out.trim();
  // Else this test shows nothing.
  expect((await limits(main)).out).not.toBe(machine);
  const spaces = await host.run('readlink', '/proc/1/ns/mnt', `/proc/${pid}/ns/mnt`);
  expect(new Set(spaces.out.trim().split('\n')).size).toBe(1);
  await asks('echo nice=$(nice) files=$(ulimit -n); ip -o link show lo | cut -c1-6', '1: lo:');
});

it('a restart of the service: the shell goes on', async () => {
  const before = await unit();
  expect((await host.run('systemctl', 'restart', 'mantou')).code).toBe(0);
  await goesOn();
  expect(await unit()).toBe(before);
});

it('a stop and a start of the service: the shell goes on, and what it said meanwhile is there', async () => {
  await asks('(sleep 2; echo mean""while) &', '[1]');
  expect((await host.run('systemctl', 'stop', 'mantou')).code).toBe(0);
  expect((await host.run('kill', '-0', pid)).code).toBe(0);
  await Bun.sleep(2500);
  await host.run('systemctl', 'start', 'mantou');
  await healthy();
  const socket = await attach();
  await socket.saw('meanwhile');
  offset = socket.seen.offset;
  socket.close();
  await goesOn();
});

it('kill -9, and the restart from the panel’s own menu', async () => {
  const main = async () => (await host.run('systemctl', 'show', '-P', 'MainPID', 'mantou')).out.trim();
  const before = await main();
  await host.run('kill', '-9', before);
  await until(async () => !['0', before].includes(await main()));
  await goesOn();
  const again = await main();
  expect((await post('/power/panel', { confirm: 'steamer' })).status).toBe(200);
  await until(async () => !['0', again].includes(await main()));
  await goesOn();
});

it('a new version of the executable in its place: the shell goes on', async () => {
  expect((await host.run('/root/mantou', 'service', 'install')).code).toBe(0);
  await goesOn();
});

it('the unit ends with the last shell, and nothing failed', async () => {
  await post(`/terminal/${id}/kill`, {});
  expect((await host.run('kill', '-0', pid)).code).not.toBe(0);
  await post(`/terminal/${id}/kill`, {});
  await until(async () => (await unit()) === '');
  expect((await host.run('systemctl', '--failed', '--plain', '--no-legend')).out).not.toContain('mantou');
  expect((await host.run('sh', '-c', 'cat /var/lib/mantou/logs/error.log /var/lib/mantou/terminals/host.log 2>/dev/null')).out).toBe('');
});
