import { expect, test } from 'bun:test';
import { isRef, parseGitUrl } from './git-url.ts';

test.each([
  ['https://github.com/acme/shop.git', { scheme: 'https', host: 'github.com', port: 443, path: '/acme/shop.git', ref: '', folder: '' }],
  ['http://git.example.org:3000/a/b#main', { scheme: 'http', host: 'git.example.org', port: 3000, path: '/a/b', ref: 'main' }],
  ['https://x.org/a.git#v1.2:docker/web/', { text: 'https://x.org/a.git', ref: 'v1.2', folder: 'docker/web' }],
  ['https://x.org/a.git#:docker', { ref: '', folder: 'docker' }],
  ['ssh://git@x.org:2222/~lin/a.git', { scheme: 'ssh', host: 'x.org', port: 2222, path: '/~lin/a.git' }],
  ['git@github.com:acme/shop.git#feature/x', { scheme: 'ssh', host: 'github.com', port: 22, text: 'git@github.com:acme/shop.git', ref: 'feature/x' }],
  ['git://[::1]:9418/x', { scheme: 'git', host: '[::1]', port: 9418 }],
])('%s', (text, expected) => {
  expect(parseGitUrl(text)).toMatchObject(expected as object);
});

test.each([
  '', 'x', '/srv/repository', 'file:///etc', 'ext::sh -c touch% /tmp/x', 'https://', 'https://x.org', 'https://x.org/', 'ftp://x.org/a', 'https://lin:secret@x.org/a.git', 'https://token@x.org/a',
  'ssh://-oProxyCommand=touch/a', 'ssh://git@-oProxyCommand=x/a', '-u@x:a', 'git@-x:a', 'git@x.org:-a', 'git@x.org::a', 'https://x.org/a b', 'https://x.org/a\nb', "https://x.org/a'b", 'https://x.org/$(x)', 'https://x.org/`x`', 'ssh://x.org/a;b',
  'https://x.org:0/a', 'https://x.org:65536/a', 'https://x.org/a#-x', 'https://x.org/a#--upload-pack=x', 'https://x.org/a#a..b', 'https://x.org/a#main:../..', 'https://x.org/a#main:/etc/../x', 'https://x.org/a#b#c', 'https://[x]/a', 'https://x%2eorg/a',
])('S2 refused: %j', (text) => {
  expect(parseGitUrl(text)).toBeNull();
});

test('S2 a ref is a name, and never an option', () => {
  expect(['main', 'v1.2', 'feature/x', 'a1b2c3', 'refs/pull/1/head'].every(isRef)).toBe(true);
  expect(['', '-x', '--all', '/x', 'x/', 'a..b', 'x.lock', 'a b', 'a~1', 'a^', 'a:b', 'x.', 'a//b', '@{-1}', 'a@{1}'].some(isRef)).toBe(false);
});
