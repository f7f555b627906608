import type { Planner } from './plan.ts';

/** What the machine is called. */
export interface Identity {
  /** As it is called right now. */
  name: string;
  /** As it will be called after its next start; null: that is written nowhere. */
  written: string | null;
  /** For people: "Lin’s server"; null: none, or this system has none. */
  pretty: string | null;
  /** This system has names for people. */
  hasPretty: boolean;
  /** Names as Windows takes them: at most 15 characters without dots, and a new one counts from the next start on. */
  netbios: boolean;
}

export interface IdentityChange {
  name: string;
  /** '' takes it away. */
  pretty: string;
}

export interface IdentityDriver extends Planner<IdentityChange> {
  read(): Promise<Identity>;
}
