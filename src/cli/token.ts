import type { Role } from '../db/schema/users.ts';
import { CLI } from '../core/app.ts';
import { createToken, NewToken } from '../core/tokens/tokens.ts';
import { check } from '../lib/issue.ts';
import type { Invocation } from './command.ts';
import { days } from './commands.ts';
import { findUser } from './user.ts';
import { withStore } from './store.ts';

/** `mantou token add --user NAME --name LABEL`: the token alone on standard output, so that a script can keep it. */
export async function add(call: Invocation): Promise<number> {
  const { user, name, role, expires } = call.values;
  const token = await withStore(call, (store) => {
    const owner = findUser(store, String(user));
    const expiresInDays = expires === undefined ? null : days(String(expires));
    const input = check(NewToken, { name, role: (role as Role | undefined) ?? owner.role, expiresInDays });
    return createToken(store, CLI, { ...input, userId: owner.id }).token;
  });
  call.print(token);
  return 0;
}
