import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import type { PackageChange, PackageUpdates } from '../../platform/packages.ts';
import type { Plan } from '../../platform/plan.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { recorded } from '../audit/recorded.ts';
import { commandsOf, sameAsSeen } from '../seal.ts';
import { forgetSystem } from '../system/system.ts';

const bad = say('packages.name', (t) => t.packages.badName);
/** Of Debian and of RPM, with an architecture where it has one; never an option. */
export const PackageName = z.string().regex(/^[A-Za-z0-9_]([\w+.-]{0,126}[\w+.])?(:[a-z0-9]{1,20})?$/, bad);

const CHOSEN_MOST = 500;
export const PackageNames = z.array(PackageName).max(CHOSEN_MOST);
export const UpgradeInput = z.strictObject({ which: z.enum(['all', 'security', 'chosen']), names: PackageNames.default([]) });
export type UpgradeInput = z.output<typeof UpgradeInput>;

/** Asking takes a second or two of a core: those who come at once are told the same. */
const asking = new WeakMap<object, Promise<PackageUpdates>>();

/** What is newer than what is installed, security first. @throws AppError denied, unsupported, unavailable with the tool's words */
export async function listPackages(app: App, actor: Actor): Promise<PackageUpdates> {
  need(actor, 'packages.read');
  const { packages } = app.host;
  const refusal = packages.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
  const known = asking.get(packages);
  if (known) return known;
  const answer = packages.list().finally(() => asking.delete(packages));
  asking.set(packages, answer);
  return answer;
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
  return app.host.packages.plan(await settled(app, actor, change));
}

/** Short work is done when this returns; longer work is a task. */
const isTask = ({ kind }: PackageChange) => kind !== 'hold';
/** One at a time: two would wait for each other's lock. */
const KEY = 'packages';

/** @returns id of the task; null: done. @throws AppError; conflict while another one runs */
export async function changePackages(app: App, actor: Actor, asked: PackageChange, seen?: string): Promise<string | null> {
  needChange(app, actor);
  const change = await settled(app, actor, asked);
  const plan = await app.host.packages.plan(change);
  sameAsSeen(plan, seen);
  const { kind, ...params } = change;
  const entry = { action: `packages.${kind}`, target: 'name' in change ? change.name : '', params, commands: commandsOf(plan) };
  if (!isTask(change)) {
    await recorded(app, actor, entry, () => app.host.packages.run(change, { signal: AbortSignal.timeout(60_000), onOutput() {} }));
    return null;
  }
  const id = app.tasks.start(actor, {
    kind: `packages.${kind}`, key: KEY, params: { count: change.kind === 'upgrade' ? change.names.length : 0, which: change.kind === 'upgrade' ? change.which : '' }, steps: [STEPS[change.kind]],
    async run(task) {
      task.step(STEPS[change.kind]);
      for (const command of plan.commands) task.log(`$ ${command}`);
      // Also when it is cut off: what is due may be others by then.
      await app.host.packages.run(change, { signal: task.signal, onOutput: (text) => task.log(text) }).finally(() => forgetSystem(app));
    },
  });
  record(app, actor, { ...entry, params: { ...params, task: id } });
  return id;
}

const STEPS: Record<PackageChange['kind'], string> = { refresh: 'packagesFetch', upgrade: 'packages', repair: 'packagesRepair', hold: 'packages', automatic: 'packages' };

/** @throws AppError denied, unsupported, unavailable where it cannot be fetched */
export async function readChangelog(app: App, actor: Actor, name: string): Promise<string | null> {
  need(actor, 'packages.read');
  const { updates } = await listPackages(app, actor);
  if (!updates.some((one) => one.name === name)) throw new AppError('not_found', (t) => t.packages.noSuch({ name }));
  return app.host.packages.changelog(name);
}
