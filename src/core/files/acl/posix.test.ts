import { expect, test } from 'bun:test';
import type { AclEntry } from '../../../platform/files.ts';
import { effectiveRights, posixList } from './posix.ts';

const entry = (type: AclEntry['type'], account: string, rights: string, isDefault = false): AclEntry => ({ type, account, rights: [...rights], isDefault, inherited: false, flags: [] });
const base = (isDefault = false) => [entry('user', '', 'rw', isDefault), entry('group', '', 'r', isDefault), entry('other', '', '', isDefault)];

test('S2 lists that setfacl would read otherwise are refused', () => {
  const refused: AclEntry[][] = [
    [],
    base().slice(1),
    [...base(), entry('user', '33', 'r'), entry('user', '33', 'w')],
    [...base(), entry('user', '-R', 'r')],
    [...base(), entry('user', '33\nuser:0', 'r')],
    [...base(), entry('other', '33', 'r')],
    [...base(), entry('allow', '33', 'r')],
    [...base(), ...base(true)],
    [...base(), entry('user', '33', 'r', true)],
  ];
  for (const list of refused) expect(() => posixList(list, false), JSON.stringify(list)).toThrow();
  expect(() => posixList([...base(), entry('user', '33', 'r', true)], true)).toThrow();
});

test('a named entry brings a mask of what all of them have together; one that was chosen stays', () => {
  const made = posixList([entry('user', '33', 'rw'), entry('group', '4', 'x'), ...base()], false);
  expect(made.map(({ type, account, rights }) => `${type}:${account}:${rights.join('')}`)).toEqual(['user::rw', 'user:33:rw', 'group::r', 'group:4:x', 'mask::rwx', 'other::']);
  const chosen = posixList([...base(), entry('user', '33', 'rw'), entry('mask', '', 'r')], false);
  expect(chosen.filter(({ type }) => type === 'mask')).toEqual([entry('mask', '', 'r')]);
  expect(effectiveRights(entry('user', '33', 'rw'), chosen)).toEqual(['r']);
  expect(effectiveRights(entry('user', '', 'rw'), chosen)).toEqual(['r', 'w']);
});

test('the list of new children is whole by itself', () => {
  expect(posixList([...base(), ...base(true), entry('user', '33', 'r', true)], true).filter(({ isDefault }) => isDefault)).toHaveLength(5);
});
