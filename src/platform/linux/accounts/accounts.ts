import { readdirSync } from 'node:fs';
import { AppError } from '../../../lib/errors.ts';
import type { AccountChange, AccountsDriver, HostAccount, HostAccounts } from '../../accounts.ts';
import type { Exec } from '../../exec.ts';
import { runSteps, showStep, step, type Step } from '../steps.ts';
import { readText } from '../text-file.ts';
import { planKeys, readKeys, writeKeys } from './keys.ts';
import { loginDef, parseGroup, parsePasswd, parseShadow, parseSudoers, worksAsShell, type ShadowRow } from './parse.ts';
import { readLastlog, readWtmp, type WtmpRow } from './sign-ins.ts';

const DAY = 86_400_000;
/** Its members become root where sudo or su is set up as the distribution does it. */
const ADMIN_GROUPS = ['sudo', 'wheel', 'admin'];

/** The texts that accounts are made of, so that they can be put together without a machine. */
export interface AccountFiles {
  passwd: string;
  group: string;
  /** null: not readable. */
  shadow: string | null;
  sudoers: string;
  defs: string;
  shells: string;
  wtmp: readonly WtmpRow[];
  lastlog(uid: number): HostAccount['lastSignIn'];
  /** That the panel runs as. */
  uid: number | undefined;
}

export function accountsOf(files: AccountFiles): HostAccounts {
  const groups = parseGroup(files.group);
  const shadow = files.shadow === null ? null : parseShadow(files.shadow);
  const sudoers = parseSudoers(files.sudoers);
  const names = new Map(groups.map(({ gid, name }) => [gid, name]));
  const adminGroup = ADMIN_GROUPS.find((name) => groups.some((group) => group.name === name)) ?? null;
  const [uidMin, uidMax, gidMin] = [loginDef(files.defs, 'UID_MIN', 1000), loginDef(files.defs, 'UID_MAX', 60_000), loginDef(files.defs, 'GID_MIN', 1000)];
  const last = new Map<string, WtmpRow>();
  for (const row of files.wtmp) if (!last.has(row.name)) last.set(row.name, row);
  const accounts = parsePasswd(files.passwd).map(({ gid, ...row }): HostAccount => {
    const further = groups.filter(({ members, gid: own }) => members.includes(row.name) && own !== gid).map(({ name }) => name);
    const group = names.get(gid) ?? String(gid);
    const secret = shadow?.get(row.name);
    const inGroup = [group, ...further].some((name) => name === adminGroup || sudoers.groups.includes(name));
    const wtmp = last.get(row.name);
    return {
      ...row, gid, group, groups: further, sid: null, builtIn: row.uid === 0, disabled: false, remoteDesktop: null, passwordSetAt: null, shellWorks: worksAsShell(row.shell),
      system: row.uid !== 0 && (row.uid < uidMin || row.uid > uidMax),
      password: shadow ? (secret?.password ?? 'locked') : null,
      expiresAt: secret?.expires != null ? secret.expires * DAY : null,
      admin: row.uid === 0 ? 'root' : inGroup ? 'group' : sudoers.accounts.includes(row.name) ? 'sudoers' : null,
      lastSignIn: files.lastlog(row.uid) ?? (wtmp ? { at: wtmp.at, line: wtmp.line, from: wtmp.from } : null),
    };
  });
  return {
    accounts, adminGroup, whole: shadow !== null, own: accounts.find(({ uid }) => uid === files.uid)?.name ?? null,
    groups: groups.map(({ name, gid, members }) => ({ name, gid, sid: null, system: gid < gidMin, members: [...new Set([...accounts.filter((each) => each.gid === gid).map((each) => each.name), ...members])] })),
    shells: files.shells.split('\n').filter((line) => line.startsWith('/') && worksAsShell(line)),
  };
}

/** Also what is in /etc/sudoers.d: names with a dot or a `~` at the end are left out, as sudo does. */
function sudoers(): string {
  let names: string[] = [];
  try {
    names = readdirSync('/etc/sudoers.d').filter((name) => !name.includes('.') && !name.endsWith('~'));
  } catch {
    // Not there, or not to be read.
  }
  return [readText('/etc/sudoers'), ...names.map((name) => readText(`/etc/sudoers.d/${name}`))].filter(Boolean).join('\n');
}

export function createLinuxAccounts(exec: Exec): AccountsDriver {
  const read = (): AccountFiles => {
    const passwd = readText('/etc/passwd');
    if (passwd === null) throw new AppError('unsupported', (t) => t.accounts.noFile({ path: '/etc/passwd' }));
    return {
      passwd, group: readText('/etc/group') ?? '', shadow: readText('/etc/shadow'), sudoers: sudoers(),
      defs: readText('/etc/login.defs') ?? '', shells: readText('/etc/shells') ?? '/bin/sh', wtmp: readWtmp(), lastlog: (uid) => readLastlog(uid), uid: process.geteuid?.(),
    };
  };
  const steps = async (change: AccountChange, secret?: string) => stepsOf(change, accountsOf(read()), parseShadow(readText('/etc/shadow') ?? '').get(change.name), secret);
  return {
    system: 'unix',
    refusal: () => (process.geteuid?.() !== 0 ? (t) => t.accounts.notRoot : exec.which('useradd') ? null : (t) => t.errors.noTool({ tool: 'useradd' })),
    list: async () => accountsOf(read()),
    signIns: async (name, most) => readWtmp().filter((row) => row.name === name).slice(0, most).map(({ at, line, from }) => ({ at, line, from })),
    commands: async (change) => (await steps(change, change.kind === 'password' ? '' : undefined)).map(showStep),
    change: async (change, secret) => runSteps(exec, await steps(change, secret), { timeout: 60_000 }),
    keys: readKeys,
    planKeys,
    changeKeys: writeKeys,
  };
}

/** The words of passwd's own tools (shadow-utils). Names stand after `--`, so that none is an option. */
export function stepsOf(change: AccountChange, { adminGroup }: HostAccounts, shadow: ShadowRow | undefined, secret?: string): Step[] {
  const { name } = change;
  switch (change.kind) {
    case 'create':
      return [
        step('useradd', '--create-home', '--user-group', '--shell', change.shell, ...(change.fullName ? ['--comment', change.fullName] : []), ...(change.admin && adminGroup ? ['--groups', adminGroup] : []), '--', name),
      ];
    case 'remove':
      return [step('userdel', ...(change.home ? ['--remove'] : []), '--', name)];
    case 'lock':
      // A lock of the password alone would let keys in.
      return [step('usermod', '--lock', '--expiredate', '1', '--', name)];
    case 'unlock':
      // Without a password behind the mark there is nothing to be unlocked, and usermod refuses.
      return [step('usermod', ...(shadow?.keeps ? ['--unlock'] : []), '--expiredate', '', '--', name)];
    case 'password':
      return [{ ...step('chpasswd'), secret: `${name}:${secret ?? ''}\n` }];
    case 'admin':
      if (!adminGroup) throw new AppError('unsupported', (t) => t.accounts.noAdminGroup);
      return [change.to ? step('usermod', '--append', '--groups', adminGroup, '--', name) : step('gpasswd', '--delete', name, adminGroup)];
  }
}
