import type { Bound, Holder } from '../../platform/exposure.ts';
import type { Listener, ProcessRow } from '../../platform/processes.ts';
import type { ExposedContainer } from './port.ts';

/** A port of a container as the engine published it. */
export interface Published {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
  container: ExposedContainer;
  /** Addresses of the container. */
  inside: readonly string[];
}

/** Sockets of one holder on one port: the same by IPv4 and IPv6 is one. */
export interface Held {
  protocol: 'tcp' | 'udp';
  port: number;
  addresses: string[];
  /** By which it is asked: "::" alone is both, unless it was told to be one. */
  families: (4 | 6)[];
  device: string | null;
  row: ProcessRow | null;
  /** null: not known, or rules are about no program here. */
  holder: Holder | null;
  published: Published | null;
}

export const isAny = (address: string) => address === '0.0.0.0' || address === '::' || address === '';
const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

/** Programs that the engines put in front of a container, which is what matters. */
const STANDS_FOR = /^(docker-proxy|rootlesskit|rootlessport|dockerd)/;

/**
 * As many of the sockets, in their order: of a process that has thousands, those of others are not left out first.
 */
export function fewer(listeners: readonly Listener[], most: number): readonly Listener[] {
  if (listeners.length <= most) return listeners;
  const counted = new Map<number | null, number>();
  const ranked = listeners.map((one, i) => {
    const rank = counted.get(one.pid) ?? 0;
    counted.set(one.pid, rank + 1);
    return { one, i, rank };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).slice(0, most).toSorted((a, b) => a.i - b.i).map(({ one }) => one);
}

/** Who listens where. Names of processes are cut at 15 letters by Linux. */
export function held(listeners: readonly Listener[], bound: readonly Bound[] | null, rows: readonly ProcessRow[], published: readonly Published[], holders?: readonly Holder[]): Held[] {
  const known = holders && new Map(holders.map((one) => [one.pid, one]));
  const tiedAt = new Map(bound?.toReversed().map((one) => [`${one.protocol} ${one.address} ${one.port}`, one]));
  const byPid = new Map(rows.map((row) => [row.pid, row]));
  const found = new Map<string, Held>();
  const add = (one: Omit<Held, 'addresses' | 'families'> & { address: string; families: (4 | 6)[] }) => {
    const wide = isAny(one.address);
    const holder = one.published ? `c${one.published.container.id}:${one.published.container.port}` : `p${one.row?.pid ?? one.holder?.pid ?? ''}`;
    const key = [one.protocol, one.port, holder, one.device, wide ? '*' : one.address].join(' ');
    const mine = found.get(key);
    if (!mine) found.set(key, { ...one, addresses: [one.address], families: one.families });
    else {
      if (!mine.addresses.includes(one.address)) mine.addresses.push(one.address);
      mine.families = [...new Set([...mine.families, ...one.families])];
    }
  };
  for (const one of published) add({ ...one, row: null, holder: null, device: null, families: [familyOf(one.address)], published: one });
  for (const { protocol, address, port, pid } of listeners) {
    const row = pid === null ? null : (byPid.get(pid) ?? null);
    const tied = tiedAt.get(`${protocol} ${address} ${port}`);
    const stands = row === null || STANDS_FOR.test(row.name);
    const front = stands ? published.find((one) => one.protocol === protocol && one.port === port && (one.address === address || isAny(one.address))) : undefined;
    // Where nobody tells: another socket has the port of IPv4, so this one cannot.
    const onlyV6 = tied ? tied.onlyV6 : listeners.some((one) => one.protocol === protocol && one.port === port && one.address === '0.0.0.0');
    const families: (4 | 6)[] = address === '::' && !onlyV6 ? [4, 6] : [familyOf(address)];
    add({ protocol, address, port, families, device: tied?.device ?? null, row: front ? null : row, holder: known && pid !== null ? (known.get(pid) ?? { pid, program: null, services: [] }) : null, published: front ?? null });
  }
  return [...found.values()];
}
