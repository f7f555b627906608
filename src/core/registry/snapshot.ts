import { AppError } from '../../lib/errors.ts';
import type { RegistryDriver, RegistryPlace } from '../../platform/registry.ts';
import type { KeyChange } from './reg-file.ts';
import { walk } from './walk.ts';

export interface Snapshot {
  keys: KeyChange[];
  /** Keys that may not be read. */
  unread: string[];
  values: number;
}

export const SNAPSHOT_MOST = { keys: 50_000, bytes: 32 * 2 ** 20 };

/** A key with all in it, as a .reg file would write it. @throws AppError not_found, invalid: it is too much */
export async function snapshot(driver: RegistryDriver, place: RegistryPlace, most = SNAPSHOT_MOST): Promise<Snapshot> {
  const keys: KeyChange[] = [];
  const unread: string[] = [];
  let [bytes, values] = [0, 0];
  for await (const { path, key } of walk(driver, place)) {
    if (!key) {
      unread.push(path);
      continue;
    }
    keys.push({ path, remove: false, values: key.values });
    values += key.values.length;
    bytes += path.length * 2 + key.values.reduce((sum, value) => sum + value.bytes.length + value.name.length * 2, 0);
    if (keys.length > most.keys || bytes > most.bytes) throw new AppError('invalid', (t) => t.registry.tooMuch({ path: place.path }));
  }
  return { keys, unread, values };
}
