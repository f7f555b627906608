import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import { naturalKey } from '../../lib/natural.ts';
import { HIVES, type RegistryPlace, type RegistryValue } from '../../platform/registry.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { driverOf } from './change.ts';
import { careOf, CONTROL, isPillar, PlaceInput, type Care } from './place.ts';
import { writeReg, type KeyChange } from './reg-file.ts';
import { snapshot } from './snapshot.ts';

/** Keys shown at once; HKEY_CLASSES_ROOT has thousands. */
export const KEYS_SHOWN = 500;
export const VALUES_SHOWN = 1000;

export const KeyQuery = PlaceInput.extend({
  key: PlaceInput.shape.key.optional(),
  /** Keys whose names hold this. */
  q: z.string().max(255).default(''),
});

export interface KeyView {
  path: string;
  view: RegistryPlace['view'];
  care: Care;
  pillar: boolean;
  writtenAt: number | null;
  keys: { name: string; hasKeys: boolean }[];
  /** Of those that match. */
  keysTotal: number;
  values: RegistryValue[];
  valuesTotal: number;
}

/** The roots of the tree. */
export const registryRoots = (): readonly string[] => HIVES;

/** A key with what is in it, by name; its default value first. @throws AppError denied, not_found, unsupported */
export async function readKey(app: App, actor: Actor, { path, view }: RegistryPlace, q = ''): Promise<KeyView> {
  need(actor, 'registry.read');
  const driver = driverOf(app);
  const key = await driver.read({ path, view });
  if (!key) throw new AppError('not_found', (t) => t.registry.noKey({ path }));
  const words = q.trim().toLowerCase();
  const matching = byName(key.keys.filter((name) => name.toLowerCase().includes(words)), (name) => name);
  const shown = matching.slice(0, KEYS_SHOWN);
  const have = await driver.haveKeys({ path, view }, shown);
  return {
    path, view, care: careOf(path), pillar: isPillar(path), writtenAt: key.writtenAt,
    keys: shown.map((name, i) => ({ name, hasKeys: have[i] ?? false })), keysTotal: matching.length,
    values: byName(key.values, ({ name }) => name).slice(0, VALUES_SHOWN), valuesTotal: key.values.length,
  };
}

function byName<T>(items: readonly T[], name: (item: T) => string): T[] {
  return items.map((item) => ({ item, at: naturalKey(name(item)) })).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ item }) => item);
}

/** A value as it is. @throws AppError not_found */
export async function readValue(app: App, actor: Actor, place: RegistryPlace, name: string): Promise<RegistryValue> {
  need(actor, 'registry.read');
  const key = await driverOf(app).read(place);
  const found = key?.values.find((value) => value.name.toLowerCase() === name.toLowerCase());
  if (!found) throw new AppError('not_found', (t) => (key ? t.registry.noValue({ name: name || t.registry.standard }) : t.registry.noKey({ path: place.path })));
  return found;
}

/**
 * Windows takes line breaks in names, a .reg file does not: such a name would be read as further lines of it.
 * @returns what can be written, and the names of what cannot
 */
function writable(keys: readonly KeyChange[]): { keys: KeyChange[]; left: string[] } {
  const left: string[] = [];
  const kept = keys.filter(({ path }) => !CONTROL.test(path) || void left.push(path)).map((key) =>
    ({ ...key, values: key.values.filter(({ name }) => !CONTROL.test(name) || void left.push(`${key.path}: ${name}`)) }));
  return { keys: kept, left };
}

/** A key with all in it as a .reg file; what may not be read, or written so, stands in it as a remark. Written down: it may hold secrets. */
export async function exportKey(app: App, actor: Actor, place: RegistryPlace): Promise<Uint8Array> {
  need(actor, 'registry.read');
  const found = await snapshot(driverOf(app), place);
  const { keys, left } = writable(found.keys);
  const unread = [...found.unread, ...left];
  const values = keys.reduce((sum, key) => sum + key.values.length, 0);
  record(app, actor, { action: 'registry.export', target: place.path, params: { view: place.view, keys: keys.length, values, unread: unread.length } });
  const remarks = unread.map((name) => `; not readable: ${name.replace(new RegExp(CONTROL, 'g'), '?')}\r\n`).join('');
  return Buffer.concat([writeReg(keys), Buffer.from(remarks, 'utf16le')]);
}
