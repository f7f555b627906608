import { z } from 'zod';
import { ownId } from '../core/access.ts';
import { createToken, listTokens, NewToken, removeToken } from '../core/tokens/tokens.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Role, Time } from './schemas.ts';

const Token = z
  .object({
    id: means(z.uuid(), 'tokenId'),
    name: means(z.string(), 'tokenName'),
    role: means(Role, 'tokenRole'),
    createdAt: Time,
    expiresAt: MaybeTime,
    lastUsedAt: MaybeTime,
  })
  .meta({ id: 'Token' });

type Row = z.output<typeof Token>;

const SORTS = { name: (row: Row) => row.name, createdAt: (row: Row) => row.createdAt };
const User = means(z.uuid().optional(), 'ofUser');

export const tokens = [
  endpoint({
    id: 'tokens.list', method: 'get', path: '/tokens', permission: 'account.write', status: 200,
    query: z.strictObject({ ...listFields(['name', 'createdAt'], 'createdAt'), user: User }),
    response: collection(Token),
    run(app, actor, { query }) {
      const rows = listTokens(app, actor, query.user ?? ownId(actor));
      return answer(pageOfRows(rows, SORTS, (row) => row.id, pageQuery(query)), query.sort);
    },
  }),
  endpoint({
    id: 'tokens.create', method: 'post', path: '/tokens', permission: 'account.write', status: 201,
    body: z.strictObject({
      name: means(NewToken.shape.name, 'tokenName'),
      role: means(NewToken.shape.role, 'tokenRole'),
      expiresInDays: means(NewToken.shape.expiresInDays, 'tokenDays'),
      user: User,
    }),
    response: z.object({ id: means(z.uuid(), 'tokenId'), token: means(z.string(), 'token'), expiresAt: MaybeTime }).meta({ id: 'NewToken' }),
    refusals: ['conflict'],
    example: { body: { name: 'backup', role: 'viewer', expiresInDays: 90 } },
    run(app, actor, { body: { user, ...input } }) {
      return createToken(app, actor, user ? { ...input, userId: user } : input);
    },
  }),
  endpoint({
    id: 'tokens.remove', method: 'delete', path: '/tokens/{id}', permission: 'account.write', status: 204,
    params: z.strictObject({ id: means(z.uuid(), 'tokenId') }),
    query: z.strictObject({ user: User }),
    run: (app, actor, { params, query }) => removeToken(app, actor, query.user ? { id: params.id, userId: query.user } : { id: params.id }),
  }),
];
