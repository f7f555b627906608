import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePublicKey } from './public-key.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dir, '../../test/fixtures/linux/system', name), 'utf8');
const lines = fixture('authorized_keys').split('\n').filter(Boolean);

test('keys, their bits and fingerprints are those that ssh-keygen tells, with options before them and blanks in comments', () => {
  const keys = lines.map(parsePublicKey).filter((key) => key !== null);
  const told = fixture('fingerprints').trim().split('\n').map((line) => /^(\d+) (\S+) (.+) \((\w+)\)$/.exec(line)!.slice(1));
  expect(keys.map(({ bits, fingerprint, comment, type }) => [String(bits), fingerprint, comment, type.replace(/^ssh-|^ecdsa.*/, (start) => (start === 'ssh-' ? '' : 'ecdsa')).toUpperCase()])).toEqual(told as never);
  expect(keys.map(({ options }) => options)).toEqual(['', 'from="10.0.0.0/8,*.example.org",command="echo \\"a b\\"",no-pty', '']);
});

test('what is no key is none: cut off, of another type inside, without a type, made of words', () => {
  const [type, base64] = lines[0]!.split(' ') as [string, string];
  for (const line of ['', '# ssh-ed25519 AAAA', 'not a key', type, `${type} ${base64.slice(0, 40)}`, `ssh-ed25519 ${base64}`, `ssh-dss ${base64}`, `${type} !!!!`, '"unclosed ssh-ed25519 AAAA', `${type}${base64}`]) expect([line, parsePublicKey(line)]).toEqual([line, null]);
});
