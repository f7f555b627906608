import { readFile } from 'node:fs/promises';
import type { Exec } from '../../exec.ts';
import type { FilesDriver, Volume } from '../../files.ts';
import { parseMountinfo } from '../mounts.ts';
import { readAccounts } from './accounts.ts';
import { createPosixAcl } from './acl.ts';
import { createLinuxExtras } from './extras.ts';
import { createLinuxFlags } from './flags.ts';
import { pinFolder } from './pin.ts';
import { openXattrs, type Xattrs } from './xattrs.ts';

export function createLinuxFiles(exec: Exec): FilesDriver {
  let xattrs: Xattrs | null | undefined;
  return {
    copyXattrs: (from, to, own) => (xattrs === undefined ? (xattrs = openXattrs()) : xattrs)?.copy(from, to, own) ?? [],
    kind: 'posix',
    pin: pinFolder,
    accounts: () => readAccounts(exec),
    volumes,
    acl: createPosixAcl(exec),
    attributes: createLinuxFlags(exec),
    extras: createLinuxExtras(exec),
  };
}

/** All of them, also tmpfs and bind mounts: a mount point is no ordinary folder, whatever lies behind it. */
async function volumes(): Promise<Volume[]> {
  const entries = parseMountinfo(await readFile('/proc/self/mountinfo', 'utf8'));
  // Of two mounts on one path the later hides the earlier.
  const last = new Map(entries.map(({ path, type, source, readOnly }) => [path, { path, type, device: source.startsWith('/') ? source : '', readOnly }]));
  return [...last.values()];
}
