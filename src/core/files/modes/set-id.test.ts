import { afterEach, beforeEach, expect } from 'bun:test';
import { chmodSync, existsSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { needs } from '../../../../test/support/needs.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Actor } from '../../app.ts';
import { putSetting } from '../../settings/settings.ts';
import { extract } from '../archives/extract.ts';
import { saveText, SaveText } from '../text/save.ts';

/** An operator who could make something run as root would be an administrator: every way to a set bit is tried. */
const it = needs('linux', 'root');
let t: TestApp;
let folder = '';
let operator: Actor;
let admin: Actor;
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-setid-'));
  putSetting(t.app, 'filesRootsOperator', [folder]);
  const person = (role: 'admin' | 'operator'): Actor => ({ kind: 'user', userId: t.as(role).userId, name: role, role, sessionId: null, tokenId: null, ip: '' });
  [operator, admin] = [person('operator'), person('admin')];
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

const refused = (work: Promise<unknown>) => work.then(() => 'nothing', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

it('S20 an operator does not write into a file that runs as its owner or group', async () => {
  for (const mode of [0o4755, 0o2755, 0o6755]) {
    const path = join(folder, 'tool');
    writeFileSync(path, 'old');
    chmodSync(path, mode);
    const input = SaveText.parse({ path, text: 'new', encoding: 'utf-8', lineEnd: 'lf', base: new Bun.CryptoHasher('sha256').update('old').digest('hex') });
    expect(await refused(saveText(t.app, operator, input))).toBe('denied');
    expect([readFileSync(path, 'utf8'), lstatSync(path).mode & 0o7777]).toEqual(['old', mode]);
    await saveText(t.app, admin, input);
    expect([readFileSync(path, 'utf8'), lstatSync(path).mode & 0o7777]).toEqual(['new', mode]);
  }
});

it('S20 an operator unpacks no set bits', async () => {
  writeFileSync(join(folder, 'tool'), 'x');
  chmodSync(join(folder, 'tool'), 0o4755);
  expect(Bun.spawnSync(['tar', '-cf', 'tool.tar', 'tool'], { cwd: folder }).exitCode).toBe(0);
  const input = { path: join(folder, 'tool.tar'), to: folder, into: 'out', conflict: 'keep-both' as const, encoding: 'auto' as const };
  expect(await refused(extract(t.app, operator, { ...input, special: true }))).toBe('denied');
  expect(existsSync(join(folder, 'out'))).toBe(false);
  const task = await extract(t.app, operator, input);
  await t.app.tasks.settled(task);
  expect(lstatSync(join(folder, 'out/tool')).mode & 0o7777).toBe(0o755);
});
