export interface ProcessRow {
  pid: number;
  parent: number;
  /** Short name: "postgres". */
  name: string;
  /** Command line, or the name in brackets for kernel threads. */
  command: string;
  user: string;
  state: string;
  threads: number;
  /** Percent of one core since the last look, 0 on the first. */
  cpu: number;
  /** Resident bytes. */
  memory: number;
  /** ms since 1970. */
  startedAt: number;
}

export interface ProcessesDriver {
  list(): Promise<ProcessRow[]>;
}
