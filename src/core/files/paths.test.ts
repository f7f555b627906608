import { describe, expect, test } from 'bun:test';
import { baseOf, crumbsOf, isInside, joinPath, normalName, normalPath, parentOf } from './paths.ts';

describe('S4 refused as a path on Linux', () => {
  test.each([
    '', '.', '..', 'etc', './etc', '../etc', '/..', '/../etc', '/srv/../etc', '/srv/..', '/srv/./../etc', '/srv//..//etc', '/a/b/c/../../../../etc/passwd',
    '~', '~/x', 'file:///etc/passwd', 'C:\\Windows', '\\etc', '/srv/\0', '/srv/a\0.txt', '\0/etc', ' /etc', `/${'a/'.repeat(200_000)}`,
  ])('%p', (path) => expect(() => normalPath('posix', path)).toThrow());
});

test('S4 what only looks like a way up is a name: nothing is decoded twice', () => {
  for (const path of ['/srv/%2e%2e', '/srv/..%2f', '/srv/...', '/srv/.. ', '/srv/..\\etc', '/srv/\u2025', '/srv/．．', '/srv/%252e%252e']) {
    expect(normalPath('posix', path)).toBe(path);
    expect(isInside('posix', '/srv', normalPath('posix', path))).toBe(true);
  }
});

test.each([['/', '/'], ['//', '/'], ['/./', '/'], ['//srv///www//', '/srv/www'], ['/srv/./www/.', '/srv/www'], ['/a b\n/c', '/a b\n/c']])('one spelling of %p', (path, normal) => {
  expect(normalPath('posix', path)).toBe(normal);
});

describe('S23 refused as a path on Windows', () => {
  test.each([
    '', 'C:x', 'C:..', '..', 'C:\\..', 'C:\\a\\..\\b', 'C:/a/../b', 'C:\\a/..\\b', '\\a', '\\\\host\\share', '//host/share', '\\\\?\\C:\\a', '\\\\.\\C:', '\\??\\C:\\a',
    'C:\\a::$DATA', 'C:\\a:stream', 'C:\\a:b\\c', 'C:\\CON', 'C:\\con.txt', 'C:\\a\\NUL', 'C:\\aux.tar.gz\\b', 'C:\\COM1', 'C:\\com¹', 'C:\\LPT9.x', 'C:\\CONIN$', 'C:\\a.', 'C:\\a ',
    'C:\\a. \\b', 'C:\\...', 'C:\\.. ', 'C:\\a*', 'C:\\a?', 'C:\\a"', 'C:\\a<b', 'C:\\a|b', 'C:\\a\nb', 'C:\\a\0', '1:\\a', 'CC:\\a', '/etc', '/etc/passwd',
  ])('%p', (path) => expect(() => normalPath('windows', path)).toThrow());
});

test.each([
  ['/', '/'], ['c:\\', 'C:\\'], ['C:', 'C:\\'], ['C:/', 'C:\\'], ['/C:/', 'C:\\'], ['c:/Users\\x//y/', 'C:\\Users\\x\\y'], ['C:\\a\\.\\b', 'C:\\a\\b'], ['C:\\conx', 'C:\\conx'], ['C:\\com10', 'C:\\com10'],
])('S23 one spelling of %p', (path, normal) => expect(normalPath('windows', path)).toBe(normal));

describe('S4 S23 refused as a name', () => {
  test.each(['', '.', '..', 'a/b', '/', 'a\0', 'x'.repeat(256), '馒'.repeat(86), '\u{10ffff}'.repeat(256)])('Linux: %p', (name) => expect(() => normalName('posix', name)).toThrow());
  test.each(['a\\b', 'a:b', 'nul', 'PRN.log', 'a.', 'a ', '..\\x', 'a\tb', '?'])('Windows: %p', (name) => expect(() => normalName('windows', name)).toThrow());
});

test.each(['-rf', ' ', 'a\nb', '...', 'x'.repeat(255), '馒'.repeat(85), '\u{10ffff}'.repeat(255), '<img onerror>', 'a\\b', 'CON'])('a name on Linux: %p', (name) => expect(normalName('posix', name)).toBe(name));

test('what lies inside', () => {
  const inside = (folder: string, path: string) => isInside('posix', folder, path);
  expect([inside('/srv', '/srv'), inside('/srv', '/srv/a'), inside('/', '/etc'), inside('/srv/', '/srv/a')]).toEqual([true, true, true, true]);
  expect([inside('/srv', '/srv2'), inside('/srv', '/sr'), inside('/srv', '/'), inside('/srv', '/SRV/a')]).toEqual([false, false, false, false]);
  expect([isInside('windows', 'C:\\Web', 'c:\\web\\a'), isInside('windows', 'C:\\', 'C:\\a'), isInside('windows', 'C:\\Web', 'C:\\Web2'), isInside('windows', 'C:\\', 'D:\\a')]).toEqual([true, true, false, false]);
});

test('parents, bases, joins and crumbs agree', () => {
  for (const [kind, path] of [['posix', '/srv/www/a.txt'], ['posix', '/srv'], ['windows', 'C:\\Users\\a'], ['windows', 'C:\\Users']] as const) {
    expect(joinPath(kind, parentOf(kind, path), baseOf(kind, path))).toBe(path);
    expect(crumbsOf(kind, path).at(-1)!.path).toBe(path);
    expect(crumbsOf(kind, path)[0]!.path).toBe('/');
  }
  expect([parentOf('posix', '/'), baseOf('posix', '/'), parentOf('windows', 'C:\\'), baseOf('windows', 'C:\\'), joinPath('windows', '/', 'C:')]).toEqual(['/', '', '/', 'C:\\', 'C:\\']);
});
