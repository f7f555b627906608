import { and, count, eq, gt, isNull } from 'drizzle-orm';
import { blocks } from '../../db/schema/blocks.ts';
import { guardBans } from '../../db/schema/guard.ts';
import { transaction } from '../../db/transaction.ts';
import { rangeText, sortText } from '../../lib/address-range.ts';
import { SYSTEM, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { allDrops, dropInstead, inTurn } from '../blocks/apply.ts';
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
 * Bans those who failed too often, but for those who must never be. `more`: further addresses that must not be, as people
 * signed in from there to the machine itself. @returns who was spared, and why. @throws AppError unavailable with the tool's words
 */
export async function banOffenders(app: App, found: readonly { offender: Offender; source: GuardSource }[], more: readonly Protection[]): Promise<Spared[]> {
  const by = [...(await guardProtections(app, SYSTEM)), ...more];
  const judged = found.map(({ offender, source }) => ({ ...judge(offender, by), source }));
  const now = app.clock.now();
  for (const { offender, source, why } of judged) if (!why) await ban(app, offender, source);
  return judged.flatMap(({ offender, source, why }) => (why ? [{ at: now, address: offender.address, source, why }] : []));
}

/** Where one of ours lies in the network of a stranger, which is what IPv6 counts by, the stranger alone is banned. */
function judge(offender: Offender, by: readonly Protection[]): { offender: Offender; why: Protected | null } {
  const why = protectedBy(offender.range, by);
  if (!why || protectedBy(offender.single, by)) return { offender, why };
  return { offender: { ...offender, range: offender.single, address: rangeText(offender.single) }, why: null };
}

async function ban(app: App, { range, address, seen }: Offender, source: GuardSource) {
  await inTurn(async () => {
    const now = app.clock.now();
    const before = bansBefore(app, address);
    const until = now + banMs(getSetting(app, 'guardSteps'), before);
    const drop = { first: sortText(range.family, range.first), last: sortText(range.family, range.last), until };
    const mine = and(eq(blocks.address, address), eq(blocks.source, 'guard'));
    const old = app.db.select({ id: blocks.id }).from(blocks).where(mine).get();
    const commands = await dropInstead(app, [...allDrops(app).filter(({ id }) => id !== old?.id), drop], () =>
      transaction(app.db, () => {
        app.db.delete(blocks).where(mine).run();
        app.db.insert(blocks).values({ ...drop, address, source: 'guard', createdBy: 'guard', createdAt: now }).run();
        app.db.insert(guardBans).values({ address, source, at: now, until, times: before + 1, failures: getSetting(app, 'guardFailures'), seen }).run();
      }));
    record(app, SYSTEM, { action: 'guard.ban', target: address, params: { source, until, times: before + 1 }, commands });
  });
}

/** How often it was banned lately; a ban that somebody lifted was a mistake, and does not count. */
const bansBefore = (app: Pick<App, 'db' | 'clock'>, address: string) =>
  app.db.select({ n: count() }).from(guardBans)
    .where(and(eq(guardBans.address, address), gt(guardBans.at, app.clock.now() - REMEMBERED_MS), isNull(guardBans.liftedAt))).get()!.n;
