import { mkdir } from 'node:fs/promises';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { openFolder } from '../entry.ts';
import { errnoOf, told } from '../faults.ts';
import { joinPath } from '../paths.ts';
import { reachOf } from '../reach.ts';
import { readWay } from './announced.ts';
import { sayChanged } from './changed.ts';

/**
 * Holds the folder at the end of a way below another, and makes what is missing. Symlinks on the way are not followed:
 * what is uploaded stays below the folder that was chosen (S4). The folder given is closed, whatever happens.
 */
export async function descend(app: App, actor: Actor, from: PinnedFolder, below: readonly string[]): Promise<PinnedFolder> {
  if (below.length === 0) return from;
  const { kind } = app.host.files;
  let folder = from;
  let made = '';
  try {
    const check = await reachOf(app, actor, 'write');
    check(below.reduce((path, name) => joinPath(kind, path, name), from.real));
    const there = await from.below?.(below);
    if (there) {
      await from.close();
      return there;
    }
    for (const name of below) {
      check(joinPath(kind, folder.real, name));
      if (await makeFolder(folder, name)) made ||= folder.real;
      const next = await folder.child(name);
      await folder.close();
      folder = next;
    }
  } catch (error) {
    await folder.close();
    throw error;
  }
  if (made) sayChanged(app, made);
  return folder;
}

/** @returns true when it was not there. Two uploads into one new folder both mean the same one. */
async function makeFolder(folder: PinnedFolder, name: string): Promise<boolean> {
  try {
    await mkdir(folder.at(name));
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
    return false;
  }
}

/** Makes folders ("a/b", also empty ones of an upload) below one that is there. @throws AppError */
export async function makeFolders(app: App, actor: Actor, path: string, ways: readonly string[]): Promise<void> {
  for (const way of ways) {
    const parts = readWay(app.host.files.kind, way);
    const folder = await openFolder(app, actor, path, 'write');
    const end = await told(way, () => descend(app, actor, folder, parts));
    await end.close();
  }
  record(app, actor, { action: 'files.upload_folders', target: path, params: { folders: ways.length } });
}
