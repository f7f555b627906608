import type { Planner } from './plan.ts';

/** Who writes where names are asked for. */
export type ResolverOwner = 'file' | 'systemd-resolved' | 'NetworkManager' | 'resolvconf' | 'container' | 'windows' | 'other';

/** Of Windows, where each interface has its own. */
export interface ResolverLink {
  /** Number of the interface, the same until the next start at least. */
  id: number;
  name: string;
  up: boolean;
  /** Whom it asks. */
  servers: string[];
  /** Of those, what was set by hand; the others come by DHCP or an advertisement. */
  fixed: string[];
}

export interface Resolver {
  owner: ResolverOwner;
  /** Who says so, of `other`: "dhcpcd". */
  by: string | null;
  path: string;
  /** With `links`: those of all that are up. */
  servers: string[];
  search: string[];
  /** null: there is one list for all interfaces. */
  links: ResolverLink[] | null;
}

export interface ResolverChange {
  /** With `links`, the interface of which. */
  link?: number | undefined;
  /** IPv4 or IPv6. None, which only an interface of its own can have: those that DHCP says. */
  servers: readonly string[];
  search: readonly string[];
}

export interface ResolverDriver extends Planner<ResolverChange> {
  read(): Promise<Resolver>;
}
