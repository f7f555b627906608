import { statSync } from 'node:fs';
import { can } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { isInside } from '../files/paths.ts';
import { rootsOf } from '../files/reach.ts';
import type { Volume } from './volume.ts';

/**
 * Names of the volumes whose files the file manager shows to this person: those that lie on this machine, within the folders
 * of the person's role. A volume that is mounted only while it is used has files only then.
 */
export function volumesHere(app: App, actor: Actor, volumes: readonly Volume[]): ReadonlySet<string> {
  if (!can(actor, 'files.read') || app.engines.isFar() || !/^(unix|npipe):/.test(app.host.docker.endpoint())) return new Set();
  const roots = rootsOf(app, actor);
  const { kind } = app.host.files;
  const here = ({ driver, mountpoint, options, usedBy }: Volume) =>
    driver === 'local' && mountpoint !== '' && (Object.keys(options).length === 0 || usedBy.some(({ running }) => running)) && roots.some((root) => isInside(kind, root, mountpoint)) && isFolder(mountpoint);
  return new Set(volumes.filter(here).map(({ name }) => name));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Of another machine, or not to be looked at.
    return false;
  }
}
