import { afterEach, beforeEach, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { seedFiles } from './demo.ts';
import { demoFolder } from './reach.ts';

let t: TestApp;
beforeEach(() => {
  t = testApp({ config: { demo: true } });
});
afterEach(() => t.close());

const all = (folder: string) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

test('what is there already is left alone', async () => {
  const folder = demoFolder(t.app);
  mkdirSync(folder);
  writeFileSync(join(folder, 'mine.txt'), 'mine');
  await seedFiles(t.app);
  expect(readdirSync(folder)).toEqual(['mine.txt']);
});

test('a start that was cut off is begun anew', async () => {
  const part = `${demoFolder(t.app)}.part`;
  mkdirSync(part);
  writeFileSync(join(part, 'half'), '');
  await seedFiles(t.app);
  expect(all(demoFolder(t.app))).not.toContain('half');
  expect(existsSync(part)).toBe(false);
});

test('the tree is the same at every start, and its odd files are what they seem', async () => {
  const folder = demoFolder(t.app);
  await seedFiles(t.app);
  const first = all(folder).map((path) => [path, statSync(join(folder, path)).isFile() ? Bun.hash(readFileSync(join(folder, path))) : 0]);
  expect(first.length).toBeGreaterThan(25);
  expect(iconv.decode(readFileSync(join(folder, 'shared/旧版说明-gbk.txt')), 'gbk')).toContain('你好，世界。');
  const image = readFileSync(join(folder, 'www/shop/public/hero.png'));
  expect([image.readUInt32BE(16), image.readUInt32BE(20)]).toEqual([320, 180]);
  expect(statSync(join(folder, 'www/shop/.env.production')).mode & 0o777).toBe(0o600);
  // A folder is as old as the newest thing in it.
  expect(statSync(join(folder, 'www')).mtimeMs).toBe(statSync(join(folder, 'www/shop/orders-2025-11.csv')).mtimeMs);
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
  await seedFiles(t.app);
  expect(all(folder).map((path) => [path, statSync(join(folder, path)).isFile() ? Bun.hash(readFileSync(join(folder, path))) : 0])).toEqual(first);
});
