import { z } from 'zod';
import { changeAccount, listAccounts, needTyped, readAccount } from '../core/accounts/accounts.ts';
import { AccountName, AccountPassword, Fingerprint, KeyLine, NewAccount, RemoveAccount } from '../core/accounts/input.ts';
import { changeKeys, createAccount } from '../core/accounts/keys.ts';
import type { Actor, App } from '../core/app.ts';
import { listFields, pageQuery } from '../http/list.ts';
import { pageOfRows } from '../lib/page.ts';
import { endpoint } from './endpoint.ts';
import { answer, collection, MaybeTime, means, Time } from './schemas.ts';

const SignIn = z.object({ at: Time, line: z.string(), from: means(z.string(), 'signInFrom') });

const HostAccount = z
  .object({
    name: z.string(), uid: means(z.number().int().nullable(), 'accountOfUnix'), gid: means(z.number().int().nullable(), 'accountOfUnix'), group: means(z.string().nullable(), 'accountOfUnix'),
    groups: z.array(z.string()), sid: means(z.string().nullable(), 'accountSid'), fullName: z.string(), home: means(z.string(), 'accountHome'), shell: means(z.string().nullable(), 'accountOfUnix'),
    shellWorks: means(z.boolean(), 'accountShellWorks'), system: means(z.boolean(), 'accountSystem'), builtIn: means(z.boolean(), 'accountBuiltIn'), disabled: means(z.boolean(), 'accountDisabled'),
    password: means(z.enum(['set', 'locked', 'empty']).nullable(), 'accountPasswordState'), passwordSetAt: MaybeTime, expiresAt: means(MaybeTime, 'accountExpires'),
    admin: means(z.enum(['root', 'group', 'sudoers']).nullable(), 'accountAdmin'), remoteDesktop: means(z.boolean().nullable(), 'accountRemoteDesktop'), lastSignIn: SignIn.nullable(),
  })
  .meta({ id: 'HostAccount' });

const Key = z.object({ line: z.number().int(), type: z.string(), bits: z.number().int().nullable(), fingerprint: means(z.string(), 'keyFingerprint'), comment: z.string(), options: means(z.string(), 'keyOptions') });

const HostAccountWhole = z
  .object({ account: HostAccount, keys: z.object({ path: z.string(), readable: means(z.boolean(), 'keysReadable'), keys: z.array(Key), strange: means(z.number().int(), 'keysStrange'), shared: means(z.boolean(), 'keysShared'), openTo: means(z.array(z.string()), 'keysOpenTo') }), signIns: z.array(SignIn) })
  .meta({ id: 'HostAccountDetails' });

type Row = z.output<typeof HostAccount>;
/** Of Windows the last number of the SID. */
const numberOf = ({ uid, sid }: Row) => uid ?? Number(sid?.slice(sid.lastIndexOf('-') + 1));
const SORTS = { name: (row: Row) => row.name, uid: numberOf, lastSignIn: (row: Row) => row.lastSignIn?.at ?? 0 };
const Params = z.strictObject({ name: means(AccountName, 'accountName') });

async function whole(app: App, actor: Actor, name: string) {
  const { account, keys, signIns } = await readAccount(app, actor, name);
  return { account, keys: { path: keys.path, readable: keys.refusal === null, keys: keys.keys, strange: keys.strange, shared: keys.shared, openTo: keys.openTo }, signIns };
}

