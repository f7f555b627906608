import { z } from 'zod';
import { say } from '../../lib/issue.ts';

const named = say('network.name', (t) => t.networks.badName);

/** Docker takes nearly any text; ours are those that every tool takes. What is none never reaches a path (S18). */
export const NetworkName = z.string().trim().max(255, named).regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, named);

/** Made by the engine, and needed by it. */
const PREDEFINED = ['bridge', 'host', 'none', 'nat', 'ingress'];

export interface Subnet {
  subnet: string;
  gateway: string | null;
}

export interface Network {
  id: string;
  name: string;
  driver: string;
  scope: string;
  internal: boolean;
  ipv6: boolean;
  /** Of the engine itself: it cannot be removed. */
  predefined: boolean;
  subnets: Subnet[];
  labels: Record<string, string>;
  options: Record<string, string>;
  createdAt: number | null;
  /** Compose project that made it. */
  stack: string | null;
}

/** A container on a network. */
export interface Member {
  id: string;
  name: string;
  running: boolean;
  /** With the length of the prefix; null while it does not run. */
  ipv4: string | null;
  ipv6: string | null;
  mac: string | null;
}

const Map = z.record(z.string(), z.string()).nullish();

export const RawNetwork = z.object({
  Id: z.string(), Name: z.string(), Driver: z.string(), Scope: z.string().catch(''), Internal: z.boolean().catch(false), EnableIPv6: z.boolean().catch(false),
  Created: z.string().nullish(), Labels: Map, Options: Map,
  IPAM: z.object({ Config: z.array(z.object({ Subnet: z.string().optional(), Gateway: z.string().optional() })).nullish() }).nullish(),
  Containers: z.record(z.string(), z.object({ Name: z.string().catch(''), IPv4Address: z.string().catch(''), IPv6Address: z.string().catch(''), MacAddress: z.string().catch('') })).nullish(),
});

/** GET /networks */
export const ListedNetworks = z.array(RawNetwork);

export function networkOf(raw: z.output<typeof RawNetwork>): Network {
  const createdAt = Date.parse(raw.Created ?? '');
  return {
    id: raw.Id, name: raw.Name, driver: raw.Driver, scope: raw.Scope, internal: raw.Internal, ipv6: raw.EnableIPv6,
    predefined: PREDEFINED.includes(raw.Name),
    subnets: (raw.IPAM?.Config ?? []).flatMap(({ Subnet, Gateway }) => (Subnet ? [{ subnet: Subnet, gateway: Gateway || null }] : [])),
    labels: raw.Labels ?? {}, options: raw.Options ?? {},
    createdAt: createdAt > 0 ? createdAt : null,
    stack: raw.Labels?.['com.docker.compose.project'] ?? null,
  };
}
