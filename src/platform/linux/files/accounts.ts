import { readFile } from 'node:fs/promises';
import type { Exec } from '../../exec.ts';
import type { Account, Accounts } from '../../files.ts';

/** Users and groups; from the name service where `getent` is there (LDAP, sssd), else from /etc alone. */
export async function readAccounts(exec: Exec): Promise<Accounts> {
  const [users, groups] = await Promise.all([database(exec, 'passwd'), database(exec, 'group')]);
  return { users, groups };
}

async function database(exec: Exec, name: 'passwd' | 'group'): Promise<Account[]> {
  const getent = exec.which('getent');
  const asked = getent ? await exec.run([getent, name], { timeout: 5000, cap: 4 << 20 }) : null;
  return parseAccounts(asked && asked.stdout ? asked.stdout : await readFile(`/etc/${name}`, 'utf8').catch(() => ''));
}

/**
 * passwd(5) and group(5): name, password, number.
 *
 *     www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
 *     adm:x:4:
 */
export function parseAccounts(text: string): Account[] {
  const found = new Map<number, Account>();
  for (const line of text.split('\n')) {
    const [name, , id] = line.split(':');
    // Of two names for one number the first counts, as in ls.
    if (name && id && /^\d+$/.test(id) && !found.has(Number(id))) found.set(Number(id), { id: Number(id), name });
  }
  return [...found.values()].sort((a, b) => a.id - b.id);
}
