import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { ENDING_SIGNALS, PROCESS_SIGNALS, type ProcessChange, type ProcessKey, type ProcessRow, type ProcessSignal } from '../../platform/processes.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { descendants } from './tree.ts';

/** Who runs the machine, or lets people in; without these it is in trouble. */
const SYSTEM_PROGRAMS = /^(systemd|init|dbus-daemon|dbus-broker|sshd|NetworkManager|wpa_supplicant|containerd|dockerd|polkitd|udevd|agetty|login)(-|$)|^(csrss|lsass|services|smss|svchost|wininit|winlogon|System)(\.exe)?$/;

/** Why ending it is asked for by its name: the machine's first, the panel itself, what the system needs. Kernel threads cannot be ended at all. */
export type Guard = 'first' | 'kernel' | 'panel' | 'system';

/** Linux starts all threads of the kernel from this one. */
const KTHREADD = 2;

export function guardOf(row: ProcessRow, own = process.pid): Guard | null {
  if (row.pid === own || / pty-host( |$)/.test(row.command)) return 'panel';
  if (row.pid === 1) return 'first';
  if (process.platform !== 'win32' && row.parent <= KTHREADD && row.memory === 0 && row.command === `[${row.name}]`) return 'kernel';
  return SYSTEM_PROGRAMS.test(row.name) ? 'system' : null;
}

export const ends = (signal: ProcessSignal) => ENDING_SIGNALS.includes(signal);

export const ProcessKeyInput = z.strictObject({
  pid: z.coerce.number().int().min(1).max(2 ** 31 - 1),
  startedAt: z.coerce.number().int().min(0),
});

export const SignalInput = z.strictObject({
  signal: z.enum(PROCESS_SIGNALS),
  /** Also what it started, and what that started. */
  tree: z.boolean().default(false),
  /** Its name, for those that are guarded. */
  confirm: z.string().max(300).default(''),
});

const bad = say('processes.nice', (t) => t.processes.priorityHint);
export const PriorityInput = z.strictObject({ nice: z.number(bad).int(bad).min(-20, bad).max(19, bad) });

export interface SignalResult {
  /** How many it was sent to. */
  sent: number;
  /** Those that run on, of a signal that ends. */
  left: ProcessRow[];
}

/** A program that was asked to end is given so long before the answer says that it runs still. */
const ENDING_MS = 1500;
/** New children of a tree are looked for so often: whoever forks faster is stopped first by KILL. */
const ROUNDS = 4;

/**
 * Sends a signal, to a whole tree if wanted: children first, so that none is started again by its parent; for KILL all are
 * stopped first, so that none escapes by starting another.
 * @throws AppError denied, not_found (it has ended, or its number has another process), invalid (its name was not typed), unsupported
 */
export async function signalProcess(app: App, actor: Actor, key: ProcessKey, { signal, tree, confirm }: z.output<typeof SignalInput>): Promise<SignalResult> {
  need(actor, 'processes.write');
  const { processes } = app.host;
  if (!processes.signals.includes(signal)) throw new AppError('unsupported', (t) => t.processes.noSignal({ signal }));
  const row = await find(app, key);
  const members = tree ? descendants((await app.sampler.processes(0)).rows, row) : [row];
  const guards = members.map((each) => guardOf(each)).filter((guard) => guard !== null);
  if (guards.includes('kernel')) throw new AppError('unsupported', (t) => t.processes.guards.kernel);
  if (guards.length && confirm.trim() !== row.name) throw new AppError('invalid', (t) => t.processes.typeName({ name: row.name }), { field: 'confirm' });
  // Before it happens: it may be the panel that ends.
  record(app, actor, {
    action: 'processes.signal', target: `${row.name} (${row.pid})`, params: { signal, tree, processes: members.length, user: row.user },
    commands: members.slice(0, 50).map(({ pid }) => processes.command(pid, { signal })),
  });
  const told = tree ? await signalTree(app, row, members, signal) : (await processes.change(row, { signal })) ? [row] : [];
  const left = ends(signal) ? await stillThere(app, told) : [];
  return { sent: told.length, left };
}

async function signalTree(app: App, root: ProcessRow, first: readonly ProcessRow[], signal: z.output<typeof SignalInput>['signal']): Promise<ProcessRow[]> {
  const { processes } = app.host;
  let members = first;
  if (signal === 'KILL' && processes.signals.includes('STOP')) {
    const stopped = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      const fresh = members.filter(({ pid }) => !stopped.has(pid));
      if (fresh.length === 0) break;
      for (const each of fresh) {
        stopped.add(each.pid);
        // Who stops itself lets nobody go on.
        if (each.pid !== process.pid) await processes.change(each, { signal: 'STOP' });
      }
      members = descendants((await app.sampler.processes(0)).rows, root);
    }
  }
  const told: ProcessRow[] = [];
  // The panel itself last: all others have been told by then.
  const order = members.toReversed().toSorted((a, b) => Number(a.pid === process.pid) - Number(b.pid === process.pid));
  for (const each of order) if (await processes.change(each, { signal })) told.push(each);
  return told;
}

async function stillThere(app: App, rows: readonly ProcessRow[]): Promise<ProcessRow[]> {
  const until = performance.now() + ENDING_MS;
  for (;;) {
    const alive = await Promise.all(rows.map((row) => app.host.processes.runs(row)));
    const left = rows.filter((_, i) => alive[i]);
    if (left.length === 0 || performance.now() > until) return left;
    await Bun.sleep(50);
  }
}

/** Who is served first: -20 before all, 19 after all. @throws AppError denied, not_found, invalid, unsupported */
export async function setPriority(app: App, actor: Actor, key: ProcessKey, { nice }: z.output<typeof PriorityInput>): Promise<void> {
  need(actor, 'processes.write');
  const row = await find(app, key);
  if (guardOf(row) === 'kernel') throw new AppError('unsupported', (t) => t.processes.guards.kernel);
  const change: ProcessChange = { nice };
  record(app, actor, { action: 'processes.priority', target: `${row.name} (${row.pid})`, params: { from: row.nice, to: nice }, commands: [app.host.processes.command(row.pid, change)] });
  if (!(await app.host.processes.change(row, change))) throw gone(key.pid);
}

async function find(app: App, key: ProcessKey): Promise<ProcessRow> {
  const row = (await app.sampler.processes(0)).rows.find(({ pid, startedAt }) => pid === key.pid && startedAt === key.startedAt);
  if (!row) throw gone(key.pid);
  return row;
}

export const gone = (pid: number) => new AppError('not_found', (t) => t.processes.gone({ pid: String(pid) }));
