/** A command of somebody's own that the system's services keep running. */
export interface Program {
  /** Small letters, digits and dashes. */
  name: string;
  title: string;
  /** The first word is the path of a program. */
  argv: string[];
  /** '' the system's own account. On Windows one that needs no password. */
  user: string;
  /** '' the root folder. */
  folder: string;
  /** Kept in a file that only root reads. */
  environment: { name: string; value: string }[];
  restart: ProgramRestart;
  /** Seconds before it is started again. */
  delay: number;
  /** MiB; null: as much as there is. */
  memory: number | null;
  /** Percent of one core; null: all there is. */
  cpu: number | null;
  /** Processes and threads; null: as the system sets it. */
  tasks: number | null;
  /** Starts with the machine. */
  boot: boolean;
}

export const PROGRAM_RESTARTS = ['always', 'on-failure', 'no'] as const;
export type ProgramRestart = (typeof PROGRAM_RESTARTS)[number];

/** `any`: every account of the machine; else those that can be chosen. */
export type ProgramAccounts = 'any' | readonly string[];

export interface ProgramSummary {
  name: string;
  title: string;
  /** The service that it is. */
  service: string;
  argv: string[];
  user: string;
}

export interface ProgramPlan {
  /** With their text as it will be; null: it goes away. `secret`: the text is not shown. */
  files: { path: string; text: string | null; secret: boolean }[];
  commands: string[];
}
