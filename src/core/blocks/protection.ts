import { and, eq, gt, like } from 'drizzle-orm';
import { audit } from '../../db/schema/audit.ts';
import { sessions } from '../../db/schema/sessions.ts';
import { overlaps, parseAddress, parseRange, prefixOf, type AddressRange } from '../../lib/address-range.ts';
import type { Actor, App } from '../app.ts';
import { IDLE_MS } from '../sessions/sessions.ts';
import { getSetting } from '../settings/settings.ts';

/** Why something is not blocked: i18n `blocks.protected`. */
export type Protected =
  | 'you' | 'signedIn' | 'cameBefore' | 'allowed' | 'proxy' | 'own' | 'gateway' | 'dns'
  | 'loopback' | 'linkLocal' | 'multicast' | 'unspecified' | 'private' | 'wide';

export interface Protection {
  range: AddressRange;
  why: Protected;
}

const ranges = (why: Protected, texts: readonly string[]) => texts.map((text): Protection => ({ range: parseRange(text)!, why }));

/** What nobody out there has as the sender of a packet, or what this machine talks to itself and its neighbours by. */
const NEVER: readonly Protection[] = [
  ...ranges('loopback', ['127.0.0.0/8', '::1']),
  ...ranges('linkLocal', ['169.254.0.0/16', 'fe80::/10']),
  ...ranges('multicast', ['224.0.0.0/4', 'ff00::/8']),
  ...ranges('unspecified', ['0.0.0.0/8', '255.255.255.255', '::']),
];

/** RFC 1918, 6598 and 4193: a list from outside that has them would cut off one's own networks. */
const PRIVATE = ranges('private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7']);

/** Shorter prefixes are whole parts of the internet: no single owner has more. */
const WIDEST = { 4: 8, 6: 16 } as const;

const DAY = 86_400_000;
/** Where somebody signed in lately they will sign in again. */
const BEFORE_MS = 30 * DAY;

const one = (why: Protected, text: string): Protection[] => {
  const found = parseAddress(text.replace(/%.*$/, ''));
  return found ? [{ range: { family: found.family, first: found.value, last: found.value }, why }] : [];
};

const network = (why: Protected, text: string): Protection[] => {
  const range = parseRange(text);
  return range ? [{ range, why }] : [];
};

/** What must stay reachable whoever asks: who asks first, then the machine's own, then the people of the panel. */
export async function protections(app: App, actor: Actor): Promise<Protection[]> {
  const lifelines = await app.host.blocks.lifelines().catch(() => []);
  return [
    ...NEVER,
    ...one('you', actor.ip),
    ...getSetting(app, 'neverBlocked').flatMap((text) => network('allowed', text)),
    ...lifelines.flatMap(({ kind, address }) => one(kind, address)),
    ...app.config.trustedProxies.flatMap((text) => network('proxy', text)),
    ...peopleNow(app).flatMap((ip) => one('signedIn', ip)),
  ];
}

/** The same, and wherever somebody has signed in lately: what acts by itself must never keep an administrator out (S11). */
export async function guardProtections(app: App, actor: Actor): Promise<Protection[]> {
  const since = app.clock.now() - BEFORE_MS;
  const before = app.db.selectDistinct({ ip: audit.ip }).from(audit).where(and(gt(audit.at, since), like(audit.action, 'sign_in.%'), eq(audit.result, 'ok'))).all();
  return [...(await protections(app, actor)), ...before.flatMap(({ ip }) => one('cameBefore', ip))];
}

function peopleNow(app: Pick<App, 'db' | 'clock'>): string[] {
  const now = app.clock.now();
  return app.db.selectDistinct({ ip: sessions.ip }).from(sessions).where(and(gt(sessions.expiresAt, now), gt(sessions.lastSeenAt, now - IDLE_MS))).all().map(({ ip }) => ip);
}

/** Why this is not blocked; null: it may be. `strangersOnly`: private networks are not either. */
export function protectedBy(range: AddressRange, by: readonly Protection[], strangersOnly = false): Protected | null {
  const found = by.find((each) => overlaps(each.range, range))?.why;
  // "0.0.0.0/0" meets everything: that it is all of the internet says more than the first it meets.
  if (isWide(range)) return 'wide';
  return found ?? (strangersOnly ? (PRIVATE.find((each) => overlaps(each.range, range))?.why ?? null) : null);
}

function isWide(range: AddressRange): boolean {
  const prefix = prefixOf(range);
  if (prefix !== null) return prefix < WIDEST[range.family];
  return range.last - range.first >= 1n << BigInt((range.family === 4 ? 32 : 128) - WIDEST[range.family]);
}
