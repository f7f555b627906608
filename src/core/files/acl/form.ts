import type { Acl, AclEntry } from '../../../platform/files.ts';
import type { AclInput } from './acl.ts';

type Fields = Readonly<Record<string, string>>;

/** What an NTFS entry is handed on to, as one choice. */
export const APPLIES = {
  this: [],
  all: ['ContainerInherit', 'ObjectInherit'],
  folders: ['ContainerInherit'],
  files: ['ObjectInherit'],
  belowAll: ['ContainerInherit', 'ObjectInherit', 'InheritOnly'],
  belowFolders: ['ContainerInherit', 'InheritOnly'],
  belowFiles: ['ObjectInherit', 'InheritOnly'],
} as const satisfies Record<string, readonly AclInput['entries'][number]['flags'][number][]>;

export type Applies = keyof typeof APPLIES;

/** @returns null for flags that are none of the choices (NoPropagateInherit): they stay as they are */
export function appliesOf(flags: readonly string[]): Applies | null {
  const key = [...flags].sort().join();
  return (Object.keys(APPLIES) as Applies[]).find((one) => [...APPLIES[one]].sort().join() === key) ?? null;
}

/** The list that a form means: its rows are those of `acl`, in order, with what was changed; then the new ones. */
export function readAclForm(kind: 'posix' | 'ntfs', acl: Acl, fields: Fields): AclInput {
  const entries = kind === 'posix' ? posixRows(acl, fields) : ntfsRows(acl, fields);
  return {
    owner: kind === 'ntfs' ? (fields.owner ?? '').trim() : '', inherits: kind === 'ntfs' && fields.inherits === 'on', keepInherited: fields.keep !== 'remove',
    entries: entries as AclInput['entries'],
  };
}

const on = (fields: Fields, name: string) => fields[name] === 'on';
const rightsAt = (fields: Fields, at: string) => ['r', 'w', 'x'].filter((right) => on(fields, `${at}-${right}`));

function posixRows(acl: Acl, fields: Fields): AclEntry[] {
  const kept = acl.entries.flatMap((entry, index) => {
    const at = `e${index}`;
    if (on(fields, `${at}-remove`) && entry.account !== '') return [];
    if (entry.type === 'mask' && on(fields, 'mask-auto')) return [];
    if (entry.isDefault && on(fields, 'no-defaults')) return [];
    // Rows that the form did not have stay as they are.
    return [on(fields, `${at}-here`) ? { ...entry, rights: rightsAt(fields, at) } : entry];
  });
  const added = ['new', 'new-default'].flatMap((at): AclEntry[] => {
    const account = (fields[`${at}-account`] ?? '').trim();
    if (!account) return [];
    return [{ type: fields[`${at}-type`] === 'group' ? 'group' : 'user', account, rights: rightsAt(fields, at), isDefault: at === 'new-default', inherited: false, flags: [] }];
  });
  const list = [...kept, ...added];
  const wants = on(fields, 'make-defaults') || added.some((entry) => entry.isDefault);
  if (!wants || list.some((entry) => entry.isDefault && entry.account === '')) return list;
  // A new default list begins as a copy of the folder's own.
  const own = list.filter((entry) => !entry.isDefault && (on(fields, 'make-defaults') || entry.account === '') && entry.type !== 'mask');
  return [...list, ...own.map((entry) => ({ ...entry, isDefault: true })).filter((copy) => !list.some((entry) => entry.isDefault && entry.type === copy.type && entry.account === copy.account))];
}

function ntfsRows(acl: Acl, fields: Fields): AclEntry[] {
  const rightsOf = (at: string, now: string[]) => (fields[`${at}-rights`] ? [fields[`${at}-rights`]!] : now);
  const flagsOf = (at: string, now: string[]) => (Object.hasOwn(APPLIES, fields[`${at}-applies`] ?? '') ? [...APPLIES[fields[`${at}-applies`] as Applies]] : now);
  const typeOf = (at: string, now: AclEntry['type']) => (fields[`${at}-type`] === 'deny' ? 'deny' : fields[`${at}-type`] === 'allow' ? 'allow' : now);
  const kept = acl.entries.flatMap((entry, index) => {
    const at = `e${index}`;
    if (entry.inherited || on(fields, `${at}-remove`)) return [];
    return [on(fields, `${at}-here`) ? { ...entry, type: typeOf(at, entry.type), rights: rightsOf(at, entry.rights), flags: flagsOf(at, entry.flags) } : entry];
  });
  const account = (fields['new-account'] ?? '').trim();
  if (!account) return kept;
  return [...kept, { type: typeOf('new', 'allow'), account, rights: rightsOf('new', ['ReadAndExecute']), isDefault: false, inherited: false, flags: flagsOf('new', []) }];
}
