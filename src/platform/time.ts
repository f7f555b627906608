import type { Planner } from './plan.ts';

export interface MachineTime {
  /** "Asia/Shanghai", on Windows "China Standard Time" */
  zone: string;
  /** Those that can be set; empty: this machine has no time zones. */
  zones: readonly string[];
  /** What the machine calls them for people, in its language; empty: nothing but that. */
  titles: Readonly<Record<string, string>>;
  /** Minutes that its clock is ahead of UTC now; null: that follows from the name of the zone. */
  ahead: number | null;
  sync: ClockSync;
}

export interface ClockSync {
  /** Program that keeps the clock: "systemd-timesyncd", "chrony"; null: none that the panel knows. */
  service: string | null;
  /** null: not told. */
  on: boolean | null;
  /** The clock is right, as far as that program knows. */
  synchronized: boolean | null;
  /** ms that the clock was off by when last looked at; null: not told. */
  offset: number | null;
  /** Whom it asks. */
  server: string | null;
  /** When it last set the clock, ms since 1970; null: not told. */
  lastAt: number | null;
  /** It can be turned on and off. */
  can: boolean;
  /** Whom it is told to ask; null: that is not set from here. */
  servers: readonly string[] | null;
}

/** `resync`: asks at once. */
export type TimeChange = { zone: string } | { sync: boolean } | { servers: readonly string[] } | { resync: true };

export interface TimeDriver extends Planner<TimeChange> {
  read(): Promise<MachineTime>;
}
