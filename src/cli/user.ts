import type { Role } from '../db/schema/users.ts';
import { CLI } from '../core/app.ts';
import { setPassword } from '../core/users/change-password.ts';
import { createUser, findUserByName, listUsers, NewUser, resetSecondFactor as reset, type User } from '../core/users/users.ts';
import { AppError } from '../lib/errors.ts';
import { check } from '../lib/issue.ts';
import type { Invocation } from './command.ts';
import { readPasswordLine } from './stdin.ts';
import { withStore, type Store } from './store.ts';

/** `mantou user add NAME --role R --password-stdin`; also before the panel ever ran, as a machine's set-up does. */
export async function add(call: Invocation): Promise<number> {
  const [name = ''] = call.positionals;
  const input = check(NewUser, { name, role: call.values.role as Role, password: await readPasswordLine() });
  await withStore(call, (store) => createUser(store, CLI, input), { create: true });
  call.print(call.t.commands.userAdded({ name: input.name, role: input.role }));
  return 0;
}

/** `mantou user list`: one line each, columns apart by tabs. */
export async function list(call: Invocation): Promise<number> {
  const rows = await withStore(call, (store) => listUsers(store, CLI));
  for (const row of rows) {
    const proofs = [row.totp ? 'totp' : '', row.passkeys ? `${row.passkeys} ${row.passkeys === 1 ? 'passkey' : 'passkeys'}` : ''].filter(Boolean).join(', ') || '-';
    call.print([row.name, row.role, proofs, row.disabled ? 'disabled' : 'active'].join('\t'));
  }
  return 0;
}

/** `mantou user reset-password NAME --password-stdin` */
export async function resetPassword(call: Invocation): Promise<number> {
  const password = await readPasswordLine();
  const user = await withStore(call, async (store) => {
    const found = findUser(store, call.positionals[0]!);
    await setPassword(store, CLI, { userId: found.id, password: check(NewUser.shape.password, password) });
    return found;
  });
  call.print(call.t.commands.passwordSet({ name: user.name }));
  return 0;
}

/** `mantou user reset-2fa NAME` */
export async function resetSecondFactor(call: Invocation): Promise<number> {
  const user = await withStore(call, (store) => {
    const found = findUser(store, call.positionals[0]!);
    reset(store, CLI, { userId: found.id });
    return found;
  });
  call.print(call.t.commands.secondFactorReset({ name: user.name }));
  return 0;
}

/** @throws AppError not_found, naming who there is */
export function findUser(store: Store, name: string): User {
  const found = findUserByName(store, name);
  if (found) return found;
  const names = listUsers(store, CLI).map((row) => row.name).join(', ');
  throw new AppError('not_found', (t) => t.commands.noUser({ name, names }));
}
