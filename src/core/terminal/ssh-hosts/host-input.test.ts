import { describe, expect, test } from 'bun:test';
import { HostKeyInput, SshHostInput } from './host-input.ts';

const plain = { name: 'hk-01', address: 'hk-01.example.net', user: 'root', authentication: 'ask' };
const fails = (fields: object) => SshHostInput.safeParse({ ...plain, ...fields }).error?.issues.map(({ path }) => path[0]) ?? [];

describe('what becomes no option, no line and no word of a shell', () => {
  const hostile = ['-oProxyCommand=id', '--', 'a b', 'a\nb', 'a\r\nb', 'a\0b', 'a\tb', 'a;id', '$(id)', '`id`', 'a|b', 'a&b', 'a>b', '"a', "a'b", '%h', '${HOME}', 'a\u2028b', 'a#b'];
  for (const text of hostile) {
    test(`S1 S2 ${JSON.stringify(text)} is no address, user or path`, () => {
      expect(fails({ address: text })).toEqual(['address']);
      expect(fails({ user: text })).toEqual(['user']);
      expect(fails({ authentication: 'file', keyPath: text })).toContain('keyPath');
      expect(fails({ authentication: 'agent', agentSocket: text })).toContain('agentSocket');
    });
  }
  test('S2 names, groups and commands do not begin with a dash and are one line', () => {
    for (const field of ['name', 'group', 'command']) for (const text of ['-x', 'a\nb', 'a\0b', '\u202ex']) expect(fails({ [field]: text })).toEqual([field]);
    expect(fails({ name: '' })).toEqual(['name']);
  });
  test('S2 an IPv6 address has no zone, which is a name of its own', () => expect(fails({ address: 'fe80::1%eth0' })).toEqual(['address']));
  for (const port of ['0', '65536', '-1', '1e3x', '22.5', '22 -oX']) test(`S2 ${port} is no port`, () => expect(fails({ port })).toEqual(['port']));
  test('S13 a secret is one line: ssh reads no more', () => {
    for (const field of ['password', 'passphrase']) for (const text of ['a\nb', 'a\0b', 'x'.repeat(1001), '馒'.repeat(400)]) expect(fails({ [field]: text })).toContain(field);
  });
  test('a private key is one, whole', () => {
    for (const privateKey of ['x', 'PuTTY-User-Key-File-3: ssh-ed25519', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', '-----BEGIN RSA PRIVATE KEY-----\nA\n-----END EC PRIVATE KEY-----']) {
      expect(fails({ privateKey })).toEqual(['privateKey']);
    }
  });
});

test('what people have is taken', () => {
  for (const address of ['hk-01', '10.0.0.5', '2001:db8::7', '_srv.example.net', 'xn--fiqs8s.example']) expect(fails({ address })).toEqual([]);
  for (const user of ['root', 'lin.chen', 'lin@company', 'COMPANY\\lin', '林', 'svc_1-x']) expect(fails({ user })).toEqual([]);
  expect(fails({ authentication: 'file', keyPath: '/root/.ssh/id 100%' })).toEqual([]);
  expect(SshHostInput.parse({ ...plain, port: '' }).port).toBe(22);
  expect(SshHostInput.parse({ ...plain, privateKey: '\r\n-----BEGIN PRIVATE KEY-----\r\nAA==\r\n-----END PRIVATE KEY-----' }).privateKey).toBe('-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n');
});

test('a host key is taken from a line of known_hosts or of a .pub file', () => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
  for (const hostKey of [key, `${key} root@hk-01`, `hk-01,10.0.0.5 ${key}\n`, `[hk-01]:2222 ${key}`]) expect(HostKeyInput.parse({ hostKey }).hostKey).toBe(key);
  for (const hostKey of ['x', 'ssh-ed25519 AAAA', `ssh-rsa ${key.split(' ')[1]}`, key.replace('AAAAC3', 'BAAAC3')]) expect(HostKeyInput.safeParse({ hostKey }).success).toBe(false);
});
