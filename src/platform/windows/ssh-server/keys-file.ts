import type { HostAccount } from '../../accounts.ts';
import type { ConfigLine } from '../../ssh-server/config.ts';

/**
 * Where sshd looks for keys of an account. `shared`: in the one file of all administrators; `own`: in the profile; else a
 * place that somebody has set, as the configuration has it.
 */
export type KeysFile = 'shared' | 'own' | { other: string };

const SHARED = /^(__programdata__|%programdata%|[a-z]:\/programdata)\/ssh\/administrators_authorized_keys$/;
const OWN = /^(%h\/)?\.ssh\/authorized_keys$/;

/**
 * The configuration that comes with Windows ends so:
 *
 *     AuthorizedKeysFile	.ssh/authorized_keys
 *     Match Group administrators
 *            AuthorizedKeysFile __PROGRAMDATA__/ssh/administrators_authorized_keys
 *
 * “administrators” is that group in every language (get_sid in win32compat/misc.c). Other blocks that move keys are for
 * connections and groups that nobody knows here, so they are told as they stand.
 */
export function keysFileOf(lines: readonly ConfigLine[], { admin }: Pick<HostAccount, 'admin'>): KeysFile {
  let block: readonly string[] = [];
  let everybody: readonly string[] | null = null;
  let administrators: readonly string[] | null = null;
  for (const { keyword, args, match } of lines) {
    if (keyword === 'match') block = args;
    if (keyword !== 'authorizedkeysfile') continue;
    if (!match) everybody ??= args;
    else if (isAdministrators(block)) administrators ??= args;
    else return { other: `Match ${block.join(' ')}: AuthorizedKeysFile ${args.join(' ')}` };
  }
  return placeOf((admin && administrators) || everybody || ['.ssh/authorized_keys']);
}

const isAdministrators = ([criterion, group, ...more]: readonly string[]) => criterion?.toLowerCase() === 'group' && /^(builtin[\\/])?administrators$/i.test(group ?? '') && more.length === 0;

/** Of several the first that is known: a key there counts. */
function placeOf(args: readonly string[]): KeysFile {
  for (const arg of args) {
    const plain = arg.replaceAll('\\', '/').toLowerCase();
    if (SHARED.test(plain)) return 'shared';
    if (OWN.test(plain)) return 'own';
  }
  return { other: `AuthorizedKeysFile ${args.join(' ')}` };
}
