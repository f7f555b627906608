import { AppError } from '../../../lib/errors.ts';
import { Semaphore } from '../../../lib/semaphore.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { ownerOf } from '../listing/store.ts';
import { measure, type Measuring, type Size } from './measure.ts';

/** Counting a large disk reads all its folders: two at once are enough. */
const AT_ONCE = 2;
const WAITING = 20;
const KEPT_MS = 30_000;
const KEPT_MOST = 50;

interface State {
  turns: Semaphore;
  kept: Map<string, { at: number; size: Size }>;
}

const states = new WeakMap<App, State>();

/**
 * The size of a selection, from half a minute ago if it was asked before.
 * @throws AppError unavailable when too many are being counted
 */
export async function sizeOf(app: App, actor: Actor, folder: string, names: readonly string[], options: Measuring): Promise<Size> {
  need(actor, 'files.read');
  let state = states.get(app);
  if (!state) states.set(app, (state = { turns: new Semaphore(AT_ONCE, WAITING), kept: new Map() }));
  const { kept, turns } = state;
  const key = JSON.stringify([ownerOf(actor), folder, Bun.hash(names.join('/')).toString(36), names.length]);
  const known = kept.get(key);
  if (known && app.clock.monotonic() - known.at < KEPT_MS) return known.size;
  const ran = await turns.run(() => measure(app, actor, folder, names, options));
  if (!ran) throw new AppError('unavailable', (t) => t.files.errors.tooManyOpen, { retryAfter: 30 });
  kept.delete(key);
  kept.set(key, { at: app.clock.monotonic(), size: ran.value });
  for (const old of kept.keys()) if (kept.size > KEPT_MOST) kept.delete(old);
  return ran.value;
}
