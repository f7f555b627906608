import { closeSync, readdirSync } from 'node:fs';
import type { Clock } from '../../../lib/clock.ts';
import type { ProcessKey, ProcessRow } from '../../processes.ts';
import { kernelUnits } from '../auxv.ts';
import { parseBootTime } from '../proc.ts';
import { openOrNone, readAgain, readOnce } from '../source.ts';
import { parseCgroup, parseCmdline, parseIo, parsePasswd, parseProcessStat, parseUid, type ProcessStat } from './stat.ts';

/** What costs three more files to read, so it is kept: who runs it, how it was called, and what it belongs to. */
interface Identity {
  name: string;
  started: number;
  user: string;
  command: string;
  service: string | null;
  container: string | null;
  /** Clock ticks, and how many of them since the look before. */
  cpu: number;
  worked: number;
  /** How many looks in a row found that it had done nothing. */
  rested: number;
  disks: DiskUse | null;
  /** Looks until it is read again: programs change their title and their user. */
  left: number;
  seen: number;
  /** Monotonic ms of the last reading, and what it gave. */
  at: number;
  row: ProcessRow | undefined;
  /** Of /proc/<pid>/stat: reading it again costs a third of opening it again. */
  fd: number | undefined;
  /** What that said the last time. */
  said: Buffer | undefined;
}

interface DiskUse {
  /** Bytes since it began. */
  read: number;
  written: number;
  /** Monotonic ms of that. */
  at: number;
}

/** Who rests is asked again after so long; what was read and written in twice that is no rate any more. */
const DISKS_OLD_MS = 30_000;
const NO_RATE_MS = 2 * DISKS_OLD_MS;

export interface ProcessList {
  list(disks: boolean): ProcessRow[];
  /** As it is now; null: it has ended, or its number has another one. */
  find(key: ProcessKey): ProcessRow | null;
}

/** Zombies and the dead: what is left of them waits for their parent. */
const OVER = ['Z', 'X', 'x'];

/** Descriptors kept at most: half of what the panel may have, so that there is room for connections. */
const KEPT_OPEN = 4000;
const keptOpen = () => Math.min(KEPT_OPEN, Number(/^Max open files\s+(\d+)/m.exec(readOnce('/proc/self/limits') ?? '')?.[1] ?? 800) / 2);

const REREAD = 30;
const STAT_CAP = 1024;
/** Kernel threads, most of the processes of a quiet machine, are read in every fourth look. */
const KERNEL_EVERY = 4;
const KTHREADD = 2;
const PASSWD_MS = 60_000;
const CMDLINE_CAP = 2048;

/** Where there are more than these, those that rest are read in every second look, and those that rest for long in every fourth. */
const MANY = 500;
const RESTS = 4;
const RESTS_LONG = 20;

