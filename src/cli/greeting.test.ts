import { describe, expect, test } from 'bun:test';
import { en } from '../i18n/en.ts';
import { zhCN } from '../i18n/zh-CN.ts';
import { panelAddresses } from './address.ts';
import { greeting, writesToJournal, type Greeting } from './greeting.ts';

const own = [
  { interface: 'eth0', address: '192.0.2.10' },
  { interface: 'eth1', address: '198.51.100.7' },
  { interface: 'eth0', address: '2001:db8::5' },
];
const at = (host: string, tls = true, port = 8686, addresses = own) => panelAddresses({ host }, tls, port, addresses);

describe('addresses', () => {
  test('behind "all" are the real ones', () => {
    expect(at('0.0.0.0')).toMatchObject({ url: 'https://192.0.2.10:8686', others: ['https://198.51.100.7:8686'], reach: 'others' });
    expect(at('::')).toMatchObject({ others: ['https://198.51.100.7:8686', 'https://[2001:db8::5]:8686'] });
    expect(at('0.0.0.0', true, 8686, [])).toMatchObject({ url: 'https://127.0.0.1:8686', others: [] });
  });

  test('of loopback lead to this machine only', () => {
    expect(at('127.0.0.1', false)).toMatchObject({ url: 'http://127.0.0.1:8686', others: [], reach: 'this machine', machine: '192.0.2.10' });
    expect(at('::1', false).url).toBe('http://[::1]:8686');
  });

  test('leave out the port of the protocol', () => {
    expect([at('box.lan', true, 443).url, at('192.0.2.10', false, 80).url]).toEqual(['https://box.lan', 'http://192.0.2.10']);
    expect(at('192.0.2.10', false).reach).toBe('proxy');
  });
});

describe('the console', () => {
  const base: Greeting = { version: '1.2.3', addresses: at('0.0.0.0'), port: 8686, certificate: null, dataDir: '/var/lib/mantou', demo: false, setup: null };

  test('S9 ends with the link of the set-up, the token in its fragment', () => {
    const lines = greeting(en, { ...base, setup: { token: 'abc' } });
    expect(lines.at(-1)).toBe('  https://192.0.2.10:8686/setup#abc');
    expect(new URL(lines.at(-1)!.trim()).search).toBe('');
  });

  test('S9 S13 keeps the token from the journal', () => {
    const text = greeting(en, { ...base, setup: 'kept from the journal' }).join('\n');
    expect(text).not.toContain('#');
    expect(text).toContain('sudo mantou service status');
    expect(writesToJournal({})).toBe(false);
    expect(writesToJournal({ JOURNAL_STREAM: '1:2' })).toBe(false);
  });

  test('has no colours in either language', () => {
    for (const t of [en, zhCN]) {
      const lines = greeting(t, { ...base, demo: true, addresses: at('127.0.0.1', false), setup: { token: 'abc' } });
      expect(lines.join('\n')).not.toContain('\x1b');
      expect(lines[0]).toContain('1.2.3');
    }
  });
});
