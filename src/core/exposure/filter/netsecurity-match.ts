import { NOWHERE, rangesOf, union, type Ranges } from '../../../lib/address-ranges.ts';
import type { NetworkInterface } from '../../../platform/exposure.ts';
import type { Fields } from '../../../platform/windows/firewall/rules.ts';
import { ALL, unsure, when, type Test } from './model.ts';
import { portTest, toTest, type PortSpan } from './tests.ts';
import { NEIGHBOURS } from './verdict.ts';

/** What a rule of Windows asks of a packet ([MS-GPFAS] 2.2.2.19). */

export type Networks = ReadonlyMap<string, NetworkInterface>;
export const networksOf = (interfaces: readonly NetworkInterface[] | null): Networks => new Map(interfaces?.map((one) => [one.name, one]));

const all = (fields: Fields, ...keys: string[]) => keys.flatMap((key) => fields.get(key) ?? []);
const wordsOf = (texts: readonly string[]) => texts.flatMap((text) => text.split(',')).filter(Boolean);

/** Of the kind of network that the interface is in; none: of all. */
export const profileTest = (names: readonly string[], networks: Networks): Test => ({ iface }) => {
  if (names.length === 0) return ALL;
  const profile = networks.get(iface)?.network?.profile;
  return profile ? when(names.includes(profile)) : unsure('address');
};

/** Interfaces that the firewall is told to leave alone. */
export const excludedTest = (networks: Networks): Test => ({ iface }) => when(networks.get(iface)?.network?.excluded ?? false);

const KINDS: Readonly<Record<string, string>> = { lan: 'lan', wireless: 'wireless', remoteaccess: 'remote' };

export function interfaceTests(fields: Fields, networks: Networks): Test[] {
  const [ids, types] = [all(fields, 'IF').map((id) => id.toLowerCase()), all(fields, 'IFType').map((type) => type.toLowerCase())];
  const of = (iface: string) => networks.get(iface)?.network;
  const tests: Test[] = [];
  if (ids.length) tests.push(({ iface }) => (of(iface) ? when(ids.includes(of(iface)!.id.toLowerCase())) : unsure('address')));
  if (types.length && !types.includes('all')) tests.push(({ iface }) => (of(iface)?.kind ? when(types.some((type) => KINDS[type] === of(iface)!.kind)) : unsure('address')));
  return tests;
}

/** Ports that Windows calls by a word, where it is always the same one; of the others the program decides that it belongs to. */
const NAMED: Readonly<Record<string, readonly [protocol: string, port: number]>> = { 'rpc-epmap': ['tcp', 135], mdns: ['udp', 5353] };
const FOR_HTTPS = /^ipt?(tls|https)(in|out)$/i;

export function portTests(fields: Fields): Test[] {
  const [local, remote] = [wordsOf(all(fields, 'LPort', 'LPort2_10')), wordsOf(all(fields, 'RPort', 'RPort2_10'))];
  const tests: Test[] = [];
  if (local.length) {
    const spans = local.flatMap((word): PortSpan[] => {
      const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? [];
      return from ? [[Number(from), Number(to ?? from)]] : [];
    });
    const words = local.filter((word) => !/^\d/.test(word)).map((word) => word.toLowerCase());
    const byNumber = portTest(spans, false, ({ port }) => port);
    tests.push((packet) => {
      const { protocol, port } = packet;
      if (byNumber(packet) || words.some((word) => NAMED[word]?.[0] === protocol && NAMED[word][1] === port)) return ALL;
      return words.some((word) => !NAMED[word] && (FOR_HTTPS.test(word) ? protocol === 'tcp' && port === 443 : word !== 'rpc' || port >= 1024)) ? unsure('text') : null;
    });
  }
  // The sender chooses it.
  if (remote.length) tests.push(() => unsure('sport'));
  return tests;
}

/** Addresses and words of one family: "10.0.0.0/255.0.0.0", "LocalSubnet", "DNS". */
function sides(fields: Fields, side: 'L' | 'R', family: 4 | 6): { ranges: Ranges; words: string[] } {
  const texts = all(fields, `${side}A${family}`, `${side}A${family}2`);
  const found = texts.map((text) => ({ text, ranges: rangesOf(text) }));
  return { ranges: union(...found.map(({ ranges }) => ranges?.ranges ?? NOWHERE)), words: found.filter(({ ranges }) => !ranges).map(({ text }) => text.toLowerCase()) };
}

/** Those on the networks of an interface, of IPv6 also those on its cable. null: nobody knows. */
function localSubnet(iface: string, family: 4 | 6, networks: Networks): Ranges | null {
  const mine = networks.get(iface);
  if (!mine) return null;
  const near = mine.addresses.filter((one) => one.family === family).map(({ address, prefix }) => rangesOf(`${address}/${prefix}`)?.ranges ?? NOWHERE);
  return union(...near, ...(family === 6 ? [NEIGHBOURS] : []));
}

/** A rule that names addresses of one family is about that family alone. */
export function addressTests(fields: Fields, networks: Networks): Test[] {
  const has = (side: 'L' | 'R') => [4, 6].some((family) => all(fields, `${side}A${family}`, `${side}A${family}2`).length > 0);
  const tests: Test[] = [];
  if (has('L')) {
    const here = { 4: sides(fields, 'L', 4), 6: sides(fields, 'L', 6) };
    tests.push((packet) => {
      const { ranges, words } = here[packet.family];
      const fit = ranges.length ? toTest({ family: packet.family, ranges }, false)(packet) : null;
      return fit ?? (words.length ? unsure('address') : null);
    });
  }
  if (has('R')) {
    const there = { 4: sides(fields, 'R', 4), 6: sides(fields, 'R', 6) };
    const near = new Map<string, Ranges | null>();
    tests.push(({ family, iface }) => {
      const { ranges, words } = there[family];
      if (words.length === 0) return ranges.length ? { from: ranges, why: null } : null;
      // Who asks for names, gives out addresses and leads elsewhere is not read here.
      if (words.some((word) => word !== 'localsubnet')) return unsure('set');
      const key = `${family} ${iface}`;
      if (!near.has(key)) {
        const subnet = localSubnet(iface, family, networks);
        near.set(key, subnet && union(ranges, subnet));
      }
      const from = near.get(key)!;
      return from ? { from, why: null } : unsure('set');
    });
  }
  return tests;
}

/** "%SystemRoot%\system32\svchost.exe" → "c:\windows\system32\svchost.exe" */
const pathOf = (text: string, variables: Readonly<Record<string, string>>) => text.replace(/%([^%]+)%/g, (whole, name: string) => variables[name.toLowerCase()] ?? whole).toLowerCase();

export function programTests(fields: Fields, variables: Readonly<Record<string, string>>): Test[] {
  const tests: Test[] = [];
  const [program] = all(fields, 'App');
  const [service] = all(fields, 'Svc');
  if (program) {
    const wanted = pathOf(program, variables);
    tests.push(({ holder }) => (holder?.program ? when(holder.program.toLowerCase() === wanted) : unsure('text')));
  }
  if (service) {
    const wanted = service.toLowerCase();
    tests.push(({ holder }) => (holder ? when(wanted === '*' ? holder.services.length > 0 : holder.services.some((one) => one.toLowerCase() === wanted)) : unsure('text')));
  }
  // Of an app of the Store: those lie in a folder of their own.
  if (['AppPkgId', 'PFN'].some((key) => fields.has(key))) tests.push(({ holder }) => (holder?.program && !/\\windowsapps\\|\\systemapps\\/i.test(holder.program) ? null : unsure('text')));
  return tests;
}
