import { z } from 'zod';
import { ARMED_NOUNS, dismissReverted, keepArmed, listArmed, listReverted, REVERT_REASONS, revertArmed } from '../core/armed/armed.ts';
import { endpoint } from './endpoint.ts';
import { means, Time } from './schemas.ts';

const what = { id: z.string(), noun: z.enum(ARMED_NOUNS), target: z.string(), by: z.string(), armedAt: Time };

export const Armed = z
  .object({ ...what, until: means(Time, 'armedUntil'), seconds: z.number(), steps: means(z.array(z.string()), 'armedSteps'), reverting: means(z.boolean(), 'armedReverting') })
  .meta({ id: 'ArmedChange' });

const Reverted = z
  .object({ ...what, endedAt: Time, reason: means(z.enum(REVERT_REASONS), 'armedReason'), steps: z.array(z.object({ text: z.string(), ok: z.boolean(), detail: z.string() })) })
  .meta({ id: 'RevertedChange' });

const Params = z.strictObject({ id: z.string().max(64) });

export const armed = [
  endpoint({
    id: 'armed.list', method: 'get', path: '/armed', permission: 'armed.read', status: 200,
    response: z.object({ armed: z.array(Armed), reverted: z.array(Reverted) }),
    run: (app) => ({ armed: listArmed(app), reverted: listReverted(app) }),
  }),
  endpoint({
    id: 'armed.keep', method: 'post', path: '/armed/{id}/keep', permission: 'armed.write', status: 200,
    params: Params, response: Armed, refusals: ['conflict'],
    run: (app, actor, { params }) => keepArmed(app, actor, params.id),
  }),
  endpoint({
    id: 'armed.revert', method: 'post', path: '/armed/{id}/revert', permission: 'armed.write', status: 200,
    params: Params, response: Reverted, refusals: ['conflict'],
    run: (app, actor, { params }) => revertArmed(app, actor, params.id),
  }),
  endpoint({
    id: 'armed.dismiss', method: 'post', path: '/armed/{id}/dismiss', permission: 'armed.write', status: 204,
    params: Params,
    run: (app, actor, { params }) => dismissReverted(app, actor, params.id),
  }),
];
