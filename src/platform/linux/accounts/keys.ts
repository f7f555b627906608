import { closeSync, constants, fchmodSync, fchownSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, type Stats } from 'node:fs';
import { normalize } from 'node:path/posix';
import { AppError, type Say } from '../../../lib/errors.ts';
import type { AuthorizedKeys, HostAccount, KeyChange } from '../../accounts.ts';
import { parseKeys, withKeys } from '../../authorized-keys.ts';
import type { PinnedFolder } from '../../files.ts';
import type { FileChange } from '../../plan.ts';
import { pinFolder } from '../files/pin.ts';

const FOLDER = '.ssh';
const FILE = 'authorized_keys';
/** Bytes of a list of keys. */
const MOST = 1 << 20;

/** Without slashes at its end, double ones and dots. */
const plainPath = (path: string) => normalize(path).replace(/(?<=.)\/+$/, '');

export const keysPath = (account: Pick<HostAccount, 'home'>) => `${account.home.replace(/\/+$/, '')}/${FOLDER}/${FILE}`;

const not = (say: Say) => new AppError('unsupported', say);
const isMissing = (error: unknown) => ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

interface Held {
  folder: PinnedFolder | null;
  text: string;
  stats: Stats | null;
}

/**
 * The file, through folders that are held open: whoever owns them may exchange them for links to somewhere else at any
 * moment, and root would follow. So no part below the home is followed, and each must be the account's own, or root's.
 * @throws AppError unsupported with the reason
 */
async function hold(account: HostAccount): Promise<Held & { home: PinnedFolder }> {
  if (!account.home.startsWith('/') || account.home === '/') throw not((t) => t.accounts.keys.noHome({ home: account.home }));
  const home = await pinFolder(account.home).catch((cause: unknown) => {
    throw isMissing(cause) ? not((t) => t.accounts.keys.noHome({ home: account.home })) : not((t) => t.accounts.keys.notReadable({ path: keysPath(account) }));
  });
  let folder: PinnedFolder | null = null;
  try {
    const { uid } = fstat(home);
    // A link to the home of somebody else, such as root: the keys would let people in there.
    if (account.uid !== 0 && uid !== account.uid && home.real !== plainPath(account.home)) throw not((t) => t.accounts.keys.link({ path: account.home }));
    ownedOr({ uid }, account, account.home);
    folder = await home.child(FOLDER).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw isMissing(error) || (error as NodeJS.ErrnoException).code === 'ELOOP' ? not((t) => t.accounts.keys.link({ path: `${account.home}/${FOLDER}` })) : not((t) => t.accounts.keys.notReadable({ path: keysPath(account) }));
    });
    if (!folder) return { home, folder, text: '', stats: null };
    ownedOr(fstat(folder), account, `${account.home}/${FOLDER}`);
    return { home, folder, ...readFile(folder, account) };
  } catch (error) {
    await folder?.close();
    await home.close();
    throw error;
  }
}

const fstat = (folder: PinnedFolder) => {
  const fd = openSync(folder.at(''), constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return fstatSync(fd);
  } finally {
    closeSync(fd);
  }
};

function ownedOr(stats: Pick<Stats, 'uid'>, account: HostAccount, path: string) {
  if (stats.uid !== account.uid && stats.uid !== 0) throw not((t) => t.accounts.keys.owner({ path }));
}

function readFile(folder: PinnedFolder, account: HostAccount): Pick<Held, 'text' | 'stats'> {
  let fd: number;
  try {
    fd = openSync(folder.at(FILE), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (isMissing(error)) return { text: '', stats: null };
    throw (error as NodeJS.ErrnoException).code === 'ELOOP' ? not((t) => t.accounts.keys.link({ path: keysPath(account) })) : not((t) => t.accounts.keys.notReadable({ path: keysPath(account) }));
  }
  try {
    const stats = fstatSync(fd);
    ownedOr(stats, account, keysPath(account));
    if (!stats.isFile() || stats.nlink > 1 || stats.size > MOST) throw not((t) => t.accounts.keys.link({ path: keysPath(account) }));
    return { text: readFileSync(fd, 'utf8'), stats };
  } finally {
    closeSync(fd);
  }
}

export async function readKeys(account: HostAccount): Promise<AuthorizedKeys> {
  const path = keysPath(account);
  try {
    const held = await hold(account);
    await held.folder?.close();
    await held.home.close();
    return { path, ...parseKeys(held.text), refusal: null, shared: false, openTo: [] };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { path, keys: [], strange: 0, refusal: error.say, shared: false, openTo: [] };
  }
}

/** @throws AppError unsupported with the reason */
export async function planKeys(account: HostAccount, change: KeyChange): Promise<FileChange> {
  const held = await hold(account);
  await held.folder?.close();
  await held.home.close();
  return { path: keysPath(account), before: held.stats ? held.text : null, after: withKeys(held.text, change) };
}

/** @throws AppError unsupported with the reason, conflict when there is nothing to change */
export async function writeKeys(account: HostAccount, change: KeyChange): Promise<void> {
  const held = await hold(account);
  let { folder } = held;
  try {
    const after = withKeys(held.text, change);
    if (after === held.text) throw new AppError('not_found', (t) => t.accounts.keys.gone);
    if (!folder) {
      mkdirSync(held.home.at(FOLDER), { mode: 0o700 });
      folder = await held.home.child(FOLDER);
      const fd = openSync(folder.at(''), constants.O_RDONLY | constants.O_DIRECTORY);
      fchownSync(fd, account.uid!, account.gid!);
      closeSync(fd);
    }
    exchange(folder, account, held.stats, after);
  } finally {
    await folder?.close();
    await held.home.close();
  }
}

/** Written beside it in the folder that is held, and put into its place. */
function exchange(folder: PinnedFolder, account: HostAccount, before: Stats | null, text: string) {
  const part = folder.at(`.${FILE}.mantou-part`);
  rmSync(part, { force: true });
  const fd = openSync(part, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    writeFileSync(fd, text);
    fchownSync(fd, before?.uid ?? account.uid!, before?.gid ?? account.gid!);
    fchmodSync(fd, before ? before.mode & 0o777 : 0o600);
    fsyncSync(fd);
    renameSync(part, folder.at(FILE));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
}
