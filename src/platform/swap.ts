import type { Planner } from './plan.ts';

export interface SwapArea {
  path: string;
  kind: 'file' | 'partition';
  /** Bytes. */
  size: number;
  used: number;
  priority: number;
  /** It is there again after a restart. */
  kept: boolean;
}

export interface Swap {
  areas: SwapArea[];
  /** 0 to 200: how soon memory is moved there; null: this system has none. */
  swappiness: number | null;
  /** Bytes free on the disk where a file would be made. */
  free: number;
  /** Where a file would be made. */
  path: string;
}

export type SwapChange = { add: number } | { remove: string } | { swappiness: number };

export interface SwapDriver extends Planner<SwapChange> {
  read(): Promise<Swap>;
}
