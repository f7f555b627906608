import { afterEach, beforeEach, expect } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { needs } from '../../../test/support/needs.ts';
import { SYSTEM } from '../../core/app.ts';
import { putSetting } from '../../core/settings/settings.ts';
import { createToken } from '../../core/tokens/tokens.ts';
import type { Role } from '../../db/schema/users.ts';

const it = needs('linux', 'root', 'acl');
let t: TestApp;
let folder = '';
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-modes-api-'));
  mkdirSync(join(folder, 'd'));
  writeFileSync(join(folder, 'd/a'), 'x');
  // Whatever the machine's umask is.
  chmodSync(join(folder, 'd'), 0o755);
  chmodSync(join(folder, 'd/a'), 0o644);
  symlinkSync('/etc/passwd', join(folder, 'd/link'));
  putSetting(t.app, 'filesRootsOperator', [folder]);
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

function caller(role: Role) {
  const { token } = createToken(t.app, SYSTEM, { userId: t.as(role, `${role}-api`).userId, name: 'api', role, expiresInDays: 1 });
  return async (method: string, path: string, body?: unknown) => {
    const answer = await t.request(`/api/v1/files${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
}
const modeOf = (path: string) => (lstatSync(join(folder, path)).mode & 0o7777).toString(8);

it('refused: fields that are none, ids that are none, names that lead elsewhere', async () => {
  const ask = caller('admin');
  for (const body of [
    {}, { folder, names: [] }, { folder, names: ['d'], mode: '9' }, { folder, names: ['d'], mode: '--reference=/etc/shadow' }, { folder, names: ['d'], mode: '755', more: 1 },
    { folder, names: ['../..'], mode: '755' }, { folder, names: ['d/a'], mode: '755' }, { folder: 'relative', names: ['d'], mode: '755' }, { folder, names: ['d'] },
  ]) expect((await ask('POST', '/mode', body)).status, JSON.stringify(body)).toBe(422);
  expect((await ask('POST', '/owner', { folder, names: ['d'], owner: '-R' })).status).toBe(422);
  expect((await ask('PUT', `/acl?path=${folder}/d`, { entries: [{ type: 'user', account: '', rights: ['r'] }] })).status).toBe(422);
  expect((await ask('GET', `/acl?path=${folder}/gone`)).status).toBe(404);
  expect(modeOf('d')).toBe('755');
});

it('refused: an operator’s token for owners, setuid and lists', async () => {
  const ask = caller('operator');
  expect((await ask('POST', '/owner', { folder, names: ['d'], owner: '33' })).status).toBe(403);
  expect((await ask('POST', '/mode', { folder, names: ['d'], owner: '33' })).status).toBe(403);
  expect((await ask('POST', '/mode', { folder: join(folder, 'd'), names: ['a'], mode: '4755' })).status).toBe(403);
  expect((await ask('PUT', `/acl?path=${folder}/d`, { entries: [] })).status).toBe(403);
  expect((await ask('POST', '/mode', { folder: '/etc', names: ['passwd'], mode: '600' })).status).toBe(403);
  expect(await ask('POST', '/mode', { folder: join(folder, 'd'), names: ['a'], mode: '600' })).toMatchObject({ status: 200, body: { changed: 1 } });
});

it('a recursive change is counted on request, and done as a task', async () => {
  const ask = caller('admin');
  const body = { folder, names: ['d'], mode: '0750', fileMode: 'go-rwx', recursive: true };
  expect(await ask('POST', '/mode', { ...body, preview: true })).toMatchObject({ status: 200, body: { task: null, preview: { files: 1, folders: 1, links: 0, same: 1, state: 'done' } } });
  expect(modeOf('d')).toBe('755');
  const { task } = (await ask('POST', '/mode', body)).body as { task: string };
  await t.app.tasks.settled(task);
  expect([modeOf('d'), modeOf('d/a')]).toEqual(['750', '600']);
});
