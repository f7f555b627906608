import { desc, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { registryChanges, type RegistryAction } from '../../db/schema/registry-changes.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../lib/errors.ts';
import type { RegistryView } from '../../platform/registry.ts';
import { need } from '../access.ts';
import { actorName, type Actor, type App } from '../app.ts';
import type { KeyChange } from './reg-file.ts';

export interface RegistryChange {
  id: string;
  at: number;
  actor: string;
  action: RegistryAction;
  path: string;
  view: RegistryView;
  changes: number;
  /** It was put back. */
  undone: boolean;
}

/** So many changes are kept, the last ones. */
const KEPT = 500;

/**
 * What is kept, as JSON: in a .reg file a name of Windows, which may hold line breaks and brackets, could say more than its name.
 *
 *     [{"path":"HKEY_CURRENT_USER\\x","remove":false,"values":[{"name":"a","type":4,"bytes":"AQAAAA=="},{"name":"b","remove":true}]}]
 */
const Kept = z.array(z.strictObject({
  path: z.string(),
  remove: z.boolean(),
  values: z.array(z.union([
    z.strictObject({ name: z.string(), type: z.number().int().min(0), bytes: z.base64().transform((text) => Uint8Array.from(Buffer.from(text, 'base64'))) }),
    z.strictObject({ name: z.string(), remove: z.literal(true) }),
  ])),
}));

const freeze = (changes: readonly KeyChange[]) =>
  JSON.stringify(changes.map(({ path, remove, values }) =>
    ({ path, remove, values: values.map((value) => ('remove' in value ? value : { name: value.name, type: value.type, bytes: Buffer.from(value.bytes).toString('base64') })) })));

const thaw = (text: string): KeyChange[] => Kept.parse(JSON.parse(text));

const context = (id: string) => `registry_changes.undo:${id}`;

/** Written before it happens, so that what was begun can be put back as well. */
export function keepChange(app: App, actor: Actor, what: { action: RegistryAction; path: string; view: RegistryView; changes: number; undo: readonly KeyChange[]; undoes?: string }): string {
  const id = app.random.id();
  const undo = app.secrets.seal(freeze(what.undo), context(id));
  transaction(app.db, (tx) => {
    const { action, path, view, changes, undoes } = what;
    tx.insert(registryChanges).values({ id, at: app.clock.now(), actor: actorName(actor), action, path, view, changes, undo }).run();
    if (undoes) tx.update(registryChanges).set({ undoneBy: id }).where(eq(registryChanges.id, undoes)).run();
    const old = tx.select({ id: registryChanges.id }).from(registryChanges).orderBy(desc(registryChanges.id)).limit(1000).offset(KEPT).all();
    if (old.length) tx.delete(registryChanges).where(inArray(registryChanges.id, old.map((row) => row.id))).run();
  });
  return id;
}

/** The last ones first. */
export function listChanges(app: App, actor: Actor, limit = 100): RegistryChange[] {
  need(actor, 'registry.read');
  return app.db.select().from(registryChanges).orderBy(desc(registryChanges.id)).limit(limit).all().map(changeOf);
}

const changeOf = ({ id, at, actor, action, path, view, changes, undoneBy }: typeof registryChanges.$inferSelect): RegistryChange =>
  ({ id, at, actor, action, path, view: view === 32 ? 32 : 64, changes, undone: undoneBy !== null });

/** A change and what puts it back. @throws AppError not_found, conflict: it was put back already */
export function readChange(app: App, actor: Actor, id: string): { change: RegistryChange; undo: KeyChange[] } {
  need(actor, 'registry.write');
  const row = app.db.select().from(registryChanges).where(eq(registryChanges.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.registry.noChange);
  if (row.undoneBy) throw new AppError('conflict', (t) => t.registry.alreadyUndone);
  return { change: changeOf(row), undo: thaw(app.secrets.open(row.undo, context(id))) };
}
