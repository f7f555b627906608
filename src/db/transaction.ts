import type { Db } from './open.ts';

export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/**
 * All of `work` or nothing. It takes the lock of those who write when it begins, and waits for it as long as `busy_timeout`
 * says: one that reads first, and writes when the command line has written meanwhile, would be refused at once
 * (SQLITE_BUSY_SNAPSHOT, sqlite.org/isolation.html).
 */
export const transaction = <T>(db: Db, work: (tx: Tx) => T): T => db.transaction(work, { behavior: 'immediate' });
