import { z } from 'zod';
import { actorLang, type Actor } from '../core/app.ts';
import { changeLimits, ContainerLimits, ContainerRename, renameContainer } from '../core/containers/change.ts';
import { ContainerId } from '../core/containers/container.ts';
import { CommitInput, commitContainer, exportContainer } from '../core/containers/copies.ts';
import { recreateContainer } from '../core/containers/recreate/recreate.ts';
import { startCheck } from '../core/containers/updates/check.ts';
import { SkipInput, skipVersion } from '../core/containers/updates/skip.ts';
import { UNKNOWNS, UPDATE_STATES } from '../core/containers/updates/state.ts';
import { AutomaticInput, chooseAutomatic, updateContainers, UpdateInput } from '../core/containers/updates/update.ts';
import { listUpdates, matchesUpdate, UpdateFilter, type ContainerUpdate } from '../core/containers/updates/updates.ts';
import { TASK_STATES } from '../db/schema/tasks.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { tarResponse } from '../http/tar-response.ts';
import { pageOfRows } from '../lib/page.ts';
import { toldIn } from '../lib/told.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Time } from './schemas.ts';

const Update = z
  .object({
    id: z.string(),
    name: z.string(),
    image: z.string(),
    reference: means(z.string().nullable(), 'updateReference'),
    running: z.boolean(),
    stack: means(z.string().nullable(), 'containerStack'),
    way: means(z.enum(['itself', 'stack', 'none']), 'updateWay'),
    state: means(z.enum(UPDATE_STATES), 'updateState'),
    why: means(z.enum(UNKNOWNS).nullable(), 'updateWhy'),
    said: means(z.string(), 'updateSaid'),
    digest: means(z.string().nullable(), 'updateDigest'),
    checkedAt: means(MaybeTime, 'updateCheckedAt'),
    automatic: means(z.boolean(), 'updateAutomatic'),
    last: means(z.object({ task: z.string(), state: z.enum(TASK_STATES), error: z.string().nullable(), at: Time }).nullable(), 'updateLast'),
  })
  .meta({ id: 'ContainerUpdate' });

const SORTS = { name: ({ name }: ContainerUpdate) => name, state: ({ state }: ContainerUpdate) => UPDATE_STATES.indexOf(state) };
/** In words of whoever asks. */
const show = (actor: Actor, { last, ...one }: ContainerUpdate) => ({ ...one, last: last && { ...last, error: last.error && toldIn(last.error, actorLang(actor)) } });

const Params = z.strictObject({ id: means(ContainerId, 'containerId') });
export const ContainerTask = z.object({ task: means(z.uuid(), 'updateTask') }).meta({ id: 'ContainerTask' });

