import { addressValue, union } from '../../lib/address-ranges.ts';
import type { Packet } from './filter/model.ts';
import { verdictOf, type Verdict } from './filter/verdict.ts';
import { allowedAt, type Arrival } from './filter/walk.ts';
import { isAny, type Held } from './join.ts';
import { LEVELS, type ExposedContainer, type ExposedPort, type Level, type ReachLine, type Scope } from './port.ts';
import { isGuarded, isMeant, riskOf } from './risks.ts';
import { isLoopback, type Entry, type Ways } from './ways.ts';

/** What is asked about: what listens, or what an engine published. */
export type Asked = Pick<Held, 'addresses' | 'families' | 'device' | 'holder'> & { protocol: Packet['protocol']; port: number; published: { inside: readonly string[] } | null };

/** What the machine's rules are, as far as they are known. */
export interface Field {
  /** null: nobody could read the rules. */
  ways: Ways | null;
  listeners: readonly { protocol: Packet['protocol']; address: string; port: number }[];
  /** Ports that rules lead elsewhere. */
  doors: readonly { protocol: 'tcp' | 'udp'; port: number }[];
}

const UNKNOWN: Verdict = { verdict: 'unknown', limited: false, networks: [], more: false, reasons: [], doubts: [] };

/** @param containers of the engine, by id: some are in the network of the machine, and publish nothing */
export function judge(one: Held, field: Field, containers: ReadonlyMap<string, ExposedContainer>): ExposedPort {
  const { protocol, port, addresses, device, row, published } = one;
  const scope = scopeOf(addresses, device, field.ways);
  const reach = scope === 'machine' || scope === 'inside' ? doorsOf(one, field) : linesOf(one, field);
  const verdict = worst(reach, 'closed');
  const container = published?.container ?? (row?.container ? (containers.get(row.container) ?? null) : null);
  const image = container?.image.replace(/@.*$/, '').split('/').at(-1) ?? '';
  const services = one.holder?.services ?? [];
  const names = [row?.name ?? '', image, container?.service ?? '', ...services].filter(Boolean);
  const risk = riskOf({ protocol, ports: container?.port ? [port, container.port] : [port], names });
  return {
    id: `${protocol}-${addresses[0]}-${port}`, protocol, port, addresses, families: one.families, device,
    how: published ? 'published' : row ? 'program' : 'kernel',
    process: row && { pid: row.pid, name: row.name, user: row.user, startedAt: row.startedAt },
    service: row?.service ?? (services.length === 1 ? services[0]! : null), container, to: null, scope, verdict, risk, reach,
    level: levelOf({ scope, verdict, risk, meant: isMeant(protocol, port, names) }),
  };
}

export function levelOf({ scope, verdict, risk, meant }: Pick<ExposedPort, 'scope' | 'verdict' | 'risk'> & { meant: boolean }): Level {
  if ((scope === 'machine' || scope === 'inside') && verdict === 'closed') return 'machine';
  if (verdict === 'closed' || verdict === 'some') return verdict;
  if (risk) return verdict === 'open' && !isGuarded(risk) ? 'danger' : 'warn';
  return verdict === 'unknown' ? 'unknown' : meant ? 'meant' : 'open';
}

const ORDER: readonly Verdict['verdict'][] = ['open', 'unknown', 'some', 'closed'];
export const worst = (lines: readonly ReachLine[], none: Verdict['verdict']) => ORDER.find((verdict) => lines.some((line) => line.verdict === verdict)) ?? none;

export function scopeOf(addresses: readonly string[], device: string | null, ways: Ways | null): Scope {
  if (device === 'lo' || addresses.every(isLoopback)) return 'machine';
  if (addresses.some(isAny)) return device !== null && device !== 'lo' && ways?.entries.every(({ name }) => name !== device) ? 'inside' : 'everywhere';
  return addresses.every((address) => ways?.isInside(address)) ? 'inside' : 'address';
}

/** Who reaches it, by each way in. */
export function linesOf(one: Asked, field: Field): ReachLine[] {
  const { ways } = field;
  if (!ways) return one.families.map((family) => ({ ...UNKNOWN, family, interfaces: [], neighbours: false, door: null }));
  const lines = entriesFor(one, ways).map((entry) => lineOf(one, entry, one.port, null, field, ways));
  return joined([...lines, ...doorsOf(one, field)], ways);
}

/** Ways in that lead to one of its addresses. */
export function entriesFor({ addresses, families, device }: Pick<Asked, 'addresses' | 'families' | 'device'>, ways: Ways): Entry[] {
  const wide = addresses.some(isAny);
  const values = addresses.flatMap((address) => addressValue(address) ?? []);
  return ways.entries.flatMap((entry) => {
    if (!families.includes(entry.family) || (device !== null && entry.name !== device)) return [];
    if (wide) return [entry];
    const mine = values.filter(({ family, value }) => family === entry.family && (entry.to.length === 0 || entry.to.includes(value))).map(({ value }) => value);
    return mine.length ? [{ ...entry, to: mine }] : [];
  });
}

