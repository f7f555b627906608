import { expect, test } from 'bun:test';
import { isPublicAddress, literalAddress } from './public-address.ts';

test('S19 this machine, its networks and what networks keep for themselves are no public addresses', () => {
  const inside = [
    '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '100.64.0.1', '100.100.100.200', '100.127.255.255', '127.0.0.1', '127.255.255.254', '169.254.0.1', '169.254.169.254', '169.254.170.2',
    '172.16.0.1', '172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.0.1', '192.168.255.255', '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.7',
    '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', '168.63.129.16',
    '::', '::1', '0:0:0:0:0:0:0:1', '::127.0.0.1', '::7f00:1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'fc00::1', 'fd00:ec2::254', 'fdff::1', 'ff02::1', '100::1', '2001:db8::1', '2001::1', '2001:0:1::1', '2001:10::1', '3fff::1',
    '2002:7f00:1::1', '2002:a9fe:a9fe::1', '2002:808:808::1', '::ffff:127.0.0.1', '::FFFF:7F00:1', '0:0:0:0:0:ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b::10.1.2.3', '64:ff9b:1::808:808', '4000::1', '1::1',
  ];
  for (const address of inside) expect([address, isPublicAddress(address)]).toEqual([address, false]);
});

test('S19 what is no address is none', () => {
  for (const text of ['', 'localhost', 'example.org', '127.1', '0x7f000001', '2130706433', '017700000001', '1.2.3', '1.2.3.4.5', '8.8.8.8 ', '[2600::1]', '8.8.8.8:80']) expect([text, isPublicAddress(text)]).toEqual([text, false]);
});

test('addresses of the internet are', () => {
  for (const address of ['1.1.1.1', '8.8.8.8', '93.184.215.14', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '192.167.255.255', '223.255.255.255', '2606:4700:4700::1111', '2a00:1450:4001:80b::200e', '::ffff:8.8.8.8', '::ffff:808:808', '64:ff9b::8.8.8.8']) {
    expect([address, isPublicAddress(address)]).toEqual([address, true]);
  }
});

test('S19 an address in a URL is read as the connection will read it, in every spelling', () => {
  const spellings: Record<string, string | null> = {
    'http://127.0.0.1/': '127.0.0.1', 'http://127.1/': '127.0.0.1', 'http://2130706433/': '127.0.0.1', 'http://0x7f000001/': '127.0.0.1', 'http://0x7f.0.0.1/': '127.0.0.1', 'http://0177.0.0.1/': '127.0.0.1',
    'http://017700000001/': '127.0.0.1', 'http://0/': '0.0.0.0', 'http://①②⑦.0.0.1/': '127.0.0.1', 'http://127。0。0。1/': '127.0.0.1', 'http://127.0.0.1./': '127.0.0.1', 'http://%31%32%37.0.0.1/': '127.0.0.1',
    'http://[::1]/': '::1', 'http://[::ffff:127.0.0.1]/': '::ffff:7f00:1', 'http://[0:0:0:0:0:0:0:1]/': '::1', 'http://user:x@10.0.0.1:81/': '10.0.0.1', 'http://example.org/127.0.0.1': null, 'http://127.0.0.1.nip.example/': null,
  };
  for (const [url, address] of Object.entries(spellings)) expect([url, literalAddress(new URL(url))]).toEqual([url, address]);
});