export const containerUpdates = [
  endpoint({
    id: 'containers.updates', method: 'get', path: '/container-updates', permission: 'containers.read', status: 200,
    query: z.strictObject({ ...listFields(['state', 'name'], 'state'), q: means(UpdateFilter.shape.q, 'updateFilter'), state: means(UpdateFilter.shape.state, 'updateState') }),
    response: collection(Update),
    refusals: ['unavailable'],
    example: { query: 'state=newer' },
    async run(app, actor, { query }) {
      const all = (await listUpdates(app, actor)).filter((one) => matchesUpdate(one, query));
      const page = pageOfRows(all, SORTS, ({ id }) => id, pageQuery(query));
      return answer({ ...page, items: page.items.map((one) => show(actor, one)) }, query.sort);
    },
  }),
  endpoint({
    id: 'containers.checkUpdates', method: 'post', path: '/container-updates/check', permission: 'containers.write', status: 202,
    response: ContainerTask, refusals: ['conflict'],
    run: (app, actor) => ({ task: startCheck(app, actor) }),
  }),
  endpoint({
    id: 'containers.update', method: 'post', path: '/container-updates/update', permission: 'containers.admin', status: 202,
    body: z.strictObject({ ids: means(UpdateInput.shape.ids, 'updateIds') }),
    response: ContainerTask, refusals: ['not_found', 'conflict', 'unavailable'],
    example: { body: { ids: ['gitea', 'registry'] } },
    run: async (app, actor, { body }) => ({ task: await updateContainers(app, actor, body) }),
  }),
  endpoint({
    id: 'containers.skipUpdate', method: 'post', path: '/container-updates/skip', permission: 'containers.write', status: 204,
    body: z.strictObject({ reference: means(SkipInput.shape.reference, 'updateReference'), digest: means(SkipInput.shape.digest, 'updateSkipped'), skip: means(SkipInput.shape.skip, 'updateSkip') }),
    refusals: ['not_found'],
    example: { body: { reference: 'gitea/gitea:1.24', digest: `sha256:${'5e1f3c0a'.repeat(8)}`, skip: true } },
    run: (app, actor, { body }) => skipVersion(app, actor, body),
  }),
  endpoint({
    id: 'containers.automaticUpdate', method: 'post', path: '/containers/{id}/automatic-update', permission: 'containers.admin', status: 204,
    params: Params,
    body: z.strictObject({ automatic: means(AutomaticInput.shape.automatic, 'updateAutomatic') }),
    refusals: ['conflict', 'unavailable'],
    example: { body: { automatic: true } },
    run: async (app, actor, { params, body }) => void (await chooseAutomatic(app, actor, { id: params.id, ...body })),
  }),
  endpoint({
    id: 'containers.recreate', method: 'post', path: '/containers/{id}/recreate', permission: 'containers.admin', status: 202,
    params: Params,
    body: z.strictObject({ pull: means(z.boolean().default(false), 'recreatePull') }),
    response: ContainerTask, refusals: ['conflict', 'unavailable'],
    example: { body: { pull: true } },
    run: async (app, actor, { params, body }) => ({ task: await recreateContainer(app, actor, params.id, body) }),
  }),
  endpoint({
    id: 'containers.rename', method: 'post', path: '/containers/{id}/rename', permission: 'containers.admin', status: 204,
    params: Params, body: z.strictObject(ContainerRename.shape), refusals: ['conflict', 'unavailable'],
    example: { body: { name: 'shop' } },
    run: (app, actor, { params, body }) => renameContainer(app, actor, params.id, body),
  }),
  endpoint({
    id: 'containers.limits', method: 'post', path: '/containers/{id}/limits', permission: 'containers.admin', status: 204,
    params: Params,
    body: z.strictObject({
      memory: means(z.number().int().min(6).max(2 ** 30).optional(), 'limitMemory'), cpus: means(z.number().min(0.01).max(4096).optional(), 'limitCpus'),
      restart: ContainerLimits.shape.restart, retries: means(z.number().int().min(0).max(1000).default(0), 'limitRetries'),
    }),
    refusals: ['unavailable'],
    example: { body: { memory: 512, cpus: 1.5, restart: 'unless-stopped' } },
    run: (app, actor, { params, body }) => changeLimits(app, actor, params.id, body),
  }),
  endpoint({
    id: 'containers.commit', method: 'post', path: '/containers/{id}/commit', permission: 'containers.admin', status: 202,
    params: Params,
    body: z.strictObject({
      reference: means(CommitInput.shape.reference, 'commitReference'), author: means(CommitInput.shape.author, 'commitAuthor'), message: means(CommitInput.shape.message, 'commitMessage'),
      pause: means(CommitInput.shape.pause, 'commitPause'), replace: means(CommitInput.shape.replace, 'commitReplace'),
    }),
    response: ContainerTask, refusals: ['conflict', 'unavailable'],
    example: { body: { reference: 'acme/shop:before-upgrade' } },
    run: async (app, actor, { params, body }) => ({ task: await commitContainer(app, actor, params.id, body) }),
  }),
  endpoint({
    id: 'containers.export', method: 'get', path: '/containers/{id}/export', permission: 'containers.admin', status: 200,
    params: Params, gives: 'application/x-tar', refusals: ['unavailable'],
    run: async (app, actor, { params }, c) => tarResponse(c, await exportContainer(app, actor, params.id, c.req.raw.signal)),
  }),
];
