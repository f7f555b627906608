import type { Messages } from '../../i18n/en.ts';
import { AppError } from '../../lib/errors.ts';
import type { AccountChange, AuthorizedKeys, HostAccount, HostAccounts, SignIn } from '../../platform/accounts.ts';
import { planOf, type Plan } from '../../platform/plan.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { recorded } from '../audit/recorded.ts';
import { commandsOf, sameAsSeen } from '../seal.ts';
import { groupsOf, oneAtATime, shutsOut, type Door } from './guard.ts';
import { NewAccountName, WindowsAccountName } from './input.ts';
import { wordsOf } from './words.ts';

/** The machine's accounts and groups. @throws AppError denied, unsupported */
export async function listAccounts(app: App, actor: Actor): Promise<HostAccounts> {
  need(actor, 'accounts.read');
  return app.host.accounts.list();
}

export interface OneAccount {
  account: HostAccount;
  keys: AuthorizedKeys;
  signIns: SignIn[];
  adminGroup: string | null;
}

const SIGN_INS_SHOWN = 20;

/** @throws AppError denied, not_found, unsupported */
export async function readAccount(app: App, actor: Actor, name: string): Promise<OneAccount> {
  const { accounts, adminGroup } = await listAccounts(app, actor);
  const account = accounts.find((one) => one.name === name);
  if (!account) throw new AppError('not_found', (t) => t.accounts.noSuch({ name }));
  const [keys, signIns] = await Promise.all([app.host.accounts.keys(account), app.host.accounts.signIns(name, SIGN_INS_SHOWN)]);
  return { account, keys, signIns, adminGroup };
}

/** Everybody who may become root, with whether keys let them in. */
async function doorsOf(app: App, { accounts }: HostAccounts): Promise<Door[]> {
  const admins = accounts.filter(({ admin }) => admin !== null);
  return Promise.all(admins.map(async (one) => ({ ...one, hasKeys: (await app.host.accounts.keys(one)).keys.length > 0 })));
}

/** @throws AppError conflict: nobody could become root any more */
export async function refuseLockout(app: App, list: HostAccounts, name: string, change: (door: Door) => Door | null) {
  const doors = await doorsOf(app, list);
  const door = doors.find((one) => one.name === name);
  const why = door && shutsOut(doors, name, change(door), app.clock.now(), app.host.accounts.system);
  if (why) throw new AppError('conflict', why);
}

/** @throws AppError denied, unsupported: not from here */
export function needChange(app: App, actor: Actor) {
  need(actor, 'accounts.write');
  const refusal = app.host.accounts.refusal();
  if (refusal) throw new AppError('unsupported', refusal);
}

/** What a change will run. Refuses what cannot be, and what would leave nobody who may become root. @throws AppError */
export async function planAccount(app: App, actor: Actor, change: AccountChange): Promise<Plan> {
  needChange(app, actor);
  const list = await app.host.accounts.list();
  if (change.kind === 'create') {
    refuseNew(app, list, change);
    return planOf(await app.host.accounts.commands(change));
  }
  const account = list.accounts.find(({ name }) => name === change.name);
  if (!account) throw new AppError('not_found', (t) => t.accounts.noSuch({ name: change.name }));
  await refuse(app, list, account, change);
  return planOf(await app.host.accounts.commands(change));
}

function refuseNew(app: App, list: HostAccounts, { name, shell, admin }: Extract<AccountChange, { kind: 'create' }>) {
  const { system } = app.host.accounts;
  const isWindows = system === 'windows';
  const words = (t: Messages) => wordsOf(t, system);
  // Windows takes no notice of large and small letters.
  const same = (other: string) => (isWindows ? other.toLowerCase() === name.toLowerCase() : other === name);
  if (!(isWindows ? WindowsAccountName : NewAccountName).safeParse(name).success) throw new AppError('invalid', (t) => words(t).nameHint, { field: 'name' });
  if (list.accounts.some((one) => same(one.name))) throw new AppError('conflict', (t) => t.accounts.taken({ name }), { field: 'name' });
  if (list.groups.some((one) => same(one.name))) throw new AppError('conflict', (t) => words(t).groupTaken({ name }), { field: 'name' });
  if (isWindows ? shell !== '' : !list.shells.includes(shell)) throw new AppError('invalid', (t) => words(t).shellHint, { field: 'shell' });
  if (admin && !list.adminGroup) throw new AppError('unsupported', (t) => t.accounts.noAdminGroup);
}

async function refuse(app: App, list: HostAccounts, account: HostAccount, change: Exclude<AccountChange, { kind: 'create' }>) {
  const { name } = account;
  const { system } = app.host.accounts;
  const not = (say: (words: Messages['accounts']) => string) => new AppError('unsupported', (t) => say(wordsOf(t, system)));
  if (change.kind === 'remove' && account.builtIn) throw not((words) => words.notRootAccount({ name }));
  if (change.kind === 'remove' && account.system) throw not((words) => words.ofSystem({ name }));
  const shuts = change.kind === 'lock' || change.kind === 'remove' || (change.kind === 'admin' && !change.to);
  if (shuts && name === list.own) throw not((words) => words.ofPanel({ name }));
  if (change.kind === 'admin') {
    if (!list.adminGroup) throw not((words) => words.noAdminGroup);
    if (change.to === groupsOf(account).includes(list.adminGroup)) throw new AppError('conflict', (t) => (change.to ? wordsOf(t, system).isAdmin({ name }) : wordsOf(t, system).isNoAdmin({ name })));
    if (!change.to && system === 'windows' && account.builtIn) throw not((words) => words.windows.staysAdmin({ name }));
    if (!change.to) await refuseLockout(app, list, name, (door) => ({ ...door, admin: door.admin === 'group' ? null : door.admin }));
  }
  if (change.kind === 'lock') await refuseLockout(app, list, name, (door) => ({ ...door, expiresAt: 1 }));
  if (change.kind === 'remove') await refuseLockout(app, list, name, () => null);
}

/** @param seen seal of what was shown @throws AppError */
export function changeAccount(app: App, actor: Actor, change: AccountChange, options: { seen?: string | undefined; secret?: string } = {}): Promise<void> {
  return oneAtATime(async () => {
    const plan = await planAccount(app, actor, change);
    sameAsSeen(plan, options.seen);
    const { kind, name, ...params } = change;
    const entry = { action: `accounts.${kind === 'admin' ? (change.to ? 'grant' : 'revoke') : kind}`, target: name, params, commands: commandsOf(plan) };
    await recorded(app, actor, entry, () => app.host.accounts.change(change, options.secret));
  });
}

/** The name is typed before it goes. */
export function needTyped(name: string, confirm: string) {
  if (confirm.trim() !== name) throw new AppError('invalid', (t) => t.accounts.typeName({ name }), { field: 'confirm' });
}
