import { systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { joinPath, normalName } from '../../files/paths.ts';
import { ranIn, spelled, unspell } from '../run-in.ts';
import { findPlace, hindranceAt, mountsBelow, type Place } from './place.ts';
import { realIn } from './real.ts';

/** A large tree takes its time; the container goes on with it after that. */
const REMOVE_MS = 10 * 60_000;

const GONE = 3;
const THERE = 6;
const MOUNTED = 5;

/** Mounts that the container made itself stand in no answer of the engine: its own table has them (proc_pid_mountinfo(5)). */
const NO_MOUNT = (variable: string) => `while read -r _ _ _ _ at _; do case "$at" in "$${variable}"|"$${variable}"/*) exit ${MOUNTED};; esac; done </proc/self/mountinfo`;

const REMOVE = [unspell('p', 1), `[ -e "$p" ] || [ -L "$p" ] || exit ${GONE}`, NO_MOUNT('p'), 'exec rm -rf "$p"'].join('\n');
const RENAME = [unspell('p', 1), unspell('q', 2), `[ -e "$p" ] || [ -L "$p" ] || exit ${GONE}`, `if [ -e "$q" ] || [ -L "$q" ]; then exit ${THERE}; fi`, NO_MOUNT('p'), 'exec mv "$p" "$q"'].join('\n');

/** Why it cannot be done here; null: it can. Only the container itself can take away and rename. */
export const changeRefusal = (place: Place) => (place.running ? null : new AppError('conflict', (t) => t.containerFiles.errors.notRunning));

/** What is written elsewhere than in memory must be writable; what something is mounted on stays. */
function refuse(place: Place, path: string) {
  const refusal = changeRefusal(place);
  if (refusal) throw refusal;
  const [mount] = mountsBelow(place, path);
  if (mount) throw new AppError('conflict', (t) => t.containerFiles.errors.mounted({ path: mount.path }));
  const hindrance = hindranceAt(place, path);
  if (hindrance && hindrance !== 'memory') throw new AppError('denied', (t) => t.containerFiles.hindrances[hindrance]);
}

/** Removes files and folders with all that is in them. @throws AppError denied, conflict, invalid, not_found, unavailable */
export async function removeContainerFiles(app: App, actor: Actor, id: string, paths: readonly string[]): Promise<{ removed: string[] }> {
  const place = await findPlace(app, actor, id);
  const targets = await Promise.all(paths.map((path) => realIn(app, place, path)));
  for (const { path } of targets) refuse(place, path);
  const removed: string[] = [];
  for (const { path, name } of targets) {
    const ran = await ranIn(app, place.id, REMOVE, [spelled(systemName(path))], { timeout: REMOVE_MS });
    // What somebody else removed meanwhile is gone, as was asked for.
    const failed = ran.code !== 0 && ran.code !== GONE;
    record(app, actor, { action: 'containers.files.remove', target: place.name, params: { path }, ...(failed ? { result: 'failed' as const } : {}) });
    if (failed) throw refusalOf(ran, name);
    removed.push(path);
  }
  return { removed };
}

/** Another name in the same folder. @throws AppError denied, conflict, invalid, not_found, unavailable */
export async function renameContainerFile(app: App, actor: Actor, id: string, input: string, to: string): Promise<{ path: string }> {
  const place = await findPlace(app, actor, id);
  const { path, folder, name } = await realIn(app, place, input);
  const next = joinPath('posix', folder, normalName('posix', to));
  if (next === path) return { path };
  refuse(place, path);
  const ran = await ranIn(app, place.id, RENAME, [spelled(systemName(path)), spelled(systemName(next))], { timeout: REMOVE_MS });
  if (ran.code === THERE) throw new AppError('conflict', (t) => t.containerFiles.errors.there({ name: to }), { field: 'name' });
  if (ran.code !== 0) throw refusalOf(ran, name);
  record(app, actor, { action: 'containers.files.rename', target: place.name, params: { from: path, path: next } });
  return { path: next };
}

function refusalOf({ code, err }: { code: number; err: string }, name: string): AppError {
  if (code === GONE) return new AppError('not_found', (t) => t.containerFiles.errors.noFile);
  if (code === MOUNTED) return new AppError('conflict', (t) => t.containerFiles.errors.mounted({ path: name }));
  if (code === 126 || code === 127) return new AppError('unsupported', (t) => t.containerFiles.errors.noShell);
  return new AppError('unavailable', (t) => t.containerFiles.errors.failed({ name }), { detail: err });
}
