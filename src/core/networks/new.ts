import { isIPv4, isIPv6 } from 'node:net';
import { z } from 'zod';
import { say } from '../../lib/issue.ts';
import { Pairs } from '../docker/pairs.ts';
import { NetworkName } from './network.ts';

export const NETWORK_DRIVERS = ['bridge', 'macvlan', 'ipvlan'] as const;

const subnet = say('network.subnet', (t) => t.networks.badSubnet);
const gateway = say('network.gateway', (t) => t.networks.badGateway);
const parent = say('network.parent', (t) => t.networks.badParent);

/** `172.30.0.0/16`, `fd00:1::/64` */
const isSubnet = (text: string) => {
  const [address = '', length = '', ...more] = text.split('/');
  if (more.length || !/^\d{1,3}$/.test(length)) return false;
  return (isIPv4(address) && Number(length) <= 32) || (isIPv6(address) && Number(length) <= 128);
};

export const SubnetText = z.string().trim().max(60, subnet).refine(isSubnet, subnet);
export const GatewayText = z.string().trim().max(45, gateway).refine((text) => isIPv4(text) || isIPv6(text), gateway);
/** A network card of the machine, `eth0` or `eth0.20`: 15 letters are the most that Linux takes. */
export const ParentName = z.string().trim().regex(/^[a-zA-Z0-9][\w.@-]{0,14}$/, parent);

const isSix = (text: string) => text.includes(':');

export const NewNetwork = z
  .strictObject({
    name: NetworkName,
    driver: z.enum(NETWORK_DRIVERS).default('bridge'),
    /** One of each family at most. Left out the engine takes the next that is free. */
    subnets: z.array(z.strictObject({ subnet: SubnetText, gateway: GatewayText.optional() })).max(2).default([]),
    /** Nothing leads out of it. */
    internal: z.boolean().default(false),
    ipv6: z.boolean().default(false),
    /** Of macvlan and ipvlan: whose addresses the containers have beside it. */
    parent: ParentName.optional(),
    labels: Pairs.default({}),
  })
  .superRefine(({ subnets, driver, parent: card }, ctx) => {
    subnets.forEach((one, i) => {
      if (one.gateway && isSix(one.gateway) !== isSix(one.subnet)) ctx.addIssue({ code: 'custom', path: ['subnets', i, 'gateway'], message: gateway });
    });
    if (subnets.length === 2 && isSix(subnets[0]!.subnet) === isSix(subnets[1]!.subnet)) ctx.addIssue({ code: 'custom', path: ['subnets', 1, 'subnet'], message: subnet });
    if (card && driver === 'bridge') ctx.addIssue({ code: 'custom', path: ['parent'], message: parent });
  });
