import type { Sample } from './sample.ts';

/** The one reader of the machine: 10 s apart while nobody looks, 1 s while someone does. */
export interface Sampler {
  start(): void;
  stop(): void;
  /** Someone looks; call the returned function when they stop. */
  watch(): () => void;
  latest(): Sample | undefined;
  /** What is in memory, oldest first. */
  recent(): Sample[];
}
