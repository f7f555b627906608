import type { Planner } from './plan.ts';

export interface SwapArea {
  path: string;
  kind: 'file' | 'partition';
  /** Bytes. */
  size: number;
  used: number;
  /** null: this system has none. */
  priority: number | null;
  /** It is there again after a restart. */
  kept: boolean;
}

/** A page file of Windows, as it is written down for the next start. */
export interface PageFile {
  /** `C:\pagefile.sys` */
  path: string;
  /** MiB; 0 and 0: as large as Windows finds good. */
  initial: number;
  maximum: number;
}

/** Page files of Windows from the next start on. */
export interface Paging {
  /** Windows decides where they lie and how large they are. */
  automatic: boolean;
  files: PageFile[];
  /** Disks that may hold one, with bytes that are free there. */
  disks: { path: string; free: number }[];
}

export interface Swap {
  areas: SwapArea[];
  /** null: swap is made and taken away as files of Linux are. */
  paging: Paging | null;
  /** 0 to 200: how soon memory is moved there; null: this system has none. */
  swappiness: number | null;
  /** Bytes free on the disk where a file would be made. */
  free: number;
  /** Where a file would be made. */
  path: string;
}

export type SwapChange = { add: number } | { remove: string } | { swappiness: number } | { pageFile: PageFile } | { automatic: true };

export interface SwapDriver extends Planner<SwapChange> {
  read(): Promise<Swap>;
}
