/**
 * Somebody outside: a namespace of networks with a cable to a machine, who sends real packets from several addresses.
 * Ask `needs('root', 'docker', 'debootstrap', 'unshare')` first.
 */
import { readFileSync } from 'node:fs';
import { exec, which } from '../../src/platform/exec.ts';
import type { SystemdHost } from './systemd-host.ts';
import { until } from './until.ts';

/** Where the machine is reached by this cable, of the networks for tests (RFC 2544, RFC 3849). */
export const THERE = { 4: '198.18.77.2', 6: '2001:db8:aa::2' } as const;
/** Who asks: addresses of the internet, of private networks, and some that rules in the tests are about. */
export const SENDERS = {
  4: ['198.18.77.1', '10.9.9.9', '192.168.7.7', '203.0.113.5', '198.51.100.66'],
  6: ['2001:db8:aa::1', '2001:db8:7::5', 'fd00::9'],
} as const;
/** Name of the interface on the machine. */
export const CABLE = 'cable0';

export interface Probe {
  family: 4 | 6;
  protocol: 'tcp' | 'udp';
  port: number;
  from: string;
}

/**
 * In its namespace: a line of JSON with probes comes in, and a line with what answered goes out. Silent is who says nothing for so many
 * turns in which no other answer comes either: of a time alone, whoever gets no processor meanwhile hears nothing.
 */
const PROBER = `
const net = require('node:net'), dgram = require('node:dgram');
const there = ${JSON.stringify(THERE)};
const waiting = new Set();
let quiet = 0;
setInterval(() => { if (++quiet > 15) for (const end of [...waiting]) end(false); }, 100);
const wait = (over) => {
  const end = (answer) => { if (waiting.delete(end)) { if (quiet <= 15) quiet = 0; over(answer); } };
  waiting.add(end);
  return end;
};
const tcp = ({ family, port, from }) => new Promise((done) => {
  const socket = net.connect({ host: there[family], port, localAddress: from, family });
  const end = wait((answer) => { socket.destroy(); done(answer); });
  socket.on('connect', () => end(true));
  socket.on('error', () => end(false));
});
const udp = ({ family, port, from }) => new Promise((done) => {
  const socket = dgram.createSocket(family === 4 ? 'udp4' : 'udp6');
  const end = wait((answer) => { try { socket.close(); } catch {} done(answer); });
  socket.on('message', () => end(true));
  socket.on('error', () => end(false));
  socket.bind(0, from, () => socket.send('x', port, there[family], () => {}));
});
for await (const line of console) {
  quiet = 0;
  const answers = await Promise.all(JSON.parse(line).map((one) => (one.protocol === 'tcp' ? tcp : udp)(one).catch(() => false)));
  console.log(JSON.stringify(answers));
}`;

/** On the machine: whoever comes to one of these ports is answered, by IPv4 and IPv6 apart, each with a socket of its own. */
const LISTENERS = `
const net = require('node:net'), dgram = require('node:dgram');
const listening = [];
const listens = (one) => void listening.push(new Promise((resolve) => one.once('listening', resolve)));
for (const port of JSON.parse(process.argv.at(-1))) {
  for (const more of [{ host: '0.0.0.0' }, { host: '::', ipv6Only: true }]) listens(net.createServer((socket) => socket.on('error', () => {})).listen({ port, ...more }));
  for (const [type, address] of [['udp4', '0.0.0.0'], ['udp6', '::']]) {
    const socket = dgram.createSocket({ type, ipv6Only: type === 'udp6' });
    // Somebody has gone before the answer came.
    socket.on('error', () => {});
    socket.on('message', (_text, from) => socket.send('y', from.port, from.address, () => {}));
    listens(socket);
    socket.bind(port, address);
  }
}
await Promise.all(listening);
console.log('ready');
setInterval(() => {}, 60_000);`;

const done = async (argv: [string, ...string[]]) => {
  const { code, stderr } = await exec.run(argv, { timeout: 20_000 });
  if (code !== 0) throw new Error(`${argv.join(' ')} failed: ${stderr}`);
};

