import { and, count, eq, gt, isNull, sql } from 'drizzle-orm';
import { blanks, prepared } from '../../db/prepared.ts';
import { blocks } from '../../db/schema/blocks.ts';
import { guardBans } from '../../db/schema/guard.ts';
import { transaction } from '../../db/transaction.ts';
import { rangeText, sortText } from '../../lib/address-range.ts';
import { SYSTEM, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { dropMore, inTurn } from '../blocks/apply.ts';
import { guardProtections, protectedBy, type Protected, type Protection } from '../blocks/protection.ts';
import { getSetting, type GuardSource } from '../settings/settings.ts';
import { banMs, type Offender } from './counter.ts';

export interface Spared {
  at: number;
  address: string;
  source: GuardSource;
  why: Protected;
}

/** Bans that are older do not make the next one longer. */
const REMEMBERED_MS = 90 * 86_400_000;

/**
 * Bans those who failed too often, all by one change, but for those who must never be. `more`: further addresses that must not be, as people
 * signed in from there to the machine itself. @returns who was spared, and why. @throws AppError unavailable with the tool's words
 */
export async function banOffenders(app: App, found: readonly { offender: Offender; source: GuardSource }[], more: readonly Protection[]): Promise<Spared[]> {
  const by = [...(await guardProtections(app, SYSTEM)), ...more];
  const judged = found.map(({ offender, source }) => ({ ...judge(offender, by), source }));
  const now = app.clock.now();
  // Who guesses at two doors at once is one.
  const bad = new Map(judged.filter(({ why }) => !why).map((one) => [one.offender.address, one]));
  if (bad.size) await ban(app, [...bad.values()]);
  return judged.flatMap(({ offender, source, why }) => (why ? [{ at: now, address: offender.address, source, why }] : []));
}

/** Where one of ours lies in the network of a stranger, which is what IPv6 counts by, the stranger alone is banned. */
function judge(offender: Offender, by: readonly Protection[]): { offender: Offender; why: Protected | null } {
  const why = protectedBy(offender.range, by);
  if (!why || protectedBy(offender.single, by)) return { offender, why };
  return { offender: { ...offender, range: offender.single, address: rangeText(offender.single) }, why: null };
}

async function ban(app: App, bad: readonly { offender: Offender; source: GuardSource }[]) {
  await inTurn(async () => {
    const now = app.clock.now();
    const [steps, failures] = [getSetting(app, 'guardSteps'), getSetting(app, 'guardFailures')];
    const rows = bad.map(({ offender: { range, address, seen }, source }) => {
      const before = bansBefore(app).get({ address, since: now - REMEMBERED_MS })!.n;
      // One that was to last longer, as the steps were others then, stays as long.
      const until = Math.max(standing(app).get({ address })?.until ?? 0, now + banMs(steps, before));
      const drop = { first: sortText(range.family, range.first), last: sortText(range.family, range.last), until };
      return { drop, ban: { address, source, at: now, until, times: before + 1, failures, seen } };
    });
    const commands = await dropMore(app, rows.map(({ drop }) => drop), () =>
      transaction(app.db, () => {
        for (const { drop, ban } of rows) {
          keep(app).run({ ...drop, address: ban.address, createdAt: now });
          remember(app).run(ban);
        }
      }));
    transaction(app.db, () => {
      for (const { ban: { address, source, until, times } } of rows) record(app, SYSTEM, { action: 'guard.ban', target: address, params: { source, until, times }, commands });
    });
  });
}

// There may be thousands to ban at once.

/** How often it was banned lately; a ban that somebody lifted was a mistake, and does not count. */
const bansBefore = prepared((db) =>
  db.select({ n: count() }).from(guardBans).where(and(eq(guardBans.address, sql.placeholder('address')), gt(guardBans.at, sql.placeholder('since')), isNull(guardBans.liftedAt))).prepare());

const standing = prepared((db) =>
  db.select({ until: blocks.until }).from(blocks).where(and(eq(blocks.address, sql.placeholder('address')), eq(blocks.source, 'guard'))).prepare());

const keep = prepared((db) =>
  db.insert(blocks).values({ ...blanks('first', 'last', 'until', 'address', 'createdAt'), source: 'guard', createdBy: 'guard' })
    .onConflictDoUpdate({ target: [blocks.address, blocks.source, blocks.listId], set: { until: sql`excluded.until`, createdAt: sql`excluded.created_at` } }).prepare());

const remember = prepared((db) => db.insert(guardBans).values(blanks('address', 'source', 'at', 'until', 'times', 'failures', 'seen')).prepare());
