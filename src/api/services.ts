import { z } from 'zod';
import { changeService, ServiceChange } from '../core/services/change.ts';
import { OverrideChange, OverrideText, planOverride, readOverride, writeOverride } from '../core/services/override.ts';
import { listServices, readFiles, readLog, readService, SERVICE_FIELDS, SERVICE_FILTER, ServiceName } from '../core/services/services.ts';
import { AccountInput, changeSetup, RecoveryInput } from '../core/services/setup.ts';
import { changeTimer, findTimer, listTimers } from '../core/services/timers.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { SERVICE_STATES, SERVICE_VERBS, START_TYPES } from '../core/services/kinds.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Time } from './schemas.ts';

const Service = z
  .object({
    name: z.string(),
    title: z.string(),
    state: means(z.enum(SERVICE_STATES), 'serviceState'),
    word: means(z.string(), 'serviceWord'),
    start: means(z.enum(START_TYPES), 'serviceStart'),
    startWord: means(z.string(), 'serviceStartWord'),
    pid: z.number().int().nullable(),
    startedAt: MaybeTime,
    since: MaybeTime,
    memory: means(z.number().nullable(), 'bytes'),
    template: means(z.boolean(), 'serviceTemplate'),
  })
  .meta({ id: 'Service' });

const Names = z.array(z.string());
const Line = z.object({ at: Time, priority: z.number().int(), from: z.string(), text: z.string() });

const recovery = {
  steps: means(RecoveryInput.shape.steps, 'serviceSteps'), reset: means(RecoveryInput.shape.reset, 'serviceReset'), command: means(RecoveryInput.shape.command, 'serviceCommand'), onErrors: means(RecoveryInput.shape.onErrors, 'serviceOnErrors'),
};
const RecoverySettings = z.object(recovery);

const ServiceWhole = z
  .object({
    service: Service,
    description: z.string().nullable(),
    documentation: Names,
    dependencies: z.object({ requires: Names, wants: Names, after: Names, requiredBy: Names, wantedBy: Names, triggeredBy: Names }),
    command: z.string().nullable(),
    account: z.string().nullable(),
    last: z.object({ result: z.string(), code: z.number().nullable(), signal: z.number().nullable(), at: MaybeTime }).nullable(),
    restarts: z.number().nullable(),
    recovery: z.array(z.object({ when: z.string(), action: z.enum(['restart', 'run', 'reboot', 'none']), delay: z.number().nullable() })),
    settings: means(RecoverySettings.nullable(), 'serviceSettings'),
    tasks: z.number().nullable(),
    stale: z.boolean(),
    fault: z.string().nullable(),
    files: z.array(z.object({ path: z.string(), kind: z.enum(['unit', 'drop-in']) })),
    verbs: means(z.array(z.enum(SERVICE_VERBS)), 'serviceVerbs'),
  })
  .meta({ id: 'ServiceDetails' });

const Params = z.strictObject({ name: ServiceName });
const TimerParams = z.strictObject({ name: ServiceName });
const Faults = means(z.array(z.object({ line: z.number().int().nullable(), text: z.string() })), 'overrideFaults');

const Timer = z
  .object({
    name: z.string(), title: z.string(), active: z.boolean(), start: means(z.enum(START_TYPES), 'serviceStart'), startWord: means(z.string(), 'serviceStartWord'),
    next: means(z.number().nullable(), 'timerNext'), last: MaybeTime, service: z.string(), when: z.array(z.string()),
  })
  .meta({ id: 'Timer' });

