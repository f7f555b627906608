import type { Messages } from '../../i18n/en.ts';
import type { AccountSystem } from '../../platform/accounts.ts';

/** The same things are called otherwise on Windows: no root, no shells, no sudo. */
export const wordsOf = (t: Messages, system: AccountSystem): Messages['accounts'] => (system === 'windows' ? { ...t.accounts, ...t.accounts.windows } : t.accounts);
