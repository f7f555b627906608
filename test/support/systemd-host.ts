/**
 * A machine to install the panel on: Debian with systemd as process 1, in a container of a real Docker engine.
 * The image is made of Debian's own packages once, and kept by the engine. Ask `needs('root', 'docker', 'debootstrap')` first.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cache, locked } from './executable.ts';

const BASE = 'systemd,systemd-sysv,dbus,procps,iproute2,curl,ca-certificates';
/** What a server has besides: to sign in to, to serve, to plan, to log; with each firewall there is, as making an image takes a minute. */
const SERVER = `${BASE},openssh-server,nginx-light,cron,rsyslog,sudo,locales,netcat-openbsd,busybox-static,iputils-ping,libpam-systemd,ufw,firewalld,nftables,iptables`;
/** What is taken away again when it starts. */
const WITHOUT = {
  ufw: ['firewalld'],
  firewalld: ['ufw'],
  nftables: ['ufw', 'firewalld', 'iptables'],
};
/** `plain`: little but systemd. The others are servers with that firewall; ufw is inactive, firewalld runs. */
export type SystemdHostKind = 'plain' | keyof typeof WITHOUT;
const imageOf = (kind: SystemdHostKind) => (kind === 'plain' ? { name: 'mantou-test/systemd:bookworm-1', packages: BASE } : { name: 'mantou-test/server:bookworm-1', packages: SERVER });

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface SystemdHost {
  /** Of its container. */
  id: string;
  /** Stays the same when it is started again. */
  ip: string;
  run(...argv: string[]): Promise<Ran>;
  /** Copies a file in. */
  put(from: string, to: string): Promise<void>;
  /** Ends the machine and starts it again, as a power switch does. */
  reboot(): Promise<void>;
  stop(): Promise<void>;
}

export async function startSystemdHost(kind: SystemdHostKind = 'plain'): Promise<SystemdHost> {
  const name = await image(kind);
  // --privileged is not to be had everywhere; these are the capabilities and mounts that systemd needs.
  const flags = ['--cap-add', 'SYS_ADMIN', '--cap-add', 'NET_ADMIN', '--cap-add', 'NET_RAW', '--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined'];
  const mounts = ['--cgroupns=host', '-v', '/sys/fs/cgroup:/sys/fs/cgroup:rw', '--tmpfs', '/run', '--tmpfs', '/run/lock', '--tmpfs', '/tmp:exec'];
  const at = await place();
  const id = (await docker('run', '-d', '--network', at.network, '--ip', at.ip, '--hostname', 'steamer', '--stop-signal', 'SIGRTMIN+3', ...flags, ...mounts, name, '/sbin/init')).out.trim();
  const run = (...argv: string[]) => spawn(['docker', 'exec', id, ...argv]);
  const done = async (...argv: string[]) => {
    const ran = await run(...argv);
    if (ran.code !== 0) throw new Error(`${argv.join(' ')} failed: ${ran.err}`);
  };
  const booted = async () => {
    const deadline = Date.now() + 60_000;
    while (Date.now() < deadline) {
      const { out } = await run('systemctl', 'is-system-running');
      if (/^(running|degraded)/.test(out)) return;
      await Bun.sleep(200);
    }
    throw new Error(`systemd did not start: ${(await docker('logs', id)).out}`);
  };
  const stop = async () => {
    await spawn(['docker', 'rm', '-f', id]);
    await at.leave();
  };
  try {
    await booted();
    // What it wrote would outlive it: the kernel keeps the rules of a firewall that is taken away while it runs.
    if (kind === 'ufw' || kind === 'nftables') await done('systemctl', 'disable', '--now', 'firewalld');
    for (const tool of kind === 'plain' ? [] : WITHOUT[kind]) await done('dpkg', '--purge', '--force-depends', tool);
    if (kind === 'firewalld') await done('systemctl', 'enable', '--now', 'firewalld');
    return {
      id,
      ip: at.ip,
      run, stop,
      put: async (from, to) => void (await docker('cp', from, `${id}:${to}`)),
      async reboot() {
        await docker('restart', '-t', '20', id);
        await booted();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

let network: Promise<{ name: string; net: string }> | null = null;
let hosts = 0;
let next = 10;

/**
 * An address in a network of this process's own. In the engine's first network a host that is started again gets whatever is free
 * then, and others start containers meanwhile.
 */
async function place(): Promise<{ network: string; ip: string; leave(): Promise<void> }> {
  hosts++;
  const { name, net } = await (network ??= makeNetwork());
  const leave = async () => {
    if (--hosts > 0) return;
    network = null;
    await spawn(['docker', 'network', 'rm', name]);
  };
  return { network: name, ip: `${net}.${next++}`, leave };
}

async function makeNetwork(): Promise<{ name: string; net: string }> {
  const name = `mantou-hosts-${process.pid}-${next}`;
  for (let tries = 0; ; tries++) {
    const net = `10.213.${(process.pid + tries * 37) & 255}`;
    const made = await spawn(['docker', 'network', 'create', '--subnet', `${net}.0/24`, name]);
    if (made.code === 0) return { name, net };
    if (tries === 20) throw new Error(`no network for hosts: ${made.err}`);
  }
}

/** About a minute the first time. */
async function image(kind: SystemdHostKind): Promise<string> {
  const { name, packages } = imageOf(kind);
  mkdirSync(cache, { recursive: true });
  await locked(join(cache, 'systemd-image.lock'), async () => {
    if ((await spawn(['docker', 'image', 'inspect', name])).code === 0) return;
    const folder = mkdtempSync(join(tmpdir(), 'mantou-debootstrap-'));
    try {
      const made = await spawn(['/usr/sbin/debootstrap', '--variant=minbase', `--include=${packages}`, 'bookworm', folder]);
      if (made.code !== 0) throw new Error(`debootstrap failed: ${made.out.slice(-2000)}${made.err}`);
      const tar = Bun.spawn(['tar', '-C', folder, '-c', '.'], { stdin: 'ignore', stdout: 'pipe', stderr: 'ignore' });
      const imported = Bun.spawn(['docker', 'import', '-', name], { stdin: tar.stdout, stdout: 'ignore', stderr: 'pipe' });
      if ((await imported.exited) !== 0) throw new Error(`docker import failed: ${await imported.stderr.text()}`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  return name;
}

async function docker(...argv: string[]): Promise<Ran> {
  const ran = await spawn(['docker', ...argv]);
  if (ran.code !== 0) throw new Error(`docker ${argv[0]} failed: ${ran.err}`);
  return ran;
}

async function spawn(argv: string[]): Promise<Ran> {
  const child = Bun.spawn(argv, { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}
