import { z } from 'zod';
import { setPassword } from '../core/users/change-password.ts';
import { createUser, getUser, listUsers, NewUser, removeUser, RoleChange, setDisabled, setRole } from '../core/users/users.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Role, Time } from './schemas.ts';

const User = z
  .object({
    id: means(z.uuid(), 'userId'),
    name: means(z.string(), 'userName'),
    role: Role,
    disabled: means(z.boolean(), 'disabled'),
    totp: means(z.boolean(), 'totp'),
    passkeys: z.number().int(),
    sessions: z.number().int(),
    lastSeenAt: MaybeTime,
    createdAt: Time,
    passwordChangedAt: Time,
  })
  .meta({ id: 'User' });

type Row = z.output<typeof User>;

const SORTS = { name: (row: Row) => row.name.toLowerCase(), role: (row: Row) => row.role, createdAt: (row: Row) => row.createdAt };
const Params = z.strictObject({ id: means(z.uuid(), 'userId') });
const Password = means(NewUser.shape.password, 'password');

export const users = [
  endpoint({
    id: 'users.list', method: 'get', path: '/users', permission: 'users.read', status: 200,
    query: z.strictObject(listFields(['name', 'role', 'createdAt'], 'name')),
    response: collection(User),
    run(app, actor, { query }) {
      return answer(pageOfRows(listUsers(app, actor), SORTS, (row) => row.id, pageQuery(query)), query.sort);
    },
  }),
  endpoint({
    id: 'users.get', method: 'get', path: '/users/{id}', permission: 'users.read', status: 200,
    params: Params, response: User,
    run: (app, actor, { params }) => getUser(app, actor, params.id),
  }),
  endpoint({
    id: 'users.create', method: 'post', path: '/users', permission: 'users.write', status: 201,
    body: z.strictObject({ name: means(NewUser.shape.name, 'userName'), role: NewUser.shape.role, password: Password }),
    response: User, refusals: ['conflict', 'unavailable'],
    example: { body: { name: 'lin', role: 'operator', password: 'four words make one' } },
    async run(app, actor, { body }) {
      return getUser(app, actor, await createUser(app, actor, body));
    },
  }),
  endpoint({
    id: 'users.change', method: 'patch', path: '/users/{id}', permission: 'users.write', status: 200,
    params: Params,
    body: z.strictObject({ role: RoleChange.shape.role.optional(), disabled: means(z.boolean().optional(), 'disabled'), password: Password.optional() }),
    response: User, refusals: ['conflict', 'unavailable'],
    example: { body: { role: 'viewer' } },
    async run(app, actor, { params: { id: userId }, body: { role, disabled, password } }) {
      // The password first: it is the one that may be refused for what it is.
      if (password !== undefined) await setPassword(app, actor, { userId, password });
      if (role !== undefined) setRole(app, actor, { userId, role });
      if (disabled !== undefined) setDisabled(app, actor, { userId, disabled });
      return getUser(app, actor, userId);
    },
  }),
  endpoint({
    id: 'users.remove', method: 'delete', path: '/users/{id}', permission: 'users.write', status: 204,
    params: Params,
    query: z.strictObject({ confirm: means(z.string().max(64), 'confirm') }),
    refusals: ['conflict'],
    example: { query: 'confirm=lin' },
    run: (app, actor, { params, query }) => removeUser(app, actor, { userId: params.id, confirm: query.confirm }),
  }),
];
