import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { sourceFiles } from './asset-files.ts';
import { serveAssets } from './assets.ts';
import { chooseEncoding, encodings } from './encoding.ts';

const rules = 'main { color: red }\n'.repeat(200);
let dir = '';
let time = 0;
const source = () => serveAssets(sourceFiles(join(dir, 'public'), () => time));
const get = (path: string, headers: Record<string, string> = {}) =>
  source().respond(new Request('http://panel/', { headers }), path);

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'mantou-assets-'));
  mkdirSync(join(dir, 'public', 'css'), { recursive: true });
  writeFileSync(join(dir, 'public', 'css', 'base.css'), rules);
  writeFileSync(join(dir, 'public', 'icon.png'), 'not really a picture');
  writeFileSync(join(dir, 'secret.txt'), 'secret');
  symlinkSync(join(dir, 'secret.txt'), join(dir, 'public', 'link.txt'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const hostile = [
  '../secret.txt', '..%2fsecret.txt', '%2e%2e/secret.txt', '%2e%2e%2fsecret.txt', '..%5Csecret.txt', '..\\secret.txt',
  '..%5csecret.txt', '....//secret.txt', 'css/../../secret.txt', 'css/../css/base.css', './css/base.css',
  '/css/base.css', '//css/base.css', 'css//base.css', '/etc/passwd', '//etc/passwd', '/%2fetc/passwd', 'C:', 'C:/secret.txt',
  'C:css/base.css', 'c:%5cWindows%5cwin.ini', '\\\\host\\share\\x', '%5c%5chost%5cshare', 'css/base.css::$DATA',
  'css/base.css%3a%3a$DATA', 'css/base.css:stream', 'CSS/BASE.CSS', 'css/Base.css', 'css/base.css.', 'css/base.css%20',
  'css/base.css ', 'css/base.css/', 'css/base.css%00', 'css/base.css\0', 'css/base.css%00.png', 'css\\base.css', 'css%5cbase.css',
  'css%2fbase.css', 'css/base.cs%73', 'CON', 'css/CON', 'NUL.css', 'BASE~1.CSS', 'css', 'css/', '', '.', '..', '__proto__',
  'constructor', 'toString', 'hasOwnProperty', 'link.txt', 'manifest.json', `${'a/'.repeat(5000)}x`, '%', '%zz', '%ff', '\ud800',
];

for (const path of hostile) {
  test(`S23 S4 assets: ${JSON.stringify(path.slice(0, 40))} is not found`, () => {
    expect(get(`/assets/${source().hash}/${path}`)).toBeNull();
  });
}

test('S23 assets: the prefix has to be exact too', () => {
  const { hash } = source();
  for (const path of [
    `/assets/0000000000000000/css/base.css`, `/assets//css/base.css`, `/assets/css/base.css`, `/ASSETS/${hash}/css/base.css`,
    `/assets/${hash.toUpperCase()}x/css/base.css`, `/x/assets/${hash}/css/base.css`, `assets/${hash}/css/base.css`,
    `/assets/../assets/${hash}/css/base.css`, `/assets/${hash}%2fcss/base.css`, `/assets\\${hash}\\css\\base.css`,
  ]) {
    expect(get(path)).toBeNull();
  }
});

test('a file comes with its type, for ever, in the best coding', async () => {
  const url = source().url('css/base.css');
  const open = { zstd: zstdDecompressSync, br: brotliDecompressSync, gzip: gunzipSync };
  for (const encoding of encodings) {
    const response = get(url, { 'accept-encoding': encoding });
    expect(response?.headers.get('content-encoding')).toBe(encoding);
    const bytes = Buffer.from(await response!.arrayBuffer());
    expect(bytes.length).toBeLessThan(rules.length / 4);
    expect(open[encoding](bytes).toString()).toBe(rules);
  }
  const plain = get(url);
  expect(plain?.headers.get('content-encoding')).toBeNull();
  expect(plain?.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(plain?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(plain?.headers.get('vary')).toBe('Accept-Encoding');
  expect(await plain?.text()).toBe(rules);
});

test('a picture is sent as it is', () => {
  const response = get(source().url('icon.png'), { 'accept-encoding': 'zstd, br, gzip' });
  expect(response?.headers.get('content-encoding')).toBeNull();
  expect(response?.headers.get('vary')).toBeNull();
});

test('a known tag is answered with 304, and belongs to one coding', () => {
  const url = source().url('css/base.css');
  const etag = get(url, { 'accept-encoding': 'br' })?.headers.get('etag') ?? '';
  expect(get(url, { 'accept-encoding': 'br', 'if-none-match': `"x", W/${etag}` })?.status).toBe(304);
  expect(get(url, { 'accept-encoding': 'br', 'if-none-match': '*' })?.status).toBe(304);
  expect(get(url, { 'accept-encoding': 'gzip', 'if-none-match': etag })?.status).toBe(200);
});

test('Accept-Encoding is weighed', () => {
  const all = [...encodings];
  expect(chooseEncoding(null, all)).toBe('identity');
  expect(chooseEncoding('', all)).toBe('identity');
  expect(chooseEncoding('gzip, deflate, br, zstd', all)).toBe('zstd');
  expect(chooseEncoding('gzip, deflate, br', all)).toBe('br');
  expect(chooseEncoding('gzip;q=1.0, br;q=0.5', all)).toBe('gzip');
  expect(chooseEncoding('zstd;q=0, br; q=0, gzip', all)).toBe('gzip');
  expect(chooseEncoding('*', all)).toBe('zstd');
  expect(chooseEncoding('*;q=0.1, zstd;q=0', all)).toBe('br');
  expect(chooseEncoding('BR', all)).toBe('br');
  expect(chooseEncoding('identity', all)).toBe('identity');
  expect(chooseEncoding('zstd;q=nonsense, gzip;q=7', all)).toBe('identity');
  expect(chooseEncoding('zstd, br, gzip', ['gzip'])).toBe('gzip');
  expect(chooseEncoding('zstd, br, gzip', [])).toBe('identity');
});

test('running from the sources, a changed file is read again and has a new address', async () => {
  const assets = source();
  const before = assets.url('css/base.css');
  writeFileSync(join(dir, 'public', 'css', 'base.css'), 'main { color: blue }\n');
  expect(assets.url('css/base.css')).toBe(before);
  time += 1000;
  const after = assets.url('css/base.css');
  expect(after).not.toBe(before);
  const request = new Request('http://panel/');
  expect(assets.respond(request, before)).toBeNull();
  expect(await assets.respond(request, after)?.text()).toBe('main { color: blue }\n');
});
