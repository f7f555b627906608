import { afterEach, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { canMirror } from './mirror.ts';

let panel: TestApp;
let folder: string;
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await panel.close();
});

test('S22 a folder that a container filled is not linked name by name, wherever it lies', async () => {
  panel = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-stack-'));
  for (const name of ['conf', 'data/full/deep']) mkdirSync(join(folder, name), { recursive: true });
  for (let i = 0; i < 2100; i++) writeFileSync(join(folder, `data/full/${i}`), '');
  const stack = { folder, files: [join(folder, 'compose.yml')], env: [] };
  const can = (...paths: string[]) => canMirror(panel.app, stack, paths.map((path) => ({ path: join(folder, path), text: '' })));
  expect([await can('compose.yml', 'conf/a.conf', 'new/b.conf'), await can('data/a.conf')]).toEqual([true, true]);
  expect([await can('data/full/a.conf'), await can('compose.yml', 'data/full/deep/a.conf')]).toEqual([false, false]);
});
