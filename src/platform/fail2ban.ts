/** A jail of fail2ban, and whom it keeps. */
export interface Jail {
  name: string;
  /** Failures that it counts now, and has counted since it began. */
  failed: number;
  failedTotal: number;
  banned: JailBan[];
  bannedTotal: number;
}

export interface JailBan {
  address: string;
  /** ms since 1970; null: for good, or it does not tell. */
  until: number | null;
}

/** fail2ban, where it is installed: its own guard, with its own rules. */
export interface Fail2banDriver {
  /** Names of the jails that are on, with little work; null: it is not installed, or does not run. */
  active(): Promise<string[] | null>;
  /** null: it is not installed, or does not run. @throws AppError unavailable with its words when it runs and does not answer */
  jails(): Promise<Jail[] | null>;
  ban(jail: string, address: string): Promise<void>;
  unban(jail: string, address: string): Promise<void>;
  command(verb: 'ban' | 'unban', jail: string, address: string): string;
}

export const NO_FAIL2BAN: Fail2banDriver = {
  active: async () => null,
  jails: async () => null,
  ban: async () => {},
  unban: async () => {},
  command: () => '',
};
