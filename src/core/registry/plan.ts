import { AppError } from '../../lib/errors.ts';
import { sha256 } from '../../lib/random.ts';
import { REG, type RegistryDriver, type RegistryKey, type RegistryValue, type RegistryView } from '../../platform/registry.ts';
import { needWritable, parentOf } from './place.ts';
import type { KeyChange } from './reg-file.ts';
import { snapshot } from './snapshot.ts';

export type PlanKind = 'key-new' | 'key-removed' | 'value-new' | 'value-changed' | 'value-removed' | 'same';

/** What one line of a change makes different. */
export interface PlanRow {
  kind: PlanKind;
  path: string;
  /** null: it is about the key. */
  name: string | null;
  before: RegistryValue | null;
  after: RegistryValue | null;
  /** Of a key that goes: keys and values in it. */
  holds?: { keys: number; values: number };
}

export interface Plan {
  rows: PlanRow[];
  /** How many of them are different. */
  changes: number;
  /** Of what is there now and what it becomes: another one means that somebody was quicker. */
  digest: string;
  /** What puts everything back as it is now. */
  undo: KeyChange[];
}

/** Keys and values that one change may be about. */
export const CHANGES_MOST = 10_000;
/** What is kept to put it back. */
const UNDO_MOST = { keys: 20_000, bytes: 8 * 2 ** 20 };

/**
 * Holds what is wanted against what is there, without changing anything.
 * @throws AppError denied: it is protected; invalid: too much, or a link; unavailable: what would go cannot be read
 */
export async function planChange(driver: RegistryDriver, wanted: readonly KeyChange[], view: RegistryView): Promise<Plan> {
  if (wanted.reduce((sum, { values }) => sum + values.length + 1, 0) > CHANGES_MOST) throw new AppError('invalid', (t) => t.registry.manyChanges);
  const look = createLook(driver, view);
  const rows: PlanRow[] = [];
  for (const change of wanted) rows.push(...(change.remove ? await look.removal(change.path) : await look.setting(change)));
  const digest = sha256(JSON.stringify(rows, (_key, value: unknown) => (value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value)));
  return { rows, changes: rows.filter(({ kind }) => kind !== 'same').length, digest, undo: look.undo() };
}

const key = (path: string, name?: string) => `${path}${name === undefined ? '' : `\0${name}`}`.toLowerCase();

function createLook(driver: RegistryDriver, view: RegistryView) {
  /** Keys by path as they were before the first line; null: not there. */
  const first = new Map<string, RegistryKey | null>();
  /** As they are after the lines so far. */
  const now = new Map<string, RegistryValue | null>();
  const gone: string[] = [];
  const made = new Set<string>();
  const madeRoots: string[] = [];
  const restored: KeyChange[] = [];
  const values = new Map<string, KeyChange>();

  async function original(path: string): Promise<RegistryKey | null> {
    if (!first.has(key(path))) first.set(key(path), await driver.read({ path, view }));
    return first.get(key(path))!;
  }
  const wasRemoved = (path: string) => gone.some((root) => key(path) === root || key(path).startsWith(`${root}\\`));
  const isThere = async (path: string) => made.has(key(path)) || (!wasRemoved(path) && (await original(path)) !== null);

  async function removal(path: string): Promise<PlanRow[]> {
    needWritable({ path, view }, true);
    if (!(await isThere(path))) return [{ kind: 'same', path, name: null, before: null, after: null }];
    let holds = { keys: 0, values: 0 };
    if (!wasRemoved(path) && (await original(path))) {
      const before = await snapshot(driver, { path, view }, UNDO_MOST);
      if (before.unread.length) throw new AppError('denied', (t) => t.registry.denied({ path: before.unread[0]! }));
      holds = { keys: before.keys.length - 1, values: before.values };
      restored.push({ path, remove: true, values: [] }, ...before.keys);
    }
    gone.push(key(path));
    for (const each of made) if (each === key(path) || each.startsWith(`${key(path)}\\`)) made.delete(each);
    return [{ kind: 'key-removed', path, name: null, before: null, after: null, holds }];
  }

  async function setting({ path, values: wanted }: KeyChange): Promise<PlanRow[]> {
    needWritable({ path, view });
    const rows: PlanRow[] = [];
    if (!(await isThere(path))) {
      rows.push({ kind: 'key-new', path, name: null, before: null, after: null });
      for (let above = parentOf(path); above && !(await isThere(above)); above = parentOf(above)) {
        made.add(key(above));
        if ((await original(above)) === null && ((await original(parentOf(above) ?? above)) !== null || !parentOf(above))) madeRoots.push(above);
      }
      const parent = parentOf(path);
      if ((await original(path)) === null && (!parent || (await original(parent)) !== null)) madeRoots.push(path);
      made.add(key(path));
    }
    const before = await original(path);
    for (const value of wanted) {
      if ('type' in value && value.type === REG.link) throw new AppError('invalid', (t) => t.registry.noLinks);
      const at = key(path, value.name);
      const was = before?.values.find(({ name }) => name.toLowerCase() === value.name.toLowerCase()) ?? null;
      const held = now.has(at) ? now.get(at)! : wasRemoved(path) ? null : was;
      const after = 'remove' in value ? null : value;
      now.set(at, after);
      rows.push({ kind: kindOf(held, after), path, name: value.name, before: held, after });
      if (before) put(path, was ?? { name: value.name, remove: true }, at);
    }
    return rows;
  }

  const kept = new Set<string>();
  function put(path: string, value: KeyChange['values'][number], at: string) {
    if (kept.has(at)) return;
    kept.add(at);
    const change = values.get(key(path)) ?? { path, remove: false, values: [] };
    change.values.push(value);
    values.set(key(path), change);
  }

  return {
    removal, setting,
    // Made keys go, whole keys come back, then the values of those that were there all the time.
    undo: (): KeyChange[] => [...madeRoots.map((path) => ({ path, remove: true, values: [] })), ...restored, ...values.values()],
  };
}

function kindOf(before: RegistryValue | null, after: RegistryValue | null): PlanKind {
  if (!before && !after) return 'same';
  if (!before) return 'value-new';
  if (!after) return 'value-removed';
  return before.type === after.type && Buffer.compare(before.bytes, after.bytes) === 0 ? 'same' : 'value-changed';
}

/** One after the other, in the order that they stand in. */
export async function applyChange(driver: RegistryDriver, wanted: readonly KeyChange[], view: RegistryView): Promise<void> {
  for (const { path, remove, values } of wanted) {
    if (remove) await driver.remove({ path, view });
    else {
      await driver.create({ path, view });
      for (const value of values) await ('remove' in value ? driver.unset({ path, view }, value.name) : driver.set({ path, view }, value));
    }
  }
}
