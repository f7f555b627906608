import type { Planner } from './plan.ts';

export interface MachineTime {
  /** "Asia/Shanghai" */
  zone: string;
  /** Those that can be set; empty: this machine has no time zones. */
  zones: readonly string[];
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
  /** It can be turned on and off. */
  can: boolean;
}

export type TimeChange = { zone: string } | { sync: boolean };

export interface TimeDriver extends Planner<TimeChange> {
  read(): Promise<MachineTime>;
}
