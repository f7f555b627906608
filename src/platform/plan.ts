import type { Say } from '../lib/errors.ts';

/** What a change will do: shown before it is done, and kept in the audit log. */
export interface Plan {
  /** As somebody would type them, in order. */
  commands: string[];
  /** Files that are written, whole. */
  files: FileChange[];
}

export interface FileChange {
  path: string;
  /** null: it is not there. */
  before: string | null;
  /** null: it is taken away. */
  after: string | null;
}

export const planOf = (commands: string[], files: FileChange[] = []): Plan => ({ commands, files });

/** Of work that takes long. */
export interface Run {
  signal?: AbortSignal;
  onOutput?(text: string): void;
}

/** Something of the machine that can be changed. */
export interface Planner<Change> {
  /** Null when it can be changed from here; else why not. */
  refusal(): Promise<Say | null>;
  /** @throws AppError for what this machine cannot take */
  plan(change: Change): Promise<Plan>;
  /** @throws AppError with the tool's last lines */
  apply(change: Change, run?: Run): Promise<void>;
}
