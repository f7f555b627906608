import { closeSync, readdirSync } from 'node:fs';
import type { Clock } from '../../lib/clock.ts';
import { hideSecrets } from '../command-line.ts';
import type { ProcessesDriver, ProcessRow } from '../processes.ts';
import { kernelUnits } from './auxv.ts';
import { parseBootTime } from './proc.ts';
import { openOrNone, readAgain, readOnce } from './source.ts';

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
    for (let code; (code = text.charCodeAt(at)) >= 48 && code <= 57; at++) figure = figure * 10 + code - 48;
    at++;
    return figure;
  };
  const parent = next();
  skip(9);
  const cpu = next() + next();
  skip(4);
  const threads = next();
  skip(1);
  const started = next();
  skip(1);
  if (at >= text.length) return null;
  return { pid: Number.parseInt(text, 10), name: text.slice(open + 1, close), state, parent, cpu, threads, started, resident: next() };
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

/** What costs two more files to read, so it is kept: who runs it and how it was called. */
interface Identity {
  name: string;
  started: number;
  user: string;
  command: string;
  cpu: number;
  /** Looks until it is read again: programs change their title and their user. */
  left: number;
  seen: number;
  /** Monotonic ms of the last reading, and what it gave. */
  at: number;
  row: ProcessRow | undefined;
  /** Of /proc/<pid>/stat: reading it again costs a third of opening it again. */
  fd: number | undefined;
}

/** Descriptors kept: well below the 1024 that a service has by default, with room for connections. */
const KEPT_OPEN = 400;

const REREAD = 30;
/** Kernel threads, most of the processes of a quiet machine, are read in every fourth look. */
const KERNEL_EVERY = 4;
const KTHREADD = 2;
const PASSWD_MS = 60_000;
const CMDLINE_CAP = 2048;

export function createLinuxProcesses(clock: Clock): ProcessesDriver {
  const { page, ticks } = kernelUnits();
  const bootedAt = parseBootTime(readOnce('/proc/stat', 64 << 10) ?? '') ?? clock.now() - clock.monotonic();
  const known = new Map<number, Identity>();
  let users = new Map<number, string>();
  let usersAt = -Infinity;
  let round = 0;
  let open = 0;

  function identify(stat: ProcessStat, now: number): Identity {
    const old = known.get(stat.pid);
    const same = old?.started === stat.started ? old : undefined;
    if (same && same.name === stat.name && same.left-- > 0) return same;
    const uid = parseUid(readOnce(`/proc/${stat.pid}/status`) ?? '');
    const identity: Identity = {
      name: stat.name, started: stat.started, user: users.get(uid) ?? String(uid),
      command: parseCmdline(readOnce(`/proc/${stat.pid}/cmdline`, CMDLINE_CAP) ?? '') || `[${stat.name}]`,
      // Pids differ, so not all are read again in the same look.
      cpu: same?.cpu ?? stat.cpu, left: same ? REREAD : stat.pid % REREAD, seen: round, fd: same?.fd, at: same?.at ?? now, row: undefined,
    };
    if (old && !same) release(old);
    if (identity.fd === undefined && open < KEPT_OPEN) {
      identity.fd = openOrNone(`/proc/${stat.pid}/stat`);
      if (identity.fd !== undefined) open++;
    }
    known.set(stat.pid, identity);
    return identity;
  }

  function release(identity: Identity) {
    if (identity.fd === undefined) return;
    closeSync(identity.fd);
    identity.fd = undefined;
    open--;
  }

  function read(pid: string): ProcessStat | null {
    const fd = known.get(Number(pid))?.fd;
    // A number that is used anew has another process behind it than the open file: that one says nothing any more.
    const text = (fd === undefined ? null : readAgain(fd, 1024)) || readOnce(`/proc/${pid}/stat`, 1024);
    return text ? parseProcessStat(text) : null;
  }

  function look(entry: string, now: number): ProcessRow | null {
    const pid = Number(entry);
    const old = known.get(pid);
    if (old?.row?.parent === KTHREADD && (round + pid) % KERNEL_EVERY !== 0) {
      old.seen = round;
      return old.row;
    }
    const stat = read(entry);
    if (!stat) return null;
    const identity = identify(stat, now);
    const seconds = (now - identity.at) / 1000;
    const cpu = seconds > 0 ? ((stat.cpu - identity.cpu) / ticks / seconds) * 100 : 0;
    identity.cpu = stat.cpu;
    identity.at = now;
    identity.seen = round;
    return (identity.row = {
      pid, parent: stat.parent, name: stat.name, command: identity.command, user: identity.user, state: stat.state,
      threads: stat.threads, cpu: Math.max(0, Math.round(cpu * 10) / 10), memory: stat.resident * page,
      startedAt: bootedAt + Math.round((stat.started / ticks) * 1000),
    });
  }

  function list(): ProcessRow[] {
    const now = clock.monotonic();
    if (now - usersAt >= PASSWD_MS) {
      users = parsePasswd(readOnce('/etc/passwd', 64 << 10) ?? '');
      usersAt = now;
    }
    round++;
    const rows: ProcessRow[] = [];
    for (const entry of readdirSync('/proc')) {
      const first = entry.charCodeAt(0);
      if (first < 48 || first > 57) continue;
      const row = look(entry, now);
      if (row) rows.push(row);
    }
    for (const [pid, identity] of known) {
      if (identity.seen === round) continue;
      release(identity);
      known.delete(pid);
    }
    return rows;
  }
  return { list: async () => list() };
}
