import { z } from 'zod';
import { createTurns } from '../../../lib/turns.ts';
import type { ExposureDriver } from '../../../platform/exposure.ts';
import { can, need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { askDocker } from '../../docker/ask.ts';
import { withoutRules } from '../../exposure/exposure.ts';
import { ASK_MS } from '../detail.ts';
import { portFact, surroundingsOf, type Binding, type PortFact, type Surroundings } from './facts.ts';

/** Rules change seldom, and lists are drawn often. */
const KEPT_MS = 5000;
const kept = new WeakMap<ExposureDriver, { until: number; endpoint: string; wording: boolean; around: Promise<Surroundings> }>();

/** Where the engine is, and the rules of its machine, as they were a few seconds ago at most. Never throws: what cannot be read is unknown. */
function surroundings(app: App, wording: boolean): Promise<Surroundings> {
  const { exposure, docker } = app.host;
  const endpoint = docker.endpoint();
  const before = kept.get(exposure);
  if (before && before.endpoint === endpoint && performance.now() < before.until && (before.wording || !wording)) return before.around;
  const around = look(app, endpoint, wording).catch((error: unknown): Surroundings => {
    app.log.warn('rules not read', { error: error as Error });
    return { unknown: 'failed' };
  });
  kept.set(exposure, { until: performance.now() + KEPT_MS, endpoint, wording, around });
  return around;
}

const Info = z.object({ OperatingSystem: z.string().catch(''), SecurityOptions: z.array(z.string()).nullish() });

async function look(app: App, endpoint: string, wording: boolean): Promise<Surroundings> {
  if (!endpoint.startsWith('unix://')) return { unknown: endpoint.startsWith('npipe:') ? 'desktop' : 'remote' };
  const [found, info] = await Promise.all([app.host.exposure.look({ wording, bound: false }), askDocker(app, { path: '/info', timeout: ASK_MS }, Info)]);
  if (/Docker Desktop/i.test(info.OperatingSystem)) return { unknown: 'desktop' };
  return surroundingsOf(found, (info.SecurityOptions ?? []).some((one) => one.includes('rootless')));
}

/** Who reaches published ports, and who decides. @param inside addresses of the container, where they are known */
export type PortJudge = (bindings: readonly Binding[], inside?: readonly string[]) => Promise<PortFact[]>;

/** Rules are for who may inspect. @param wording whether anybody reads them: it is one more program that runs */
export async function portJudge(app: App, actor: Actor, wording: boolean): Promise<PortJudge> {
  const around = await surroundings(app, wording);
  const inspects = can(actor, 'containers.inspect');
  const turn = createTurns();
  return async (bindings, inside) => {
    const facts: PortFact[] = [];
    for (const binding of bindings) {
      await turn();
      facts.push(portFact(binding, around, inside));
    }
    return inspects ? facts : facts.map(withoutRules);
  };
}

const Inspected = z.object({
  NetworkSettings: z.object({
    Ports: z.record(z.string(), z.array(z.object({ HostIp: z.string(), HostPort: z.string() })).nullish()).nullish(),
    Networks: z.record(z.string(), z.object({ IPAddress: z.string().nullish(), GlobalIPv6Address: z.string().nullish() })).nullish(),
  }).nullish(),
});

/** Who reaches the published ports of a container. @throws AppError denied, not_found, unavailable */
export async function containerPorts(app: App, actor: Actor, id: string): Promise<PortFact[]> {
  need(actor, 'containers.read');
  const [{ NetworkSettings }, judge] = await Promise.all([askDocker(app, { path: `/containers/${id}/json`, timeout: ASK_MS }, Inspected), portJudge(app, actor, true)]);
  const ips = Object.values(NetworkSettings?.Networks ?? {}).flatMap(({ IPAddress, GlobalIPv6Address }) => [IPAddress, GlobalIPv6Address]).filter((ip): ip is string => Boolean(ip));
  const bindings = Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([port, all]) => {
    const [number, protocol = 'tcp'] = port.split('/');
    return (all ?? []).map(({ HostIp, HostPort }): Binding => ({ address: HostIp || '0.0.0.0', host: Number(HostPort), container: Number(number), protocol }));
  });
  return judge(bindings.toSorted((a, b) => a.container - b.container || a.host - b.host || (a.address < b.address ? -1 : 1)), ips);
}
