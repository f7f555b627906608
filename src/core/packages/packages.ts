import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { wholeLines } from '../../lib/whole-lines.ts';
import type { PackageChange, PackageRun, PackageUpdates } from '../../platform/packages.ts';
import type { Plan } from '../../platform/plan.ts';
import { need } from '../access.ts';
import { SYSTEM, type Actor, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { recorded } from '../audit/recorded.ts';
import { kept } from '../kept.ts';
import { commandsOf, sameAsSeen } from '../seal.ts';
import { forgetSystem } from '../system/system.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { runningTask } from '../tasks/tasks.ts';

export { PACKAGE_TOOLS, STAYS, UNREAD } from '../../platform/packages.ts';

const bad = say('packages.name', (t) => t.packages.badName);
/** Of Debian and of RPM, with an architecture where it has one; never an option. */
export const PackageName = z.string().regex(/^[A-Za-z0-9_]([\w+.-]{0,126}[\w+.])?(:[a-z0-9]{1,20})?$/, bad);

const CHOSEN_MOST = 500;
export const PackageNames = z.array(PackageName).max(CHOSEN_MOST);
export const UpgradeInput = z.strictObject({ which: z.enum(['all', 'security', 'chosen']), names: PackageNames.default([]) });
export type UpgradeInput = z.output<typeof UpgradeInput>;

/** Asking takes a second or two of a core, and whoever may look may ask without end: what was answered is told to all for a while. */
const list = kept(5000, ({ host }) => host.packages.list());

/** What is newer than what is installed, security first. @throws AppError denied, unsupported, unavailable with the tool's words */
export async function listPackages(app: App, actor: Actor): Promise<PackageUpdates> {
  need(actor, 'packages.read');
  const refusal = app.host.packages.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  return list(app);
}

/** @throws AppError */
function needChange(app: App, actor: Actor) {
  need(actor, 'packages.write');
  const refusal = app.host.packages.refusal() ?? app.host.packages.changeRefusal();
  if (refusal) throw new AppError('unsupported', refusal);
}

/** What is asked for, as names that are there; without any there is nothing to do. @throws AppError */
async function settled(app: App, actor: Actor, change: PackageChange): Promise<PackageChange> {
  if (change.kind !== 'upgrade') return change;
  const { updates, interrupted } = await listPackages(app, actor);
  if (interrupted) throw new AppError('conflict', (t) => t.packages.repairFirst);
  const open = updates.filter(({ stays }) => stays !== 'held');
  const unknown = change.which === 'chosen' ? change.names.find((name) => !open.some((one) => one.name === name)) : undefined;
  if (unknown) throw new AppError('conflict', (t) => t.packages.notNewer({ name: unknown }));
  const wanted = change.which === 'all' ? open.filter(({ stays }) => stays === null) : open.filter(({ name, security }) => (change.which === 'security' ? security : change.names.includes(name)));
  if (wanted.length === 0) throw new AppError('conflict', (t) => t.packages.nothing);
  return { ...change, names: wanted.map(({ name }) => name) };
}

/** What a change will run. @throws AppError */
export async function planPackages(app: App, actor: Actor, change: PackageChange): Promise<Plan> {
  needChange(app, actor);
  list.forget(app);
  return app.host.packages.plan(await settled(app, actor, change));
}

/** Short work is done when this returns; longer work is a task. */
const isTask = ({ kind }: PackageChange) => kind !== 'hold';
/** One at a time: two would wait for each other's lock. */
export const KEY = 'packages';

/** @returns id of the task; null: done. @throws AppError; conflict while another one runs */
export async function changePackages(app: App, actor: Actor, wanted: PackageChange, seen?: string): Promise<string | null> {
  needChange(app, actor);
  list.forget(app);
  const change = await settled(app, actor, wanted);
  const plan = await app.host.packages.plan(change);
  sameAsSeen(plan, seen);
  const { kind, ...params } = change;
  const entry = { action: `packages.${kind}`, target: 'name' in change ? change.name : '', params, commands: commandsOf(plan) };
  if (!isTask(change)) {
    if (packagesTask(app)) throw new AppError('conflict', (t) => t.packages.stillRuns);
    await recorded(app, actor, entry, () => app.host.packages.run(change, { signal: AbortSignal.timeout(60_000), onOutput() {} }).finally(() => list.forget(app)));
    return null;
  }
  const id = app.tasks.start(actor, {
    kind: `packages.${kind}`, key: KEY, params: { count: change.kind === 'upgrade' ? change.names.length : 0, which: change.kind === 'upgrade' ? change.which : '' }, steps: [STEPS[change.kind]],
    async run(task) {
      task.step(STEPS[change.kind]);
      for (const command of plan.commands) task.log(`$ ${command}`);
      await followed(app, task, (run) => app.host.packages.run(change, run));
    },
  });
  record(app, actor, { ...entry, params: { ...params, task: id } });
  // What `settled` asked is older than the start.
  list.forget(app);
  return id;
}

/** Also when it is cut off: what is due may be others by then. */
export async function followed(app: App, task: TaskContext, work: (run: PackageRun) => Promise<void>) {
  const lines = wholeLines((text) => task.log(text));
  try {
    await work({ signal: task.signal, onOutput: lines.add });
  } finally {
    lines.end();
    forgetSystem(app);
    list.forget(app);
  }
}

/**
 * What a panel that stopped began goes on without it: it is followed as a task again. Where it cannot be, the panel starts all the same.
 * @returns its id; null: there is nothing
 */
export function takeOverPackages(app: App): string | null {
  try {
    const work = app.host.packages.left();
    if (!work) return null;
    return app.tasks.start(SYSTEM, {
      kind: 'packages.follow', key: KEY, steps: ['packages'],
      run(task) {
        task.step('packages');
        return followed(app, task, work);
      },
    });
  } catch (error) {
    app.log.error('packages not taken over', { error: error as Error });
    return null;
  }
}

/** The task that installs something now; null for none. */
export const packagesTask = (app: App): string | null => runningTask(app, KEY);

const STEPS: Record<PackageChange['kind'], string> = { install: 'packages', refresh: 'packagesFetch', upgrade: 'packages', repair: 'packagesRepair', hold: 'packages', automatic: 'packages' };

/** Each is a program that fetches from the makers' machine: those who want the same share it, and only so many run. */
const CHANGELOGS_MOST = 3;
const reading = new WeakMap<object, Map<string, Promise<string | null>>>();

/** @throws AppError denied, unsupported, not_found; unavailable where it cannot be fetched, or too many are being fetched */
export async function readChangelog(app: App, actor: Actor, name: string): Promise<string | null> {
  need(actor, 'packages.read');
  const { updates } = await listPackages(app, actor);
  if (!updates.some((one) => one.name === name)) throw new AppError('not_found', (t) => t.packages.noSuch({ name }));
  const { packages } = app.host;
  const running = reading.get(packages) ?? new Map<string, Promise<string | null>>();
  reading.set(packages, running);
  const known = running.get(name);
  if (known) return known;
  if (running.size >= CHANGELOGS_MOST) throw new AppError('unavailable', (t) => t.packages.changelogBusy, { retryAfter: 10 });
  const answer = packages.changelog(name).finally(() => running.delete(name));
  running.set(name, answer);
  return answer;
}
