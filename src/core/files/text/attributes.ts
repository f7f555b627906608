import { isAbsolute } from 'node:path';
import type { Stats } from 'node:fs';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { App } from '../../app.ts';
import type { Part } from '../beside.ts';
import { errnoOf } from '../faults.ts';

/** What a new file has of the one it replaces: all of it, or mode and owner without access lists and extended attributes. */
export type Kept = 'all' | 'mode-and-owner';

/**
 * Owner, access lists and extended attributes of `name` onto its part, before there is anything in it. node has no
 * calls for the last two, so `cp --attributes-only` (GNU coreutils) does it, by descriptors of this process: what is
 * copied is what is held, whatever the names say meanwhile. BusyBox has no such option.
 * @throws EPERM when the owner cannot be kept: a save must not hand somebody's file to the panel's account
 */
export async function copyAttributes(app: App, folder: PinnedFolder, name: string, part: Part, stats: Stats): Promise<Kept> {
  if (app.host.files.kind === 'windows') return 'mode-and-owner';
  const own = await part.handle.stat();
  if (own.uid !== stats.uid || own.gid !== stats.gid) await chown(part, stats);
  return (await byTool(app, folder, name, part)) ? 'all' : 'mode-and-owner';
}

/**
 * The mode of the file it replaces, once all is in it: a change of owner takes set-user-ID away, and so does, of who is not root,
 * every write (write(2)).
 */
export async function copyMode(app: App, part: Part, stats: Stats): Promise<void> {
  if (app.host.files.kind === 'posix') await part.handle.chmod(stats.mode & 0o7777);
}

async function chown(part: Part, { uid, gid }: Stats) {
  await part.handle.chown(uid, gid).catch(async (error: unknown) => {
    const own = await part.handle.stat();
    // A group one is not in is refused like a foreign owner; only the owner is worth refusing the save for.
    if (errnoOf(error) !== 'EPERM' || own.uid !== uid) throw error;
  });
}

async function byTool(app: App, folder: PinnedFolder, name: string, part: Part): Promise<boolean> {
  const cp = process.platform === 'linux' ? app.exec.which('cp') : undefined;
  if (!cp || !isAbsolute(cp)) return false;
  const source = await folder.open(name, 'nofollow');
  try {
    const target = `/proc/${process.pid}/fd/${part.handle.fd}`;
    const argv = [cp, '--attributes-only', '--preserve=all', '--', source.at.replace('/proc/self/', `/proc/${process.pid}/`), target] as const;
    return (await app.exec.run(argv, { timeout: 10_000 })).code === 0;
  } finally {
    await source.close();
  }
}
