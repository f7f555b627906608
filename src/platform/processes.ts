export interface ProcessRow {
  pid: number;
  parent: number;
  /** Short name: "postgres". */
  name: string;
  /** Command line without what looks secret, or the name in brackets for kernel threads. */
  command: string;
  user: string;
  state: string;
  threads: number;
  /** Percent of one core since the last look, 0 on the first. */
  cpu: number;
  /** Resident bytes. */
  memory: number;
  /** ms since 1970. With the pid it names a process for good: numbers are used again. */
  startedAt: number;
  /** From -20, served first, to 19; null where the system has none. */
  nice: number | null;
  /** The service of the host that it belongs to: "nginx.service". */
  service: string | null;
  /** Id of the container that it runs in, 64 hexadecimal digits. */
  container: string | null;
  /** Bytes a second read from and written to disks since the last look that asked; null: not asked (0 when it rests all the same), or not readable. */
  read: number | null;
  written: number | null;
  /** Bytes a second over the TCP connections that it has open; null: not asked, or none in the network of the host. */
  received: number | null;
  sent: number | null;
}

/** Bytes a second. */
export type Traffic = { [way in 'received' | 'sent']: number };

/** Which one: a number and when it began. */
export type ProcessKey = Pick<ProcessRow, 'pid' | 'startedAt'>;

export interface OpenFile {
  fd: number;
  kind: 'file' | 'folder' | 'socket' | 'pipe' | 'device' | 'other';
  /** A path, or what the kernel calls it: "anon_inode:[eventpoll]". */
  target: string;
}

export interface Socket {
  protocol: 'tcp' | 'udp';
  /** "0.0.0.0", "::", "10.0.0.4" … */
  address: string;
  port: number;
  /** The other side; null for one that listens. */
  remote: { address: string; port: number } | null;
  /** "LISTEN", "ESTAB" … as ss(8) names them; of UDP "UNCONN". */
  state: string;
}

/** Bytes over a connection since it was made; null: not told, as of UDP and of what listens. */
export interface Connection extends Socket {
  received: number | null;
  sent: number | null;
}

export interface ProcessDetail {
  row: ProcessRow;
  executable: string | null;
  folder: string | null;
  /** Bytes since it began; null: not readable. */
  disk: { read: number; written: number } | null;
  /** "NAME=value", as it was started with, secrets and all; null: not readable. */
  environment: string[] | null;
  /** null: not readable. At most FILES_SHOWN of them. */
  files: { total: number; limit: number | null; shown: OpenFile[] } | null;
  /** Those of the internet. null: not readable. */
  sockets: Connection[] | null;
}

export const FILES_SHOWN = 500;

/** A socket that waits for others. */
export interface Listener {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  pid: number | null;
}

export const PROCESS_SIGNALS = ['TERM', 'KILL', 'HUP', 'INT', 'QUIT', 'USR1', 'USR2', 'STOP', 'CONT'] as const;
export type ProcessSignal = (typeof PROCESS_SIGNALS)[number];

/** Those that a program ends by, unless it takes them itself. */
export const ENDING_SIGNALS: readonly ProcessSignal[] = ['TERM', 'KILL', 'INT', 'QUIT'];

export type ProcessChange = { signal: ProcessSignal } | { nice: number };

export interface ProcessesDriver {
  /** `disks`: with what each reads and writes there, which takes a file more for each that works. */
  list(disks?: boolean): Promise<ProcessRow[]>;
  /** null: it has ended, or its number has another one. */
  one(key: ProcessKey): Promise<ProcessDetail | null>;
  /** Sockets that wait for others, in the network of the host. */
  listeners(): Promise<Listener[]>;
  /**
   * What goes over TCP in the network of the host, by pid, since the look before; who asks for the first time, or seldom, waits
   * half a second for it. Connections that came and went between two looks are not in it. null: this system does not tell.
   */
  readonly traffic: (() => Promise<ReadonlyMap<number, Traffic>>) | null;
  /** What can be sent; `TERM` asks to end, `KILL` ends. */
  readonly signals: readonly ProcessSignal[];
  /** What will run, shown before it runs. */
  command(pid: number, change: ProcessChange): string;
  /** @returns false when it has ended, or its number has another one. @throws AppError denied: the account of the panel may not */
  change(key: ProcessKey, change: ProcessChange): Promise<boolean>;
  /** It runs still, under this number. */
  runs(key: ProcessKey): Promise<boolean>;
}
