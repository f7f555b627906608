import type { History, Range } from '../../core/metrics/history.ts';
import type { MountUse } from '../../core/metrics/mounts.ts';
import type { Sample } from '../../core/metrics/sample.ts';
import type { Notice } from '../../core/notices/notices.ts';
import type { PowerOffer } from '../../core/power/power.ts';
import type { TopProcesses } from '../../core/processes/looks.ts';
import type { System } from '../../core/system/system.ts';
import type { Columns } from './series.ts';

/** A device in the choice of what counts into the sums. */
export interface Device {
  name: string;
  shown: boolean;
}

/** An entry of the audit log, as the dashboard tells it. */
export interface RecentEvent {
  id: number;
  at: number;
  actor: string;
  action: string;
  target: string;
  result: 'ok' | 'refused' | 'failed';
}

export const TOP_SORTS = ['cpu', 'memory'] as const;
export type TopSort = (typeof TOP_SORTS)[number];

/** Everything that the dashboard shows, read before it is drawn. */
export interface Dashboard {
  range: Range;
  sort: TopSort;
  /** Width of the charts, ms since 1970. */
  from: number;
  to: number;
  step: History['step'];
  columns: Columns;
  /** The newest sample; undefined in the first second of the panel. */
  sample: Sample | undefined;
  /** The last minutes of each core, oldest first; parallel to `sample.cores`. */
  cores: number[][];
  /** When these were read, ms since 1970: 1 s apart while someone watches, else 10 s. */
  coreTimes: number[];
  /** Null when the list could not be read. */
  top: TopProcesses | null;
  mounts: MountUse[];
  system: System;
  notices: Notice[];
  /** Empty for those who may not. */
  power: PowerOffer[];
  /** Open live pages of all people. */
  pages: number;
  /** Null for those who may not read the audit log. */
  events: RecentEvent[] | null;
  interfaces: Device[];
  disks: Device[];
}
