import { z } from 'zod';
import type { PacketFilterDriver } from '../../../platform/packet-filter.ts';
import { can, need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { askDocker } from '../../docker/ask.ts';
import { ASK_MS } from '../detail.ts';
import { portFacts, type Binding, type PortFact, type Surroundings } from './facts.ts';

/** Rules change seldom, and lists are drawn often. */
const KEPT_MS = 5000;
const kept = new WeakMap<PacketFilterDriver, { until: number; endpoint: string; around: Promise<Surroundings> }>();

/** Where the engine is, and what its machine filters, as it was a few seconds ago at most. Never throws: what cannot be read is unknown. */
export function surroundings(app: App): Promise<Surroundings> {
  const { packetFilter, docker } = app.host;
  const endpoint = docker.endpoint();
  const before = kept.get(packetFilter);
  if (before && before.endpoint === endpoint && performance.now() < before.until) return before.around;
  const around = look(app, endpoint).catch((error: unknown): Surroundings => {
    app.log.warn('packet filter not read', { error: error as Error });
    return { unknown: 'tools' };
  });
  kept.set(packetFilter, { until: performance.now() + KEPT_MS, endpoint, around });
  return around;
}

const Info = z.object({ OperatingSystem: z.string().catch(''), SecurityOptions: z.array(z.string()).nullish() });

async function look(app: App, endpoint: string): Promise<Surroundings> {
  if (!endpoint.startsWith('unix://')) return { unknown: endpoint.startsWith('npipe:') ? 'desktop' : 'remote' };
  const [filter, info] = await Promise.all([app.host.packetFilter.read(), askDocker(app, { path: '/info', timeout: ASK_MS }, Info)]);
  if (filter === 'none' || /Docker Desktop/i.test(info.OperatingSystem)) return { unknown: 'desktop' };
  if (filter === null) return { unknown: 'root' };
  return { filter, rootless: (info.SecurityOptions ?? []).some((one) => one.includes('rootless')) };
}

const Inspected = z.object({
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullish()).nullish(),
    Networks: z.record(z.string(), z.object({ IPAddress: z.string().nullish(), GlobalIPv6Address: z.string().nullish() })).nullish(),
  }).nullish(),
});

/** Who reaches the published ports of a container, and who decides. Rules are for who may inspect. @throws AppError denied, not_found, unavailable */
export async function containerPorts(app: App, actor: Actor, id: string): Promise<PortFact[]> {
  need(actor, 'containers.read');
  const [{ NetworkSettings }, around] = await Promise.all([askDocker(app, { path: `/containers/${id}/json`, timeout: ASK_MS }, Inspected), surroundings(app)]);
  const ips = Object.values(NetworkSettings?.Networks ?? {}).flatMap(({ IPAddress, GlobalIPv6Address }) => [IPAddress, GlobalIPv6Address]).filter((ip): ip is string => Boolean(ip));
  const bindings = Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([port, all]) => {
    const [number, protocol = 'tcp'] = port.split('/');
    return (all ?? []).map(({ HostIp, HostPort }): Binding => ({ address: HostIp || '0.0.0.0', host: Number(HostPort), container: Number(number), protocol }));
  });
  const facts = portFacts(bindings.toSorted((a, b) => a.container - b.container || a.host - b.host || (a.address < b.address ? -1 : 1)), around, ips);
  return can(actor, 'containers.inspect') ? facts : facts.map((fact) => ({ ...fact, rules: [] }));
}
