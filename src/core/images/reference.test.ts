import { describe, expect, test } from 'bun:test';
import { ImageKey, parseReference, referenceText } from './reference.ts';

const HEX = 'a'.repeat(64);

describe('refused', () => {
  test.each([
    '', ' ', ':tag', '@sha256:' + HEX, 'Redis', 'redis:', 'redis:-x', 'redis:a/b', 'a//b', '/a', 'a/', '../etc', 'a/../b', 'a/./b', '.a', 'a.', 'a..b', 'a___b', '-a', 'a b', 'a?b', 'a#b', 'a%2fb',
    'redis@sha256:short', `redis@${HEX}`, `a@sha256:${HEX}@sha256:${HEX}`, HEX, `redis:${'x'.repeat(129)}`, 'x'.repeat(256), 'host:port/a', 'host:123456/a', 'redis\n', 'redis\0', '馒头',
  ])('S18 %j is no reference', (text) => {
    expect(parseReference(text)).toBeNull();
  });
  test.each(['..', '../x', 'a/../../x', 'x?force=1', 'x#y', 'sha256:', 'sha256:zz', `sha256:${'g'.repeat(64)}`, 'A'.repeat(12)])('S18 %j names no image to the engine', (text) => {
    expect(ImageKey.safeParse(text).success).toBe(false);
  });
});

test.each([
  ['redis', 'docker.io', 'library/redis', 'redis', null, null],
  ['redis:7-alpine', 'docker.io', 'library/redis', 'redis', '7-alpine', null],
  ['docker.io/library/redis:7', 'docker.io', 'library/redis', 'redis', '7', null],
  ['index.docker.io/acme/a', 'docker.io', 'acme/a', 'acme/a', null, null],
  ['gitea/gitea:1.24', 'docker.io', 'gitea/gitea', 'gitea/gitea', '1.24', null],
  ['localhost/a', 'localhost', 'a', 'localhost/a', null, null],
  ['127.0.0.1:5000/a/b:c', '127.0.0.1:5000', 'a/b', '127.0.0.1:5000/a/b', 'c', null],
  ['[::1]:5000/a', '[::1]:5000', 'a', '[::1]:5000/a', null, null],
  ['Registry/a', 'Registry', 'a', 'Registry/a', null, null],
  ['ghcr.io/acme/a__b--c.d:V_1.2', 'ghcr.io', 'acme/a__b--c.d', 'ghcr.io/acme/a__b--c.d', 'V_1.2', null],
  [`ghcr.io/a/b:1@sha256:${HEX}`, 'ghcr.io', 'a/b', 'ghcr.io/a/b', '1', `sha256:${HEX}`],
] as const)('%s', (text, domain, path, name, tag, digest) => {
  const parsed = parseReference(text)!;
  expect(parsed).toEqual({ domain, path, name, tag, digest });
  expect(parseReference(referenceText(parsed))).toEqual(parsed);
});

test('a digit less than an id is a name', () => {
  expect([`sha256:${HEX}`, HEX, 'abcdef012345', 'redis:7'].map((text) => ImageKey.safeParse(text).success)).toEqual([true, true, true, true]);
});
