/** Cumulative times of one CPU in any unit: only ratios of differences count. */
export interface CpuTimes {
  busy: number;
  total: number;
}

/** One look at the machine. Counters are cumulative; `null` where this machine does not tell. Bytes everywhere. */
export interface Reading {
  /** Monotonic ms, for rates. */
  at: number;
  /** Monotonic ms of `interfaces` and `disks`, where these are read less often than the rest. */
  countersAt?: number;
  cpu: CpuTimes | null;
  cores: CpuTimes[];
  load: [number, number, number] | null;
  memory: { total: number; used: number; cache: number; swapTotal: number; swapUsed: number } | null;
  interfaces: { name: string; rx: number; tx: number }[];
  disks: { name: string; read: number; write: number }[];
  sensors: { name: string; celsius: number }[];
}

export interface Mount {
  path: string;
  device: string;
  type: string;
  total: number;
  used: number;
  /** Free for ordinary users. */
  free: number;
  inodes: number | null;
  inodesUsed: number | null;
  readOnly: boolean;
}

export interface MetricsDriver {
  /** Called up to once a second: must be cheap. */
  read(): Promise<Reading> | Reading;
  mounts(): Promise<Mount[]>;
  /** Which sources are missing on this machine ("/proc/diskstats"), for doctor and the page. */
  missing(): string[];
}
