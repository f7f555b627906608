/**
 * A machine with a firewall of its own: a namespace of networks with an engine in it, and one line to the machine that the tests
 * run on, which is "outside". ufw is Debian's own, in a folder that is made once. Ask `needs('root', 'docker', 'busybox',
 * 'debootstrap', 'unshare')` first.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocker } from '../../src/platform/docker/engine.ts';
import { exec, which, type Exec } from '../../src/platform/exec.ts';
import { debian } from './debian.ts';
import { busyboxImage } from './docker.ts';
import { until } from './until.ts';

async function done(argv: [string, ...string[]], timeout = 5 * 60_000): Promise<string> {
  const { code, stdout, stderr } = await exec.run(argv, { timeout });
  if (code !== 0) throw new Error(`${argv.join(' ')} failed: ${stderr.slice(-2000)}${stdout.slice(-2000)}`);
  return stdout;
}

export async function startFilteredHost() {
  const root = await debian('ufw', ['ufw', 'iptables']);
  const folder = mkdtempSync(join(tmpdir(), 'mantou-net-'));
  const socket = join(folder, 'docker.sock');
  const [ip, enter] = [which('ip')!, which('nsenter')!];
  const sleeper = Bun.spawn(['unshare', '--net', '--mount', '--propagation', 'private', 'sleep', '1200'], { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' });
  const inside = (...argv: string[]): [string, ...string[]] => [enter, '-t', String(sleeper.pid), '-n', '-m', '--', ...argv];
  // Of the networks for benchmarks (RFC 2544): one of four addresses for each process.
  const at = (n: number) => [198, 18 + (process.pid >> 14 & 1), process.pid >> 6 & 255, ((process.pid & 63) << 2) + n].join('.');
  const [outside, inward] = [at(1), at(2)];
  const [outer, inner] = [`mto${process.pid}`, `mti${process.pid}`];
  let daemon: ReturnType<typeof Bun.spawn> | null = null;

  async function engineUp(...more: string[]) {
    if (daemon) {
      daemon.kill('SIGTERM');
      await daemon.exited;
    }
    const argv = inside('/usr/sbin/dockerd', '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'run'), '--pidfile', join(folder, 'pid'), '-H', `unix://${socket}`, '--storage-driver', 'vfs', '--bip', '172.31.77.1/24', ...more);
    daemon = Bun.spawn(argv, { stdin: 'ignore', stdout: 'ignore', stderr: Bun.file(join(folder, 'log')) });
    await until(async () => docker.ask({ path: '/_ping' }).then(() => true, () => false));
  }

  const docker = createDocker(() => `unix://${socket}`);
  const ufwOf = (...args: string[]) => inside(which('chroot')!, root, '/usr/sbin/ufw', ...args);
  /** What the panel would run on that machine, run there. */
  const there: Exec = {
    which: (tool) => (tool === 'ufw' ? '/usr/sbin/ufw' : which(tool)),
    run: ([tool, ...args], options) => exec.run(tool === '/usr/sbin/ufw' ? ufwOf(...args) : inside(tool, ...args), options),
  };

  async function stop() {
    daemon?.kill('SIGTERM');
    await daemon?.exited;
    sleeper.kill('SIGKILL');
    await sleeper.exited;
    await exec.run([ip, 'link', 'del', outer]);
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await until(() => readFileSync(`/proc/${sleeper.pid}/comm`, 'utf8').trim() === 'sleep');
    await done(inside(ip, 'link', 'set', 'lo', 'up'));
    await done([ip, 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner]);
    await done([ip, 'link', 'set', inner, 'netns', String(sleeper.pid)]);
    await done([ip, 'addr', 'add', `${outside}/30`, 'dev', outer]);
    await done([ip, 'link', 'set', outer, 'up']);
    await done(inside(ip, 'addr', 'add', `${inward}/30`, 'dev', inner));
    await done(inside(ip, 'link', 'set', inner, 'up'));
    await done(inside(which('mount')!, '-t', 'proc', 'proc', join(root, 'proc')));
    // What is changed here is gone with it.
    await done(['/bin/cp', '-a', join(root, 'etc/ufw'), join(folder, 'ufw')]);
    await done(inside(which('mount')!, '--bind', join(folder, 'ufw'), join(root, 'etc/ufw')));
    await engineUp();
    const image = await busyboxImage();
    const saved = Bun.spawn(['docker', 'save', image], { stdout: 'pipe', stderr: 'ignore' });
    await docker.ask({ method: 'POST', path: '/images/load', content: { type: 'application/x-tar', data: saved.stdout }, timeout: 60_000 });
    return {
      docker, exec: there, image, inner, stop, engineUp, socket,
      /** A program in its network, with the files and the folder of whoever starts it. */
      within: (...argv: string[]): string[] => [enter, '-t', String(sleeper.pid), '-n', '--', ...argv],
      /** Where its ports are reached from outside. */
      address: inward,
      /** Who asks from there. */
      outside,
      ufw: (...args: string[]) => done(ufwOf(...args)),
      iptables: (...args: string[]) => done(inside(which('iptables')!, ...args)),
      /** What a port answers from outside; null: nothing comes, or nobody listens. */
      answer: (port: number) => fetch(`http://${inward}:${port}/`, { signal: AbortSignal.timeout(2000) }).then((one) => one.text(), () => null),
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