export function createProcessList(clock: Clock, many = MANY): ProcessList {
  const { page, ticks } = kernelUnits();
  const bootedAt = parseBootTime(readOnce('/proc/stat', 64 << 10) ?? '') ?? clock.now() - clock.monotonic();
  const known = new Map<number, Identity>();
  let users = new Map<number, string>();
  let usersAt = -Infinity;
  let round = 0;
  const mostOpen = keptOpen();
  let open = 0;

  function identityOf(pid: number, { name, started }: ProcessStat): Pick<Identity, 'name' | 'started' | 'user' | 'command' | 'service' | 'container'> {
    const uid = parseUid(readOnce(`/proc/${pid}/status`) ?? '');
    return {
      name, started, user: users.get(uid) ?? String(uid), ...parseCgroup(readOnce(`/proc/${pid}/cgroup`) ?? ''),
      command: parseCmdline(readOnce(`/proc/${pid}/cmdline`, CMDLINE_CAP) ?? '') || `[${name}]`,
    };
  }

  function identify(stat: ProcessStat, now: number): Identity {
    const old = known.get(stat.pid);
    const same = old?.started === stat.started ? old : undefined;
    if (same && same.name === stat.name && same.left-- > 0) return same;
    const identity: Identity = {
      ...identityOf(stat.pid, stat), worked: same?.worked ?? 0, rested: same?.rested ?? 0, disks: same?.disks ?? null,
      // Pids differ, so not all are read again in the same look.
      cpu: same?.cpu ?? stat.cpu, left: same ? REREAD : stat.pid % REREAD, seen: round, fd: same?.fd, said: undefined, at: same?.at ?? now, row: undefined,
    };
    if (old && !same) release(old);
    if (identity.fd === undefined && open < mostOpen) {
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

  /** As it was; most of a machine's processes sleep, and say the same each time. */
  function unchanged(old: Identity, said: Buffer, now: number, disks: boolean): ProcessRow | null {
    if (!old.row || !old.said?.equals(said) || old.left-- <= 0) return null;
    if (old.worked !== 0 || old.row.read || old.row.written) return null;
    if (disks && (old.row.read === null || !old.disks || now - old.disks.at >= DISKS_OLD_MS)) return null;
    old.rested++;
    old.at = now;
    old.seen = round;
    return old.row;
  }

  const everyOf = ({ row, rested }: Identity) => (row?.parent === KTHREADD ? KERNEL_EVERY : rested < RESTS || known.size <= many ? 1 : rested < RESTS_LONG ? 2 : 4);

  function look(entry: string, now: number, disks: boolean): ProcessRow | null {
    const pid = Number(entry);
    const old = known.get(pid);
    if (old?.row && (round + pid) % everyOf(old) !== 0) {
      old.seen = round;
      return old.row;
    }
    // A number that is used anew has another process behind it than the open file: that one says nothing any more.
    const said = old?.fd === undefined ? null : readAgain(old.fd, STAT_CAP);
    const still = old && said?.length ? unchanged(old, said, now, disks) : null;
    if (still) return still;
    const stat = parseProcessStat(said?.toString() || (readOnce(`/proc/${entry}/stat`, STAT_CAP) ?? ''));
    if (!stat) return null;
    const kept = said?.length ? Buffer.from(said) : undefined;
    const identity = identify(stat, now);
    identity.said = kept;
    const seconds = (now - identity.at) / 1000;
    const cpu = seconds > 0 ? ((stat.cpu - identity.cpu) / ticks / seconds) * 100 : 0;
    identity.worked = stat.cpu - identity.cpu;
    identity.rested = identity.worked === 0 ? identity.rested + 1 : 0;
    identity.cpu = stat.cpu;
    identity.at = now;
    identity.seen = round;
    return (identity.row = {
      ...toRow(stat, identity),
      cpu: Math.max(0, Math.round(cpu * 10) / 10), ...(disks ? readDisks(pid, identity, now) : { read: null, written: null }),
    });
  }

  const startOf = ({ started }: ProcessStat) => bootedAt + Math.round((started / ticks) * 1000);

  const toRow = (stat: ProcessStat, { command, user, service, container }: Pick<Identity, 'command' | 'user' | 'service' | 'container'>) => ({
    pid: stat.pid, parent: stat.parent, name: stat.name, command, user, state: stat.state, threads: stat.threads,
    memory: stat.resident * page, startedAt: startOf(stat), nice: stat.nice, service, container, received: null, sent: null,
  });

  /** Nobody reads or writes without working, or hardly: who did not is seldom asked. */
  function readDisks(pid: number, identity: Identity, now: number): { read: number | null; written: number | null } {
    const before = identity.disks;
    const age = before ? now - before.at : Infinity;
    if (identity.worked === 0 && age < DISKS_OLD_MS) return { read: 0, written: 0 };
    const use = parseIo(readOnce(`/proc/${pid}/io`) ?? '');
    if (!use) return { read: null, written: null };
    identity.disks = { ...use, at: now };
    if (!before || age <= 0) return { read: null, written: null };
    const [read, written] = [use.read - before.read, use.written - before.written];
    if (read === 0 && written === 0) return { read, written };
    return age < NO_RATE_MS ? { read: Math.round((read / age) * 1000), written: Math.round((written / age) * 1000) } : { read: null, written: null };
  }

  function list(disks: boolean): ProcessRow[] {
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
      const row = look(entry, now, disks);
      if (row) rows.push(row);
    }
    for (const [pid, identity] of known) {
      if (identity.seen === round) continue;
      release(identity);
      known.delete(pid);
    }
    return rows;
  }
  return {
    list,
    find({ pid, startedAt }) {
      const stat = parseProcessStat(readOnce(`/proc/${pid}/stat`, STAT_CAP) ?? '');
      if (!stat || startOf(stat) !== startedAt || OVER.includes(stat.state)) return null;
      const old = known.get(pid);
      if (old?.row?.startedAt === startedAt) return { ...old.row, ...toRow(stat, old) };
      return { ...toRow(stat, identityOf(pid, stat)), cpu: 0, read: null, written: null };
    },
  };
}
