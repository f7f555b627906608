import { constants } from 'node:fs';
import { mkdir, open, symlink } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { systemName } from '../../../lib/file-name.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { syncFolder } from '../beside.ts';
import { openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { joinPath, normalName, normalPath, parentOf } from '../paths.ts';
import { checkReach } from '../reach.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { tellChanged } from './changed.ts';

/** Longest target of a symlink (PATH_MAX). */
const TARGET_MOST = 4095;

interface New {
  folder: string;
  name: string;
}

/** @returns path of the new folder @throws AppError */
export const makeFolder = (app: App, actor: Actor, input: New) =>
  make(app, actor, input, 'files.new_folder', {}, (folder) => mkdir(folder.at(input.name), { mode: 0o755 }));

/** An empty file. @returns its path @throws AppError conflict when there is something with the name */
export const makeFile = (app: App, actor: Actor, input: New) =>
  make(app, actor, input, 'files.new_file', {}, async (folder) => {
    const handle = await open(folder.at(input.name), constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o644);
    await handle.close();
  });

/**
 * A symbolic link. Where it leads, as of now, must be within reach of whoever makes it: others may follow it with rights
 * of their own. What is read through it is checked again each time.
 * @throws AppError denied when its target is outside
 */
export async function makeLink(app: App, actor: Actor, input: New & { target: string }) {
  const { target } = input;
  if (target === '' || target.includes('\0') || Buffer.byteLength(target) > TARGET_MOST) throw new AppError('invalid', (t) => t.files.errors.badPath, { field: 'target' });
  return make(app, actor, input, 'files.new_link', { target }, async (folder) => {
    await checkTarget(app, actor, folder, target);
    await symlink(systemName(target), folder.at(input.name));
  });
}

/** Where the target, or the nearest folder above it that exists, really is. */
async function checkTarget(app: App, actor: Actor, folder: PinnedFolder, target: string) {
  const { kind } = app.host.files;
  let path = resolve(kind, target, folder.real);
  for (;;) {
    const held = await app.host.files.pin(path).catch(() => null);
    if (held) {
      await checkReach(app, actor, held.real, 'read').finally(() => held.close());
      return;
    }
    const parent = await app.host.files.pin(parentOf(kind, path)).catch(() => null);
    if (parent) {
      await fromParent(app, actor, parent, path);
      return;
    }
    if (path === '/') return;
    path = parentOf(kind, path);
  }
}

/** A file, a broken link or nothing yet: what is there counts by where it leads. */
async function fromParent(app: App, actor: Actor, parent: PinnedFolder, path: string) {
  const { kind } = app.host.files;
  const name = path.slice(path.lastIndexOf(kind === 'windows' ? '\\' : '/') + 1);
  try {
    const file = await parent.open(name, 'follow').catch(() => null);
    if (!file) return await checkReach(app, actor, joinPath(kind, parent.real, name), 'read');
    await checkReach(app, actor, file.real, 'read').finally(() => file.close());
  } finally {
    await parent.close();
  }
}

/**
 * The path a target means. ".." is taken at the beginning of a relative one only, where it goes up from a real path; behind
 * a name, which may be a symlink, it means one thing to people and another to the kernel.
 */
function resolve(kind: 'posix' | 'windows', target: string, folder: string): string {
  if (kind === 'windows' ? /^([A-Za-z]:|[\\/])/.test(target) : target.startsWith('/')) return normalPath(kind, target);
  const parts = target.split(kind === 'windows' ? /[\\/]/ : '/').filter((part) => part !== '' && part !== '.');
  let path = folder;
  while (parts[0] === '..') {
    parts.shift();
    path = parentOf(kind, path);
  }
  for (const part of parts) path = joinPath(kind, path, part);
  return normalPath(kind, path);
}

async function make(app: App, actor: Actor, input: New, action: string, params: Record<string, string>, create: (folder: PinnedFolder) => Promise<unknown>): Promise<string> {
  const { kind } = app.host.files;
  normalName(kind, input.name);
  const folder = await openFolder(app, actor, input.folder, 'write');
  try {
    const real = joinPath(kind, folder.real, input.name);
    await checkReach(app, actor, real, 'write');
    await told(real, () => create(folder));
    await syncFolder(folder);
    record(app, actor, { action, target: real, params });
    tellChanged(app, folder.real, normalPath(kind, input.folder));
    return real;
  } finally {
    await folder.close();
  }
}
