/** A line of a log, whatever keeps it. */
export interface LogEntry {
  /** ms since 1970; null: the line does not tell. */
  at: number | null;
  /** From 0, emergency, to 7, debug (RFC 5424, 6.2.1; Windows' levels are put there); null: nobody said. */
  priority: number | null;
  /** Which service it is from or about: "nginx.service". */
  unit: string | null;
  /** What it calls itself: "nginx", "kernel". */
  identifier: string | null;
  pid: number | null;
  /** What it says; several lines now and then. At most MESSAGE_MOST letters. */
  message: string;
  /** It goes on: only the beginning is in `message`. */
  cut: boolean;
  /** Names it for good: paging goes on there. */
  cursor: string;
}

/** Letters of a message in a list; its fields tell more of it. */
export const MESSAGE_MOST = 16_384;

export interface LogFilter {
  unit?: string | undefined;
  identifier?: string | undefined;
  /** Only what the kernel says. */
  kernel?: boolean | undefined;
  /** This and all that is more urgent. */
  priority?: number | undefined;
  /** Id of a start of the machine, as `boots` tells it. */
  boot?: string | undefined;
  /** ms since 1970, both inclusive. */
  since?: number | undefined;
  until?: number | undefined;
  match?: LogMatch | undefined;
}

/** What a message must contain. The driver lets the log's own tool look for it where that can, else it asks `test`. */
export interface LogMatch {
  text: string;
  regex: boolean;
  test(message: string): boolean;
}

export interface LogPage {
  /** In order of time, the newest last. */
  entries: LogEntry[];
  /** There may be more in the direction that was asked for. */
  more: boolean;
  /** Looking took too long: what lies further was not looked at. */
  late: boolean;
}

export interface PageWish {
  /** Goes on from this entry, which is not in the page; null: from the newest. */
  from: string | null;
  to: 'older' | 'newer';
  limit: number;
  /** ms that looking may take. */
  patience: number;
  signal?: AbortSignal | undefined;
}

export interface Boot {
  id: string;
  /** ms since 1970 of its first and last entry. */
  from: number;
  to: number;
}

/** What of the system's log there is. */
export interface LogsState {
  kind: 'journald' | 'eventlog' | 'none';
  /** Only a part of it may be read by the account of the panel. */
  partial: boolean;
}

/** The log that the operating system keeps; files are read by core (core/logs/files.ts). */
export interface LogsDriver {
  state(): Promise<LogsState>;
  /** Names that have written something. */
  units(): Promise<string[]>;
  /** The newest first; [] where the log does not tell. */
  boots(): Promise<Boot[]>;
  /** @throws AppError unsupported, unavailable, invalid (a cursor or an expression that it does not take) */
  page(filter: LogFilter, wish: PageWish): Promise<LogPage>;
  /**
   * What is written from now on, or after an entry, until the signal: portions as they come; `match` is the reader's to ask.
   * Who does not read holds it up. @throws AppError
   */
  follow(filter: LogFilter, after: string | null, signal: AbortSignal): AsyncIterable<LogEntry[]>;
  /** All that there is, the oldest first, in portions; whoever stops reading ends it. @throws AppError */
  read(filter: LogFilter, signal: AbortSignal): AsyncIterable<LogEntry[]>;
  /** All that is known of one entry, names and values; a value is bounded. null: it is gone. @throws AppError */
  fields(cursor: string): Promise<[name: string, value: string][] | null>;
  /** Folders that hold logs as files. */
  readonly folders: readonly string[];
}

/** Where the system keeps no log that the panel can read. */
export const NO_LOGS: LogsDriver = {
  state: async () => ({ kind: 'none', partial: false }),
  units: async () => [],
  boots: async () => [],
  page: async () => ({ entries: [], more: false, late: false }),
  async *follow() {},
  async *read() {},
  fields: async () => null,
  folders: [],
};
