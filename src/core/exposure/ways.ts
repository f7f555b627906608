import { addressValue, holds, NOWHERE, rangesOf, type AddressValue, type Ranges } from '../../lib/address-ranges.ts';
import type { Holder, NetworkInterface } from '../../platform/exposure.ts';
import type { Packet, Ruleset } from './filter/model.ts';
import { ANY_IFACE } from './filter/tests.ts';
import { NEIGHBOURS, SENDERS } from './filter/verdict.ts';
import { walk, type Reach, type Way } from './filter/walk.ts';

/** Cables of containers and virtual machines: nobody outside is on them. */
const INSIDE = /^(lo$|vEthernet \((WSL\b.*|Default Switch|nat|DockerNAT)\)$|docker\d+|br-[0-9a-f]{12}|docker_gwbridge|veth|virbr|vnet|cni|flannel|cali|lxcbr|lxdbr|podman|kube-)/;
/** A machine with more is asked by the first ones. */
const INTERFACES_MOST = 12;

/** A way in: an interface, the addresses that can be asked there, and who can. */
export interface Entry {
  name: string;
  family: 4 | 6;
  to: readonly AddressValue[];
  senders: Ranges;
  neighbours: boolean;
}

export const LOOPBACK: Readonly<Record<4 | 6, Ranges>> = { 4: rangesOf('127.0.0.0/8')!.ranges, 6: rangesOf('::1')!.ranges };
const LINK = NEIGHBOURS;

/** What a machine is reached by. */
export class Ways {
  readonly entries: readonly Entry[];
  readonly way: Way;
  private readonly known = new Map<string, Reach>();

  constructor(private readonly rules: Ruleset, private readonly interfaces: readonly NetworkInterface[] | null) {
    this.entries = interfaces?.length ? entriesOf(interfaces) : ([4, 6] as const).map((family) => ({ name: ANY_IFACE, family, to: [], senders: SENDERS[family], neighbours: false }));
    const own = new Set(interfaces?.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
    this.way = { isLocal: (address) => own.has(address) || isLoopback(address), outOf: (address) => interfaceOf(interfaces ?? [], address) };
  }

  /** Is this address on a cable that nobody outside is on? */
  isInside(address: string): boolean {
    const found = this.interfaces?.find(({ addresses }) => addresses.some((one) => one.address === address));
    return found !== undefined && INSIDE.test(found.name);
  }

  /** What becomes of whoever comes in there and asks for this port. */
  reach(entry: Entry, protocol: Packet['protocol'], port: number, holder: Holder | null = null): Reach {
    const who = this.rules.byProgram ? (holder?.pid ?? '') : '';
    const key = `${who} ${entry.name} ${entry.family} ${entry.neighbours} ${entry.to.join()} ${protocol} ${port}`;
    let found = this.known.get(key);
    if (!found) {
      const { name, family, to, senders } = entry;
      found = walk(this.rules, { family, protocol, port, asked: port, to, askedTo: to, iface: name, out: null, translated: false, local: true, holder }, senders, this.way);
      this.known.set(key, found);
    }
    return found;
  }
}

export const isLoopback = (address: string) => {
  const found = addressValue(address);
  return found !== null && holds(LOOPBACK[found.family], found.value);
};

function entriesOf(interfaces: readonly NetworkInterface[]): Entry[] {
  return interfaces.filter(({ name }) => !INSIDE.test(name)).slice(0, INTERFACES_MOST).flatMap(({ name, addresses }) => {
    const of = (family: 4 | 6) => addresses.filter((one) => one.family === family).flatMap(({ address }) => addressValue(address)?.value ?? []);
    const six = of(6);
    const [link, wide] = [six.filter((value) => holds(LINK, value)), six.filter((value) => !holds(LINK, value))];
    const entry = (family: 4 | 6, to: AddressValue[], senders: Ranges, neighbours: boolean): Entry[] => (to.length ? [{ name, family, to, senders, neighbours }] : []);
    return [...entry(4, of(4), SENDERS[4], false), ...entry(6, wide, SENDERS[6], false), ...entry(6, link, LINK, true)];
  });
}

/** Behind which of them an address is: the longest network that holds it. */
function interfaceOf(interfaces: readonly NetworkInterface[], address: string): string | null {
  const value = addressValue(address);
  if (!value) return null;
  const found = interfaces.flatMap(({ name, addresses }) => addresses.filter(({ family }) => family === value.family).map((one) => ({ name, ...one })));
  const near = found.filter((one) => holds(rangesOf(`${one.address}/${one.prefix}`)?.ranges ?? NOWHERE, value.value));
  return near.toSorted((a, b) => b.prefix - a.prefix)[0]?.name ?? null;
}
