import type { Planner } from './plan.ts';

/** Who writes where names are asked for. */
export type ResolverOwner = 'file' | 'systemd-resolved' | 'NetworkManager' | 'resolvconf' | 'container' | 'other';

export interface Resolver {
  owner: ResolverOwner;
  /** Who says so, of `other`: "dhcpcd". */
  by: string | null;
  path: string;
  servers: string[];
  search: string[];
}

export interface ResolverChange {
  /** IPv4 or IPv6. */
  servers: readonly string[];
  search: readonly string[];
}

export interface ResolverDriver extends Planner<ResolverChange> {
  read(): Promise<Resolver>;
}
