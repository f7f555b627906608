import { join } from 'node:path/win32';
import { AppError, type Say } from '../../../lib/errors.ts';
import type { AuthorizedKeys, HostAccount, KeyChange } from '../../accounts.ts';
import { parseKeys, withKeys } from '../../authorized-keys.ts';
import type { FileChange } from '../../plan.ts';
import { HeldError, holdFolder, type HeldFile, type HeldFolder } from '../held-folder.ts';
import { othersWhoWrite } from '../rights.ts';
import type { KeysFile } from '../ssh-server/keys-file.ts';

/** Keys of accounts, where OpenSSH of Windows looks for them. */
export interface WindowsKeys {
  read(account: HostAccount): Promise<AuthorizedKeys>;
  /** @throws AppError unsupported with the reason */
  plan(account: HostAccount, change: KeyChange): Promise<FileChange>;
  /** @throws AppError unsupported with the reason, not_found when there is nothing to change */
  change(account: HostAccount, change: KeyChange): Promise<void>;
}

const FOLDER = '.ssh';
const FILE = 'authorized_keys';
const SHARED = 'administrators_authorized_keys';
/** Bytes of a list of keys. */
const MOST = 1 << 20;

/** SYSTEM and the administrators by their SIDs, nothing inherited: sshd ignores a file that others may write to (w32-sshfileperm.c). */
const rightsOf = (inherit: '' | 'OICI', ...more: readonly string[]) => `O:BAD:P${['SY', 'BA', ...more].map((who) => `(A;${inherit};FA;;;${who})`).join('')}`;

const not = (say: Say) => new AppError('unsupported', say);

/** @param where of an account; null: there is no OpenSSH Server */
export function createWindowsKeys(where: (account: HostAccount) => Promise<KeysFile | null>, programData: string, hold: typeof holdFolder = holdFolder): WindowsKeys {
  const sharedPath = join(programData, 'ssh', SHARED);
  const pathOf = (account: HostAccount, file: KeysFile | null) =>
    typeof file === 'object' && file ? file.other : file === 'shared' || (file === null && account.admin) ? sharedPath : account.home ? join(account.home, FOLDER, FILE) : `${FOLDER}\\${FILE}`;

  /** Folders on the way are held open while the work is done. @throws AppError unsupported with the reason */
  function withFolder<T>(account: HostAccount, file: KeysFile | null, work: (open: Open) => T): T {
    if (file === null) throw not((t) => t.accounts.windows.noSshServer);
    if (typeof file === 'object') throw not((t) => t.accounts.windows.keysElsewhere({ place: file.other }));
    const open = file === 'shared' ? openShared : openOwn;
    return open(account, (found) => work({ ...found, path: pathOf(account, file) }));
  }

  function openShared<T>(_account: HostAccount, work: (open: Omit<Open, 'path'>) => T): T {
    const path = join(programData, 'ssh');
    return using(path, () => hold(path), (folder) => {
      if (!folder) throw not((t) => t.accounts.windows.sshNotStarted);
      const others = othersWhoWrite(folder.rights(), null);
      if (others.length) throw not((t) => t.sshServer.othersWrite({ path, names: others.join(', ') }));
      return work({ folder: () => folder, name: SHARED, file: fileIn(folder, SHARED), rights: rightsOf(''), owner: null });
    });
  }

  function openOwn<T>(account: HostAccount, work: (open: Omit<Open, 'path'>) => T): T {
    const { home, sid } = account;
    if (!home || !sid) throw not((t) => t.accounts.windows.noProfile);
    return using(home, () => hold(home), (profile) => {
      if (!profile) throw not((t) => t.accounts.windows.noProfile);
      let made: HeldFolder | null = null;
      try {
        return using(join(home, FOLDER), () => profile.folder(FOLDER), (folder) => work({
          folder: () => folder ?? (made ??= profile.makeFolder(FOLDER, rightsOf('OICI', sid))), name: FILE, file: folder && fileIn(folder, FILE), rights: rightsOf('', sid), owner: sid,
        }));
      } finally {
        (made as HeldFolder | null)?.close();
      }
    });
  }

  const fileIn = (folder: HeldFolder, name: string) => orMissing(() => {
    const file = folder.read(name, MOST);
    // A second name may be that of somebody else's file.
    if (file.links > 1) throw new HeldError('link', name, 0);
    return file;
  });

  /** Where the configuration of sshd is not to be trusted, keys are not touched either. */
  const placeOf = (account: HostAccount) => where(account).catch((error: unknown) => {
    throw error instanceof AppError ? not(error.say) : error;
  });

  async function look<T>(account: HostAccount, work: (open: Open, text: string) => T): Promise<T> {
    const file = await placeOf(account);
    try {
      return withFolder(account, file, (open) => work(open, textOf(open)));
    } catch (error) {
      throw refusalOf(error, pathOf(account, file));
    }
  }

  return {
    async read(account) {
      let facts = { path: pathOf(account, null), shared: false };
      try {
        const file = await placeOf(account);
        facts = { path: pathOf(account, file), shared: file === 'shared' };
        return await look(account, (open, text) => ({ ...facts, ...parseKeys(text), refusal: null, openTo: openTo(open) }));
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'unsupported') throw error;
        return { ...facts, keys: [], strange: 0, refusal: error.say, openTo: [] };
      }
    },
    plan: (account, change) => look(account, (open, text) => {
      mustBeClosed(open);
      return { path: open.path, before: open.file ? text : null, after: withKeys(text, change) };
    }),
    change: (account, change) => look(account, (open, text) => {
      mustBeClosed(open);
      const { folder, name, rights } = open;
      const after = withKeys(text, change);
      if (after === text) throw new AppError('not_found', (t) => t.accounts.keys.gone);
      folder().write(name, new TextEncoder().encode(after), rights);
    }),
  };
}

