import { z } from 'zod';
import { systemClock, type Clock } from '../../../lib/clock.ts';
import { AppError } from '../../../lib/errors.ts';
import type { AccountChange, AccountsDriver, HostAccount } from '../../accounts.ts';
import type { Fault } from '../powershell/lane.ts';
import type { CallOptions, PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';
import { AccountList, AccountSignIns, ADMINISTRATORS, accountsOf, signInsOf } from './answers.ts';
import type { WindowsKeys } from './keys.ts';

const USERS = 'S-1-5-32-545';
/** So long is the log asked for the sign-ins of one account: it may be the biggest of the machine. */
const SIGN_INS_MS = 10_000;

/** An end that has passed keeps it locked, whatever else is done. One that is to come stays. */
const hasEnded = (account: HostAccount | undefined, now: number) => account !== undefined && account.expiresAt !== null && account.expiresAt <= now;

/** What a person would type for the same. */
function commandsOf(change: AccountChange, account: HostAccount | undefined, now: number): string[] {
  const name = quoted(change.name);
  const toGroup = (sid: string) => `Add-LocalGroupMember -SID ${sid} -Member ${name}`;
  switch (change.kind) {
    case 'create':
      return [`New-LocalUser -Name ${name}${change.fullName ? ` -FullName ${quoted(change.fullName)}` : ''} -Password …`, toGroup(USERS), ...(change.admin ? [toGroup(ADMINISTRATORS)] : [])];
    case 'remove':
      return [`Remove-LocalUser -Name ${name}`, ...(change.home && account?.home ? [`Get-CimInstance Win32_UserProfile -Filter "SID='${account.sid}'" | Remove-CimInstance`] : [])];
    case 'lock':
      return [`Disable-LocalUser -Name ${name}`];
    case 'unlock':
      return [`Enable-LocalUser -Name ${name}`, ...(hasEnded(account, now) ? [`Set-LocalUser -Name ${name} -AccountNeverExpires`] : [])];
    case 'password':
      return [`Set-LocalUser -Name ${name} -Password …`];
    case 'admin':
      return [change.to ? toGroup(ADMINISTRATORS) : `Remove-LocalGroupMember -SID ${ADMINISTRATORS} -Member ${name}`];
  }
}

/** Names of errors decide (Exceptions.cs of Microsoft.PowerShell.LocalAccounts), not their text. */
function refusalOf(error: unknown, { kind, name }: AccountChange): unknown {
  if (!(error instanceof AppError)) return error;
  const id = (error.cause as Fault | undefined)?.code.split(',')[0];
  const as = (code: AppError['code'], say: AppError['say'], field?: string) => new AppError(code, say, { cause: error, ...(error.detail ? { detail: error.detail } : {}), ...(field ? { field } : {}) });
  if (id === 'InvalidPassword') return as('invalid', (t) => t.accounts.windows.badPassword, kind === 'password' ? 'password' : undefined);
  if (id === 'NameInUse' || id === 'UserExists') return as('conflict', (t) => t.accounts.taken({ name }), 'name');
  if (id === 'GroupExists') return as('conflict', (t) => t.accounts.windows.groupTaken({ name }), 'name');
  if (id === 'InvalidName') return as('invalid', (t) => t.accounts.windows.nameHint, 'name');
  if (id === 'UserNotFound') return as('not_found', (t) => t.accounts.noSuch({ name }));
  if (kind === 'remove' && id === 'mantou:conflict') return as('conflict', (t) => t.accounts.windows.profileInUse({ name }));
  return error;
}

/** Local accounts of Windows. */
export function createWindowsAccounts(shell: PowerShell, keys: WindowsKeys, clock: Clock = systemClock): AccountsDriver {
  /** By name, from the last list: a SID is never given again, so an old one leads to nobody else. */
  let known = new Map<string, HostAccount>();
  let elevated = true;
  const list = async () => {
    const answer = await shell.call('accounts.ps1', 'list', {}, AccountList);
    elevated = answer.elevated;
    if (answer.controller) throw new AppError('unsupported', (t) => t.accounts.windows.domainController);
    const found = accountsOf(answer);
    known = new Map(found.accounts.map((account) => [account.name, account]));
    return found;
  };
  const find = async (name: string) => {
    const account = known.get(name) ?? (await list()).accounts.find((one) => one.name === name);
    if (!account) throw new AppError('not_found', (t) => t.accounts.noSuch({ name }));
    return account as HostAccount & { sid: string };
  };

  // Known when they have been listed, which comes before.
  function needElevated(): void {
    if (!elevated) throw new AppError('unsupported', (t) => t.accounts.windows.notElevated);
  }

  async function run(change: AccountChange, secret: string) {
    const ask = (verb: Parameters<typeof shell.call<'accounts.ps1', z.ZodType>>[1], given: object, options: CallOptions = {}) => shell.call('accounts.ps1', verb, given, z.object({}), options);
    if (change.kind === 'create') return ask('create', { name: change.name, fullName: change.fullName, admin: change.admin });
    const account = await find(change.name);
    const { sid } = account;
    switch (change.kind) {
      case 'remove': return ask('remove', { sid, profile: change.home });
      case 'lock': return ask('disable', { sid });
      case 'unlock': return ask('enable', { sid, endless: hasEnded(account, clock.now()) });
      case 'password': return ask('password', { sid }, { secret });
      case 'admin': return ask(change.to ? 'grant' : 'revoke', { sid });
    }
  }

  return {
    system: 'windows',
    refusal: () => (shell.missing() ? (t) => t.powershell.unavailable : elevated ? null : (t) => t.accounts.windows.notElevated),
    list,
    async signIns(name, most) {
      const { sid } = await find(name);
      // Twice as many, of which some are told twice. The log is for administrators: what it does not tell is no reason to show nothing of the account.
      return shell.call('accounts.ps1', 'sign-ins', { sid, most: most * 2, patience: SIGN_INS_MS }, AccountSignIns).then((answer) => signInsOf(answer).slice(0, most), () => []);
    },
    commands: async (change) => commandsOf(change, change.kind === 'create' ? undefined : await find(change.name), clock.now()),
    async change(change, secret = '') {
      await run(change, secret).catch((error: unknown) => {
        throw refusalOf(error, change);
      });
    },
    keys: keys.read,
    planKeys: async (account, change) => (needElevated(), keys.plan(account, change)),
    changeKeys: async (account, change) => (needElevated(), keys.change(account, change)),
  };
}
