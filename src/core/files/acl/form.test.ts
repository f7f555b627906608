import { expect, test } from 'bun:test';
import type { Acl, AclEntry } from '../../../platform/files.ts';
import { appliesOf, APPLIES, readAclForm } from './form.ts';
import { posixList } from './posix.ts';

const entry = (type: AclEntry['type'], account: string, rights: string[], more: Partial<AclEntry> = {}): AclEntry => ({ type, account, rights, isDefault: false, inherited: false, flags: [], ...more });
const posix: Acl = { owner: '0', group: '0', inherits: false, entries: [entry('user', '', ['r', 'w']), entry('user', '33', ['r']), entry('group', '', ['r']), entry('mask', '', ['r']), entry('other', '', [])] };
const text = (entries: readonly AclEntry[]) => entries.map((one) => `${one.isDefault ? 'd:' : ''}${one.type}:${one.account}:${one.rights.join('')}`);

test('a form without rows removes nothing', () => {
  expect(readAclForm('posix', posix, {}).entries).toEqual(posix.entries as never);
  const ntfs: Acl = { owner: 'a', group: '', inherits: true, entries: [entry('allow', 'b', ['Modify']), entry('allow', 'c', ['Read'], { inherited: true })] };
  expect(readAclForm('ntfs', ntfs, {}).entries).toHaveLength(1);
});

test('rows are changed, removed and added; those of owner, group and others cannot go', () => {
  const fields = { 'e0-here': 'on', 'e0-remove': 'on', 'e0-r': 'on', 'e1-remove': 'on', 'new-account': ' lin ', 'new-type': 'group', 'new-r': 'on', 'new-x': 'on', 'mask-auto': 'on' };
  expect(text(readAclForm('posix', posix, fields).entries)).toEqual(['user::r', 'group::r', 'other::', 'group:lin:rx']);
});

test('a default list begins as a copy of the folder’s own, and goes when it is not wanted any more', () => {
  const made = readAclForm('posix', posix, { 'make-defaults': 'on' }).entries;
  expect(text(posixList(made, true)).filter((line) => line.startsWith('d:'))).toEqual(['d:user::rw', 'd:user:33:r', 'd:group::r', 'd:mask::r', 'd:other::']);
  const one = readAclForm('posix', posix, { 'new-default-account': '4', 'new-default-w': 'on' }).entries;
  expect(text(posixList(one, true)).filter((line) => line.startsWith('d:'))).toEqual(['d:user::rw', 'd:user:4:w', 'd:group::r', 'd:mask::rw', 'd:other::']);
  expect(text(readAclForm('posix', { ...posix, entries: made }, { 'no-defaults': 'on' }).entries).some((line) => line.startsWith('d:'))).toBe(false);
});

test('NTFS: choices of what an entry is handed on to, and flags that are none of them stay', () => {
  for (const [name, flags] of Object.entries(APPLIES)) expect(appliesOf([...flags].reverse())).toBe(name as never);
  expect(appliesOf(['ContainerInherit', 'NoPropagateInherit'])).toBeNull();
  const acl: Acl = { owner: 'a', group: '', inherits: true, entries: [entry('allow', 'b', ['Modify'], { flags: ['NoPropagateInherit'] })] };
  const { entries } = readAclForm('ntfs', acl, { 'e0-here': 'on', 'e0-type': 'deny', 'e0-rights': 'Read', 'e0-applies': '', 'new-account': 'c', 'new-applies': 'all', 'new-rights': 'FullControl', inherits: 'on' });
  expect(entries).toEqual([
    { type: 'deny', account: 'b', rights: ['Read'], isDefault: false, inherited: false, flags: ['NoPropagateInherit' as never] },
    { type: 'allow', account: 'c', rights: ['FullControl'], isDefault: false, inherited: false, flags: ['ContainerInherit', 'ObjectInherit'] },
  ]);
});
