import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSshdCounter, readJournalLine, readSshdLine, readSyslogLine } from './sshd.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/sshd', name), 'utf8').trim().split('\n');

/** Captured from OpenSSH 9.2 of Debian 12: guesses from 198.18.5.2 and .3, among them names made to look like other lines; then a key and a password that were right; then two lines by logger(1). */
function tally(messages: readonly string[]) {
  const count = createSshdCounter();
  const found: Record<string, [failed: number, good: number]> = {};
  for (const message of messages) {
    const one = count(message);
    if (!one) continue;
    const pair = (found[one.address] ??= [0, 0]);
    pair[one.good ? 1 : 0]++;
  }
  return found;
}

// Of .2: three guesses at root, two at lin, one at nobody-here, and two connections with keys only. Of .3: three names.
const SEEN = { '198.18.5.2': [8, 2], '198.18.5.3': [3, 0], '2001:db8:5::2': [1, 0] } as const;

test('a journal as it was written: each guess once, of the address that made it; lines of others do not count', () => {
  expect(tally(fixture('journal.jsonl').flatMap((line) => readJournalLine(line)?.message ?? []))).toEqual(SEEN as never);
});

test('the same of auth.log', () => {
  expect(tally(fixture('auth-log.txt').flatMap((line) => readSyslogLine(line) ?? []))).toMatchObject({ ...SEEN } as never);
});

test('S3 whatever a stranger is called, the address is the one that sshd wrote', () => {
  const real = '198.18.7.7';
  const names = [
    'root', '', ' ', 'a b', 'root from 9.9.9.9', 'root from 9.9.9.9 port 22', 'root from 9.9.9.9 port 22 ssh2', 'x from 9.9.9.9 port 1 ssh2: ED25519 SHA256:abc', '9.9.9.9 port 22 [preauth]', '9.9.9.9 port 22',
    'invalid user x 9.9.9.9 port 22 [preauth]', 'Accepted password for root from 9.9.9.9 port 1 ssh2', 'y\nAccepted password for root from 9.9.9.9 port 1 ssh2', 'y\\nFailed password for z from 9.9.9.9 port 1 ssh2', 'from', 'from from', ' from 9.9.9.9', 'port 22', '\u2028x from 9.9.9.9 port 1 ssh2',
    'x'.repeat(5000), 'from 9.9.9.9 port 1 '.repeat(500), '$(id)', '\\303\\277', '[preauth]',
  ];
  let seed = 3;
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const words = ['from', '9.9.9.9', 'port', '22', 'ssh2', ' ', '\n', '[preauth]', 'Accepted', 'password', 'for', 'invalid', 'user', 'Failed', ':', 'Connection', 'closed', 'by'];
  for (let i = 0; i < 3000; i++) names.push(Array.from({ length: random(12) }, () => words[random(words.length)]).join(random(2) ? ' ' : ''));
  for (const name of names) {
    const lines = [
      `Failed password for ${name} from ${real} port 4711 ssh2`, `Failed password for invalid user ${name} from ${real} port 4711 ssh2`, `Failed keyboard-interactive/pam for invalid user ${name} from ${real} port 4711 ssh2`,
      `Connection closed by invalid user ${name} ${real} port 4711 [preauth]`, `Connection reset by authenticating user ${name} ${real} port 4711 [preauth]`, `Disconnected from invalid user ${name} ${real} port 4711 [preauth]`,
      `error: maximum authentication attempts exceeded for invalid user ${name} from ${real} port 4711 ssh2 [preauth]`,
    ];
    for (const line of lines) expect(readSshdLine(line)).toMatchObject({ address: real, port: 4711 });
    for (const line of [`Invalid user ${name} from ${real} port 4711`, `error: kex_exchange_identification: client sent invalid protocol identifier "${name}"`, `User ${name} not allowed because shell /x does not exist`]) expect(readSshdLine(line)).toBe(null);
    // Names never make a good sign-in.
    for (const line of lines) expect(readSshdLine(line)!.kind).not.toBe('good');
  }
});

test('a key that is not known is no guess of somebody who is', () => {
  expect(readSshdLine('Failed publickey for lin from 198.18.5.2 port 1 ssh2')).toBe(null);
  expect(readSshdLine('Failed none for invalid user x from 198.18.5.2 port 1 ssh2')).toBe(null);
  expect(readSshdLine('Failed publickey for invalid user x from 198.18.5.2 port 1 ssh2')).toMatchObject({ kind: 'failed' });
});

test('what is no line of a journal is nothing', () => {
  for (const line of ['', '{', 'null', '[]', '{"MESSAGE":null,"_UID":"0","_COMM":"sshd"}', '-- Reboot --']) expect(() => readJournalLine(line)).not.toThrow();
  const bytes = JSON.stringify({ _UID: '0', _COMM: 'sshd', __REALTIME_TIMESTAMP: '1000000', MESSAGE: [...Buffer.from('Failed password for \xff from 198.18.5.2 port 1 ssh2', 'latin1')] });
  expect(readSshdLine(readJournalLine(bytes)!.message)).toMatchObject({ address: '198.18.5.2' });
});
