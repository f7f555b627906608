import { lstat } from 'node:fs/promises';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { withEntry } from '../entry.ts';
import { commonBits, MODE_BITS } from './mode.ts';
import { entryPath, type Selection } from './protect.ts';

/** What a sheet shows of its selection. Where entries differ the value is null. */
export interface ModeState {
  /** Bits that all have, and bits in which they differ; links count for nothing here. */
  common: number;
  mixed: number;
  uid: number | null;
  gid: number | null;
  files: number;
  folders: number;
  links: number;
  /** Not all were looked at. */
  partial: boolean;
}

/** Entries whose values are read for a sheet: more tell nobody more. */
const READ_MOST = 1000;

/** @throws AppError */
export async function modesOf(app: App, actor: Actor, selection: Selection): Promise<ModeState> {
  need(actor, 'files.read');
  const modes: number[] = [];
  const users = new Set<number>();
  const groups = new Set<number>();
  const state = { files: 0, folders: 0, links: 0 };
  for (const name of selection.names.slice(0, READ_MOST)) {
    const stats = await withEntry(app, actor, entryPath(app, selection.folder, name), 'read', (entry) => lstat(entry.at));
    users.add(stats.uid);
    groups.add(stats.gid);
    if (stats.isSymbolicLink()) state.links += 1;
    else {
      state[stats.isDirectory() ? 'folders' : 'files'] += 1;
      modes.push(stats.mode & MODE_BITS);
    }
  }
  const only = (set: Set<number>) => (set.size === 1 ? [...set][0]! : null);
  return { ...commonBits(modes), uid: only(users), gid: only(groups), ...state, partial: selection.names.length > READ_MOST };
}
