import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path/win32';
import { AppError } from '../../../lib/errors.ts';
import { writeWhole } from '../../../lib/write-whole.ts';
import { parseLine, type ConfigLayout } from '../../ssh-server/config.ts';
import { othersWhoWrite } from '../rights.ts';
import { ownSid, rightsOf } from '../security.ts';

/** The folder of the server, `C:\ProgramData\ssh`, which only administrators write to: what lies there is not looked at twice. */
export interface SshFolder {
  /** null: it is no file, or not there. */
  read(path: string): string | null;
  /** Bytes of it. */
  size(path: string): number;
  /** Names in a folder. */
  names(folder: string): string[];
  /** null takes it away. */
  write(path: string, text: string | null): void;
  /** Who else may write to it, as Windows names them; nobody to one that is not there. */
  others(folder: string): string[];
}

export const sshFolder: SshFolder = {
  read: (path) => (statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : null),
  size: (path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0,
  names: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  // A file that is put in the place of another has the rights that the folder gives, which are those that sshd wants.
  write: (path, text) => (text === null ? rmSync(path, { force: true }) : writeWhole(path, text)),
  others: (folder) => (existsSync(folder) ? othersWhoWrite(rightsOf(folder) ?? '', ownSid()) : []),
};

/** Bytes of a file, and files: more than any configuration has. */
const MOST = 1 << 20;
const FILES_MOST = 64;

/** @throws AppError unavailable where others may write: what lies there is neither read nor run */
export function mustBeOurs(folder: Pick<SshFolder, 'others'>, path: string) {
  const others = folder.others(path);
  if (others.length) throw new AppError('unavailable', (t) => t.sshServer.othersWrite({ path, names: others.join(', ') }));
}

/**
 * The main file and all that it includes, however deep.
 * @throws AppError unavailable where others may write to the folder, and for an Include that is not followed: one of another
 *   machine, to which Windows would sign in with the account of the panel, one with a pattern in the name of a folder, and too much
 */
export function readTexts(folder: SshFolder, { main, absolute, plain }: ConfigLayout): Map<string, string> {
  mustBeOurs(folder, dirname(main));
  const texts = new Map<string, string>();
  const visit = (path: string) => {
    if ([...texts.keys()].some((known) => plain(known) === plain(path))) return;
    if (texts.size >= FILES_MOST || folder.size(path) > MOST) throw notFollowed(path);
    const text = folder.read(path);
    if (text === null) return;
    texts.set(path, text);
    for (const line of text.split('\n')) {
      const parsed = parseLine(line);
      if (parsed?.keyword !== 'include') continue;
      for (const pattern of parsed.args.map((arg) => absolute(arg).replaceAll('/', '\\'))) {
        if (!/^[A-Za-z]:\\/.test(pattern) || /[*?[]/.test(dirname(pattern))) throw notFollowed(pattern);
        const glob = new Bun.Glob(basename(pattern).toLowerCase());
        for (const name of folder.names(dirname(pattern)).filter((each) => glob.match(each.toLowerCase())).sort()) visit(join(dirname(pattern), name));
      }
    }
  };
  visit(main);
  return texts;
}

const notFollowed = (path: string) => new AppError('unavailable', (t) => t.sshServer.notFollowed({ path }));
