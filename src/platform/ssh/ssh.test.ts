import { expect, test } from 'bun:test';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { askingHop, takeOnce, wanted } from './askpass.ts';
import { knownHosts, sshConfig, type Hop } from './config.ts';
import { openHandover, sweepHandovers } from './handover.ts';
import { hostKeyFingerprint, parseHostKey } from './host-key.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
const hop: Hop = { address: '10.0.0.5', port: 22, user: 'lin', login: { kind: 'ask' }, keys: [KEY] };
const paths = { knownHosts: '/dev/shm/x/known_hosts' };

test('S2 the options of a way name each hop by a word of ours, and trust nothing but what was pinned', () => {
  const text = sshConfig([{ ...hop, login: { kind: 'key', path: '/root/a 50%/id' } }, { ...hop, address: 'jump', port: 2222 }], paths);
  for (const line of ['Host mantou-hop-0', 'ProxyJump mantou-hop-1', 'ProxyJump none', 'StrictHostKeyChecking yes', 'GlobalKnownHostsFile /dev/null', 'IdentityFile "/root/a 50%%/id"', 'EscapeChar none', 'ForwardAgent no', 'PermitLocalCommand no', 'HostKeyAlias jump:2222']) {
    expect(text.split('\n').map((each) => each.trim())).toContain(line);
  }
  expect(knownHosts([hop, { ...hop, address: 'jump', port: 2222 }])).toBe(`10.0.0.5 ${KEY}\njump:2222 ${KEY}\n`);
});

test('S1 S2 the writer of options refuses what the schema should have refused', () => {
  for (const text of ['-oProxyCommand=id', 'a b', 'a\nProxyCommand id', '$(id)', '"', '%h', 'a;b', '']) {
    expect(() => sshConfig([{ ...hop, address: text }], paths)).toThrow();
    expect(() => sshConfig([{ ...hop, user: text }], paths)).toThrow();
  }
  for (const path of ['/a"b', '/a\nb', '/${HOME}', '/a\\b']) expect(() => sshConfig([{ ...hop, login: { kind: 'key', path } }], paths)).toThrow();
});

test('looking at a key sends nothing of ours, and trusts nobody', () => {
  const text = sshConfig([{ ...hop, login: { kind: 'key', path: '/root/id' } }, hop], { ...paths, lookAt: '/dev/shm/x/seen' });
  const [first = ''] = text.split('Host mantou-hop-1');
  expect(first).toContain('PreferredAuthentications none');
  expect(first).toContain('HostKeyAlgorithms ^ssh-ed25519');
  expect(first).not.toContain('/root/id');
  expect(text.split('Host mantou-hop-1')[1]).not.toContain('accept-new');
});

test('the kept password is for the server that asks for one, a passphrase for ssh alone', () => {
  const keyPath = '/dev/shm/mantou-ssh-ab/key-0';
  expect(wanted(`Enter passphrase for key '${keyPath}': `, { keyPath })).toBe('passphrase');
  for (const prompt of ["lin@hk-01's password: ", '(lin@hk-01) Password: ', 'Password:', '密码：']) expect(wanted(prompt, { keyPath: null })).toBe('password');
  for (const prompt of ['Verification code: ', 'One-time password (OATH) for lin: ', 'Enter OTP password', 'Token and password:', 'Duo two-factor login']) expect(wanted(prompt, { keyPath: null })).toBeNull();
});

test('S13 a server that asks like ssh itself is not told the passphrase', () => {
  const keyPath = '/dev/shm/mantou-ssh-ab/key-0';
  for (const prompt of [`(lin@evil) Enter passphrase for key '${keyPath}': `, "Enter passphrase for key '/dev/shm/mantou-ssh-': ", `Enter passphrase for key '${keyPath}':  `, 'Passphrase: ']) {
    expect(wanted(prompt, { keyPath })).not.toBe('passphrase');
  }
});

test('who asks is told by the arguments of ssh, not by what it asks', () => {
  expect(askingHop(['/usr/bin/ssh', '-F', '/dev/shm/x/config', '-tt', '--', 'mantou-hop-0', 'echo mantou-hop-1'].join('\0'))).toBe('mantou-hop-0');
  expect(askingHop(['/usr/bin/ssh', '-F', '/x', '-W', '[10.0.0.5]:22', 'mantou-hop-1', ''].join('\0'))).toBe('mantou-hop-1');
  expect(askingHop('/bin/sh\0')).toBeNull();
});

test('fingerprints are those of ssh-keygen', () => {
  expect(hostKeyFingerprint(KEY)).toBe('SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU');
  expect(parseHostKey(`# hk-01:22 SSH-2.0-OpenSSH_9.2p1\nhk-01 ${KEY}`)).toBe(KEY);
});

const linux = test.skipIf(process.platform !== 'linux');

linux('S13 a secret is readable while it is handed over, under no name of its own, and gone afterwards', () => {
  const handover = openHandover('/var/lib/mantou-test');
  const path = handover.secret('key-0', 'canary');
  expect(readFileSync(path, 'utf8')).toBe('canary');
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(statSync(path)).toMatchObject({ nlink: 0 });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(handover.folder).mode & 0o777).toBe(0o700);
  expect([takeOnce(handover.folder, 'mantou-hop-0', 'password'), takeOnce(handover.folder, 'mantou-hop-0', 'password'), takeOnce(handover.folder, 'mantou-hop-1', 'password')]).toEqual([true, false, true]);
  handover.close();
  handover.close();
  expect(existsSync(handover.folder)).toBe(false);
  expect(takeOnce(handover.folder, 'mantou-hop-0', 'x')).toBe(false);
});

linux('what a killed panel left is swept, what another panel holds is not', () => {
  const [own, other] = [openHandover('/var/lib/mantou-a'), openHandover('/var/lib/mantou-b')];
  own.file('config', 'x');
  sweepHandovers('/var/lib/mantou-a');
  expect([existsSync(own.folder), existsSync(other.folder)]).toEqual([false, true]);
  own.close();
  other.close();
});
