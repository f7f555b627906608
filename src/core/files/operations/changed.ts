import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';

/** Tells the pages that show these folders. A folder may be looked at by its path or by where it really is. */
export function tellChanged(app: App, ...folders: string[]) {
  for (const folder of new Set(folders)) app.bus.emit('files.changed', { folder });
}

/** Names of a selection as an audit row keeps them: the first few, and how many there are. */
const NAMES_KEPT = 50;

export function recordNames(app: App, actor: Actor, action: string, target: string, names: readonly string[], params: Record<string, unknown> = {}) {
  record(app, actor, { action, target, params: { ...params, count: names.length, names: names.slice(0, NAMES_KEPT) } });
}
