/** Addresses that follow each other, of which nothing is let in. Ranges given to a driver never overlap. */
export interface BlockedRange {
  family: 4 | 6;
  first: bigint;
  last: bigint;
  /** ms since 1970; null: until it is lifted. */
  until: number | null;
}

export interface BlocksChange {
  added: readonly BlockedRange[];
  removed: readonly BlockedRange[];
}

/**
 * Why it cannot: `notRoot`: the panel's account may not; `noTool`: what it works with is not installed;
 * `unsupported`: this system has nothing that is understood here; `off`: what would drop them is switched off; `byPolicy`: only rules of
 * Group Policy count here.
 */
export type BlocksRefusal = 'notRoot' | 'noTool' | 'unsupported' | 'off' | 'byPolicy';

/** An address that the machine cannot do without: its own, its way out, who tells it names. */
export interface Lifeline {
  kind: 'own' | 'gateway' | 'dns';
  address: string;
}

/** Drops whatever comes from these addresses, before every other rule of the machine and beside all of them. */
export interface BlocksDriver {
  /** What it works with: "nftables". */
  readonly tool: string;
  /** Lets go by itself what has ended; else a change has to say so. */
  readonly expires: boolean;
  refusal(): Promise<BlocksRefusal | null>;
  /** How many ranges the machine drops now; null: what `load` made is not there. */
  loaded(): Promise<number | null>;
  /** With little work: is what `load` made still there? */
  stands(): Promise<boolean>;
  /** Makes what is dropped exactly these, all at once; none takes everything away that the driver made. @throws AppError unavailable with the tool's words */
  load(ranges: readonly BlockedRange[], now: number): Promise<void>;
  /** The same for a few among many. @throws AppError unavailable: nothing has changed then */
  change(change: BlocksChange, now: number): Promise<void>;
  /** What a change runs, shown before and kept in the audit log. */
  commands(change: BlocksChange): string[];
  lifelines(): Promise<Lifeline[]>;
}

export const NO_BLOCKS: BlocksDriver = {
  tool: '',
  expires: true,
  refusal: async () => 'unsupported',
  loaded: async () => null,
  stands: async () => false,
  load: async () => {},
  change: async () => {},
  commands: () => [],
  lifelines: async () => [],
};
