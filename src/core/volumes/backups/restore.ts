import { statSync, rmSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { askDocker, orMissing, tellDocker } from '../../docker/ask.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { RawVolume, VolumeName, type Volume } from '../volume.ts';
import { getVolume } from '../volumes.ts';
import { refuseBeingMade, volumeKey, withBegun } from './backup.ts';
import type { Begun } from './begun.ts';
import { CARRIER_LABEL, fillCarrier, makeCarrier, removeCarrier, type Carrier } from './carrier.ts';
import { getBackup, type Backup } from './kept.ts';
import { hush } from './quiet.ts';
import { unpackBackup, verifyBackup } from './read.ts';
import { swap } from './swap.ts';
import { rootTar, singleTar, type TarFacts } from './tar.ts';
import { mib, teller } from './write.ts';

export const RestoreInput = z.strictObject({
  /** Volume that it goes into. */
  into: VolumeName,
  /** Exchange the contents of one that is there; its name must have been typed. */
  over: z.boolean().default(false),
  confirm: z.string().max(255).default(''),
});

const CREATE_MS = 60_000;

/**
 * A backup into a new volume, or in place of what is in one that is there: that is exchanged only when everything has been
 * unpacked beside it, and containers that use it are stopped for the exchange.
 * @returns the task @throws AppError denied, not_found, conflict, invalid (the name was not typed), unsupported (its files are not on this machine)
 */
export async function startRestore(app: App, actor: Actor, volume: string, id: string, { into, over, confirm }: z.output<typeof RestoreInput>): Promise<string> {
  need(actor, 'volumes.write');
  const backup = await getBackup(app, actor, volume, id);
  const there = await orMissing(getVolume(app, actor, into));
  if (!over && there) throw new AppError('conflict', (t) => t.volumes.taken({ name: into }), { field: 'into' });
  if (over && !there) throw new AppError('not_found', (t) => t.volumes.notFound, { field: 'into' });
  if (over && confirm !== into) throw new AppError('invalid', (t) => t.parts.typeToConfirm.replace('{name}', into), { field: 'confirm' });
  if (over) checkExchangeable(app, there!);
  refuseBeingMade(app, into);
  const task = app.tasks.start(actor, {
    kind: over ? 'volumes.restore_over' : 'volumes.restore', key: volumeKey(into), params: { name: into }, steps: ['volumesCheck', 'volumesUnpack', ...(over ? ['volumesSwap'] : [])],
    run: (context) => withBegun(app, context, async (begun) => {
      context.step('volumesCheck');
      const facts = await verifyBackup(app, backup, { signal: context.signal, progress: teller(context, 'checked', backup.size) });
      context.log(`${facts.entries} entries, ${mib(facts.bytes)}: whole`);
      await (over ? exchange : intoNew)(app, actor, context, { begun, backup, facts, into });
    }),
  });
  record(app, actor, { action: 'volumes.restore', target: into, params: { task, backup: id, of: volume, over } });
  return task;
}

interface Restoring {
  begun: Begun;
  backup: Backup;
  facts: TarFacts;
  into: string;
}

async function intoNew(app: App, actor: Actor, task: TaskContext, { begun, backup, facts, into }: Restoring) {
  if (await orMissing(getVolume(app, actor, into))) throw new AppError('conflict', (t) => t.volumes.taken({ name: into }));
  // Until everything is in it, it is one of those that go.
  await makeVolume(app, begun, into);
  await unpack(app, task, begun, into, backup, facts);
  begun.note({ volumes: begun.notes.volumes.filter((name) => name !== into) });
}

async function exchange(app: App, actor: Actor, task: TaskContext, { begun, backup, facts, into }: Restoring) {
  const [fresh, aside] = ['fresh', 'aside'].map((what) => `mantou-volume-${begun.id.slice(-12)}-${what}`) as [string, string];
  for (const name of [fresh, aside]) await makeVolume(app, begun, name, { [CARRIER_LABEL]: begun.id });
  await checkHere(app, task, begun, { target: into, fresh });
  await unpack(app, task, begun, fresh, backup, facts);
  task.step('volumesSwap');
  const volume = await getVolume(app, actor, into);
  checkExchangeable(app, volume);
  // Nothing of the panel's own holds the three any more.
  for (const name of begun.notes.carriers) await removeCarrier(app, name);
  await hush(app, begun, 'stop', volume.usedBy, task);
  task.signal.throwIfAborted();
  swap(begun, { target: await folderOf(app, into), fresh: await folderOf(app, fresh), aside: await folderOf(app, aside) });
  task.log('exchanged');
}

async function makeVolume(app: App, begun: Begun, name: string, labels: Record<string, string> = {}) {
  begun.note({ volumes: [...begun.notes.volumes, name] });
  await tellDocker(app, { path: '/volumes/create', body: { Name: name, Driver: 'local', DriverOpts: {}, Labels: labels }, timeout: CREATE_MS });
}

async function unpack(app: App, task: TaskContext, begun: Begun, volume: string, backup: Backup, { root }: TarFacts) {
  task.step('volumesUnpack');
  const carrier = await makeCarrier(app, begun, volume, { write: true });
  const source = unpackBackup(app, backup, teller(task, 'unpacked', backup.size));
  try {
    await fillCarrier(app, carrier, source.data, task.signal);
  } finally {
    source.close();
  }
  if (root) await dressRoot(app, carrier, root, task.signal);
}

/** An engine leaves the folder that it unpacks into as it is. */
const dressRoot = async (app: App, carrier: Carrier, root: NonNullable<TarFacts['root']>, signal: AbortSignal) =>
  fillCarrier(app, carrier, await rootTar('volume', root), signal, { named: true });

/**
 * Why the contents of a volume cannot be exchanged; null: they can, as far as can be told before. Its files must lie in a
 * folder of the engine's own (others are mounted only while somebody uses them), and that must be one of this machine. What
 * an engine of another account names as its folders could be anybody's, and is not moved with the panel's rights (S20).
 */
export function exchangeRefusal(app: App, { name, driver, options, mountpoint }: Volume): AppError | null {
  if (driver !== 'local' || Object.keys(options).length) return new AppError('unsupported', (t) => t.volumeBackups.notPlain({ name }), { field: 'into' });
  const socket = /^unix:\/\/(.+)$/.exec(app.host.docker.endpoint())?.[1];
  if (socket === undefined || mountpoint === '' || seen(() => lstatSync(mountpoint))?.isDirectory() !== true) return notHere(name);
  // Who made it: only root can give a file to somebody else.
  const owner = seen(() => statSync(socket))?.uid;
  return owner === 0 || owner === process.getuid?.() ? null : new AppError('unsupported', (t) => t.volumeBackups.notOurs({ name }), { field: 'into' });
}

/** Who is not root may not look into the folders of an engine: nothing of them is to be seen then. */
function seen<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

const notHere = (name: string, cause?: unknown) => new AppError('unsupported', (t) => t.volumeBackups.notHere({ name }), { cause, field: 'into' });

/** @throws AppError unsupported */
function checkExchangeable(app: App, volume: Volume) {
  const refusal = exchangeRefusal(app, volume);
  if (refusal) throw refusal;
}

const folderOf = async (app: App, name: string) => (await askDocker(app, { path: `/volumes/${name}` }, RawVolume)).Mountpoint;

/**
 * Is the folder that the engine names the same here? The engine may be another machine, or have another root: what it puts
 * into the fresh volume must be seen there. @throws AppError unsupported
 */
async function checkHere(app: App, task: TaskContext, begun: Begun, { target, fresh }: { target: string; fresh: string }) {
  const mark = `.mantou-${app.random.id()}`;
  const carrier = await makeCarrier(app, begun, fresh, { write: true });
  await fillCarrier(app, carrier, await singleTar(mark), task.signal);
  const [from, to] = await Promise.all([folderOf(app, fresh), folderOf(app, target)]);
  try {
    if (!lstatSync(join(from, mark)).isFile() || statSync(from).dev !== statSync(to).dev || !lstatSync(to).isDirectory()) throw new Error('not the same');
    rmSync(join(from, mark));
  } catch (cause) {
    throw notHere(target, cause);
  }
}
