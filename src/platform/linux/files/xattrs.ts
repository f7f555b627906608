import { openLibc } from '../../libc.ts';

/** xattr(7); node has no words for them. POSIX access lists are among them (system.posix_acl_access). */
const CALLS = {
  listxattr: { args: ['ptr', 'ptr', 'u64'], returns: 'i64' },
  getxattr: { args: ['ptr', 'ptr', 'ptr', 'u64'], returns: 'i64' },
  setxattr: { args: ['ptr', 'ptr', 'ptr', 'u64', 'i32'], returns: 'i32' },
} as const;

/** Bytes of all names, and of one value, that the kernel gives at most (XATTR_LIST_MAX, XATTR_SIZE_MAX). */
const MOST = 65_536;

export interface Xattrs {
  /**
   * Copies those of one file or folder to another. `own: false` leaves out what only its owner may hand on (capabilities).
   * @returns names that the target did not take
   */
  copy(from: string, to: string, own: boolean): string[];
}

/** @returns null when the C library is not found: then there is nothing to be kept with */
export function openXattrs(): Xattrs | null {
  const libc = openLibc(CALLS);
  return libc && over(libc);
}

function over(libc: NonNullable<ReturnType<typeof openLibc<typeof CALLS>>>): Xattrs {
  const names = Buffer.alloc(MOST);
  const value = Buffer.alloc(MOST);
  return {
    copy(from, to, own) {
      const source = Buffer.from(`${from}\0`);
      const target = Buffer.from(`${to}\0`);
      const length = Number(libc.listxattr(source, names, MOST));
      if (length <= 0) return [];
      const lost: string[] = [];
      for (const name of names.toString('utf8', 0, length - 1).split('\0')) {
        if (!own && name.startsWith('security.')) continue;
        const key = Buffer.from(`${name}\0`);
        const size = Number(libc.getxattr(source, key, value, MOST));
        if (size < 0 || libc.setxattr(target, key, value, size, 0) !== 0) lost.push(name);
      }
      return lost;
    },
  };
}
