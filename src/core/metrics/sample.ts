/** What the dashboard shows of one moment. Rates are per second, loads in percent, sizes in bytes. Sent as JSON once a second. */
export interface Sample {
  /** ms since 1970. */
  at: number;
  cpu: number | null;
  cores: number[];
  load: [number, number, number] | null;
  memory: { total: number; used: number; cache: number; swapTotal: number; swapUsed: number } | null;
  interfaces: { name: string; rx: number; tx: number }[];
  disks: { name: string; read: number; write: number }[];
  sensors: { name: string; celsius: number }[];
}
