import { isAtMost, naturalKey } from '../../../lib/natural.ts';
import { FOLDER, type Names } from './names.ts';

export const LISTING_SORTS = ['name', 'size', 'modified', 'mode', 'owner', 'type'] as const;
export type ListingSort = (typeof LISTING_SORTS)[number];

export interface Ordering {
  sort: ListingSort;
  descending: boolean;
  foldersFirst: boolean;
}

/**
 * Indices of `which` in order. By name and type the engine sorts keys that end in their index; by a figure, equal ones
 * stay in the order of their names. Descending turns each group around, never the groups: folders stay first.
 */
export function orderOf(names: Names, which: Uint32Array, how: Ordering, figures: Float64Array | null): Uint32Array {
  const order = sortKeys(keysOf(names, which, how));
  if (figures) order.sort((a, b) => figures[a]! - figures[b]!);
  return arrange(names, order, how);
}

/**
 * The first `count` of what `orderOf` gives by ascending name, without sorting all: a sample says below which key they
 * lie. null when the sample misled, or sorting all is no more work.
 */
export function firstOf(names: Names, which: Uint32Array, how: Ordering, count: number): Uint32Array | null {
  if (which.length < 20 * count || which.length < SAMPLE * 4 || how.descending || how.sort !== 'name') return null;
  const keyOf = (index: number) => groupOf(names, index, how) + naturalKey(names.names[index]!);
  const step = Math.floor(which.length / SAMPLE);
  const sample: string[] = [];
  for (let i = 0; i < which.length; i += step) sample.push(keyOf(which[i]!));
  sample.sort();
  const pivot = sample[Math.min(sample.length - 1, Math.ceil((count / which.length) * sample.length * 2) + 8)]!;
  const [group, key] = [pivot[0]!, pivot.slice(1)];
  const kept = which.filter((index) => {
    const own = groupOf(names, index, how);
    return own === group ? isAtMost(names.names[index]!, key) : own < group;
  });
  return kept.length < count ? null : sortKeys(keysOf(names, kept, how)).subarray(0, count);
}

const SAMPLE = 1024;

/** Group (folders first), natural name, the name itself, then the index in three characters that no comparison reaches. */
function keysOf(all: Names, which: Uint32Array, how: Ordering): string[] {
  const { names, kinds } = all;
  const keys = new Array<string>(which.length);
  const byType = how.sort === 'type';
  for (let i = 0; i < which.length; i++) {
    const index = which[i]!;
    const name = names[index]!;
    const type = byType ? `${kinds[index]!}${endingOf(name)}\0` : '';
    const natural = naturalKey(name);
    keys[i] = groupOf(all, index, how) + type + natural + (natural === name ? '\0\0' : `\0${name}\0`) + String.fromCharCode(index >>> 16, (index >>> 8) & 255, index & 255);
  }
  return keys;
}

const groupOf = ({ kinds }: Names, index: number, { foldersFirst }: Ordering) => (foldersFirst && kinds[index] === FOLDER ? '0' : '1');

/** "txt" of "a.TXT"; of ".profile" and "README" none. */
export function endingOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

function sortKeys(keys: string[]): Uint32Array {
  keys.sort();
  const order = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]!;
    const end = key.length;
    order[i] = (key.charCodeAt(end - 3) << 16) | (key.charCodeAt(end - 2) << 8) | key.charCodeAt(end - 1);
  }
  return order;
}

function arrange({ kinds }: Names, order: Uint32Array, { foldersFirst, descending, sort }: Ordering): Uint32Array {
  const byName = sort === 'name' || sort === 'type';
  if (!descending && (byName || !foldersFirst)) return order;
  if (!foldersFirst) return order.reverse();
  const folders = order.filter((index) => kinds[index] === FOLDER);
  const others = order.filter((index) => kinds[index] !== FOLDER);
  if (descending) {
    folders.reverse();
    others.reverse();
  }
  order.set(folders);
  order.set(others, folders.length);
  return order;
}