interface Open {
  path: string;
  /** Made where it is not there. */
  folder(): HeldFolder;
  name: string;
  file: HeldFile | null;
  /** Of the file, as it is written. */
  rights: string;
  /** Who may write to it besides the administrators. */
  owner: string | null;
}

/** Windows writes the built-in Administrator of the machine in two letters. */
const bySid = (rights: string, sid: string | null) => (sid?.endsWith('-500') ? rights.replaceAll(';LA)', `;${sid})`).replace(/^O:LA/, `O:${sid}`) : rights);

/** Who else may write to the file that is there. */
const openTo = ({ file, owner }: Open) => (file ? othersWhoWrite(bySid(file.rights, owner), owner) : []);

/** Written by the panel it would have rights that sshd trusts, and with them keys that others put there. @throws AppError unsupported */
function mustBeClosed(open: Open) {
  const others = openTo(open);
  if (others.length) throw not((t) => t.accounts.windows.keysOpen({ path: open.path, names: others.join(', ') }));
}

/** What is not there is null. @throws HeldError */
function orMissing<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof HeldError && error.why === 'missing') return null;
    throw error;
  }
}

/** Its errors say of which folder they are. */
class HeldAt extends Error {
  constructor(readonly path: string, override readonly cause: HeldError) {
    super(cause.message);
  }
}

function using<T>(path: string, open: () => HeldFolder, work: (folder: HeldFolder | null) => T): T {
  let folder: HeldFolder | null;
  try {
    folder = orMissing(open);
  } catch (error) {
    throw error instanceof HeldError ? new HeldAt(path, error) : error;
  }
  try {
    return work(folder);
  } finally {
    folder?.close();
  }
}

/** A text of another encoding would come back as another one. */
function textOf({ file, path }: Open): string {
  if (!file) return '';
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Said below.
  }
  throw not((t) => t.accounts.windows.keysEncoding({ path }));
}

function refusalOf(error: unknown, file: string): unknown {
  const [path, cause] = error instanceof HeldAt ? [error.path, error.cause] : [file, error];
  if (!(cause instanceof HeldError)) return error;
  const say: Say = cause.why === 'link' ? (t) => t.accounts.keys.link({ path }) : (t) => t.accounts.keys.notReadable({ path });
  return new AppError('unsupported', say, { cause, detail: cause.message });
}
