import type { Mount } from '../../platform/metrics.ts';

/** A file system with what the trend says. */
export interface MountUse extends Mount {
  /** Whole days until it is full at the pace of the last days; null when it does not grow or too little is known. */
  fullInDays: number | null;
}
