import { readlinkSync } from 'node:fs';
import type { Clock } from '../../../lib/clock.ts';
import { runOk, type Exec } from '../../exec.ts';
import type { Traffic } from '../../processes.ts';
import { createHolders } from './listeners.ts';

/** Of a machine with thirty thousand connections. */
const MOST_BYTES = 16 << 20;
const PATIENCE_MS = 5000;
/** Between two looks, and at least ten times what one takes: whoever asks more often is told the same again. */
const SOON_MS = 1000;
const SHARE = 10;
/** What was counted longer ago says nothing of now. */
const OLD_MS = 20_000;
const FIRST_MS = 500;

/**
 * What each TCP connection has carried, bytes by inode of its socket, from `ss -tineHO` (ss(8)): the kernel counts for each, and
 * leaves out what is nought.
 *
 *     ESTAB 0 0 10.0.0.4:443 203.0.113.7:51234 ino:138405 sk:1 cgroup:/ <-> … bytes_sent:300 bytes_acked:300 bytes_received:5000 …
 */
export function parseTraffic(text: string): Map<number, Traffic> {
  const found = new Map<number, Traffic>();
  for (const line of text.split('\n')) {
    const inode = Number(/ ino:(\d+) /.exec(line)?.[1] ?? 0);
    // Not taken over by a program yet, or by none any more.
    if (inode === 0) continue;
    const figure = (name: RegExp) => Number(name.exec(line)?.[1] ?? 0);
    // Whoever opened the connection counts the packet that did as one byte.
    const [sent, acked] = [figure(/ bytes_sent:(\d+)/), figure(/ bytes_acked:(\d+)/)];
    found.set(inode, { received: figure(/ bytes_received:(\d+)/), sent: sent > 0 ? Math.min(sent, acked) : Math.max(0, acked - 1) });
  }
  return found;
}

/** Pages of processes that are looked at by many, each every two seconds. */
const KEPT_MS = 1000;
const kept = new WeakMap<Exec, Map<string, { until: number; found: ReturnType<typeof ask> }>>();

/** Of the connections in the network that a process is in; null where `ss` is not there or fails. */
export function readTraffic(exec: Exec, pid: number): Promise<Map<number, Traffic> | null> {
  const place = network(pid) ?? '';
  const mine = kept.get(exec) ?? new Map<string, { until: number; found: ReturnType<typeof ask> }>();
  kept.set(exec, mine);
  const now = performance.now();
  for (const [key, { until }] of mine) if (until < now) mine.delete(key);
  const known = mine.get(place);
  if (known) return known.found;
  const found = ask(exec, place === network('self') ? null : pid);
  mine.set(place, { until: now + KEPT_MS, found });
  return found;
}

/** @param within a process that is in another network; null: in that of the panel */
async function ask(exec: Exec, within: number | null): Promise<Map<number, Traffic> | null> {
  const [ss, nsenter] = [exec.which('ss'), exec.which('nsenter')];
  if (!ss || (within !== null && !nsenter)) return null;
  const argv = [ss, '-tineHO'] as const;
  try {
    return parseTraffic(await runOk(exec, within === null ? [...argv] : [nsenter!, `--net=/proc/${within}/ns/net`, '--', ...argv], { timeout: PATIENCE_MS, cap: MOST_BYTES }));
  } catch {
    return null;
  }
}

function network(pid: number | 'self'): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}

/** See ProcessesDriver.traffic. */
export function createTraffic(exec: Exec, clock: Clock): () => Promise<ReadonlyMap<number, Traffic>> {
  const holdersOf = createHolders();
  let due = -Infinity;
  let before: { at: number; counted: Map<number, Traffic> } | undefined;
  let last: ReadonlyMap<number, Traffic> = new Map();
  let going: Promise<ReadonlyMap<number, Traffic>> | undefined;

  async function look(): Promise<ReadonlyMap<number, Traffic>> {
    const begun = clock.monotonic();
    const counted = (await ask(exec, null)) ?? new Map<number, Traffic>();
    const now = clock.monotonic();
    const seconds = before ? (now - before.at) / 1000 : 0;
    const holders = holdersOf([...counted.keys()]);
    const rates = new Map<number, Traffic>();
    for (const [inode, { received, sent }] of seconds > 0 ? counted : []) {
      const pid = holders.get(inode);
      if (pid === undefined) continue;
      // One that is new has carried all of it since.
      const old = before!.counted.get(inode) ?? { received: 0, sent: 0 };
      const sum = rates.get(pid) ?? { received: 0, sent: 0 };
      rates.set(pid, { received: sum.received + Math.max(0, received - old.received) / seconds, sent: sum.sent + Math.max(0, sent - old.sent) / seconds });
    }
    for (const rate of rates.values()) [rate.received, rate.sent] = [Math.round(rate.received), Math.round(rate.sent)];
    before = { at: now, counted };
    due = clock.monotonic() + Math.max(SOON_MS, SHARE * (clock.monotonic() - begun));
    return (last = rates);
  }

  async function read(): Promise<ReadonlyMap<number, Traffic>> {
    if (clock.monotonic() < due) return last;
    if (!before || clock.monotonic() - before.at > OLD_MS) {
      before = undefined;
      await look();
      await Bun.sleep(FIRST_MS);
    }
    return look();
  }

  return () => (going ??= read().finally(() => (going = undefined)));
}
