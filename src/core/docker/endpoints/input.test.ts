import { describe, expect, test } from 'bun:test';
import { testPki } from '../../../../test/support/pki.ts';
import { EndpointInput, isLoopback } from './input.ts';
import { quoted } from './shell.ts';

const tls = { name: 'prod-2', kind: 'tls', address: 'prod-2.example.net' };
const fails = (fields: object, base: object = tls) => EndpointInput.safeParse({ ...base, ...fields }).error?.issues.map(({ path, message }) => `${String(path[0])} ${message}`) ?? [];
const fields = (...given: Parameters<typeof fails>) => fails(...given).map((text) => text.split(' ')[0]!);

describe('what becomes a part of an address, or a path', () => {
  for (const text of ['-H', 'a b', 'a\nb', 'a/b', 'a:1', 'user@host', 'a?b', 'a#b', '[::1]', 'fe80::1%eth0', 'http://a', '$(id)', "'", 'a\u2028b']) {
    test(`S2 S18 ${JSON.stringify(text)} is no address`, () => expect(fields({ address: text })).toEqual(['address']));
  }
  for (const socket of ['run/docker.sock', '-x', '/a\nb', '/a\0b', `/${'x'.repeat(107)}`, '']) {
    test(`S4 ${JSON.stringify(socket.slice(0, 12))} is no socket`, () => expect(fields({ socket }, { name: 'a', kind: 'unix' })).toEqual(['socket']));
  }
  for (const port of ['0', '65536', '-1', '22x', '2.5']) test(`S2 ${port} is no port`, () => expect(fields({ port })).toEqual(['port']));
  test('a name is one line and no option', () => {
    for (const name of ['', ' ', '-x', 'a\nb', '\u202ex', 'x'.repeat(65)]) expect(fields({ name })).toEqual(['name']);
  });
  test('nothing else is taken', () => expect(EndpointInput.safeParse({ ...tls, insecure: true }).success).toBe(false));
});

test('without TLS there is only this machine', () => {
  for (const address of ['localhost', '127.0.0.1', '127.9.9.9', '::1', 'LOCALHOST']) expect([address, isLoopback(address), fields({ kind: 'tcp', address })]).toEqual([address, true, []]);
  for (const address of ['10.0.0.5', '127.0.0.1.example.net', 'localhost.example.net', '128.0.0.1', '::2', '0.0.0.0']) expect(fails({ kind: 'tcp', address })).toEqual(['address #endpoints.loopbackRule']);
});

test('certificates and keys are what they should be, and belong together', () => {
  const pki = testPki();
  const { ca, client } = pki;
  const other = pki.leaf('other', ['other']);
  const whole = { ca: ca.cert, certificate: client.cert, key: client.key };
  expect(fails(whole)).toEqual([]);
  expect(fails({ ...whole, certificate: client.cert + ca.cert })).toEqual([]);
  expect(EndpointInput.parse({ ...tls, ...whole, ca: ca.cert.replaceAll('\n', '\r\n') }).ca).toBe(`${ca.cert.trim()}\n`);
  expect(fails({ ...whole, key: other.key })).toEqual(['key #endpoints.pairRule']);
  expect(fails({ ...whole, key: '' })).toEqual(['key #endpoints.pairWhole']);
  expect(fails({ ...whole, certificate: '' })).toEqual(['certificate #endpoints.pairWhole']);
  for (const text of ['x', client.key, `${ca.cert}x`, ca.cert.slice(0, 200)]) expect(fails({ ca: text })).toEqual(['ca #endpoints.certificateRule']);
  expect(fields({ ...whole, key: ca.cert })).toContain('key');
  expect(fails({ ...whole, key: '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----' })).toContain('key #endpoints.keySealed');
  pki.remove();
});

test('S1 a word for the shell of another machine stays one word', () => {
  for (const word of ["it's", '$(id)', '`id`', 'a b', '"', '', "';id;'", 'a\nb', '\\']) {
    const said = Bun.spawnSync(['/bin/sh', '-c', `printf %s ${quoted(word)}`]).stdout.toString();
    expect(said).toBe(word);
  }
});
