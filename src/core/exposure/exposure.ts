import { z } from 'zod';
import { createTurns } from '../../lib/turns.ts';
import type { ExposureLook, RulesUnknown } from '../../platform/exposure.ts';
import type { Listener } from '../../platform/processes.ts';
import { can, need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { containerOf, Listed } from '../containers/container.ts';
import { doorsOf } from './filter/doors.ts';
import { fewer, held, type Published } from './join.ts';
import { byLevel, forwards, judge, type Field } from './judge.ts';
import type { ExposedContainer, ExposedPort } from './port.ts';
import { rulesOf } from './rules.ts';
import { Ways } from './ways.ts';

export interface Exposure {
  /** ms since 1970. */
  at: number;
  ports: ExposedPort[];
  /** Why nobody knows who gets through; null: the rules were read. */
  unknown: RulesUnknown | null;
  detail: string | null;
  /** Is there any rule about what comes in? */
  filtered: boolean;
  /** Sockets that were not looked at, as there are too many. */
  left: number;
  /** ms it took. */
  took: number;
}

/** Rules and sockets change seldom, and somebody turns pages. */
const KEPT_MS = 5000;
/** "Look again" is pressed in haste. */
const AGAIN_MS = 1000;

/** Any account of the machine may open thousands, and they must not hold up the panel. */
const LISTENERS_MOST = 2000;

const kept = new WeakMap<object, { at: number; look: Promise<Exposure> }>();

/** What is to be reached on this machine, and by whom; at most a few seconds old. @param again somebody wants to know it now @throws AppError denied */
export async function readExposure(app: App, actor: Actor, { again = false } = {}): Promise<Exposure> {
  need(actor, 'exposure.read');
  const before = kept.get(app.host.exposure);
  const now = app.clock.monotonic();
  const fresh = before && now - before.at < (again ? AGAIN_MS : KEPT_MS);
  const found = fresh ? before.look : look(app);
  if (!fresh) {
    kept.set(app.host.exposure, { at: now, look: found });
    // What failed is asked again by the next one.
    found.catch(() => kept.delete(app.host.exposure));
  }
  const exposure = await found;
  return can(actor, 'exposure.inspect') ? exposure : { ...exposure, ports: exposure.ports.map(withoutRules), detail: null };
}

/** The words of rules tell addresses of people and places. */
export const withoutRules = <T extends Pick<ExposedPort, 'reach'>>(port: T): T => ({ ...port, reach: port.reach.map((line) => ({ ...line, networks: [], more: line.more || line.networks.length > 0, reasons: [], doubts: [] })) });

async function look(app: App): Promise<Exposure> {
  const begun = performance.now();
  const { host } = app;
  const [around, sockets, { rows }, { published, containers }] = await Promise.all([host.exposure.look(), host.processes.listeners(), app.sampler.processes(), containersHere(app)]);
  const listeners = fewer(sockets, LISTENERS_MOST);
  const { field, filtered, unknown, detail } = fieldOf(around, listeners);
  const turn = createTurns();
  const all: ExposedPort[] = [];
  for (const one of held(listeners, around.bound, rows, published, around.holders)) {
    await turn();
    all.push(judge(one, field, containers));
  }
  const ports = [...all, ...forwards(field, published)].toSorted(byLevel);
  return { at: app.clock.now(), ports, unknown, detail, filtered, left: sockets.length - listeners.length, took: performance.now() - begun };
}

/** Rules that cannot be read are unknown, and say why. */
function fieldOf(around: ExposureLook, listeners: readonly Listener[]): { field: Field; filtered: boolean; unknown: RulesUnknown | null; detail: string | null } {
  const found = rulesOf(around);
  if ('unknown' in found) return { field: { ways: null, listeners, doors: [] }, filtered: false, ...found };
  return { field: { ways: new Ways(found.set, around.interfaces), listeners, doors: doorsOf(found.set) }, filtered: found.filtered, unknown: null, detail: null };
}

/** An engine that hangs must not hold up the page. */
const ANSWER_MS = 1500;
const Networks = z.object({ NetworkSettings: z.object({ Networks: z.record(z.string(), z.object({ IPAddress: z.string().nullish(), GlobalIPv6Address: z.string().nullish() }).nullish()).nullish() }).nullish() });

/** What the engine of this machine runs, and which of its ports it published; nothing without one. */
async function containersHere(app: App): Promise<{ published: Published[]; containers: Map<string, ExposedContainer> }> {
  // Whatever engine the panel works on: it is about this machine.
  const docker = app.engines.driver(null);
  const answer = docker.endpoint().startsWith('unix://') ? await docker.ask({ path: '/containers/json', timeout: ANSWER_MS }).catch(() => []) : [];
  const containers = new Map<string, ExposedContainer>();
  const published = (Listed.safeParse(answer).data ?? []).flatMap((raw, i) => {
    const { id, name, image, stack, service } = containerOf(raw);
    const container = { id, name, image, stack, service, port: null };
    containers.set(id, container);
    const networks = Object.values(Networks.safeParse((answer as unknown[])[i]).data?.NetworkSettings?.Networks ?? {});
    const inside = networks.flatMap((network) => [network?.IPAddress, network?.GlobalIPv6Address]).filter((address): address is string => Boolean(address));
    return (raw.Ports ?? []).flatMap(({ IP, PublicPort, PrivatePort, Type }): Published[] => {
      if (PublicPort === undefined || (Type !== 'tcp' && Type !== 'udp')) return [];
      return [{ protocol: Type, address: IP || '0.0.0.0', port: PublicPort, inside, container: { ...container, port: PrivatePort } }];
    });
  });
  return { published, containers };
}
