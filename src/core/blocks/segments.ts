import type { AddressRange } from '../../lib/address-range.ts';
import type { BlockedRange, BlocksChange } from '../../platform/blocks.ts';

const FOREVER = Infinity;

/**
 * What many blocks come to: stretches that never overlap, each until the last of those that cover it ends. A set of
 * intervals refuses two elements that overlap, and a network may be blocked for good in one list and for an hour in another.
 */
export function segmentsOf(blocks: Iterable<AddressRange & { until: number | null }>): BlockedRange[] {
  const all = [...blocks];
  return ([4, 6] as const).flatMap((family) => sweep(all.filter((block) => block.family === family)).map(({ first, last, until }) => ({ family, first, last, until: until === FOREVER ? null : until })));
}

interface Span {
  first: bigint;
  last: bigint;
  until: number;
}

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);

/** From the lowest address to the highest; at each place where something begins or ends, the one that lasts longest counts. */
function sweep(blocks: readonly (AddressRange & { until: number | null })[]): Span[] {
  const spans = blocks.map(({ first, last, until }): Span => ({ first, last, until: until ?? FOREVER })).sort((a, b) => ascending(a.first, b.first));
  const points = [...new Set(spans.flatMap(({ first, last }) => [first, last + 1n]))].sort(ascending);
  const open = new LongestFirst();
  const found: Span[] = [];
  let next = 0;
  for (const [i, point] of points.entries()) {
    for (; next < spans.length && spans[next]!.first === point; next++) open.push(spans[next]!);
    const top = open.top(point);
    const end = points[i + 1];
    if (!top || end === undefined) continue;
    const before = found.at(-1);
    if (before && before.last + 1n === point && before.until === top.until) before.last = end - 1n;
    else found.push({ first: point, last: end - 1n, until: top.until });
  }
  return found;
}

/** A binary heap of what is open, by when it ends in time. What has ended in space is dropped when it comes up. */
class LongestFirst {
  #heap: Span[] = [];

  push(span: Span) {
    const heap = this.#heap;
    let at = heap.push(span) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.until >= heap[at]!.until) break;
      [heap[parent], heap[at]] = [heap[at]!, heap[parent]!];
      at = parent;
    }
  }

  /** The one that lasts longest of those which reach to this address. */
  top(point: bigint): Span | undefined {
    while (this.#heap.length && this.#heap[0]!.last < point) this.#pop();
    return this.#heap[0];
  }

  #pop() {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ; ) {
      let child = 2 * at + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && heap[child + 1]!.until > heap[child]!.until) child++;
      if (heap[at]!.until >= heap[child]!.until) return;
      [heap[child], heap[at]] = [heap[at]!, heap[child]!];
      at = child;
    }
  }
}

const keyOf = ({ family, first, last, until }: BlockedRange) => `${family} ${first} ${last} ${until}`;

/** What must go and come for `before` to become `after`. */
export function difference(before: readonly BlockedRange[], after: readonly BlockedRange[]): BlocksChange {
  const [old, wanted] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))];
  return { added: after.filter((range) => !old.has(keyOf(range))), removed: before.filter((range) => !wanted.has(keyOf(range))) };
}

/**
 * What further blocks make of stretches that stand: the same as `segmentsOf` all blocks together, but looking only at those
 * that the new ones meet or touch, as there may be a hundred thousand others. What has ended at `now` is not made anew.
 */
export function withMore(standing: readonly BlockedRange[], more: Iterable<AddressRange & { until: number | null }>, now: number): { segments: BlockedRange[]; change: BlocksChange } {
  const segments = [...standing];
  const [added, removed] = [new Map<string, BlockedRange>(), new Map<string, BlockedRange>()];
  const move = (ranges: readonly BlockedRange[], from: Map<string, BlockedRange>, to: Map<string, BlockedRange>) => {
    for (const range of ranges) if (!from.delete(keyOf(range))) to.set(keyOf(range), range);
  };
  for (const block of more) {
    const start = firstAt(segments, ({ family, last }) => family > block.family || (family === block.family && last >= block.first - 1n));
    const end = firstAt(segments, ({ family, first }) => family > block.family || (family === block.family && first > block.last + 1n));
    const met = segments.slice(start, end);
    const anew = segmentsOf([...met.filter(({ until }) => until === null || until > now), block]);
    segments.splice(start, end - start, ...anew);
    move(met, added, removed);
    move(anew, removed, added);
  }
  return { segments, change: { added: [...added.values()], removed: [...removed.values()] } };
}

/** The first of which it is so, where it is so of all behind it. */
function firstAt<T>(items: readonly T[], is: (item: T) => boolean): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(items[middle]!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