export const accounts = [
  endpoint({
    id: 'accounts.list', method: 'get', path: '/accounts', permission: 'accounts.read', status: 200,
    query: z.strictObject(listFields(['name', 'uid', 'lastSignIn'], 'uid')),
    response: collection(HostAccount), refusals: ['unsupported'],
    async run(app, actor, { query }) {
      return answer(pageOfRows((await listAccounts(app, actor)).accounts, SORTS, (row) => row.name, pageQuery(query)), query.sort);
    },
  }),
  endpoint({
    id: 'accounts.groups', method: 'get', path: '/account-groups', permission: 'accounts.read', status: 200,
    response: z.object({ adminGroup: means(z.string().nullable(), 'adminGroup'), items: z.array(z.object({ name: z.string(), gid: means(z.number().int().nullable(), 'accountOfUnix'), sid: means(z.string().nullable(), 'accountSid'), system: z.boolean(), members: z.array(z.string()) })) }),
    refusals: ['unsupported'],
    async run(app, actor) {
      const { groups, adminGroup } = await listAccounts(app, actor);
      return { adminGroup, items: groups };
    },
  }),
  endpoint({
    id: 'accounts.create', method: 'post', path: '/accounts', permission: 'accounts.write', status: 201,
    body: NewAccount.extend({ shell: means(NewAccount.shape.shell, 'accountShell'), admin: means(NewAccount.shape.admin, 'accountGrant'), key: means(NewAccount.shape.key, 'keyLine') }),
    response: HostAccountWhole, refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { name: 'deploy', shell: '/bin/bash', key: 'ssh-ed25519 AAAA… ci@runner' } },
    async run(app, actor, { body }) {
      await createAccount(app, actor, body);
      return whole(app, actor, body.name);
    },
  }),
  endpoint({
    id: 'accounts.get', method: 'get', path: '/accounts/{name}', permission: 'accounts.read', status: 200,
    params: Params, response: HostAccountWhole, refusals: ['unsupported'],
    run: (app, actor, { params }) => whole(app, actor, params.name),
  }),
  endpoint({
    id: 'accounts.change', method: 'patch', path: '/accounts/{name}', permission: 'accounts.write', status: 200,
    params: Params,
    body: z.strictObject({ locked: means(z.boolean().optional(), 'accountLocked'), admin: means(z.boolean().optional(), 'accountGrant'), password: means(AccountPassword.optional(), 'accountPassword') }),
    response: HostAccountWhole, refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { locked: true } },
    async run(app, actor, { params: { name }, body: { locked, admin, password } }) {
      if (password !== undefined) await changeAccount(app, actor, { kind: 'password', name }, { secret: password });
      if (admin !== undefined) await changeAccount(app, actor, { kind: 'admin', name, to: admin });
      if (locked !== undefined) await changeAccount(app, actor, { kind: locked ? 'lock' : 'unlock', name });
      return whole(app, actor, name);
    },
  }),
  endpoint({
    id: 'accounts.remove', method: 'delete', path: '/accounts/{name}', permission: 'accounts.write', status: 204,
    params: Params, body: RemoveAccount.extend({ home: means(RemoveAccount.shape.home, 'accountRemoveHome'), confirm: means(RemoveAccount.shape.confirm, 'accountConfirm') }),
    refusals: ['conflict', 'unsupported', 'unavailable'],
    example: { body: { home: false, confirm: 'deploy' } },
    async run(app, actor, { params: { name }, body: { home, confirm } }) {
      await readAccount(app, actor, name);
      needTyped(name, confirm);
      await changeAccount(app, actor, { kind: 'remove', name, home });
    },
  }),
  endpoint({
    id: 'accounts.addKey', method: 'post', path: '/accounts/{name}/keys', permission: 'accounts.write', status: 201,
    params: Params, body: z.strictObject({ key: means(KeyLine, 'keyLine') }), response: HostAccountWhole, refusals: ['conflict', 'unsupported'],
    example: { body: { key: 'ssh-ed25519 AAAA… lin@laptop' } },
    async run(app, actor, { params: { name }, body: { key } }) {
      await changeKeys(app, actor, name, { add: key });
      return whole(app, actor, name);
    },
  }),
  endpoint({
    id: 'accounts.removeKey', method: 'delete', path: '/accounts/{name}/keys', permission: 'accounts.write', status: 200,
    params: Params, body: z.strictObject({ fingerprint: means(Fingerprint, 'keyFingerprint') }), response: HostAccountWhole, refusals: ['conflict', 'unsupported'],
    example: { body: { fingerprint: 'SHA256:9mLTUj1iHkJ4bBTcYGPJJyLCzUPW5jzuS4pwbtzOzmQ' } },
    async run(app, actor, { params: { name }, body: { fingerprint } }) {
      await changeKeys(app, actor, name, { remove: fingerprint });
      return whole(app, actor, name);
    },
  }),
];
