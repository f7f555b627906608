import { expect, test } from 'bun:test';
import { parsePeople } from './people.ts';
import { parseUnits, socketChange } from './service.ts';
import { parseSignIns } from './sign-ins.ts';

const block = (unit: string, load: string, active: string) => `Id=${unit}\nLoadState=${load}\nActiveState=${active}\n`;
const socket = { kind: 'socket', unit: 'ssh.socket', active: true } as const;
const settings = { ports: [22, 2222], listenAddresses: [] as string[] } as unknown as Parameters<typeof socketChange>[1];

test('a socket that waits counts before the service behind it', () => {
  const rows = [block('ssh.socket', 'loaded', 'active'), block('ssh.service', 'loaded', 'inactive'), block('sshd.socket', 'not-found', 'inactive')].join('\n');
  expect(parseUnits(rows)).toEqual(socket);
});

test('sshd of Red Hat, one that does not run, and none', () => {
  expect(parseUnits([block('ssh.socket', 'not-found', 'inactive'), block('sshd.socket', 'loaded', 'inactive'), block('sshd.service', 'loaded', 'active')].join('\n'))).toEqual({ kind: 'service', unit: 'sshd.service', active: true });
  expect(parseUnits(block('ssh.service', 'loaded', 'failed'))).toEqual({ kind: 'service', unit: 'ssh.service', active: false });
  expect(parseUnits(block('ssh.service', 'not-found', 'inactive'))).toBeNull();
});

test('the socket of systemd gets ports and addresses, unless the system makes them by itself', () => {
  const streams = (more: object) => socketChange(socket, { ...settings, ...more }, null, false)[0]!.after!.split('\n').filter((line) => line.startsWith('ListenStream'));
  expect(streams({})).toEqual(['ListenStream=', 'ListenStream=22', 'ListenStream=2222']);
  expect(streams({ ports: [22], listenAddresses: ['10.0.0.1', '2001:db8::1', '[2001:db8::2]', '10.0.0.2:2200', '[::1]:2201'] })).toEqual([
    'ListenStream=', 'ListenStream=10.0.0.1:22', 'ListenStream=[2001:db8::1]:22', 'ListenStream=[2001:db8::2]:22', 'ListenStream=10.0.0.2:2200', 'ListenStream=[::1]:2201',
  ]);
  expect(socketChange(socket, settings, null, true)).toEqual([]);
  expect(socketChange({ kind: 'service', unit: 'ssh.service', active: true }, settings, null, false)).toEqual([]);
});

test('who may sign in', () => {
  const passwd = 'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1::/usr/sbin:/usr/sbin/nologin\nlin:x:1000:1000::/home/lin:/bin/bash\nops:x:1001:27::/home/ops:/bin/sh\ndeploy:x:1002:1002::/home/deploy:\n';
  const people = parsePeople(passwd, 'sudo:x:27:lin\nlin:x:1000:\n', 'root:*:1::::::\nlin:$y$j9T$x:1::::::\nops:!$y$x:1::::::\ndeploy::1::::::\n');
  expect(people.map(({ name, admin, password }) => [name, admin, password])).toEqual([['root', true, false], ['lin', true, true], ['ops', true, false], ['deploy', false, false]]);
});

test('sign-ins of the journal', () => {
  const lines = ['Accepted publickey for root from 10.0.0.2 port 5 ssh2: ED25519 SHA256:x', 'Invalid user admin from 203.0.113.9 port 4711', 'Failed password for invalid user admin from 203.0.113.9 port 4711 ssh2', 'Connection closed by authenticating user root 203.0.113.9 port 4712 [preauth]', 'Server listening on 0.0.0.0 port 22.'];
  expect(parseSignIns(lines.join('\n'))).toEqual({ accepted: 1, refused: 2 });
});
