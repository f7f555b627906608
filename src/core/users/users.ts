import type { Db } from '../../db/open.ts';
import { users } from '../../db/schema/users.ts';

/** Is there an administrator already? */
export const hasUsers = (app: { db: Db }) => app.db.select({ id: users.id }).from(users).limit(1).all().length > 0;
