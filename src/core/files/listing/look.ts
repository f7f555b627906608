import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { nameOf } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFolder, Volume } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import type { Entry } from '../entry.ts';
import { joinPath } from '../paths.ts';
import { checkReach } from '../reach.ts';
import { KINDS, kindOf, type Kind } from './names.ts';
import { readOwners, type Owners } from './owners.ts';

export type EntryType = 'folder' | 'file' | 'link' | 'other';

export interface ListedEntry {
  name: string;
  type: EntryType;
  /** What 'other' is. */
  special: Exclude<Kind, 'folder' | 'file' | 'link'> | null;
  /** Bytes; null for folders and where nothing could be read. */
  size: number | null;
  /** Permission bits with setuid, setgid and sticky (0–07777). */
  mode: number | null;
  uid: number | null;
  gid: number | null;
  /** Names, or the numbers as text where there are none; '' where the system has no owners. */
  owner: string;
  group: string;
  /** ms since 1970. */
  modified: number | null;
  /** It went while it was listed. */
  gone: boolean;
  link: LinkTarget | null;
  /** Something is mounted here. */
  mount: { type: string; readOnly: boolean } | null;
}

export interface LinkTarget {
  /** As the link says it; may be relative. */
  path: string;
  /** 'outside': where the person may not look, so nothing is said about it. */
  state: 'ok' | 'broken' | 'outside';
  type: EntryType | null;
}

/** Mount points directly in a folder, by their names. */
export async function mountsIn(app: App, real: string): Promise<ReadonlyMap<string, Volume>> {
  const { files } = app.host;
  if (files.kind === 'windows') return new Map();
  const prefix = real === '/' ? '/' : `${real}/`;
  const below = (await files.volumes()).filter(({ path }) => path.startsWith(prefix) && path.length > prefix.length && !path.includes('/', prefix.length));
  return new Map(below.map((volume) => [volume.path.slice(prefix.length), volume]));
}

/** The entries of these names as they are now, through the folder that is held. */
export async function lookAt(app: App, actor: Actor, folder: PinnedFolder, names: readonly string[]): Promise<ListedEntry[]> {
  const [owners, mounts] = await Promise.all([readOwners(app), mountsIn(app, folder.real)]);
  const windows = app.host.files.kind === 'windows';
  return Promise.all(names.map(async (name) => {
    const stats = await lstat(folder.at(name)).catch(() => null);
    if (!stats) return goneEntry(name);
    const mount = mounts.get(name);
    return {
      ...entryOf(name, stats, owners, windows),
      link: stats.isSymbolicLink() ? await targetOf(app, actor, folder, name) : null,
      mount: mount ? { type: mount.type, readOnly: mount.readOnly } : null,
    };
  }));
}

/** One entry by itself. @throws what the file system says when it is not there */
export async function entryAt(app: App, actor: Actor, { folder, name, real }: Entry): Promise<ListedEntry> {
  const stats = await lstat(folder.at(name));
  const owners = await readOwners(app);
  const windows = app.host.files.kind === 'windows';
  const volume = windows ? undefined : (await app.host.files.volumes()).find(({ path }) => path === real);
  return {
    ...entryOf(name || real, stats, owners, windows),
    link: stats.isSymbolicLink() ? await targetOf(app, actor, folder, name) : null,
    mount: volume ? { type: volume.type, readOnly: volume.readOnly } : null,
  };
}

export function goneEntry(name: string): ListedEntry {
  return { name, type: 'file', special: null, size: null, mode: null, uid: null, gid: null, owner: '', group: '', modified: null, gone: true, link: null, mount: null };
}

export function typeOf(stats: Stats): EntryType {
  const kind = KINDS[kindOf(stats)]!;
  return kind === 'folder' || kind === 'file' || kind === 'link' ? kind : 'other';
}

export function entryOf(name: string, stats: Stats, owners: Owners, windows: boolean): Omit<ListedEntry, 'link' | 'mount'> {
  const type = typeOf(stats);
  return {
    name, type,
    special: type === 'other' ? (KINDS[kindOf(stats)] as ListedEntry['special']) : null,
    size: type === 'folder' ? null : stats.size,
    mode: stats.mode & 0o7777,
    uid: windows ? null : stats.uid,
    gid: windows ? null : stats.gid,
    owner: windows ? '' : owners.user(stats.uid) || String(stats.uid),
    group: windows ? '' : owners.group(stats.gid) || String(stats.gid),
    modified: stats.mtimeMs,
    gone: false,
  };
}

/**
 * Where a link leads. Whether something outside of a person's folders exists is not theirs to learn, and a link that
 * they may make themselves would tell them.
 */
export async function targetOf(app: App, actor: Actor, folder: PinnedFolder, name: string): Promise<LinkTarget> {
  const path = await readlink(folder.at(name), { encoding: 'buffer' }).then((bytes) => nameOf(bytes), () => '');
  try {
    const target = await folder.open(name, 'follow');
    try {
      await checkReach(app, actor, target.real, 'read');
      return { path, state: 'ok', type: typeOf(target.stats) };
    } finally {
      await target.close();
    }
  } catch (error) {
    if (error instanceof AppError) return { path, state: 'outside', type: null };
    return (await mayFollow(app, actor, folder, path)) ? { path, state: 'broken', type: null } : { path, state: 'outside', type: null };
  }
}

/** "broken" says that nothing is there: only of places where the person may look. */
async function mayFollow(app: App, actor: Actor, folder: PinnedFolder, target: string): Promise<boolean> {
  const { kind } = app.host.files;
  const absolute = kind === 'windows' ? /^[A-Za-z]:/.test(target) : target.startsWith('/');
  const parts = (absolute ? target : joinPath(kind, folder.real, target)).split(kind === 'windows' ? /[\\/]/ : '/');
  const plain: string[] = [];
  for (const part of parts.slice(1)) {
    if (part === '..') plain.pop();
    else if (part !== '' && part !== '.') plain.push(part);
  }
  const real = kind === 'windows' ? `${parts[0]}\\${plain.join('\\')}` : `/${plain.join('/')}`;
  return checkReach(app, actor, real, 'read').then(() => true, () => false);
}
