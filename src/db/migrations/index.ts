import start from './0001_start.sql' with { type: 'text' };

/** In order; the position (from 1) is the version that `PRAGMA user_version` keeps. Landed files never change. */
export const migrations: readonly string[] = [start];
