import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Exec } from '../../exec.ts';
import type { Dockerd, DockerdAway } from '../../dockerd.ts';

/**
 * The dockerd that listens at a socket of this machine. Others may run here as well, those in containers among them: only
 * the one counts that sees the very same socket and holds it.
 */
export function findDockerd(exec: Exec, endpoint: string, proc = '/proc'): Dockerd | DockerdAway {
  const socket = /^unix:\/\/(.+)$/.exec(endpoint)?.[1];
  if (socket === undefined) return 'remote';
  for (const pid of named(proc, 'dockerd')) {
    try {
      // Of another account: neither its program nor the file that it names may be touched with the panel's rights (S20).
      if (statSync(join(proc, pid)).uid !== process.getuid?.() || !holds(proc, pid, socket)) continue;
      const [, ...flags] = nulSeparated(join(proc, pid, 'cmdline'));
      const env = Object.fromEntries(nulSeparated(join(proc, pid, 'environ')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
      const rootless = flags.some((flag) => /^--rootless(=true)?$/.test(flag)) || env.ROOTLESSKIT_STATE_DIR !== undefined;
      // " (deleted)": it was replaced by an update since it started.
      const program = readlinkSync(join(proc, pid, 'exe')).replace(/ \(deleted\)$/, '');
      return { pid: Number(pid), program, flags, rootless, path: configPath(flags, env, rootless), service: rootless ? null : serviceOf(exec, readFileSync(join(proc, pid, 'cgroup'), 'utf8')) };
    } catch {
      // It has ended, or is none of ours to look at.
    }
  }
  return 'unseen';
}

function named(proc: string, name: string): string[] {
  return readdirSync(proc).filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(join(proc, pid, 'comm'), 'utf8').trim() === name;
    } catch {
      return false;
    }
  });
}

const nulSeparated = (path: string) => readFileSync(path, 'utf8').split('\0').filter(Boolean);

function holds(proc: string, pid: string, socket: string): boolean {
  const [ours, theirs] = [statSync(socket), statSync(join(proc, pid, 'root', socket))];
  if (ours.dev !== theirs.dev || ours.ino !== theirs.ino) return false;
  const inodes = listening(readFileSync(join(proc, pid, 'net/unix'), 'utf8'), socket);
  return readdirSync(join(proc, pid, 'fd')).some((fd) => {
    try {
      return inodes.has(/^socket:\[(\d+)\]$/.exec(readlinkSync(join(proc, pid, 'fd', fd)))?.[1] ?? '');
    } catch {
      return false;
    }
  });
}

/**
 * Sockets that listen at a path, /var/run being /run: proc(5), /proc/net/unix
 * `0000000000000000: 00000002 00000000 00010000 0001 01 23456 /run/docker.sock`
 */
export function listening(text: string, socket: string): Set<string> {
  const same = (path: string) => path.replace(/^\/var\/run\//, '/run/');
  const rows = text.split('\n').map((line) => /^\S+ \S+ \S+ (\S+) \S+ \S+\s+(\d+) (.+)$/.exec(line));
  return new Set(rows.flatMap((row) => (row && Number.parseInt(row[1]!, 16) & 0x10000 && same(row[3]!) === same(socket) ? [row[2]!] : [])));
}

/** As dockerd looks for it: cmd/dockerd/daemon.go. */
export function configPath(flags: readonly string[], env: Readonly<Record<string, string | undefined>>, rootless: boolean): string {
  const at = flags.findIndex((flag) => /^--?config-file(=|$)/.test(flag));
  const told = at < 0 ? undefined : flags[at]!.includes('=') ? flags[at]!.slice(flags[at]!.indexOf('=') + 1) : flags[at + 1];
  if (told) return told;
  if (!rootless) return '/etc/docker/daemon.json';
  return join(env.XDG_CONFIG_HOME || join(env.HOME ?? '/root', '.config'), 'docker/daemon.json');
}

/** `path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd:// $DOCKER_OPTS ; ignore_errors=no` of `systemctl show -p ExecStart`. */
const EXEC_START = /argv\[\]=(\S+) ?(.*?) ;/;

/** One that does not run, as after a configuration that it did not take: what its service says. */
export async function stoppedDockerd(exec: Exec, endpoint: string): Promise<Dockerd | null> {
  const systemctl = exec.which('systemctl');
  if (!systemctl || !existsSync('/run/systemd/system') || !/^unix:\/\/(\/var)?\/run\/docker\.sock$/.test(endpoint)) return null;
  const { stdout } = await exec.run([systemctl, 'show', 'docker.service', '--property', 'LoadState,ActiveState,ExecStart'], { timeout: 10_000 });
  const [, program, rest = ''] = EXEC_START.exec(stdout) ?? [];
  if (!/^LoadState=loaded$/m.test(stdout) || !program || !/^ActiveState=(failed|inactive|activating|deactivating)$/m.test(stdout)) return null;
  const flags = rest.split(' ').filter((word) => word && !word.startsWith('$'));
  return { pid: 0, program, flags, rootless: false, path: configPath(flags, {}, false), service: { kind: 'systemd', name: 'docker.service', command: 'systemctl restart docker.service' } };
}

/** Who started it, by its control group: `0::/system.slice/docker.service`; with OpenRC `0::/openrc.docker`. */
export function serviceOf(exec: Pick<Exec, 'which'>, cgroup: string, exists = existsSync): Dockerd['service'] {
  const unit = /\/([\w@.-]+\.service)(?:\/|$)/m.exec(cgroup)?.[1];
  if (unit && !/\/user\.slice\//.test(cgroup) && exec.which('systemctl') && exists('/run/systemd/system')) return { kind: 'systemd', name: unit, command: `systemctl restart ${unit}` };
  if (exec.which('rc-service') && exists('/run/openrc/started/docker')) return { kind: 'openrc', name: 'docker', command: 'rc-service docker restart' };
  return null;
}
