import { AppError } from '../../lib/errors.ts';
import type { RegistryDriver, RegistryKey, RegistryPlace } from '../../platform/registry.ts';
import { joinPath } from './place.ts';

/** ms of calls after which others get their turn: the calls of Windows do not wait for anything, and so never let go. */
const TURN_MS = 8;

export interface Walked {
  path: string;
  /** null: it may not be read. */
  key: RegistryKey | null;
}

/**
 * A key and all in it, a key before those in it. `after`: where an earlier walk stopped; it goes on behind that one.
 * @throws AppError not_found when the first is not there
 */
export async function* walk(driver: RegistryDriver, { path, view }: RegistryPlace, after?: string): AsyncGenerator<Walked> {
  let turn = performance.now();
  /** What is still to be looked at, the next one last. */
  const stack: { path: string; after: string | undefined }[] = [{ path, after }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (performance.now() - turn > TURN_MS) {
      await Bun.sleep(0);
      turn = performance.now();
    }
    const key = await readOr(driver, { path: next.path, view });
    if (key === 'gone') {
      if (next.path === path) throw new AppError('not_found', (t) => t.registry.noKey({ path }));
      continue;
    }
    const step = next.after?.slice(next.path.length + 1).split('\\')[0]?.toLowerCase();
    if (next.after === undefined) yield { path: next.path, key };
    const names = key?.keys ?? [];
    const from = step ? names.findIndex((name) => name.toLowerCase() === step) : -1;
    // The one it stopped at has gone: those that would stand behind it come next.
    const rest = step && from < 0 ? names.filter((name) => name.toLowerCase() > step) : names.slice(Math.max(from, 0));
    for (const name of rest.toReversed()) {
      const below = joinPath(next.path, name);
      stack.push({ path: below, after: from >= 0 && name.toLowerCase() === step ? next.after : undefined });
    }
  }
}

async function readOr(driver: RegistryDriver, place: RegistryPlace): Promise<RegistryKey | null | 'gone'> {
  try {
    return (await driver.read(place)) ?? 'gone';
  } catch (error) {
    if (error instanceof AppError && error.code === 'denied') return null;
    throw error;
  }
}
