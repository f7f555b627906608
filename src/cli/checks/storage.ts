import { Database } from 'bun:sqlite';
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { migrations } from '../../db/migrations/index.ts';
import { explain } from '../../db/open.ts';
import { AppError } from '../../lib/errors.ts';
import { loadMasterKey } from '../../core/secrets/secrets.ts';
import { systemRandom } from '../../lib/random.ts';
import { probeDataDir } from '../datadir.ts';
import { databasePath } from '../store.ts';
import { caution, fail, ok, type Check, type Finding } from './check.ts';

/** Less free space than this is worth a word. */
const LOW_BYTES = 1e9;

export const dataDirCheck: Check = ({ config: { dataDir: path } }) => {
  if (!existsSync(path)) return newDataDir(path);
  return told('dataDir', () => {
    probeDataDir(path);
    const { bavail, bsize } = statfsSync(path);
    const bytes = bavail * bsize;
    const free = (bytes / 1e9).toFixed(1);
    if (bytes < LOW_BYTES) return caution('dataDir', (t) => t.doctor.dataDirFull({ path, free }));
    return ok('dataDir', (t) => t.doctor.dataDir({ path, free }));
  });
};

function newDataDir(path: string): Finding {
  let parent = dirname(path);
  while (!existsSync(parent)) parent = dirname(parent);
  try {
    accessSync(parent, constants.W_OK);
    return ok('dataDir', (t) => t.doctor.dataDirNew({ path }));
  } catch {
    return fail('dataDir', (t) => t.doctor.dataDirNone({ path, parent }));
  }
}

/** Reads the whole file: beside a running panel, which goes on writing. */
export const databaseCheck: Check = ({ config: { dataDir } }) => {
  const path = databasePath(dataDir);
  if (!existsSync(path)) return ok('database', (t) => t.doctor.databaseNew);
  return told('database', () => {
    let client: Database | undefined;
    try {
      client = new Database(path, { readwrite: true, create: false });
      client.run('PRAGMA busy_timeout = 5000');
      const { user_version: version } = client.query('PRAGMA user_version').get() as { user_version: number };
      const known = migrations.length;
      if (version > known) throw new AppError('unavailable', (t) => t.storage.newer({ path, version, known }));
      const [first] = client.query('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
      if (first?.integrity_check !== 'ok') {
        const told = String(first?.integrity_check).split('\n').at(-1)!;
        return fail('database', (t) => t.doctor.databaseBroken({ path, first: told }));
      }
      if (version < known) return ok('database', (t) => t.doctor.databaseOld({ version, known }));
      return ok('database', (t) => t.doctor.databaseGood({ size: (statSync(path).size / 1e6).toFixed(1) }));
    } catch (error) {
      throw explain(error, path);
    } finally {
      client?.close();
    }
  });
};

export const keyCheck: Check = ({ config: { dataDir } }) => {
  const path = join(dataDir, 'secret.key');
  if (!existsSync(path)) {
    if (hasSealed(databasePath(dataDir))) return fail('key', (t) => t.doctor.keyMissing({ path }));
    return ok('key', (t) => t.doctor.keyNew);
  }
  return told('key', () => {
    loadMasterKey(dataDir, systemRandom);
    return ok('key', (t) => t.doctor.keyGood);
  });
};

function hasSealed(path: string): boolean {
  if (!existsSync(path)) return false;
  try {
    using client = new Database(path, { readwrite: true, create: false });
    return client.query('SELECT 1 FROM users WHERE totp_secret IS NOT NULL LIMIT 1').get() !== null;
  } catch {
    // The check of the database says what is wrong with it.
    return false;
  }
}

/** What the panel itself would refuse to start with, as a line. */
export function told(name: Finding['name'], look: () => Finding): Finding {
  try {
    return look();
  } catch (error) {
    if (error instanceof AppError) return fail(name, error.say);
    return fail(name, () => String((error as Error).message ?? error));
  }
}
