import { AppError } from '../../../lib/errors.ts';
import { ownId } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { tellChanged } from '../operations/changed.ts';
import { changeEntry } from './entry.ts';
import { octalText, parseMode } from './mode.ts';
import { planOf, type Plan } from './plan.ts';
import { eachEntry, guardOf } from './protect.ts';
import type { Kept } from './change.ts';

interface Change {
  userId: string;
  folder: string;
  before: Kept[];
  /** Its owner changed: taking that back asks for the same right. */
  owns: boolean;
  at: number;
}

const VALID_MS = 10 * 60_000;
const MOST = 200;

/** Small changes that can still be taken back, by whoever made them. After a restart the audit log still says what was. */
export interface Undos {
  /** @returns an id, or null when there is nothing to take back */
  keep(actor: Actor, folder: string, before: Kept[], owns: boolean): string | null;
  /** @throws AppError not_found */
  undo(actor: Actor, id: string): Promise<{ folder: string; changed: number }>;
}

export function createUndos(app: App): Undos {
  const kept = new Map<string, Change>();
  return {
    keep(actor, folder, before, owns) {
      if (before.length === 0) return null;
      for (const [id, one] of kept) if (kept.size >= MOST || app.clock.now() - one.at > VALID_MS) kept.delete(id);
      const id = app.random.id();
      kept.set(id, { userId: ownId(actor), folder, before, owns, at: app.clock.now() });
      return id;
    },
    async undo(actor, id) {
      const one = kept.get(id);
      if (!one || one.userId !== ownId(actor) || app.clock.now() - one.at > VALID_MS) throw new AppError('not_found', (t) => t.modes.errors.undoGone);
      kept.delete(id);
      return takeBack(app, actor, one);
    },
  };
}

async function takeBack(app: App, actor: Actor, { folder, before, owns }: Change) {
  const base = await planOf(app, actor, { mode: '0600', fileMode: '', owner: owns ? '0' : '', group: '', recursive: false });
  const guard = await guardOf(app, base);
  let changed = 0;
  let real = folder;
  for (const { name, mode, uid, gid } of before) {
    // Not setuid and setgid by somebody who may not set them: the file may be another one by now.
    const plan: Plan = { ...base, mode: parseMode(octalText(mode)), uid: owns ? uid : null, gid: owns ? gid : null };
    await eachEntry(app, actor, { folder, names: [name] }, guard, async (entry) => {
      real = entry.folder.real;
      const file = await entry.folder.open(entry.name, 'nofollow');
      await changeEntry(plan, file).then((was) => void (changed += was ? 1 : 0)).finally(() => file.close());
    });
  }
  record(app, actor, { action: 'files.mode', target: folder, params: { undo: true, changed, to: before } });
  tellChanged(app, real);
  return { folder, changed };
}
