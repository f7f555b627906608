import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Exec, ExecResult } from '../../exec.ts';
import { createLinuxExposure } from './exposure.ts';
import { parseBound, parseInterfaces } from './parse.ts';

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

test('addresses of interfaces', () => {
  const text = '[{"ifindex":2,"ifname":"eth0","flags":["UP"],"addr_info":[{"family":"inet","local":"10.0.0.4","prefixlen":24},{"family":"inet6","local":"fe80::1","prefixlen":64}]},{},{"ifname":"wg0","addr_info":[]}]';
  expect(parseInterfaces(text)).toEqual([{ name: 'eth0', addresses: [{ address: '10.0.0.4', family: 4, prefix: 24 }, { address: 'fe80::1', family: 6, prefix: 64 }] }, { name: 'wg0', addresses: [] }]);
  for (const bad of ['', '[', 'x']) expect(parseInterfaces(bad)).toEqual([]);
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

  test('what only says more may be missing', async () => {
    const found = await machine({ nft: NFT, ss: { code: 1 } }).look();
    expect(found).toEqual({ rules: { iptables: [], nft: { json: NFT.stdout, listing: NFT.stdout } }, interfaces: null, bound: null });
  });
});