export const services = [
  endpoint({
    id: 'services.list', method: 'get', path: '/services', permission: 'services.read', status: 200,
    query: z.strictObject({ ...listFields(SERVICE_FIELDS, 'state'), q: means(SERVICE_FILTER.q, 'serviceFilter'), state: means(SERVICE_FILTER.state, 'serviceGroup'), start: means(SERVICE_FILTER.start, 'serviceStart') }),
    response: collection(Service), refusals: ['unavailable'],
    example: { query: 'state=failed' },
    async run(app, actor, { query }) {
      const { q, state, start } = query;
      return answer(await listServices(app, actor, { ...pageQuery(query), q, state, start }), query.sort);
    },
  }),
  endpoint({
    id: 'services.timers', method: 'get', path: '/services/timers', permission: 'services.read', status: 200,
    response: z.object({ items: z.array(Timer) }), refusals: ['unavailable'],
    run: async (app, actor) => ({ items: await listTimers(app, actor) }),
  }),
  endpoint({
    id: 'services.changeTimer', method: 'post', path: '/services/timers/{name}', permission: 'services.write', status: 200,
    params: TimerParams, body: z.strictObject({ on: z.boolean() }), response: Timer, refusals: ['unsupported', 'unavailable'],
    example: { body: { on: true } },
    async run(app, actor, { params, body }) {
      await changeTimer(app, actor, params.name, body.on);
      return findTimer(app, actor, params.name);
    },
  }),
  endpoint({
    id: 'services.get', method: 'get', path: '/services/{name}', permission: 'services.read', status: 200,
    params: Params, response: ServiceWhole, refusals: ['unavailable'],
    async run(app, actor, { params }) {
      const { row, texts: _texts, log: _log, ...rest } = await readService(app, actor, params.name);
      return { service: row, ...rest };
    },
  }),
  endpoint({
    id: 'services.files', method: 'get', path: '/services/{name}/files', permission: 'services.inspect', status: 200,
    params: Params, response: z.object({ items: z.array(z.object({ path: z.string(), kind: z.enum(['unit', 'drop-in']), text: means(z.string().nullable(), 'serviceText') })) }), refusals: ['unavailable'],
    async run(app, actor, { params }) {
      const { row } = await readService(app, actor, params.name);
      return { items: await readFiles(app, actor, row.name) };
    },
  }),
  endpoint({
    id: 'services.log', method: 'get', path: '/services/{name}/log', permission: 'services.inspect', status: 200,
    params: Params, query: z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(20) }), response: z.object({ items: means(z.array(Line).nullable(), 'serviceLog') }), refusals: ['unavailable'],
    run: async (app, actor, { params, query }) => ({ items: await readLog(app, actor, params.name, query.limit) }),
  }),
  endpoint({
    id: 'services.change', method: 'post', path: '/services/{name}/change', permission: 'services.write', status: 200,
    params: Params, body: ServiceChange.extend({ confirm: means(ServiceChange.shape.confirm, 'serviceConfirm') }), response: Service, refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { verb: 'restart' } },
    run: (app, actor, { params, body }) => changeService(app, actor, params.name, body),
  }),
  endpoint({
    id: 'services.recovery', method: 'put', path: '/services/{name}/recovery', permission: 'services.write', status: 204,
    params: Params, body: z.strictObject(recovery), refusals: ['unsupported', 'unavailable'],
    example: { body: { steps: [{ action: 'restart', delay: 60_000 }, { action: 'restart', delay: 60_000 }, { action: 'none', delay: 0 }], reset: 86_400, command: '', onErrors: true } },
    run: (app, actor, { params, body }) => changeSetup(app, actor, params.name, { kind: 'recovery', to: body }),
  }),
  endpoint({
    id: 'services.account', method: 'put', path: '/services/{name}/account', permission: 'services.write', status: 204,
    params: Params, body: z.strictObject({ account: means(AccountInput.shape.account, 'serviceAccount'), password: means(AccountInput.shape.password, 'servicePassword') }), refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { account: 'NT AUTHORITY\\LocalService' } },
    run: (app, actor, { params, body }) => changeSetup(app, actor, params.name, { kind: 'account', account: body.account }, { secret: body.password }),
  }),
  endpoint({
    id: 'services.override', method: 'get', path: '/services/{name}/override', permission: 'services.write', status: 200,
    params: Params, response: z.object({ path: z.string(), text: z.string().nullable(), hash: means(z.string(), 'overrideHash') }).meta({ id: 'ServiceOverride' }), refusals: ['unsupported', 'unavailable'],
    async run(app, actor, { params }) {
      const { path, text, hash } = await readOverride(app, actor, params.name);
      return { path, text, hash };
    },
  }),
  endpoint({
    id: 'services.checkOverride', method: 'post', path: '/services/{name}/override/check', permission: 'services.write', status: 200,
    params: Params, body: z.strictObject({ text: means(OverrideText, 'overrideText') }), response: z.object({ faults: Faults, commands: z.array(z.string()) }), refusals: ['unsupported', 'unavailable'],
    example: { body: { text: '[Service]\nNice=5\n' } },
    async run(app, actor, { params, body }) {
      const { faults, commands } = await planOverride(app, actor, params.name, body.text);
      return { faults, commands };
    },
  }),
  endpoint({
    id: 'services.writeOverride', method: 'put', path: '/services/{name}/override', permission: 'services.write', status: 204,
    params: Params, body: OverrideChange.extend({ text: means(OverrideText, 'overrideText'), hash: means(OverrideChange.shape.hash, 'overrideHash') }), refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { text: '[Service]\nNice=5\n', hash: '' } },
    run: (app, actor, { params, body }) => writeOverride(app, actor, params.name, body),
  }),
];
