import { expect, test } from 'bun:test';
import type { Role } from '../../db/schema/users.ts';
import { en } from '../../i18n/en.ts';
import type { Actor } from '../app.ts';
import { STACK_ACTIONS, stackPermission } from '../stacks/act.ts';
import { mayCancel, startPermission } from './may-cancel.ts';

const person = (role: Role, userId = role): Actor => ({ kind: 'user', userId, name: userId, role, sessionId: null, tokenId: null, ip: '' });

test('S6 operators cancel what they may start, and of the rest only their own', () => {
  const free = Object.keys(en.tasks.kinds).filter((kind) => mayCancel(person('operator'), { kind, userId: 'boss' }));
  expect(free.sort()).toEqual([
    'containers.check', 'files.archive', 'files.copy', 'files.delete', 'files.empty', 'files.extract', 'files.fetch', 'files.mode', 'files.move', 'files.restore', 'files.trash',
    'images.pull', 'stacks.pull', 'stacks.restart', 'stacks.scale', 'stacks.start', 'stacks.stop', 'stacks.up',
  ]);
  for (const kind of Object.keys(en.tasks.kinds)) {
    expect([kind, mayCancel(person('operator'), { kind, userId: 'operator' }), mayCancel(person('viewer'), { kind, userId: 'viewer' }), mayCancel(person('admin'), { kind, userId: null })]).toEqual([kind, true, false, true]);
  }
});

test('each kind has its permission; those of stacks are the ones that start them', () => {
  expect(Object.keys(en.tasks.kinds).filter((kind) => startPermission(kind) === null)).toEqual([]);
  for (const action of STACK_ACTIONS) expect([action, startPermission(`stacks.${action}`)]).toEqual([action, stackPermission(action)]);
  // Words that every object has are no permissions.
  for (const kind of ['constructor', '__proto__.x', 'toString']) expect(startPermission(kind)).toBeNull();
});
