import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import { naturalKey } from '../../lib/natural.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { listHolders } from '../containers/holders.ts';
import { askDocker, tellDocker } from '../docker/ask.ts';
import { Pairs } from '../docker/pairs.ts';
import { ListedVolumes, RawVolume, VolumeName, volumeOf, type Volume } from './volume.ts';

export const VOLUME_SHOWS = ['used', 'unused'] as const;

export const VolumeFilter = z.object({
  /** In name, driver, stack and names of containers. */
  q: z.string().max(200).default(''),
  show: z.enum(VOLUME_SHOWS).optional(),
});

export const isUsed = ({ usedBy }: Volume) => usedBy.length > 0;

/** All there are, by name; those without a name of somebody's come last. */
export async function listVolumes(app: App, actor: Actor, { q = '', show }: Partial<z.output<typeof VolumeFilter>> = {}): Promise<Volume[]> {
  need(actor, 'volumes.read');
  const [{ Volumes }, holders] = await Promise.all([askDocker(app, { path: '/volumes' }, ListedVolumes), listHolders(app)]);
  const words = q.trim().toLowerCase();
  const found = (Volumes ?? []).map((raw) => volumeOf(raw, holders)).filter((one) => (!show || isUsed(one) === (show === 'used')) && (!words || matches(one, words)));
  return found.map((volume) => ({ volume, at: `${Number(volume.anonymous)}${naturalKey(volume.name)}` })).sort((a, b) => (a.at < b.at ? -1 : 1)).map(({ volume }) => volume);
}

const matches = ({ name, driver, stack, usedBy }: Volume, words: string) =>
  [name, driver, stack ?? '', ...usedBy.map((one) => one.name)].some((text) => text.toLowerCase().includes(words));

/** @throws AppError not_found */
export async function getVolume(app: App, actor: Actor, name: string): Promise<Volume> {
  need(actor, 'volumes.read');
  const [raw, holders] = await Promise.all([askDocker(app, { path: `/volumes/${accepted(name)}` }, RawVolume), listHolders(app)]);
  return volumeOf(raw, holders);
}

function accepted(name: string): string {
  const parsed = VolumeName.safeParse(name);
  if (!parsed.success) throw new AppError('not_found', (t) => t.volumes.notFound);
  return parsed.data;
}

const driver = say('volume.driver', (t) => t.volumes.badDriver);
/** Built in, or a plugin: `rclone/docker-volume-rclone:latest`. */
export const DriverName = z.string().trim().max(255, driver).regex(/^[a-zA-Z0-9][\w./:-]*$/, driver);

export const NewVolume = z.strictObject({ name: VolumeName, driver: DriverName.default('local'), options: Pairs.default({}), labels: Pairs.default({}) });

/** A volume of a plugin may be made on another machine. */
const CREATE_MS = 60_000;

/** @throws AppError conflict when there is one of that name */
export async function createVolume(app: App, actor: Actor, { name, driver, options, labels }: z.output<typeof NewVolume>): Promise<Volume> {
  need(actor, 'volumes.write');
  // The engine answers with the volume that is there, as if it had just made it.
  const { Volumes } = await askDocker(app, { path: '/volumes' }, ListedVolumes);
  if (Volumes?.some(({ Name }) => Name === name)) throw new AppError('conflict', (t) => t.volumes.taken({ name }), { field: 'name' });
  const raw = await askDocker(app, { method: 'POST', path: '/volumes/create', body: { Name: name, Driver: driver, DriverOpts: options, Labels: labels }, timeout: CREATE_MS }, RawVolume);
  // Options may hold passwords of shares: which there are, not what they say.
  record(app, actor, { action: 'volumes.create', target: name, params: { driver, options: Object.keys(options) } });
  return volumeOf(raw, []);
}

/** @throws AppError conflict while containers use it, which are named; not_found */
export async function removeVolume(app: App, actor: Actor, name: string): Promise<void> {
  need(actor, 'volumes.write');
  const { usedBy } = await getVolume(app, actor, name);
  if (usedBy.length) throw new AppError('conflict', (t) => t.volumes.inUse({ name, containers: usedBy.map((one) => one.name).join(', ') }));
  try {
    await tellDocker(app, { method: 'DELETE', path: `/volumes/${accepted(name)}`, timeout: CREATE_MS });
    record(app, actor, { action: 'volumes.remove', target: name });
  } catch (error) {
    if (error instanceof AppError) record(app, actor, { action: 'volumes.remove', target: name, result: 'failed' });
    throw error;
  }
}

/** How much of a name that the engine made up must be typed: as much as its own lists show of it. */
export const typedName = ({ name, anonymous }: Pick<Volume, 'name' | 'anonymous'>) => (anonymous ? name.slice(0, 12) : name);

export interface RemovedVolume {
  name: string;
  /** Why it is still there. */
  error: AppError | null;
}

/**
 * Removes the volumes whose names were typed, and no other: what they hold is lost, so no button removes all of them.
 * @throws AppError invalid for what is the name of no unused volume; nothing is removed then
 */
export async function pruneVolumes(app: App, actor: Actor, typed: readonly string[]): Promise<RemovedVolume[]> {
  need(actor, 'volumes.write');
  const unused = await listVolumes(app, actor, { show: 'unused' });
  const names = [...new Set(typed.map((text) => text.trim()).filter(Boolean))];
  if (names.length === 0) throw new AppError('invalid', (t) => t.volumes.typeNone, { field: 'typed' });
  const chosen = names.map((text) => {
    const volume = unused.find((one) => one.name === text || typedName(one) === text);
    if (!volume) throw new AppError('invalid', (t) => t.volumes.typedWrong({ name: text.slice(0, 100) }), { field: 'typed' });
    return volume.name;
  });
  const removed: RemovedVolume[] = [];
  for (const name of chosen) {
    const error = await removeVolume(app, actor, name).then(() => null, (thrown: unknown) => thrown);
    if (error !== null && !(error instanceof AppError)) throw error;
    removed.push({ name, error });
  }
  return removed;
}
