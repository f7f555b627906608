import { createHash } from 'node:crypto';
import type { Hono } from 'hono';
import type { FakeContainer } from './containers.ts';
import { inTheWay, notThere, type FakeWorld } from './world.ts';

interface FakeNetwork {
  id: string;
  name: string;
  driver: string;
  subnets: { Subnet: string; Gateway?: string }[];
  internal: boolean;
  ipv6: boolean;
  labels: Record<string, string>;
  options: Record<string, string>;
  /** ms since 1970. */
  createdAt: number;
}

const DAY = 86_400_000;

/** Beside that of its stack; what is connected and disconnected is kept here. */
const joined = new WeakMap<FakeContainer, Set<string>>();

/** Names of the networks that a container is on. */
export function networksOf(container: FakeContainer): string[] {
  let names = joined.get(container);
  if (!names) joined.set(container, (names = new Set([container.stack ? `${container.stack}_default` : 'bridge', ...(container.name === 'shop-db-1' ? ['shop_private'] : [])])));
  return [...names];
}

const idOf = (name: string) => createHash('sha256').update(`network ${name}`).digest('hex');

function fakeNetworks(now: number): FakeNetwork[] {
  const made = (name: string, driver: string, subnets: FakeNetwork['subnets'], more: Partial<FakeNetwork> = {}): FakeNetwork => ({
    id: idOf(name), name, driver, subnets, internal: false, ipv6: false, labels: {}, options: {}, createdAt: now - 90 * DAY, ...more,
  });
  const of = (stack: string) => ({ labels: { 'com.docker.compose.project': stack }, createdAt: now - 41 * DAY });
  return [
    made('bridge', 'bridge', [{ Subnet: '172.17.0.0/16', Gateway: '172.17.0.1' }], { options: { 'com.docker.network.bridge.name': 'docker0' } }),
    made('host', 'host', []), made('none', 'null', []),
    made('shop_default', 'bridge', [{ Subnet: '172.20.0.0/16', Gateway: '172.20.0.1' }], of('shop')),
    made('shop_private', 'bridge', [{ Subnet: '172.21.0.0/16', Gateway: '172.21.0.1' }, { Subnet: 'fd00:21::/64', Gateway: 'fd00:21::1' }], { ...of('shop'), internal: true, ipv6: true }),
    made('blog_default', 'bridge', [{ Subnet: '172.22.0.0/16', Gateway: '172.22.0.1' }], of('blog')),
    made('lan', 'macvlan', [{ Subnet: '192.168.10.0/24', Gateway: '192.168.10.1' }], { options: { parent: 'eth0' } }),
  ];
}

export function addNetworks(engine: Hono, { clock, containers, notice }: FakeWorld) {
  const networks = fakeNetworks(clock.now());
  const find = (key: string) => networks.find(({ id, name }) => id === key || name === key || (key.length >= 12 && id.startsWith(key)));
  const missing = (key: string) => notThere(`network ${key} not found`);
  const members = ({ name }: FakeNetwork) => containers.filter((one) => networksOf(one).includes(name));

  const shown = (one: FakeNetwork, whole: boolean) => ({
    Name: one.name, Id: one.id, Created: new Date(one.createdAt).toISOString(), Scope: 'local', Driver: one.driver, EnableIPv6: one.ipv6, Internal: one.internal,
    IPAM: { Driver: 'default', Config: one.subnets }, Options: one.options, Labels: one.labels,
    Containers: whole ? Object.fromEntries(members(one).filter(({ state }) => state === 'running').map(({ id, name }, i) => [id, addresses(one, name, i + 2)])) : {},
  });

  engine.get('/networks', (c) => c.json(networks.map((one) => shown(one, false))));

  engine.post('/networks/create', async (c) => {
    const body = (await c.req.json()) as { Name: string; Driver: string; Internal: boolean; EnableIPv6: boolean; Labels: Record<string, string>; Options: Record<string, string>; IPAM?: { Config: FakeNetwork['subnets'] } };
    if (find(body.Name)) return inTheWay(`network with name ${body.Name} already exists`);
    const next = 23 + networks.length;
    const made: FakeNetwork = {
      id: idOf(body.Name), name: body.Name, driver: body.Driver, internal: body.Internal, ipv6: body.EnableIPv6, labels: body.Labels, options: body.Options, createdAt: clock.now(),
      subnets: body.IPAM?.Config ?? [{ Subnet: `172.${next}.0.0/16`, Gateway: `172.${next}.0.1` }],
    };
    networks.push(made);
    notice('network', 'create', made.id);
    return c.json({ Id: made.id, Warning: '' }, 201);
  });

  engine.get('/networks/:id', (c) => {
    const one = find(c.req.param('id'));
    return one ? c.json(shown(one, true)) : missing(c.req.param('id'));
  });

  engine.delete('/networks/:id', (c) => {
    const one = find(c.req.param('id'));
    if (!one) return missing(c.req.param('id'));
    if (members(one).some(({ state }) => state === 'running')) return Response.json({ message: `error while removing network: network ${one.name} id ${one.id} has active endpoints` }, { status: 403 });
    networks.splice(networks.indexOf(one), 1);
    notice('network', 'destroy', one.id);
    return new Response(null, { status: 204 });
  });

  for (const action of ['connect', 'disconnect'] as const) {
    engine.post(`/networks/:id/${action}`, async (c) => {
      const one = find(c.req.param('id'));
      if (!one) return missing(c.req.param('id'));
      const { Container } = (await c.req.json()) as { Container: string };
      const container = containers.find(({ id, name }) => id === Container || name === Container);
      if (!container) return notThere(`No such container: ${Container}`);
      const names = new Set(networksOf(container));
      const on = names.has(one.name);
      if (action === 'connect' && on) return Response.json({ message: `endpoint with name ${container.name} already exists in network ${one.name}` }, { status: 403 });
      if (action === 'disconnect' && !on) return Response.json({ message: `container ${container.id} is not connected to network ${one.name}` }, { status: 403 });
      if (on) names.delete(one.name);
      else names.add(one.name);
      joined.set(container, names);
      notice('network', action, one.id);
      return new Response(null, { status: 200 });
    });
  }
}

function addresses({ subnets }: FakeNetwork, name: string, n: number) {
  const [four, six] = [subnets.find(({ Subnet }) => Subnet.includes('.')), subnets.find(({ Subnet }) => Subnet.includes(':'))].map((one) => one?.Subnet.split('/'));
  return {
    Name: name, MacAddress: `02:42:ac:14:00:${n.toString(16).padStart(2, '0')}`,
    IPv4Address: four ? `${four[0]!.replace(/\.0$/, `.${n}`)}/${four[1]}` : '', IPv6Address: six ? `${six[0]}${n.toString(16)}/${six[1]}` : '',
  };
}
