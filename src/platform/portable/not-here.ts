import { hostname } from 'node:os';
import { AppError, type Say } from '../../lib/errors.ts';
import type { AccountsDriver } from '../accounts.ts';
import type { Host } from '../host.ts';
import { fromNode } from '../linux/system/interfaces.ts';
import type { PackagesDriver } from '../packages.ts';
import type { ClockSync } from '../time.ts';

/** Each question is answered with why it cannot be. */
const refuse = (say: Say) => () => Promise.reject(new AppError('unsupported', say));

const accounts: Say = (t) => t.accounts.notHere;
export const noAccounts: AccountsDriver = {
  system: 'unix', refusal: () => accounts, list: refuse(accounts), signIns: refuse(accounts), commands: refuse(accounts), change: refuse(accounts), keys: refuse(accounts), planKeys: refuse(accounts), changeKeys: refuse(accounts),
};

/** @param why no tool that the panel knows, or another operating system */
export const noPackages = (why: Say = (t) => t.packages.notHere): PackagesDriver => ({
  tool: null, refusal: () => why, changeRefusal: () => why, list: refuse(why), plan: refuse(why), run: refuse(why), left: () => null, changelog: refuse(why),
});

const why: Say = (t) => t.system.notHere;
const unchanged = { refusal: async () => why, plan: refuse(why), apply: refuse(why) };

const NO_SYNC: ClockSync = { service: null, on: null, synchronized: null, offset: null, server: null, lastAt: null, can: false, servers: null };

/** What the panel does not change on this system, and what node:os tells of it. */
export const NOT_HERE = {
  accounts: noAccounts,
  packages: noPackages(),
  identity: { ...unchanged, read: async () => ({ name: hostname(), written: null, pretty: null, hasPretty: false, netbios: false }) },
  time: { ...unchanged, read: async () => ({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, zones: [], titles: {}, ahead: null, sync: NO_SYNC }) },
  locale: { ...unchanged, read: async () => ({ current: Intl.DateTimeFormat().resolvedOptions().locale, installed: [], makeable: [], written: null, languages: null }) },
  resolver: { ...unchanged, read: refuse(why) },
  interfaces: { read: async () => ({ interfaces: fromNode(), routes: null }) },
  swap: { ...unchanged, read: refuse(why) },
  powerSchedule: { ...unchanged, read: async () => null },
} satisfies Partial<Host>;
