import { AppError } from '../../lib/errors.ts';
import type { Clock } from '../../lib/clock.ts';
import type { LogEntry, LogFilter, LogsDriver } from '../logs.ts';

/** unit, identifier, pid, priority, message; `#` is a number that differs. */
const SAYINGS = [
  ['nginx.service', 'nginx', 706, 6, '203.0.113.# - "GET /api/products?page=# HTTP/1.1" 200 4#'],
  ['nginx.service', 'nginx', 706, 6, '203.0.113.# - "GET /images/hero-winter.avif HTTP/1.1" 200 18#'],
  ['ssh.service', 'sshd', 558, 6, 'Failed password for invalid user admin from 198.51.100.# port 4# ssh2'],
  ['postgresql@15-main.service', 'postgres', 780, 6, 'LOG:  checkpoint complete: wrote # buffers (0.4%); write=26.#1 s, sync=0.004 s'],
  ['cron.service', 'CRON', 595, 6, '(root) CMD (/usr/local/bin/backup --quiet)'],
  ['nginx.service', 'nginx', 706, 4, '203.0.113.# - "GET /wp-login.php HTTP/1.1" 404 #'],
  ['redis-server.service', 'redis-server', 965, 5, '# changes in 300 seconds. Saving...'],
  ['docker.service', 'dockerd', 1002, 6, 'time="…" level=info msg="ignoring event" module=libcontainerd topic=/tasks/delete'],
  ['php8.2-fpm.service', 'php-fpm8.2', 1224, 4, '[pool www] server reached pm.max_children setting (5), consider raising it'],
  ['postgresql@15-main.service', 'postgres', 817, 3, 'ERROR:  duplicate key value violates unique constraint "orders_pkey"\nDETAIL:  Key (id)=(7#) already exists.'],
  [null, 'kernel', null, 6, 'wg0: Keepalive packet received from peer 2 (203.0.113.#:51820)'],
  ['chrony.service', 'chronyd', 632, 6, 'Selected source 192.0.2.# (0.debian.pool.ntp.org)'],
  ['mantou.service', 'mantou', 1298, 6, '\x1b[32minfo\x1b[0m sampler: # processes looked at'],
  [null, 'kernel', null, 4, 'nvme0n1: I/O # QID 4 timeout, completion polled'],
  ['search.service', 'java', 1187, 3, 'java.lang.IllegalStateException: segment # is closed\n\tat search.Index.open(Index.java:#)\n\tat search.Main.main(Main.java:41)'],
  ['init.scope', 'systemd', 1, 6, 'Started apt-daily.service - Daily apt download activities.'],
] as const;

const EVERY_MS = 4000;
const LOOK_MS = 400;
const BOOT = 'de300000000000000000000000000001';

/** What is older has been vacuumed: six hours of it. */
const KEPT = 5400;

/** A journal that nobody wrote: an entry every four seconds, the same for everybody who asks. */
export function createFakeLogs(clock: Clock, bootedAt: number): LogsDriver {
  const count = () => Math.max(0, Math.floor((clock.now() - bootedAt) / EVERY_MS));
  const oldest = () => Math.max(0, count() - KEPT);
  const cursorOf = (n: number) => `s=de30;i=${n.toString(16)}`;
  const numberOf = (cursor: string) => {
    const found = /^s=de30;i=([0-9a-f]{1,10})$/.exec(cursor);
    if (!found) throw new AppError('invalid', (t) => t.errors.badCursor, { field: 'cursor' });
    return Number.parseInt(found[1]!, 16);
  };
  const entry = (n: number): LogEntry => {
    const mixed = Math.imul(n + 7, 2654435761) >>> 0;
    const [unit, identifier, pid, priority, message] = SAYINGS[mixed % SAYINGS.length]!;
    return { at: bootedAt + n * EVERY_MS + (mixed % 3000), priority, unit, identifier, pid, message: message.replaceAll('#', String((mixed >>> 8) % 250)), cut: false, cursor: cursorOf(n) };
  };
  const name = (unit: string) => (unit.includes('.') ? unit : `${unit}.service`);
  const fits = ({ unit, identifier, kernel, priority, boot, since, until, match }: LogFilter, one: LogEntry) =>
    (unit === undefined || one.unit === name(unit)) && (identifier === undefined || one.identifier === identifier) && (!kernel || one.identifier === 'kernel')
    && (priority === undefined || (one.priority ?? 7) <= priority) && (boot === undefined || boot === BOOT)
    && (since === undefined || one.at! >= since) && (until === undefined || one.at! <= until) && (!match || match.test(one.message));
  const between = (filter: LogFilter, from: number, to: number) => Array.from({ length: Math.max(0, to - from) }, (_, i) => entry(from + i)).filter((one) => fits(filter, one));

  return {
    folders: [],
    state: async () => ({ kind: 'journald', partial: false }),
    units: async () => [...new Set(SAYINGS.flatMap(([unit]) => unit ?? []))].toSorted(),
    boots: async () => [{ id: BOOT, from: bootedAt, to: clock.now() }],
    async page(filter, { from, to, limit }) {
      const step = to === 'older' ? -1 : 1;
      const entries: LogEntry[] = [];
      const last = count();
      let n = from === null ? last - 1 : numberOf(from) + step;
      for (; n >= oldest() && n < last && entries.length <= limit; n += step) {
        const one = entry(n);
        if (filter.since !== undefined && one.at! < filter.since - EVERY_MS && step < 0) break;
        if (fits(filter, one)) entries.push(one);
      }
      const shown = entries.slice(0, limit);
      return { entries: step < 0 ? shown.toReversed() : shown, more: entries.length > limit, late: false };
    },
    async *follow(filter, after, signal) {
      let next = after === null ? count() : numberOf(after) + 1;
      while (!signal.aborted) {
        const to = count();
        const fresh = between(filter, next, to);
        next = Math.max(next, to);
        if (fresh.length) yield fresh;
        await Bun.sleep(LOOK_MS);
      }
    },
    async *read(filter, signal) {
      for (let from = oldest(); from < count() && !signal.aborted; from += 5000) yield between(filter, from, Math.min(from + 5000, count()));
    },
    async fields(cursor) {
      const n = numberOf(cursor);
      if (n >= count() || n < oldest()) return null;
      const { at, priority, unit, identifier, pid, message } = entry(n);
      const told: [string, string | null][] = [
        ['MESSAGE', message], ['PRIORITY', String(priority)], ['SYSLOG_IDENTIFIER', identifier], ['_BOOT_ID', BOOT], ['_HOSTNAME', 'demo-01'], ['_PID', pid === null ? null : String(pid)],
        ['_SYSTEMD_UNIT', unit], ['_TRANSPORT', identifier === 'kernel' ? 'kernel' : 'stdout'], ['__CURSOR', cursor], ['__REALTIME_TIMESTAMP', String(at! * 1000)],
      ];
      return told.filter((field): field is [string, string] => field[1] !== null);
    },
  };
}
