import { nameBytes } from '../../lib/file-name.ts';
import { AppError } from '../../lib/errors.ts';
import type { FilesDriver } from '../../platform/files.ts';

/** Which rules paths follow here: those of the machine, also where a test runs on another one. */
export type PathKind = FilesDriver['kind'];

/** Far deeper than any real tree (1,000 levels of 255 bytes); bounds what is parsed. */
const PATH_MOST = 300_000;
/** Bytes of one name: ext4, XFS, Btrfs; NTFS counts UTF-16 units, which are never more. */
export const NAME_MOST = 255;

/** Names that are devices in every folder of Windows, with any ending ("Naming Files, Paths, and Namespaces"). */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

const bad = () => new AppError('invalid', (t) => t.files.errors.badPath, { field: 'path' });

/**
 * An absolute path in the one spelling that the panel uses: no `.`, no `..`, no doubled and no trailing separators.
 * `..` is refused instead of resolved: where a symlink is involved it means one thing to people and another to the kernel.
 * On Windows "/" stands above the drives.
 * @throws AppError invalid
 */
export function normalPath(kind: PathKind, text: string): string {
  if (text.length > PATH_MOST || text.includes('\0')) throw bad();
  if (kind === 'windows') return windowsPath(text);
  if (!text.startsWith('/')) throw bad();
  const parts = text.split('/').filter((part) => part !== '' && part !== '.');
  for (const part of parts) if (part === '..') throw bad();
  return `/${parts.join('/')}`;
}

/** `C:\a` or `C:/a`. No UNC, no `\\?\`, no `C:relative`, no streams (`a::$DATA`), no devices, no trailing dot or space (S23). */
function windowsPath(text: string): string {
  if (text === '/') return '/';
  const drive = /^\/?([A-Za-z]):(?:[\\/]|$)/.exec(text);
  if (!drive) throw bad();
  const parts = text.slice(drive[0].length).split(/[\\/]/).filter((part) => part !== '' && part !== '.');
  for (const part of parts) if (!isWindowsName(part)) throw bad();
  return `${drive[1]!.toUpperCase()}:\\${parts.join('\\')}`;
}

const isWindowsName = (name: string) => !/[<>:"/\\|?*\x00-\x1f]/.test(name) && !/[. ]$/.test(name) && !DEVICE.test(name);

/**
 * One name, as a person or a program gives it for something new.
 * @throws AppError invalid
 */
export function normalName(kind: PathKind, name: string, field = 'name'): string {
  // Made when it is needed: a stack takes longer than all of this, and names come by the thousand.
  const wrong = () => new AppError('invalid', (t) => t.files.errors.badName, { field });
  if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name)) throw wrong();
  if (kind === 'windows' && !isWindowsName(name)) throw wrong();
  if (nameBytes(name) > NAME_MOST) throw new AppError('invalid', (t) => t.files.errors.longName, { field });
  return name;
}

const separator = (kind: PathKind) => (kind === 'windows' ? '\\' : '/');

export function joinPath(kind: PathKind, folder: string, name: string): string {
  if (kind === 'windows' && folder === '/') return `${name.replace(/[\\/]+$/, '')}\\`;
  return folder.endsWith(separator(kind)) ? folder + name : folder + separator(kind) + name;
}

/** The folder that holds it; "/" holds itself and, on Windows, the drives. */
export function parentOf(kind: PathKind, path: string): string {
  if (path === '/') return '/';
  const at = path.lastIndexOf(separator(kind));
  if (kind === 'windows') return at === path.length - 1 ? '/' : path.slice(0, Math.max(at, 3));
  return at <= 0 ? '/' : path.slice(0, at);
}

/** Last part; '' for "/" and "C:\" for a drive. */
export function baseOf(kind: PathKind, path: string): string {
  if (path === '/') return '';
  if (kind === 'windows' && path.length === 3) return path;
  return path.slice(path.lastIndexOf(separator(kind)) + 1);
}

/** Is `path` the folder itself or below it? Both normal. Windows compares without case. */
export function isInside(kind: PathKind, folder: string, path: string): boolean {
  if (folder === '/') return true;
  const [a, b] = kind === 'windows' ? [folder.toLowerCase(), path.toLowerCase()] : [folder, path];
  return a === b || b.startsWith(a.endsWith(separator(kind)) ? a : a + separator(kind));
}

/** "/srv/www" → [{ name: '', path: '/' }, { name: 'srv', path: '/srv' }, { name: 'www', path: '/srv/www' }] */
export function crumbsOf(kind: PathKind, path: string): { name: string; path: string }[] {
  const out: { name: string; path: string }[] = [];
  for (let at = path; ; at = parentOf(kind, at)) {
    out.unshift({ name: baseOf(kind, at), path: at });
    if (at === '/') return out;
  }
}
