import { lstat, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { PinnedFolder } from '../../files.ts';

/**
 * Where a folder cannot be held by a descriptor (Windows, macOS): its real path, looked up once. Between that and the use
 * somebody with rights on the folders above could swap one; SECURITY.md says so.
 */
export async function pinFolder(path: string): Promise<PinnedFolder> {
  const real = await realpath(path);
  if (!(await lstat(real)).isDirectory()) throw Object.assign(new Error(`ENOTDIR: ${path}`), { code: 'ENOTDIR' });
  return pinned(real);
}

function pinned(real: string): PinnedFolder {
  return {
    real,
    at: (name) => (name === '' ? real : join(real, name)),
    async child(name) {
      const path = join(real, name);
      if (!(await lstat(path)).isDirectory()) throw Object.assign(new Error(`ENOTDIR: ${path}`), { code: 'ENOTDIR' });
      return pinned(path);
    },
    async open(name, links) {
      const path = name === '' ? real : join(real, name);
      const target = links === 'follow' ? await realpath(path) : path;
      return { real: target, stats: await lstat(target), at: target, close: async () => {} };
    },
    close: async () => {},
  };
}
