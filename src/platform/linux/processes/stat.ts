import { hideSecrets } from '../../command-line.ts';

/** Parsers of what proc(5) says of one process, called for thousands a minute. */

export interface ProcessStat {
  pid: number;
  name: string;
  state: string;
  parent: number;
  /** Clock ticks. */
  cpu: number;
  threads: number;
  /** Clock ticks since boot. */
  started: number;
  nice: number;
  /** Pages. */
  resident: number;
}

/**
 * /proc/<pid>/stat (proc_pid_stat(5)). The name may hold spaces and brackets, so it ends at the last bracket.
 *
 *     1 (systemd) S 0 1 1 0 -1 4194560 77622 1739819 0 350 193 833 5794 2566 20 0 13 0 30 51957760 4907 …
 */
export function parseProcessStat(text: string): ProcessStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < 0) return null;
  // By hand: a split would make fifty texts of each line, for thousands of lines a minute.
  const state = text[close + 2];
  if (!state) return null;
  let at = close + 4;
  const skip = (fields: number) => {
    for (; fields > 0; fields--) {
      const space = text.indexOf(' ', at);
      at = space < 0 ? text.length : space + 1;
    }
  };
  const next = () => {
    let figure = 0;
    const sign = text[at] === '-' ? -1 : 1;
    if (sign < 0) at++;
    for (let code; (code = text.charCodeAt(at)) >= 48 && code <= 57; at++) figure = figure * 10 + code - 48;
    at++;
    return sign * figure;
  };
  const parent = next();
  skip(9);
  const cpu = next() + next();
  skip(3);
  const nice = next();
  const threads = next();
  skip(1);
  const started = next();
  skip(1);
  if (at >= text.length) return null;
  return { pid: Number.parseInt(text, 10), name: text.slice(open + 1, close), state, parent, cpu, threads, started, nice, resident: next() };
}

/** /proc/<pid>/cmdline: words end with NUL. Empty for kernel threads. */
export function parseCmdline(text: string): string {
  return hideSecrets(text.replace(/\0+$/, '').replace(/[\0-\x1f\x7f]+/g, ' ').trim());
}

/** Names of /etc/passwd by number: `www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin`. */
export function parsePasswd(text: string): Map<number, string> {
  const users = text.split('\n').flatMap((line) => {
    const [name, , uid] = line.split(':');
    return name && uid ? [[Number(uid), name] as const] : [];
  });
  // The first one wins, as for getpwuid(3).
  return new Map(users.reverse());
}

/** Effective user of /proc/<pid>/status: `Uid:\t33\t33\t33\t33`. */
export function parseUid(status: string): number {
  const at = status.indexOf('\nUid:');
  return at < 0 ? 0 : Number(status.slice(at + 5, status.indexOf('\n', at + 5)).trim().split('\t')[1]);
}

/**
 * /proc/<pid>/cgroup (cgroups(7)): the service of systemd that it belongs to, and the container. A session of a person is
 * neither; the service of a person (`user@1000.service`) holds services of its own, and the innermost counts.
 *
 *     0::/system.slice/nginx.service
 *     0::/system.slice/docker-4f5c….scope
 *     12:pids:/docker/4f5c…
 */
export function parseCgroup(text: string): { service: string | null; container: string | null } {
  const container = /(?:^|[/-])([0-9a-f]{64})(?:\.scope)?(?:$|[/\n])/m.exec(text)?.[1] ?? null;
  if (container) return { service: null, container };
  const path = /^(?:0:|\d+:name=systemd):(.*)$/m.exec(text)?.[1] ?? '';
  return { service: path.split('/').findLast((part) => part.endsWith('.service')) ?? null, container: null };
}

/** /proc/<pid>/io: what reached the disks; what was written and taken back (`cancelled_write_bytes`) did not. */
export function parseIo(text: string): { read: number; written: number } | null {
  const figure = (name: string) => {
    const at = text.indexOf(`\n${name}: `);
    return at < 0 ? null : Number.parseInt(text.slice(at + name.length + 3), 10);
  };
  const [read, written] = [figure('read_bytes'), figure('write_bytes')];
  return read === null || written === null ? null : { read, written };
}
