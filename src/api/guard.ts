import { z } from 'zod';
import { changeJail, JailAddress, JailName, readJails } from '../core/guard/fail2ban.ts';
import { BAN_FIELDS, changeGuard, GuardInput, guardSettings, liftBan, listBans, readBan, sourcesHere } from '../core/guard/guard.ts';
import { guardState } from '../core/guard/watch.ts';
import { GUARD_SOURCES } from '../core/settings/settings.ts';
import { listFields, pageQuery } from '../http/list.ts';
import type { Actor, App } from '../core/app.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, MaybeTime, Time } from './schemas.ts';

const Ban = z
  .object({
    id: z.number().int(),
    address: means(z.string(), 'guardAddress'),
    source: z.string(),
    at: Time,
    until: Time,
    times: means(z.number().int(), 'guardTimes'),
    failures: z.number().int(),
    seen: means(z.array(z.object({ at: Time, text: z.string() })), 'guardSeen'),
    active: means(z.boolean(), 'guardActive'),
    liftedAt: MaybeTime,
    liftedBy: z.string().nullable(),
  })
  .meta({ id: 'GuardBan' });

const { guardOn, guardSources, guardFailures, guardMinutes, guardSteps, neverBlocked } = GuardInput.shape;
const Settings = z
  .object({
    guardOn: means(guardOn, 'guardOn'), guardSources: means(guardSources, 'guardSources'), guardFailures: means(guardFailures, 'guardFailures'), guardMinutes: means(guardMinutes, 'guardMinutes'),
    guardSteps: means(guardSteps, 'guardSteps'), neverBlocked: means(neverBlocked, 'neverBlocked'),
  })
  .meta({ id: 'GuardSettings' });

const Guard = Settings.extend({
  sources: z.array(z.object({ source: z.enum(GUARD_SOURCES), state: means(z.string(), 'guardState'), failures: means(z.number().int(), 'guardSeenFailures') })),
  spared: means(z.array(z.object({ at: Time, address: z.string(), source: z.string(), why: z.string() })), 'guardSpared'),
}).meta({ id: 'Guard' });

const Jail = z
  .object({
    name: z.string(), failed: z.number().int(), failedTotal: z.number().int(), bannedTotal: z.number().int(),
    banned: z.array(z.object({ address: z.string(), until: means(z.number().nullable(), 'blockUntil') })),
  })
  .meta({ id: 'Jail' });

function whole(app: App, actor: Actor) {
  const state = guardState(app);
  return {
    ...guardSettings(app, actor), spared: state.spared,
    sources: sourcesHere(app).map((source) => ({ source, state: state.sources.get(source) ?? 'off', failures: state.failures.get(source) ?? 0 })),
  };
}

const Id = z.strictObject({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const InJail = z.strictObject({ jail: JailName, address: JailAddress });

export const guard = [
  endpoint({
    id: 'guard.get', method: 'get', path: '/firewall/guard', permission: 'guard.read', status: 200, response: Guard,
    run: async (app, actor) => whole(app, actor),
  }),
  endpoint({
    id: 'guard.change', method: 'patch', path: '/firewall/guard', permission: 'guard.write', status: 200, body: Settings.partial(), response: Guard,
    example: { body: { guardOn: true, neverBlocked: ['198.51.100.0/24'] } },
    async run(app, actor, { body }) {
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Parameters<typeof changeGuard>[2];
      changeGuard(app, actor, given);
      return whole(app, actor);
    },
  }),
  endpoint({
    id: 'guard.bans', method: 'get', path: '/firewall/guard/bans', permission: 'guard.read', status: 200,
    query: z.strictObject({ ...listFields(BAN_FIELDS, '-at'), q: means(z.string().max(100).optional(), 'guardFind'), active: means(z.enum(['true', 'false']).default('false'), 'guardOnlyActive') }),
    response: collection(Ban),
    example: { query: 'active=true' },
    run: async (app, actor, { query }) => answer(listBans(app, actor, { ...pageQuery(query), q: query.q, active: query.active === 'true' }), query.sort),
  }),
  endpoint({
    id: 'guard.ban', method: 'get', path: '/firewall/guard/bans/{id}', permission: 'guard.read', status: 200, params: Id, response: Ban,
    run: async (app, actor, { params }) => readBan(app, actor, params.id),
  }),
  endpoint({
    id: 'guard.lift', method: 'delete', path: '/firewall/guard/bans/{id}', permission: 'guard.write', status: 204, params: Id, refusals: ['conflict', 'unavailable'],
    run: (app, actor, { params }) => liftBan(app, actor, params.id),
  }),
  endpoint({
    id: 'guard.jails', method: 'get', path: '/firewall/guard/fail2ban', permission: 'guard.read', status: 200, refusals: ['unavailable'],
    response: z.object({ jails: means(z.array(Jail).nullable(), 'guardJails') }),
    run: async (app, actor) => ({ jails: await readJails(app, actor) }),
  }),
  endpoint({
    id: 'guard.jail_ban', method: 'put', path: '/firewall/guard/fail2ban/{jail}/{address}', permission: 'guard.write', status: 204, params: InJail, refusals: ['unavailable'],
    run: (app, actor, { params }) => changeJail(app, actor, 'ban', params.jail, params.address),
  }),
  endpoint({
    id: 'guard.jail_lift', method: 'delete', path: '/firewall/guard/fail2ban/{jail}/{address}', permission: 'guard.write', status: 204, params: InJail, refusals: ['unavailable'],
    run: (app, actor, { params }) => changeJail(app, actor, 'unban', params.jail, params.address),
  }),
];
