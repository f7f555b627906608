import { nameOf } from '../../../lib/file-name.ts';
import type { TarHead } from '../../../lib/tar-read.ts';
import type { ListedEntry } from '../../files/listing/look.ts';

const KINDS: Record<number, Pick<ListedEntry, 'type' | 'special'>> = {
  0o04: { type: 'folder', special: null }, 0o10: { type: 'file', special: null }, 0o12: { type: 'link', special: null }, 0o01: { type: 'other', special: 'fifo' },
  0o14: { type: 'other', special: 'socket' }, 0o06: { type: 'other', special: 'block' }, 0o02: { type: 'other', special: 'char' },
};

/** By st_mode (inode(7)). */
export const kindOfMode = (mode: number): Pick<ListedEntry, 'type' | 'special'> => KINDS[mode >> 12] ?? { type: 'other', special: 'unknown' };

const OF_TAR: Record<TarHead['type'], Pick<ListedEntry, 'type' | 'special'>> = {
  file: KINDS[0o10]!, 'hard-link': KINDS[0o10]!, folder: KINDS[0o04]!, link: KINDS[0o12]!, fifo: KINDS[0o01]!, block: KINDS[0o06]!, char: KINDS[0o02]!, other: { type: 'other', special: 'unknown' },
};

export const entryOfTar = (name: string, head: TarHead): ListedEntry => ({
  name, ...OF_TAR[head.type], size: head.type === 'file' ? head.size : null, mode: head.mode, uid: head.uid, gid: head.gid, owner: head.user || String(head.uid), group: head.group || String(head.gid),
  modified: head.modified, gone: false, mount: null, link: head.type === 'link' ? { path: nameOf(head.target), state: 'ok', type: null } : null,
});
