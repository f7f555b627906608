/** What of the machine's packet filter tells who reaches a port, as the tools say it. */
export interface PacketFilter {
  /** `iptables-save` and `ip6tables-save`; null: there is no such tool, or it failed. */
  rules4: string | null;
  rules6: string | null;
  /** `nft list tables`: "table ip filter", one a line; null: there is no nft. */
  tables: string | null;
  /** Is it on? false also where it is not installed. */
  ufw: boolean;
  firewalld: boolean;
}

export interface PacketFilterDriver {
  /** null: nobody but root may read it. @returns 'none' where this system has none that is understood here */
  read(): Promise<PacketFilter | null | 'none'>;
}

export const NO_PACKET_FILTER: PacketFilterDriver = { read: async () => 'none' };
