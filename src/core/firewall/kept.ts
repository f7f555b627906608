import { and, asc, eq, inArray, isNotNull } from 'drizzle-orm';
import { firewallRules, type KEPT_KINDS } from '../../db/schema/firewall.ts';
import { actorName, type Actor, type App } from '../app.ts';
import { listArmed } from '../armed/armed.ts';

export type KeptKind = (typeof KEPT_KINDS)[number];
export type KeptRow = typeof firewallRules.$inferSelect;

/** What the panel has added of this kind, in order. */
export function listKept(app: Pick<App, 'db'>, kind: KeptKind): KeptRow[] {
  return app.db.select().from(firewallRules).where(eq(firewallRules.kind, kind)).orderBy(asc(firewallRules.position), asc(firewallRules.createdAt)).all();
}

export const keptRow = (app: Pick<App, 'db'>, id: string): KeptRow | null => app.db.select().from(firewallRules).where(eq(firewallRules.id, id)).get() ?? null;

export interface Keeping {
  kind: KeptKind;
  key: string;
  spec: object;
  comment: string;
}

/** It is ours from now on; by an armed change only when that is kept. */
export function keep(app: App, actor: Actor, { kind, key, spec, comment }: Keeping, armedId: string | null = null): string {
  const before = app.db.select().from(firewallRules).where(and(eq(firewallRules.kind, kind), eq(firewallRules.key, key))).get();
  if (before) {
    app.db.update(firewallRules).set({ comment, spec, leaving: false, armedId: before.armedId ?? (before.leaving ? null : armedId) }).where(eq(firewallRules.id, before.id)).run();
    return before.id;
  }
  const id = app.random.id();
  const position = Math.max(0, ...listKept(app, kind).map((row) => row.position)) + 1;
  app.db.insert(firewallRules).values({ id, kind, key, spec, comment, position, armedId, leaving: false, createdAt: app.clock.now(), createdBy: actorName(actor) }).run();
  return id;
}

/** It is not ours any more; by an armed change only when that is kept. */
export function letGo(app: Pick<App, 'db'>, kind: KeptKind, keys: readonly string[], armedId: string | null = null) {
  if (keys.length === 0) return;
  const which = and(eq(firewallRules.kind, kind), inArray(firewallRules.key, [...keys]));
  if (armedId) app.db.update(firewallRules).set({ armedId, leaving: true }).where(which).run();
  else app.db.delete(firewallRules).where(which).run();
}

export const dropKept = (app: Pick<App, 'db'>, id: string) => app.db.delete(firewallRules).where(eq(firewallRules.id, id)).run();

/** Armed changes of these rows that are over, kept or reverted. Ask BEFORE the machine is read: what is over by then, that shows. */
export function endedArmed(app: Pick<App, 'db' | 'config'>): ReadonlySet<string> {
  const ids = app.db.selectDistinct({ id: firewallRules.armedId }).from(firewallRules).where(isNotNull(firewallRules.armedId)).all().flatMap(({ id }) => id ?? []);
  if (ids.length === 0) return new Set();
  const pending = new Set(listArmed(app).map(({ id }) => id));
  return new Set(ids.filter((id) => !pending.has(id)));
}

/**
 * What became of armed changes: whoever kept or reverted them may have been a process that does not know this table, so it
 * is read from the machine. One that was to come and is not there was reverted; one that was to go and is there as well.
 * @param there keys of what the machine has
 * @param ended those that were over before that was read: of one that ends meanwhile nobody can tell yet
 * @returns the rows that count
 */
export function settleKept(app: Pick<App, 'db'>, kind: KeptKind, there: ReadonlySet<string>, ended: ReadonlySet<string>): KeptRow[] {
  return listKept(app, kind).flatMap((row) => {
    if (row.armedId === null || !ended.has(row.armedId)) return row.leaving ? [] : [row];
    if (!there.has(row.key)) {
      dropKept(app, row.id);
      return [];
    }
    app.db.update(firewallRules).set({ armedId: null, leaving: false }).where(eq(firewallRules.id, row.id)).run();
    return [{ ...row, armedId: null, leaving: false }];
  });
}
