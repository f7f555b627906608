import type { Actor, App } from '../../app.ts';
import { ownerOf } from './store.ts';

/** What a person works on: names in one folder. */
export interface Selection {
  folder: string;
  names: string[];
  /** Kept on the server under this id, because it is too long for a query or a form. */
  id?: string | undefined;
}

/** A form may be open for a while. */
const KEPT_MS = 30 * 60_000;
const OWN_MOST = 8;
const ALL_MOST = 60;

interface Kept {
  owner: string;
  at: number;
  selection: Selection;
}

const states = new WeakMap<App, Map<string, Kept>>();

/** Keeps it for half an hour, for this session only. */
export function keepSelection(app: App, actor: Actor, { folder, names }: Selection): Selection & { id: string } {
  const kept = keptOf(app);
  const owner = ownerOf(actor);
  const selection = { folder, names, id: app.random.id() };
  kept.set(selection.id, { owner, at: app.clock.monotonic(), selection });
  const own = [...kept].filter(([, entry]) => entry.owner === owner).map(([id]) => id);
  const all = [...kept.keys()];
  for (const id of [...own.slice(0, Math.max(0, own.length - OWN_MOST)), ...all.slice(0, Math.max(0, all.length - ALL_MOST))]) kept.delete(id);
  return selection;
}

export function getSelection(app: App, actor: Actor, id: string): Selection | null {
  const entry = keptOf(app).get(id);
  return entry && entry.owner === ownerOf(actor) ? entry.selection : null;
}

function keptOf(app: App): Map<string, Kept> {
  let kept = states.get(app);
  if (!kept) {
    const made = (kept = new Map<string, Kept>());
    states.set(app, made);
    app.bus.on('sessions.ended', ({ ids }) => {
      for (const [id, { owner }] of made) if (ids.includes(owner)) made.delete(id);
    });
  }
  const before = app.clock.monotonic() - KEPT_MS;
  for (const [id, { at }] of kept) if (at <= before) kept.delete(id);
  return kept;
}
