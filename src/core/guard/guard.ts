import { and, count, eq, gt, gte, inArray, isNull, like, lt, lte, sql, type InferSelectModel, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { pageOf } from '../../db/page.ts';
import { blocks } from '../../db/schema/blocks.ts';
import { guardBans } from '../../db/schema/guard.ts';
import { transaction } from '../../db/transaction.ts';
import { parseRange, rangeText } from '../../lib/address-range.ts';
import { AppError } from '../../lib/errors.ts';
import { say } from '../../lib/issue.ts';
import type { Page, PageQuery } from '../../lib/page.ts';
import { can, need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { unblock } from '../blocks/change.ts';
import { getSetting, GUARD_SOURCES, putSetting, SETTINGS, type GuardSource, type Setting } from '../settings/settings.ts';
import { offenderOf } from './counter.ts';

const rangeRule = say('guard.range', (t) => t.guard.allowRule);
const stepsRule = say('guard.steps', (t) => t.guard.stepsRule);

export const GuardInput = z.object({
  guardOn: SETTINGS.guardOn.unwrap(),
  guardSources: SETTINGS.guardSources.unwrap(),
  guardFailures: SETTINGS.guardFailures.unwrap(),
  guardMinutes: SETTINGS.guardMinutes.unwrap(),
  guardSteps: z.array(z.number(stepsRule).int(stepsRule).min(1, stepsRule).max(525_600, stepsRule)).min(1, stepsRule).max(10, stepsRule),
  neverBlocked: z.array(z.string().max(90, rangeRule).refine((text) => parseRange(text.trim()) !== null, rangeRule)).max(1000, rangeRule),
});

export type GuardSettings = z.output<typeof GuardInput>;
const KEYS = Object.keys(GuardInput.shape) as (keyof GuardSettings)[];

export function guardSettings(app: App, actor: Actor): GuardSettings {
  need(actor, 'guard.read');
  return Object.fromEntries(KEYS.map((key) => [key, getSetting(app, key)])) as GuardSettings;
}

/** What can be listened to here: the panel, and where people sign in to this system. */
export const sourcesHere = ({ host }: Pick<App, 'host'>): GuardSource[] => GUARD_SOURCES.filter((name) => name === 'panel' || host.signIns.sources.some(({ service }) => service === name));

/** Saves what is given and differs. What is blocked already stays so. @throws AppError denied, invalid */
export function changeGuard(app: App, actor: Actor, wanted: Partial<GuardSettings>) {
  need(actor, 'guard.write');
  const change: Partial<GuardSettings> = { ...wanted };
  if (wanted.neverBlocked) change.neverBlocked = [...new Set(wanted.neverBlocked.map((text) => rangeText(parseRange(text.trim())!)))];
  const given = KEYS.filter((key) => change[key] !== undefined && !Bun.deepEquals(change[key], getSetting(app, key)));
  if (given.length === 0) return;
  const pick = (read: (key: keyof GuardSettings) => unknown) => Object.fromEntries(given.map((key) => [key, read(key)]));
  const before = pick((key) => getSetting(app, key));
  transaction(app.db, () => {
    for (const key of given) putSetting(app, key, change[key] as Setting<typeof key>);
    record(app, actor, { action: 'guard.change', target: given.join(', '), params: { before, after: pick((key) => change[key]) } });
  });
  app.bus.emit('guard.changed', {});
}

export interface Ban extends InferSelectModel<typeof guardBans> {
  /** It keeps them out now. */
  active: boolean;
}

const COLUMNS = { at: guardBans.at, until: guardBans.until, address: guardBans.address } as const;
export type BanField = keyof typeof COLUMNS;
export const BAN_FIELDS = Object.keys(COLUMNS) as [BanField, ...BanField[]];

/** Lines of logs are for those who may read logs: people type their passwords as names. */
const shown = (app: Pick<App, 'clock'>, actor: Actor, row: InferSelectModel<typeof guardBans>): Ban =>
  ({ ...row, seen: can(actor, 'logs.read') ? row.seen : [], active: row.liftedAt === null && row.until > app.clock.now() });

/** Bans, those that are over as well unless only the others are asked for. An address finds those that it is counted in. */
export function listBans(app: App, actor: Actor, query: PageQuery<BanField> & { q?: string | undefined; active?: boolean | undefined }): Page<Ban> {
  need(actor, 'guard.read');
  const page = pageOf(app.db, guardBans, COLUMNS, guardBans.id, query, and(query.active ? activeNow(app) : undefined, named(query.q)));
  return { ...page, items: page.items.map((row) => shown(app, actor, row)) };
}

const activeNow = (app: Pick<App, 'clock'>) => and(isNull(guardBans.liftedAt), gt(guardBans.until, app.clock.now()));

function named(q: string | undefined): SQL | undefined {
  const text = q?.trim() ?? '';
  if (!text) return undefined;
  const who = offenderOf(text);
  return who ? inArray(guardBans.address, [who.address, rangeText(who.single)]) : like(guardBans.address, sql`${`%${text.replace(/[\\%_]/g, '\\$&')}%`} ESCAPE '\\'`);
}

/** @throws AppError not_found */
export function readBan(app: App, actor: Actor, id: number): Ban {
  need(actor, 'guard.read');
  const row = app.db.select().from(guardBans).where(eq(guardBans.id, id)).get();
  if (!row) throw new AppError('not_found', (t) => t.guard.gone);
  return shown(app, actor, row);
}

/** Lets them in again; what they did before does not make the next ban longer. @throws AppError denied, not_found, conflict when it is over, unavailable */
export async function liftBan(app: App, actor: Actor, id: number): Promise<void> {
  need(actor, 'guard.write');
  const ban = readBan(app, actor, id);
  const block = app.db.select({ id: blocks.id }).from(blocks).where(and(eq(blocks.address, ban.address), eq(blocks.source, 'guard'))).get();
  if (!ban.active || !block) throw new AppError('conflict', (t) => t.guard.over);
  await unblock(app, actor, block.id);
}

export interface GuardCounts {
  active: number;
  today: number;
}

const DAY = 86_400_000;

export function guardCounts(app: Pick<App, 'db' | 'clock'>): GuardCounts {
  const n = (where: SQL | undefined) => app.db.select({ n: count() }).from(guardBans).where(where).get()!.n;
  const now = app.clock.now();
  return { active: n(activeNow(app)), today: n(and(gte(guardBans.at, now - DAY), lte(guardBans.at, now))) };
}

/** Housekeeping: bans that nobody asks for any more, and that make none longer. */
export const dropOldBans = (app: Pick<App, 'db'>, before: number) => void app.db.delete(guardBans).where(and(lt(guardBans.at, before), lt(guardBans.until, before))).run();
