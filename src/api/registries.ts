import { z } from 'zod';
import { addRegistry, changeRegistry, getRegistry, listRegistries, RegistryInput, removeRegistry, testRegistry } from '../core/registries/registries.ts';
import { patient } from '../http/patient.ts';
import { endpoint } from './endpoint.ts';
import { MaybeTime, means, Time } from './schemas.ts';

const Registry = z
  .object({
    id: z.uuid(),
    host: means(z.string(), 'registryHost'),
    user: means(z.string(), 'registryUser'),
    note: means(z.string(), 'registryNote'),
    createdAt: Time,
    checkedAt: means(MaybeTime, 'registryChecked'),
  })
  .meta({ id: 'Registry' });

const Params = z.strictObject({ id: z.uuid() });
const { host, user, password, note } = RegistryInput.shape;
const Body = z.strictObject({
  host: means(host, 'registryHost'), user: means(user, 'registryUser'), password: means(password, 'registryPassword'), note: means(note, 'registryNote'),
  check: means(z.boolean().default(true), 'registryCheck'),
});

export const registries = [
  endpoint({
    id: 'registries.list', method: 'get', path: '/registries', permission: 'registries.read', status: 200,
    response: z.object({ items: z.array(Registry) }).meta({ id: 'Registries' }),
    run: (app, actor) => ({ items: listRegistries(app, actor) }),
  }),
  endpoint({
    id: 'registries.add', method: 'post', path: '/registries', permission: 'registries.write', status: 201,
    body: Body, response: Registry, refusals: ['conflict', 'unavailable'],
    example: { body: { host: 'ghcr.io', user: 'lin', password: 'a token' } },
    async run(app, actor, { body: { check, ...input } }, c) {
      patient(c);
      return getRegistry(app, actor, await addRegistry(app, actor, input, { check }));
    },
  }),
  endpoint({
    id: 'registries.change', method: 'put', path: '/registries/{id}', permission: 'registries.write', status: 200,
    params: Params, body: Body, response: Registry, refusals: ['conflict', 'unavailable'],
    example: { body: { host: 'ghcr.io', user: 'lin', note: 'read only' } },
    async run(app, actor, { params, body: { check, ...input } }, c) {
      patient(c);
      await changeRegistry(app, actor, params.id, input, { check });
      return getRegistry(app, actor, params.id);
    },
  }),
  endpoint({
    id: 'registries.test', method: 'post', path: '/registries/{id}/test', permission: 'registries.write', status: 200,
    params: Params, response: Registry, refusals: ['unavailable'],
    async run(app, actor, { params }, c) {
      patient(c);
      await testRegistry(app, actor, params.id);
      return getRegistry(app, actor, params.id);
    },
  }),
  endpoint({
    id: 'registries.remove', method: 'delete', path: '/registries/{id}', permission: 'registries.write', status: 204,
    params: Params,
    run: (app, actor, { params }) => removeRegistry(app, actor, params.id),
  }),
];