export async function startOutside(host: SystemdHost) {
  const [ip, enter] = [which('ip')!, which('nsenter')!];
  const { stdout } = await exec.run([which('docker')!, 'inspect', '-f', '{{.State.Pid}}', host.id]);
  const machine = stdout.trim();
  const sleeper = Bun.spawn(['unshare', '--net', 'sleep', '1800'], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
  const children: Bun.Subprocess[] = [sleeper];
  const outside = (...argv: string[]): [string, ...string[]] => [enter, '-t', String(sleeper.pid), '-n', '--', ...argv];
  const inside = (...argv: string[]): [string, ...string[]] => [enter, '-t', machine, '-n', '--', ...argv];
  const bun = process.execPath;

  async function stop() {
    for (const child of children) {
      child.kill('SIGKILL');
      await child.exited;
    }
  }
  try {
    // unshare has become sleep, in its own namespace.
    await until(() => readFileSync(`/proc/${sleeper.pid}/comm`, 'utf8').trim() === 'sleep');
    const away = `mtx${sleeper.pid}`;
    await done([ip, 'link', 'add', away, 'type', 'veth', 'peer', 'name', `${away}i`]);
    await done([ip, 'link', 'set', away, 'netns', String(sleeper.pid)]);
    await done([ip, 'link', 'set', `${away}i`, 'netns', machine]);
    await done(inside(ip, 'link', 'set', `${away}i`, 'name', CABLE));
    await done(inside(which('sysctl')!, '-qw', `net.ipv6.conf.${CABLE}.disable_ipv6=0`, `net.ipv6.conf.lo.disable_ipv6=0`));
    await done(outside(ip, 'link', 'set', 'lo', 'up'));
    await done(inside(ip, 'addr', 'add', `${THERE[4]}/24`, 'dev', CABLE));
    await done(inside(ip, 'addr', 'add', `${THERE[6]}/64`, 'dev', CABLE, 'nodad'));
    await done(inside(ip, 'link', 'set', CABLE, 'up'));
    await done(outside(ip, 'link', 'set', away, 'up'));
    for (const address of SENDERS[4]) await done(outside(ip, 'addr', 'add', `${address}/${address.startsWith('198.18.') ? 24 : 32}`, 'dev', away));
    for (const address of SENDERS[6]) await done(outside(ip, 'addr', 'add', `${address}/${address.startsWith('2001:db8:aa:') ? 64 : 128}`, 'dev', away, 'nodad'));
    for (const address of SENDERS[4].slice(1)) await done(inside(ip, 'route', 'add', `${address}/32`, 'dev', CABLE));
    for (const address of SENDERS[6].slice(1)) await done(inside(ip, '-6', 'route', 'add', `${address}/128`, 'dev', CABLE));
  } catch (error) {
    await stop();
    throw error;
  }
  const prober = Bun.spawn(outside(bun, '-e', PROBER), { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' });
  children.unshift(prober);
  const lines = prober.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';

  /** Which of them were let in. */
  const ask = async (probes: readonly Probe[]): Promise<boolean[]> => {
    prober.stdin.write(`${JSON.stringify(probes)}\n`);
    await prober.stdin.flush();
    while (!rest.includes('\n')) {
      const { value, done: over } = await lines.read();
      if (over) throw new Error('the prober has ended');
      rest += value;
    }
    const line = rest.slice(0, rest.indexOf('\n'));
    rest = rest.slice(line.length + 1);
    return JSON.parse(line) as boolean[];
  };
  // Neighbours find each other's cards first: a packet that waits for that on a busy machine comes too late.
  await ask(([4, 6] as const).flatMap((family) => SENDERS[family].map((from): Probe => ({ family, protocol: 'udp', port: 9, from }))));

  return {
    stop,
    /** Programs on the machine that listen, until all of it ends. */
    async listen(ports: readonly number[]) {
      const child = Bun.spawn(inside(bun, '-e', LISTENERS, JSON.stringify(ports)), { stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' });
      children.unshift(child);
      await child.stdout.getReader().read();
    },
    ask,
  };
}

export type Outside = Awaited<ReturnType<typeof startOutside>>;
