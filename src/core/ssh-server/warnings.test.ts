import { expect, test } from 'bun:test';
import { isListenAddress, SshServerForm, SshServerInput } from './input.ts';
import { peopleWarnings } from './warnings.ts';

const person = (name: string, more = {}) => ({ name, root: name === 'root', admin: true, keys: 0, password: false, groups: [] as string[], ...more });
const wanted = { passwordAuthentication: false, pubkeyAuthentication: true, kbdInteractiveAuthentication: false, permitRootLogin: 'no' as const, allowGroups: [] as string[] };
const kinds = (people: ReturnType<typeof person>[], more = {}) => peopleWarnings(people, { ...wanted, ...more }).map(({ kind }) => kind);

test('nobody is locked out: no warning', () => {
  expect(kinds([person('root'), person('lin', { keys: 1 })])).toEqual([]);
  expect(kinds([person('root', { keys: 1 })], { permitRootLogin: 'prohibit-password' })).toEqual([]);
  expect(kinds([person('lin', { password: true })], { passwordAuthentication: true })).toEqual([]);
});

test('passwords off, and no key of anybody who administers the machine', () => {
  expect(kinds([person('root', { keys: 1 }), person('lin', { password: true }), person('deploy', { admin: false, keys: 3 })])).toEqual(['noKeys']);
});

test('root kept out, and nobody else administers the machine', () => {
  expect(kinds([person('root', { keys: 1 }), person('deploy', { admin: false, keys: 1 })])).toEqual(['noAdmin']);
  expect(kinds([person('root', { keys: 1 })], { permitRootLogin: 'forced-commands-only' })).toEqual(['noAdmin']);
});

test('root’s password counts only where root may use it', () => {
  const root = [person('root', { password: true })];
  expect(kinds(root, { passwordAuthentication: true, permitRootLogin: 'prohibit-password' })).toEqual(['nobody']);
  expect(kinds(root, { passwordAuthentication: true, permitRootLogin: 'yes' })).toEqual([]);
});

test('groups that are let in: by pattern, in any case; who is in none comes in by nothing', () => {
  const people = [person('Administrator', { password: true, groups: ['Administrators', 'administrators'] }), person('lin', { admin: false, password: true, groups: ['openssh users'] }), person('kiosk', { admin: false, keys: 1, groups: ['Users'] })];
  const ways = { passwordAuthentication: true };
  expect(kinds(people, { ...ways, allowGroups: ['openssh users'] })).toEqual(['noGroup']);
  for (const allowGroups of [['ADMIN*'], ['x', 'administrator?'], []]) expect(kinds(people, { ...ways, allowGroups })).toEqual([]);
  expect(kinds(people, { ...ways, allowGroups: ['admin.*', 'administrator'] })).toEqual(['noGroup']);
  // Where nobody is known nothing is said of them.
  expect(kinds([], { allowGroups: ['x'] })).toEqual([]);
});

test('neither keys nor passwords', () => expect(kinds([person('lin', { keys: 1 })], { pubkeyAuthentication: false })).toEqual(['noMethod']));

test('others who lose their way in are named', () => {
  expect(peopleWarnings([person('lin', { keys: 1 }), person('eva', { admin: false, password: true })], wanted)).toEqual([{ kind: 'passwordOnly', level: 'warn', names: ['eva'] }]);
});

const HOSTILE = ['', ' ', '\n', '22\nPermitRootLogin yes', '10.0.0.1\nPort 1', '10.0.0.1 Port 1', '-oProxyCommand=x', '; touch x', '$(touch x)', '`x`', '10.0.0.1#x', '10.0.0.1"', 'localhost', '10.0.0.256', '[::1', '::1]', '[::1]:0', '10.0.0.1:65536', '10.0.0.1:', 'fe80::1%eth0', '0x10', '\0', '名'];

test('S1 S2 S3 nothing but an address becomes a line of the file', () => {
  for (const text of HOSTILE) expect([text, isListenAddress(text)]).toEqual([text, false]);
  for (const text of ['10.0.0.1', '0.0.0.0', '::', '2001:db8::1', '[2001:db8::1]', '[::1]:2222', '10.0.0.1:22']) expect([text, isListenAddress(text)]).toEqual([text, true]);
});

const form = { ports: '22', listenAddresses: '', permitRootLogin: 'no', allowTcpForwarding: 'yes', maxAuthTries: '6' };

test('S1 S3 S22 fields of the form that are none are refused', () => {
  for (const ports of [...HOSTILE, '0', '65536', '22,22', '1e3', '22;23', Array.from({ length: 17 }, (_, i) => i + 1).join(' ')]) expect([ports, SshServerForm.safeParse({ ...form, ports }).success]).toEqual([ports, false]);
  for (const text of HOSTILE.filter((one) => one.trim())) {
    for (const name of ['listenAddresses', 'permitRootLogin', 'allowTcpForwarding', 'maxAuthTries', 'passwordAuthentication']) expect([name, text, SshServerForm.safeParse({ ...form, [name]: text }).success]).toEqual([name, text, false]);
  }
  expect(SshServerForm.parse({ ...form, ports: '22, 2222，23', listenAddresses: '10.0.0.1\n::1\n' })).toMatchObject({ ports: [22, 2222, 23], listenAddresses: ['10.0.0.1', '::1'], passwordAuthentication: false });
});

test('S3 the same from the API', () => {
  const good = { ...SshServerForm.parse(form) };
  expect(SshServerInput.safeParse(good).success).toBe(true);
  for (const bad of [{ ports: ['22\nX'] }, { ports: [22.5] }, { ports: [] }, { listenAddresses: ['10.0.0.1\n'] }, { permitRootLogin: 'yes\n' }, { maxAuthTries: 0 }, { banner: 'x' }]) expect(SshServerInput.safeParse({ ...good, ...bad }).success).toBe(false);
});
