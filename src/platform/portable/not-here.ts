import { AppError, type Say } from '../../lib/errors.ts';
import type { AccountsDriver } from '../accounts.ts';
import type { PackagesDriver } from '../packages.ts';

/** Each question is answered with why it cannot be. */
const refuse = (say: Say) => () => Promise.reject(new AppError('unsupported', say));

const accounts: Say = (t) => t.accounts.notHere;
export const noAccounts: AccountsDriver = {
  refusal: () => accounts, list: refuse(accounts), signIns: refuse(accounts), commands: refuse(accounts), change: refuse(accounts), keys: refuse(accounts), planKeys: refuse(accounts), changeKeys: refuse(accounts),
};

/** @param why no tool that the panel knows, or another operating system */
export const noPackages = (why: Say = (t) => t.packages.notHere): PackagesDriver => ({
  tool: null, refusal: () => why, changeRefusal: () => why, list: refuse(why), plan: refuse(why), run: refuse(why), changelog: refuse(why),
});
