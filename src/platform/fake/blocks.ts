import type { Clock } from '../../lib/clock.ts';
import type { BlockedRange, BlocksDriver, Lifeline } from '../blocks.ts';
import { changeCommands } from '../linux/blocks/nft-script.ts';

export interface FakeBlocks extends BlocksDriver {
  /** What would be dropped; null: there is nothing of it. */
  readonly dropped: BlockedRange[] | null;
  /** Somebody empties the rules of the machine. */
  flush(kept?: BlockedRange[]): void;
}

const LIFELINES: readonly Lifeline[] = [
  { kind: 'own', address: '203.0.113.10' }, { kind: 'own', address: '10.8.0.1' }, { kind: 'own', address: '2001:db8::10' },
  { kind: 'gateway', address: '203.0.113.1' }, { kind: 'dns', address: '192.0.2.53' },
];

const keyOf = ({ family, first, last }: BlockedRange) => `${family} ${first} ${last}`;

/** Sets of a machine that does not exist: they hold what they are told. */
export function createFakeBlocks(clock: Clock): FakeBlocks {
  let kept: BlockedRange[] | null = null;
  // As a set of the kernel does: what has ended is not in it.
  const now = () => kept?.filter(({ until }) => until === null || until > clock.now()) ?? null;
  return {
    tool: 'nftables',
    expires: true,
    get dropped() {
      return now();
    },
    flush: (left) => void (kept = left ?? null),
    refusal: async () => null,
    stands: async () => kept !== null,
    loaded: async () => now()?.length ?? null,
    load: async (ranges) => void (kept = ranges.length ? [...ranges] : null),
    async change({ added, removed }) {
      const gone = new Set(removed.map(keyOf));
      kept = [...(now() ?? []).filter((range) => !gone.has(keyOf(range))), ...added];
    },
    commands: changeCommands,
    lifelines: async () => [...LIFELINES],
  };
}
