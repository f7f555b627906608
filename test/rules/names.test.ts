import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { places, projectFiles, root, sources } from './tree.ts';

/** Names that say nothing: a file or type called so takes in everything. */
const banned = /^(manager|helpers?|utils?|handlers?|common|misc|data|info)$/i;
const words = (name: string) => name.replace(/([a-z\d])([A-Z])/g, '$1 $2').split(/[^A-Za-z\d]+/);

const code = ['src', 'test', 'scripts'].flatMap((folder) => sources(folder, /\.(tsx?|mjs)$/));

test('no file or folder has a name that says nothing', () => {
  const wrong = projectFiles()
    .filter((path) => /^(src|public\/js|public\/css|test|scripts)\//.test(path))
    .filter((path) => path.split('/').some((part) => banned.test(part.replace(/\..*$/, ''))));
  expect(wrong).toEqual([]);
});

test('no type or class has a name that ends in a word that says nothing', () => {
  const wrong = code.filter(({ path }) => path.startsWith('src/')).flatMap(({ path, text }) =>
    [...text.matchAll(/^\s*(?:export\s+)?(?:abstract\s+)?(?:interface|type|class)\s+(\w+)/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => banned.test(words(name).at(-1) ?? ''))
      .map((name) => `${path} ${name}`),
  );
  expect(wrong).toEqual([]);
});

/** Lists that grow by a line for each of something, and have no second noun in them. */
const long: Record<string, string> = {};

test('no source file is longer than 300 lines', () => {
  const all = [...code, ...sources('public/js', /\.js$/), ...sources('public/css', /\.css$/), ...sources('src', /\.(sh|ps1)$/)];
  const tooLong = all
    .filter(({ path }) => !(path in long) && !path.startsWith('test/'))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length }))
    .filter(({ lines }) => lines > 300)
    .map(({ path, lines }) => `${path} ${lines}`);
  expect(tooLong).toEqual([]);
});

test('an account is one word in Chinese: \u8d26\u6237, and never with the older sign, which is that of a tent', () => {
  const tent = /\u5e10/;
  expect(tent.test('\u5e10\u6237')).toBe(true);
  expect(projectFiles().filter((path) => /^src\/.*\.tsx?$|^docs\/|\.md$/.test(path)).filter((path) => tent.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
});

test('nothing reads as unfinished', () => {
  const unfinished = /\b(TODO|FIXME|XXX|HACK)\b|not implemented|coming soon/;
  const files = [...code, ...sources('public/js', /\.js$/), ...sources('public/css', /\.css$/)];
  expect(files.filter(({ path }) => path !== 'test/rules/names.test.ts').flatMap((file) => places(file, unfinished))).toEqual([]);
});

test('S21 no file names a package registry, a folder of somebody\'s machine or a secret', () => {
  const hosts = ['registry', 'npmjs', 'org'];
  const telling = [
    new RegExp(`${hosts.join('\\.')}|npm\\.pkg\\.|artifactory|verdaccio|pypi\\.`, 'i'),
    /(?<![\w.])\/(home\/(?!lin\b|mantou\b|user\b|deploy\b|git\b)[a-z][\w-]*|Users\/[A-Za-z][\w-]*|work\/(main|shared))\//,
    /-----BEGIN (RSA |EC |OPENSSH |)PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{40}/,
  ];
  const text = projectFiles().filter((path) => !/\.(png|ico|woff2|wasm|zst|br|gz|webp|jpg)$/.test(path));
  // Libraries of others, as they are published; and lists that are checked by name elsewhere.
  const own = text.filter((path) => !path.startsWith('public/vendor/') && basename(path) !== 'names.test.ts');
  const found = own.flatMap((path) => {
    const file = { path, text: readFileSync(join(root, path), 'utf8') };
    return telling.flatMap((pattern) => places(file, pattern));
  });
  expect(found).toEqual([]);
});
