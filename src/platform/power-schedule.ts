import type { Planner } from './plan.ts';
import type { PowerAction } from './power.ts';

/** The machine goes down at a time. */
export interface ScheduledPower {
  action: PowerAction;
  /** ms since 1970. */
  at: number;
  /** What those who are signed in are told. */
  message: string;
}

/** `when`: "+90" in minutes, or "03:30" by the clock of the machine, whenever it is that next. */
export type ScheduleChange = { action: PowerAction; when: string; message: string } | { cancel: true };

export interface PowerScheduleDriver extends Planner<ScheduleChange> {
  /** null: nothing is planned. */
  read(): Promise<ScheduledPower | null>;
}
