import { z } from 'zod';
import type { HostAccount, HostAccounts, SignIn } from '../../accounts.ts';

const Member = z.object({ sid: z.string(), name: z.string() });

/**
 * `accounts.ps1 list`:
 *
 *     {"controller":false,"elevated":true,"own":"S-1-5-18","users":[{"sid":"S-1-5-21-1004336348-1177238915-682003330-500","name":"Administrator",
 *       "fullName":"","enabled":true,"passwordSetAt":1790000000000,"expiresAt":null,"lastSignIn":1790000000000,"profile":"C:\\Users\\Administrator"}],
 *       "groups":[{"sid":"S-1-5-32-544","name":"Administrators","members":[{"sid":"S-1-5-21-1004336348-1177238915-682003330-500","name":"Administrator"}]}]}
 */
export const AccountList = z.object({
  controller: z.boolean(), elevated: z.boolean(), own: z.string(),
  users: z.array(z.object({
    sid: z.string(), name: z.string(), fullName: z.string(), enabled: z.boolean(), passwordSetAt: z.number().nullable(), expiresAt: z.number().nullable(), lastSignIn: z.number().nullable(), profile: z.string(),
  })),
  groups: z.array(z.object({ sid: z.string(), name: z.string(), members: z.array(Member) })),
});
type AccountList = z.output<typeof AccountList>;

/** `accounts.ps1 sign-ins`: {"signIns":[{"at":1790000000000,"type":10,"from":"198.51.100.23"}]} */
export const AccountSignIns = z.object({ signIns: z.array(z.object({ at: z.number().nullable(), type: z.number().int(), from: z.string() })) });

/** Groups that Windows comes with, called by each language in its own way ([MS-DTYP] 2.4.2.4). */
export const ADMINISTRATORS = 'S-1-5-32-544';
const REMOTE_DESKTOP_USERS = 'S-1-5-32-555';
const BUILT_IN = 'S-1-5-32-';

/** Last number of the SID, the same on every Windows: 500 is the Administrator, the others are not for people (Guest, DefaultAccount, WDAGUtilityAccount). */
const ridOf = (sid: string) => Number(sid.slice(sid.lastIndexOf('-') + 1));
const ADMINISTRATOR = 500;
const OF_WINDOWS = [501, 503, 504];

export function accountsOf({ users, groups, own }: AccountList): HostAccounts {
  const admins = groups.find(({ sid }) => sid === ADMINISTRATORS);
  const remote = groups.find(({ sid }) => sid === REMOTE_DESKTOP_USERS);
  const isIn = (sid: string, group: typeof admins) => group?.members.some((member) => member.sid === sid) ?? false;
  const accounts = users.map(({ sid, name, fullName, enabled, passwordSetAt, expiresAt, lastSignIn, profile }): HostAccount => ({
    name, sid, fullName, uid: null, gid: null, group: null, groups: groups.filter((group) => isIn(sid, group)).map((group) => group.name), home: profile, shell: null, shellWorks: true,
    system: OF_WINDOWS.includes(ridOf(sid)), builtIn: ridOf(sid) === ADMINISTRATOR, disabled: !enabled,
    // Windows does not tell whether a password is empty, only that one was set.
    password: passwordSetAt === null ? null : 'set', passwordSetAt, expiresAt,
    admin: isIn(sid, admins) ? 'group' : null, remoteDesktop: remote ? isIn(sid, remote) || isIn(sid, admins) : null,
    lastSignIn: lastSignIn === null ? null : { at: lastSignIn, line: '', from: '' },
  }));
  return {
    accounts, adminGroup: admins?.name ?? null, shells: [], whole: true, own: accounts.find(({ sid }) => sid === own)?.name ?? null,
    groups: groups.map(({ sid, name, members }) => ({ name, sid, gid: null, system: sid.startsWith(BUILT_IN), members: members.map((member) => member.name || member.sid) })),
  };
}

const LINES: Record<number, string> = { 2: 'console', 10: 'rdp', 11: 'cached' };
/** The machine itself, as events call it. */
const isHere = (address: string) => ['', '-', '::1', '0.0.0.0'].includes(address) || address.startsWith('127.');

/** With User Account Control an administrator's sign-in is written twice, once for each token: within this many ms it is the same. */
const TWICE = 2000;

export function signInsOf({ signIns }: z.output<typeof AccountSignIns>): SignIn[] {
  const rows = signIns.flatMap(({ at, type, from }): SignIn[] => (at === null || !LINES[type] ? [] : [{ at, line: LINES[type], from: isHere(from) ? '' : from.replace(/^::ffff:(?=\d+\.)/, '') }]));
  return rows.filter((row, i) => !rows.slice(0, i).some((newer) => newer.line === row.line && newer.from === row.from && newer.at - row.at < TWICE));
}
