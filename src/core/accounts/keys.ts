import type { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { KeyChange } from '../../platform/accounts.ts';
import { planOf, type Plan } from '../../platform/plan.ts';
import type { Actor, App } from '../app.ts';
import { commandsOf, sameAsSeen } from '../seal.ts';
import { changeAccount, needChange, planAccount, readAccount, refuseLockout } from './accounts.ts';
import { oneAtATime } from './guard.ts';
import { recorded } from '../audit/recorded.ts';
import { keyOf, lineOf, type NewAccount as NewAccountInput } from './input.ts';

type NewAccount = z.output<typeof NewAccountInput>;

/** What making one will run, and the file of keys that it begins with. @throws AppError */
export async function planNewAccount(app: App, actor: Actor, { key, ...input }: NewAccount): Promise<Plan> {
  if (key && app.host.accounts.system === 'windows') throw new AppError('unsupported', (t) => t.accounts.windows.newKey, { field: 'key' });
  const plan = await planAccount(app, actor, { kind: 'create', ...input });
  return key ? { ...plan, files: [{ path: `~${input.name}/.ssh/authorized_keys`, before: null, after: `${lineOf(keyOf(key))}\n` }] } : plan;
}

/** With its first key, where one was given. @throws AppError */
export async function createAccount(app: App, actor: Actor, { key, ...input }: NewAccount, seen?: string): Promise<void> {
  sameAsSeen(await planNewAccount(app, actor, { key, ...input }), seen);
  await changeAccount(app, actor, { kind: 'create', ...input });
  if (key) await changeKeys(app, actor, input.name, { add: key });
}

/** What becomes of the file of keys. @throws AppError denied, not_found, unsupported with the reason, conflict */
export async function planKeys(app: App, actor: Actor, name: string, asked: KeyChange): Promise<Plan> {
  needChange(app, actor);
  const { account, keys } = await readAccount(app, actor, name);
  if (keys.refusal) throw new AppError('unsupported', keys.refusal);
  if ('add' in asked) {
    const { fingerprint } = keyOf(asked.add);
    if (keys.keys.some((one) => one.fingerprint === fingerprint)) throw new AppError('conflict', (t) => t.accounts.keys.there, { field: 'key' });
  } else {
    if (!keys.keys.some((one) => one.fingerprint === asked.remove)) throw new AppError('not_found', (t) => t.accounts.keys.gone);
    if (keys.keys.every((one) => one.fingerprint === asked.remove)) await refuseLockout(app, await app.host.accounts.list(), name, (door) => ({ ...door, hasKeys: false }));
  }
  return planOf([], [await app.host.accounts.planKeys(account, written(asked))]);
}

/** As it will stand in the file. */
const written = (change: KeyChange): KeyChange => ('add' in change ? { add: lineOf(keyOf(change.add)) } : change);

/** @param seen seal of what was shown @throws AppError denied, not_found, unsupported with the reason, conflict: it is there, or the last way in */
export function changeKeys(app: App, actor: Actor, name: string, asked: KeyChange, seen?: string): Promise<void> {
  return oneAtATime(async () => {
    const plan = await planKeys(app, actor, name, asked);
    sameAsSeen(plan, seen);
    const { account, keys } = await readAccount(app, actor, name);
    const key = 'add' in asked ? keyOf(asked.add) : keys.keys.find(({ fingerprint }) => fingerprint === asked.remove);
    const params = { fingerprint: key?.fingerprint ?? '', comment: key?.comment ?? '' };
    const entry = { action: 'add' in asked ? 'accounts.add_key' : 'accounts.remove_key', target: name, params, commands: commandsOf(plan) };
    await recorded(app, actor, entry, () => app.host.accounts.changeKeys(account, written(asked)));
  });
}
