/** What the machine is; changes rarely, so it is read on demand and kept for a while by core. */
export interface SystemFacts {
  hostname: string;
  /** "Debian GNU/Linux 12 (bookworm)" */
  os: string;
  kernel: string;
  arch: string;
  cpuModel: string;
  cores: number;
  /** Bytes. */
  memory: number;
  /** Boot time, ms since 1970. */
  bootedAt: number;
  /** Addresses that other machines may use, IPv4 first; no loopback, no link-local. */
  addresses: { interface: string; address: string }[];
  virtualization: string | null;
  timezone: string;
}

export interface SystemDriver {
  /** The machine's own name, at once: every page shows it. */
  hostname(): string;
  facts(): Promise<SystemFacts>;
  /** Why a reboot is due ("linux-image-6.1.0-26-amd64"), or null. */
  rebootPending(): Promise<string[] | null>;
}
