import { describe, expect, test } from 'bun:test';
import { forwarded, knownHost, parseHost, trustedPeers } from './peer.ts';

const trusted = trustedPeers(['10.0.0.1', '192.168.0.0/16', '2001:db8::/32']);
const from = (peer: string, headers: Record<string, string>) => forwarded(peer, new Headers(headers), trusted);

describe('S8 who is behind the request', () => {
  test('nobody speaks for others, also not from localhost, unless named a proxy', () => {
    const claims = { 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example', 'x-real-ip': '1.2.3.4', forwarded: 'for=1.2.3.4' };
    for (const peer of ['127.0.0.1', '::1', '203.0.113.9', '10.0.0.2', '']) {
      expect(from(peer, claims)).toEqual({ ip: peer, https: false, host: null });
    }
  });

  test('of a chain the nearest address that is no proxy, not what the client wrote before it', () => {
    expect(from('10.0.0.1', { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' }).ip).toBe('203.0.113.9');
    expect(from('10.0.0.1', { 'x-forwarded-for': '6.6.6.6, 203.0.113.9, 192.168.3.4' }).ip).toBe('203.0.113.9');
    expect(from('::ffff:10.0.0.1', { 'x-forwarded-for': '203.0.113.9' }).ip).toBe('203.0.113.9');
    expect(from('2001:db8::1', { 'x-forwarded-for': '2a00::7' }).ip).toBe('2a00::7');
    expect(from('10.0.0.1', { 'x-forwarded-for': '203.0.113.9:5123' }).ip).toBe('203.0.113.9');
    expect(from('10.0.0.1', { 'x-forwarded-for': '[2a00::7]:5123' }).ip).toBe('2a00::7');
    expect(from('10.0.0.1', { 'x-forwarded-for': '192.168.0.7' }).ip).toBe('192.168.0.7');
  });

  test('what cannot be read ends the chain: a claim before it never counts', () => {
    for (const end of ['unknown', '_hidden', '', '999.1.1.1', 'evil"']) {
      expect(from('10.0.0.1', { 'x-forwarded-for': `6.6.6.6, ${end}` }).ip).toBe('10.0.0.1');
    }
    expect(from('10.0.0.1', {}).ip).toBe('10.0.0.1');
  });

  test('the last proxy says scheme and host', () => {
    expect(from('10.0.0.1', { 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'evil.example, panel.example' })).toMatchObject({ https: true, host: 'panel.example' });
    expect(from('10.0.0.1', { 'x-forwarded-proto': 'https, http' }).https).toBe(false);
  });
});

describe('S7 S8 the name in the address', () => {
  test('is read strictly', () => {
    expect(parseHost('box.lan:8686')).toBe('box.lan');
    expect(parseHost('Box.LAN.')).toBe('box.lan');
    expect(parseHost('[::1]:8686')).toBe('::1');
    expect(parseHost('127.0.0.1')).toBe('127.0.0.1');
    const bad = ['', ' ', 'a b', 'user@127.0.0.1', '127.0.0.1/evil', '127.0.0.1:1, evil.example', '[::1', '[evil]', '127.0.0.1:port', '127.0.0.1:999999', 'a\tb', '127.0.0.1#', '127.0.0.1?x', 'a%2eb'];
    for (const header of bad) expect([header, parseHost(header)]).toEqual([header, '']);
  });

  test('addresses and localhost are known, other names only when they are ours', () => {
    const ours = new Set(['box', 'box.lan']);
    for (const name of ['127.0.0.1', '203.0.113.9', '::1', 'localhost', 'panel.localhost', 'box', 'box.lan']) expect([name, knownHost(name, ours)]).toEqual([name, true]);
    for (const name of ['evil.example', 'localhost.evil.example', 'box.evil.example', 'notlocalhost', '2130706433', '0x7f000001', '127.1', '']) expect([name, knownHost(name, ours)]).toEqual([name, false]);
  });
});
