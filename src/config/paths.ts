import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface Surroundings {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  /** Is the process root (always false on Windows)? */
  root: boolean;
  home: string;
  /** The running executable. */
  executable: string;
}

/** Is this the one executable? Its sources lie in a file system of their own: `/$bunfs/root/…`, on Windows `B:\\~BUN\\root\\…`. */
export const isCompiled = (main = Bun.main) => /^(\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/i.test(main);

/** How this very program is called with other words: the executable, or Bun and the entry file from the sources. */
export const ownCommand = (...words: string[]): [string, ...string[]] => [
  process.execPath, ...(isCompiled() ? [] : [join(import.meta.dir, '../main.ts')]), ...words,
];

/** The folder that `mantou.portable` and `data/` lie in: that of the executable, or of the checkout under plain Bun. */
export const portableRoot = () => (isCompiled() ? dirname(process.execPath) : join(import.meta.dir, '../..'));

/** Is portable mode asked for by a file beside the executable? */
export const hasPortableMark = (root: string) => existsSync(join(root, 'mantou.portable'));

/**
 * Where the panel keeps its state when no folder is named: portable `data/`, `%ProgramData%\Mantou`,
 * `/var/lib/mantou` as root, else `$XDG_DATA_HOME/mantou` (XDG base directory specification 0.8).
 */
export function defaultDataDir(at: Surroundings, portable: string | undefined): string {
  if (portable) return join(portable, 'data');
  if (at.platform === 'win32') return join(at.env.ProgramData ?? 'C:\\ProgramData', 'Mantou');
  if (at.root) return '/var/lib/mantou';
  const xdg = at.env.XDG_DATA_HOME;
  // A relative XDG path is to be ignored, says the specification.
  return xdg?.startsWith('/') ? join(xdg, 'mantou') : resolve(at.home, '.local/share/mantou');
}
