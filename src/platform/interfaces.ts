export interface NetworkInterface {
  name: string;
  /** "UP", "DOWN", "UNKNOWN" (of loopback and tunnels) … */
  state: string;
  mac: string | null;
  mtu: number | null;
  /** "ether", "loopback", "none" … and what it is made as: "bridge", "veth". */
  kind: string;
  addresses: { family: 4 | 6; address: string; prefix: number; scope: string; dynamic: boolean }[];
}

export interface Route {
  family: 4 | 6;
  /** "default" or a network. */
  to: string;
  via: string | null;
  dev: string | null;
  source: string | null;
  metric: number | null;
  protocol: string | null;
}

export interface InterfacesDriver {
  /** `routes` is null where this system does not tell them. */
  read(): Promise<{ interfaces: NetworkInterface[]; routes: Route[] | null }>;
}
