import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';
import { join } from 'node:path';
import type { Exec, ExecResult } from '../../exec.ts';
import { createLinuxExposure } from './exposure.ts';
import { interfacesOf, parseBound, parseInterfaces } from './parse.ts';

/** `ss -Hltune` of iproute2 6.1 on a host with nginx and sshd. */
const SS = readFileSync(join(import.meta.dir, '../../../../test/fixtures/exposure/ss.txt'), 'utf8');

test('sockets: which take IPv4, too, and which are tied to an interface', () => {
  expect(parseBound(SS)).toEqual([
    { protocol: 'tcp', address: '0.0.0.0', port: 80, device: null, onlyV6: false }, { protocol: 'tcp', address: '0.0.0.0', port: 22, device: null, onlyV6: false },
    { protocol: 'tcp', address: '::', port: 80, device: null, onlyV6: true }, { protocol: 'tcp', address: '::', port: 22, device: null, onlyV6: true },
  ]);
  const one = (local: string, end = '') => parseBound(`udp UNCONN 0 0 ${local} 0.0.0.0:* ino:1 sk:1 cgroup:/ ${end}<->`)[0];
  expect(one('*:8080')).toMatchObject({ address: '::', port: 8080, onlyV6: false });
  expect(one('0.0.0.0%virbr0:67')).toMatchObject({ address: '0.0.0.0', device: 'virbr0', port: 67 });
  expect(one('127.0.0.53%lo:53')).toMatchObject({ address: '127.0.0.53', device: 'lo' });
  expect(one('[fe80::1]%eth0:546', 'v6only:1 ')).toMatchObject({ address: 'fe80::1', device: 'eth0', onlyV6: true });
  for (const text of ['', '\0', 'tcp', 'tcp LISTEN 0 0 x', 'raw UNCONN 0 0 *:58 *:*']) expect(parseBound(text)).toEqual([]);
});

/** `ip -j addr show up` of iproute2 6.1; the last is a bridge of Docker that no container is on. */
const IP = readFileSync(join(import.meta.dir, '../../../../test/fixtures/exposure/ip-addr.json'), 'utf8');

test('addresses of interfaces, also of one without carrier', () => {
  const found = parseInterfaces(IP)!;
  expect(found.map(({ name }) => name)).toEqual(['lo', 'eth0', 'docker0', 'br-eb7c85216688']);
  expect(found[3]).toEqual({ name: 'br-eb7c85216688', addresses: [{ address: '10.213.40.1', family: 4, prefix: 24 }, { address: 'fe80::42:93ff:fe3e:fb14', family: 6, prefix: 64 }] });
  for (const bad of ['', '[', 'x']) expect(parseInterfaces(bad)).toBeNull();
});

test('what node tells of interfaces: those with a label of their own are of the same one, and what the kernel says is understood', () => {
  const one = (address: string, cidr: string | null, family: 'IPv4' | 'IPv6' = 'IPv4') => ({ address, cidr, family, netmask: '', mac: '', internal: false, scopeid: 0 }) as NetworkInterfaceInfo;
  expect(interfacesOf({ eth0: [one('10.0.0.4', '10.0.0.4/24'), one('fe80::1', 'fe80::1/64', 'IPv6')], 'eth0:web': [one('10.0.0.5', '10.0.0.5/24')], wg0: [one('10.8.0.1', null)] })).toEqual([
    { name: 'eth0', addresses: [{ address: '10.0.0.4', family: 4, prefix: 24 }, { address: 'fe80::1', family: 6, prefix: 64 }, { address: '10.0.0.5', family: 4, prefix: 24 }] },
    { name: 'wg0', addresses: [{ address: '10.8.0.1', family: 4, prefix: 32 }] },
  ]);
  for (const { addresses } of interfacesOf(networkInterfaces())) for (const { address, family, prefix } of addresses) expect([isIP(address), prefix > 0]).toEqual([family, true]);
});

describe('what the tools say', () => {
  const ran = (more: Partial<ExecResult> = {}): ExecResult => ({ code: 0, stdout: '', stderr: '', truncated: false, ...more });
  /** Tools that are there, and what each says. */
  const machine = (tools: Record<string, Partial<ExecResult>>, root = true) => {
    const argv: string[] = [];
    const exec: Exec = {
      which: (tool) => (tool in tools ? `/usr/sbin/${tool}` : undefined),
      run: async (words) => {
        argv.push(words.join(' '));
        return ran(tools[words[0].split('/').at(-1)!]);
      },
    };
    return { look: createLinuxExposure(exec, () => root).look, argv };
  };
  const NFT = { stdout: '{"nftables": []}' };

  test('only root reads rules, and nobody is asked in vain', async () => {
    const { look, argv } = machine({ nft: NFT, 'iptables-save': {}, ss: {}, ip: {} }, false);
    expect((await look()).rules).toEqual({ unknown: 'root' });
    expect(argv.some((line) => /nft|iptables/.test(line))).toBe(false);
  });

  test('one that fails, hangs or says too much is said; nothing is claimed', async () => {
    for (const [more, detail] of [[{ code: 1, stderr: 'Operation not permitted\n' }, 'nft: Operation not permitted'], [{ ended: 'timeout' as const }, 'nft: timeout'], [{ truncated: true }, 'nft: too much']] as const) {
      expect((await machine({ nft: more }).look()).rules).toEqual({ unknown: 'failed', detail });
    }
    expect((await machine({ nft: NFT, 'ip6tables-save': { code: 3, stderr: '无法读取' } }).look()).rules).toEqual({ unknown: 'failed', detail: 'ip6tables-save: 无法读取' });
  });

  test('firewalld without nft is unknown: iptables-save would say that there is nothing', async () => {
    expect((await machine({ 'iptables-save': { stdout: '' }, 'ip6tables-save': {}, 'firewall-cmd': {} }).look()).rules).toEqual({ unknown: 'tools' });
  });

  test('a list of containers runs four programs, and no more', async () => {
    const { look, argv } = machine({ nft: NFT, 'iptables-save': {}, 'ip6tables-save': {}, ss: {}, ip: {}, ufw: {}, 'firewall-cmd': {} });
    await look({ wording: false, bound: false });
    expect(argv.toSorted()).toEqual(['/usr/sbin/ip -j addr show up', '/usr/sbin/ip6tables-save', '/usr/sbin/iptables-save', '/usr/sbin/nft -j list ruleset']);
  });

  test('interfaces are asked of ip; where that is not here, or knows no JSON, of node', async () => {
    const { interfaces } = await machine({ nft: NFT, ip: { stdout: IP } }).look();
    expect(interfaces!.map(({ name }) => name)).toContain('br-eb7c85216688');
    for (const ip of [{ code: 1, stderr: "ip: unrecognized option: j" }, { stdout: '2: eth0: <UP>' }]) expect((await machine({ nft: NFT, ip }).look()).interfaces).toEqual(interfacesOf(networkInterfaces()));
  });

  test('what only says more may be missing', async () => {
    const found = await machine({ nft: NFT, ss: { code: 1 } }).look();
    expect(found).toEqual({ rules: { iptables: [], nft: { json: NFT.stdout, listing: NFT.stdout } }, interfaces: interfacesOf(networkInterfaces()), bound: null });
  });
});
