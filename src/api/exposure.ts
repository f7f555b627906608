import { z } from 'zod';
import { readExposure } from '../core/exposure/exposure.ts';
import { EXPOSURE_FIELDS, matching, pageOfPorts } from '../core/exposure/list.ts';
import { LEVELS, SCOPES } from '../core/exposure/port.ts';
import { RISKS } from '../core/exposure/risks.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, means, Time } from './schemas.ts';

const Rule = { chain: z.string(), table: z.string() };

export const Reach = z
  .object({
    family: z.union([z.literal(4), z.literal(6)]),
    verdict: means(z.enum(['open', 'some', 'closed', 'unknown']), 'exposureVerdict'),
    limited: z.boolean(),
    neighbours: z.boolean(),
    networks: means(z.array(z.string()), 'exposureNetworks'),
    more: z.boolean(),
    interfaces: means(z.array(z.string()), 'exposureInterfaces'),
    door: means(z.number().int().nullable(), 'exposureDoor'),
    reasons: means(z.array(z.object({ verdict: z.enum(['accept', 'drop']), text: z.string().nullable(), count: z.number().int(), ...Rule })), 'exposureReasons'),
    doubts: means(z.array(z.object({ text: z.string(), why: z.string(), ...Rule })), 'exposureDoubts'),
  })
  .meta({ id: 'PortReach' });

const Port = z
  .object({
    id: z.string(),
    level: means(z.enum(LEVELS), 'exposureLevel'),
    protocol: z.enum(['tcp', 'udp']),
    port: z.number().int(),
    addresses: z.array(z.string()),
    families: z.array(z.union([z.literal(4), z.literal(6)])),
    device: z.string().nullable(),
    scope: means(z.enum(SCOPES), 'exposureScope'),
    how: means(z.enum(['program', 'published', 'kernel', 'forwarded']), 'exposureHow'),
    process: z.object({ pid: z.number().int(), name: z.string(), user: z.string(), startedAt: Time }).nullable(),
    service: z.string().nullable(),
    container: z.object({ id: z.string(), name: z.string(), image: z.string(), stack: z.string().nullable(), service: z.string().nullable(), port: z.number().int().nullable() }).nullable(),
    to: z.object({ to: z.string().nullable(), port: z.number().int() }).nullable(),
    verdict: means(z.enum(['open', 'some', 'closed', 'unknown']), 'exposureVerdict'),
    risk: means(z.enum(RISKS).nullable(), 'exposureRisk'),
    reach: z.array(Reach),
  })
  .meta({ id: 'ExposedPort' });

export const exposure = [
  endpoint({
    id: 'exposure.list', method: 'get', path: '/exposure', permission: 'exposure.read', status: 200,
    query: z.strictObject({ ...listFields(EXPOSURE_FIELDS, 'level'), q: means(z.string().max(200).optional(), 'exposureFilter'), again: means(z.literal('on').optional(), 'exposureAgain') }),
    response: collection(Port).extend({ at: Time, unknown: means(z.enum(['root', 'system', 'tools', 'failed']).nullable(), 'exposureUnknown'), filtered: means(z.boolean(), 'exposureFiltered'), left: means(z.number().int(), 'exposureLeft') }),
    example: { query: 'limit=5' },
    async run(app, actor, { query }) {
      const { ports, at, unknown, filtered, left } = await readExposure(app, actor, { again: query.again === 'on' });
      const found = pageOfPorts(matching(ports, { q: query.q }), pageQuery(query));
      return { ...answer(found, query.sort), at, unknown, filtered, left };
    },
  }),
];