function lineOf(one: Asked, entry: Entry, asked: number, door: number | null, { listeners }: Field, ways: Ways): ReachLine {
  const reach = ways.reach(entry, one.protocol, asked, one.holder);
  const here = allowedAt(reach, (arrival) => comesTo(one, arrival, entry.family, listeners));
  return { ...verdictOf(entry.family, entry.senders, reach, here), family: entry.family, interfaces: [entry.name], neighbours: entry.neighbours, door };
}

/** Is this where what comes there is taken? Of a container, the engine sends it on, or a program of it stands in front. */
function comesTo({ port, protocol, published, addresses }: Asked, arrival: Arrival, family: 4 | 6, listeners: Field['listeners']): boolean {
  if (!arrival.local) return published !== null && (published.inside.length === 0 || published.inside.includes(arrival.to ?? ''));
  if (arrival.port !== port) return false;
  if (arrival.to !== null && !addresses.some((address) => isAny(address) || address === arrival.to)) return false;
  return published === null || listeners.some((one) => one.protocol === protocol && one.port === port && (one.address.includes(':') ? family === 6 || one.address === '::' : family === 4));
}

/** Other ports that rules lead here; also to what listens for this machine alone. */
function doorsOf(one: Asked, field: Field): ReachLine[] {
  const { ways, doors } = field;
  if (!ways || one.published) return [];
  return doors.filter(({ protocol, port }) => protocol === one.protocol && port !== one.port).flatMap(({ port }) =>
    ways.entries.filter(({ family }) => one.families.includes(family)).flatMap((entry) => {
      const line = lineOf(one, entry, port, port, field, ways);
      return line.verdict === 'closed' ? [] : [line];
    }));
}

/** Interfaces for which the same holds are one line; what a neighbour may, everybody may where everybody may. */
function joined(lines: readonly ReachLine[], ways: Ways): ReachLine[] {
  const found = new Map<string, ReachLine>();
  for (const line of lines) {
    const { interfaces, ...rest } = line;
    const key = JSON.stringify(rest);
    const mine = found.get(key);
    if (mine) mine.interfaces.push(...interfaces);
    else found.set(key, { ...line, interfaces: [...interfaces] });
  }
  const all = [...found.values()];
  const needless = (line: ReachLine) => line.neighbours && (line.verdict === 'closed' || all.some((one) => !one.neighbours && one.family === 6 && one.verdict === 'open' && one.door === line.door));
  const left = all.filter((line) => !needless(line) || all.length === 1);
  const names = (family: 4 | 6) => new Set(ways.entries.filter((entry) => entry.family === family && !entry.neighbours).map(({ name }) => name)).size;
  return left.map((line) => (line.neighbours || line.interfaces.length < names(line.family) || line.interfaces.includes('?') ? { ...line, interfaces: line.interfaces.filter((name) => name !== '?') } : { ...line, interfaces: [] }));
}

/** What rules send to other machines: nothing listens here, and it is reached here all the same. */
export function forwards(field: Field, published: readonly { protocol: string; port: number; inside: readonly string[] }[]): ExposedPort[] {
  const { ways } = field;
  const inside = new Set(published.flatMap((one) => one.inside));
  const found = new Map<string, ExposedPort>();
  for (const { protocol, port } of ways ? field.doors : []) {
    for (const entry of ways!.entries) {
      const reach = ways!.reach(entry, protocol, port);
      for (const { to, port: there, local } of reach.arrivals) {
        if (local || to === null || inside.has(to) || published.some((one) => one.protocol === protocol && one.port === port)) continue;
        const allowed = union(...reach.arrivals.filter((one) => one.to === to && one.port === there).map((one) => one.allowed));
        const line: ReachLine = { ...verdictOf(entry.family, entry.senders, reach, allowed), family: entry.family, interfaces: [entry.name], neighbours: entry.neighbours, door: null };
        const id = `${protocol}-${to}-${port}`;
        const before = found.get(id);
        const lines = joined([...(before?.reach ?? []), line], ways!);
        const verdict = worst(lines, 'closed');
        const risk = riskOf({ protocol, ports: [port, there], names: [] });
        found.set(id, {
          id, protocol, port, addresses: [], families: [entry.family], device: null, how: 'forwarded', process: null, service: null, container: null, to: { to, port: there },
          scope: 'everywhere', verdict, risk, reach: lines, level: levelOf({ scope: 'everywhere', verdict, risk, meant: isMeant(protocol, port, []) }),
        });
      }
    }
  }
  return [...found.values()];
}

export const byLevel = (a: ExposedPort, b: ExposedPort) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || a.port - b.port || (a.id < b.id ? -1 : 1);
