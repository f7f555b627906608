/**
 * A machine to install the panel on: Debian with systemd as process 1, in a container of a real Docker engine.
 * The image is made of Debian's own packages once, and kept by the engine. Ask `needs('root', 'docker', 'debootstrap')` first.
 */
import { join } from 'node:path';
import { debian } from './debian.ts';
import { cache, locked } from './executable.ts';
import { until } from './until.ts';

/** What a server has besides: to sign in to, to serve, to plan, to log; with each firewall there is, as making an image takes a while. */
const SERVER = ['openssh-server', 'nginx-light', 'cron', 'rsyslog', 'sudo', 'locales', 'netcat-openbsd', 'busybox-static', 'iputils-ping', 'libpam-systemd', 'ufw', 'firewalld', 'nftables', 'iptables'];
/** What Fedora and its relatives have, of Debian's packages: another tool for packages, another clock, another resolver. */
const RELATIVE = ['dnf', 'dnf-plugins-core', 'rpm', 'createrepo-c', 'chrony', 'systemd-resolved', 'libpam-systemd'];
/** What each is made of, and what makes it what it is. */
const KINDS = {
  plain: { of: 'base', packages: [], change: null },
  relative: { of: 'relative', packages: RELATIVE, change: ['mv', '/usr/bin/apt-get', '/usr/bin/apt-get.away'] },
  ufw: { of: 'server', packages: SERVER, change: ['dpkg', '--purge', '--force-depends', 'firewalld'] },
  firewalld: { of: 'server', packages: SERVER, change: ['dpkg', '--purge', '--force-depends', 'ufw'] },
  nftables: { of: 'server', packages: SERVER, change: ['dpkg', '--purge', '--force-depends', 'ufw', 'firewalld', 'iptables'] },
} as const;
/** `plain`: little but systemd; `relative`: with dnf, chrony and systemd-resolved. The others are servers with that firewall; ufw is inactive, firewalld runs. */
export type SystemdHostKind = keyof typeof KINDS;

/** What the engine lets processes of such a container do, and what a shell of root finds there. */
const CAPABILITIES = ['-all', ...['chown', 'dac_override', 'fowner', 'fsetid', 'kill', 'setgid', 'setuid', 'setpcap', 'net_bind_service', 'net_raw', 'sys_chroot', 'mknod', 'audit_write', 'setfcap', 'sys_admin', 'net_admin'].map((one) => `+${one}`)].join(',');
const ENVIRONMENT = ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'HOSTNAME=steamer'];

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
  /** What runs a program there as `docker exec` does, at a fraction of what that takes. */
  enter(...argv: string[]): [string, ...string[]];
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
  let pid = '';
  const enter: SystemdHost['enter'] = (...argv) => [Bun.which('nsenter')!, '--target', pid, '--mount', '--uts', '--ipc', '--net', '--pid', '--root', '--wd', '--', 'setpriv', `--bounding-set=${CAPABILITIES}`, 'env', '-i', ...ENVIRONMENT, ...argv];
  const run = (...argv: string[]) => spawn(enter(...argv));
  const booted = async () => {
    pid = (await docker('inspect', '-f', '{{.State.Pid}}', id)).out.trim();
    await until(async () => /^(running|degraded)/.test((await run('systemctl', 'is-system-running')).out)).catch(async (cause: unknown) => {
      throw new Error(`systemd did not start: ${(await docker('logs', id)).out}`, { cause });
    });
  };
  const stop = async () => {
    await spawn(['docker', 'rm', '-f', id]);
    await at.leave();
  };
  try {
    await booted();
    return {
      id,
      ip: at.ip,
      enter, run, stop,
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
  for (let tries = 0; ; tries++) {
    // A run that was killed may have left one of the same process id.
    const name = `mantou-hosts-${process.pid}-${next}-${tries}`;
    const net = `10.213.${(process.pid + tries * 37) & 255}`;
    const made = await spawn(['docker', 'network', 'create', '--subnet', `${net}.0/24`, name]);
    if (made.code === 0) return { name, net };
    if (tries === 20) throw new Error(`no network for hosts: ${made.err}`);
  }
}

/** About a minute the first time. */
async function image(kind: SystemdHostKind): Promise<string> {
  const { of, packages, change } = KINDS[kind];
  const [made, name] = [`mantou-test/${of}:bookworm-2`, `mantou-test/host-${kind}:bookworm-2`];
  const there = async (image: string) => (await spawn(['docker', 'image', 'inspect', image])).code === 0;
  const folder = await debian(of, packages);
  await locked(join(cache, 'systemd-image.lock'), async () => {
    if (await there(name)) return;
    if (!(await there(made))) {
      const tar = Bun.spawn(['tar', '-C', folder, '-c', '.'], { stdin: 'ignore', stdout: 'pipe', stderr: 'ignore' });
      const imported = Bun.spawn(['docker', 'import', '-', made], { stdin: tar.stdout, stdout: 'ignore', stderr: 'pipe' });
      if ((await imported.exited) !== 0) throw new Error(`docker import failed: ${await imported.stderr.text()}`);
    }
    const id = (await docker('create', made, ...(change ?? ['true']))).out.trim();
    await docker('start', '--attach', id);
    await docker('commit', id, name);
    await docker('rm', id);
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
