import { AppError } from '../../../lib/errors.ts';
import type { AclEntry } from '../../../platform/files.ts';

const ORDER = { user: 0, group: 1, mask: 2, other: 3 } as Record<string, number>;

/**
 * A POSIX list as acl(5) wants it: owner, owning group and others once each, no account twice, and a mask as soon as there is a
 * named entry. A missing mask becomes what all named entries and the group have together, as setfacl makes it.
 * @throws AppError invalid
 */
export function posixList(entries: readonly AclEntry[], isFolder: boolean): AclEntry[] {
  const parts = [entries.filter((entry) => !entry.isDefault), entries.filter((entry) => entry.isDefault)];
  if (parts[1]!.length && !isFolder) throw new AppError('invalid', (t) => t.acl.errors.defaultOfFile);
  return parts.flatMap((part, index) => (part.length || index === 0 ? whole(part, index === 1) : []));
}

function whole(part: readonly AclEntry[], isDefault: boolean): AclEntry[] {
  const seen = new Set<string>();
  for (const { type, account } of part) {
    if (!(type in ORDER) || !/^\d{0,10}$/.test(account) || (account !== '' && type !== 'user' && type !== 'group')) throw new AppError('invalid', (t) => t.acl.errors.badEntry);
    if (seen.has(`${type}:${account}`)) throw new AppError('invalid', (t) => t.acl.errors.twice({ account }));
    seen.add(`${type}:${account}`);
  }
  for (const base of ['user:', 'group:', 'other:']) if (!seen.has(base)) throw new AppError('invalid', (t) => t.acl.errors.noBase);
  const named = part.some((entry) => entry.account !== '');
  const list = [...part];
  if (named && !seen.has('mask:')) list.push({ type: 'mask', account: '', rights: together(part), isDefault, inherited: false, flags: [] });
  return list.sort((a, b) => ORDER[a.type]! - ORDER[b.type]! || Number(a.account || -1) - Number(b.account || -1));
}

const together = (part: readonly AclEntry[]) => ['r', 'w', 'x'].filter((right) => part.some((entry) => isMasked(entry) && entry.rights.includes(right)));

/** Does the mask hold it back? Of the owner and of others never. */
export const isMasked = (entry: Pick<AclEntry, 'type' | 'account'>) => entry.type === 'group' || (entry.type === 'user' && entry.account !== '');

/** What an entry gives in the end. */
export function effectiveRights(entry: AclEntry, entries: readonly AclEntry[]): string[] {
  const mask = entries.find((other) => other.type === 'mask' && other.isDefault === entry.isDefault);
  return mask && isMasked(entry) ? entry.rights.filter((right) => mask.rights.includes(right)) : entry.rights;
}
