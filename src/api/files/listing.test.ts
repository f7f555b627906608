import { afterAll, beforeAll, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { createToken } from '../../core/tokens/tokens.ts';

let t: TestApp;
let root = '';
const tokens = {} as Record<'admin' | 'operator' | 'viewer', string>;
beforeAll(() => {
  t = testApp();
  root = mkdtempSync(join(tmpdir(), 'mantou-api-files-'));
  for (const role of ['admin', 'operator', 'viewer'] as const) {
    const { userId } = t.as(role);
    tokens[role] = createToken(t.app, { kind: 'user', userId, name: role, role, sessionId: null, tokenId: null, ip: '' }, { name: 'test', role, expiresInDays: null }).token;
  }
  mkdirSync(join(root, 'sub'));
  for (let i = 1; i <= 20; i++) writeFileSync(join(root, `f${i}`), 'x'.repeat(i));
  chmodSync(join(root, 'f3'), 0o640);
  writeFileSync(join(root, 'n'.repeat(255)), '');
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.alloc(250, 0xff)]), '');
  symlinkSync('f1', join(root, 'z-link'));
  writeFileSync(join(root, '.hidden'), '');
});
afterAll(async () => {
  await t.close();
  rmSync(root, { recursive: true, force: true });
});

interface Page {
  items: { name: string; type: string; size: number | null; mode: string; gone: boolean; link: { path: string; state: string; type: string } | null }[];
  total: number;
  next: string | null;
}
const get = (query: string, role: keyof typeof tokens = 'admin', path = '/api/v1/files') => t.request(`${path}?${query}`, { headers: { authorization: `Bearer ${tokens[role]}` } });
const pageOf = async (query: string) => (await (await get(`path=${encodeURIComponent(root)}&${query}`)).json()) as Page;

test.each([
  ['path=relative', 422], ['path=/etc/../root', 422], ['', 422], ['path=/none/at/all', 404], ['path=/etc/hosts', 422],
  ['path=/etc&sort=ino', 422], ['path=/etc&limit=0', 422], ['path=/etc&limit=100001', 422], ['path=/etc&cursor=nonsense', 422], ['path=/etc&hidden=perhaps', 422],
])('refuses %s with %i', async (query, status) => {
  expect((await get(query)).status).toBe(status);
});

test('S4 viewers have no folders; what is not theirs is not even stat’ed', async () => {
  expect((await get(`path=${root}`, 'viewer')).status).toBe(403);
  expect((await get('path=/root/none', 'operator', '/api/v1/files/stat')).status).toBe(403);
  expect((await get('path=/root/.bashrc', 'operator', '/api/v1/files/stat')).status).toBe(403);
});

test('pages go on by their cursor while the folder changes, each entry once', async () => {
  const all = await pageOf('limit=1000');
  expect(all.total).toBe(24);
  const seen: string[] = [];
  let next: string | null = '';
  for (let i = 0; next !== null && i < 30; i++) {
    const page: Page = await pageOf(`limit=7${next && `&cursor=${next}`}`);
    seen.push(...page.items.map(({ name }) => name));
    if (i === 0) writeFileSync(join(root, 'f0'), '');
    next = page.next;
  }
  unlinkSync(join(root, 'f0'));
  expect(seen).toEqual(all.items.map(({ name }) => name));
  expect(seen.slice(0, 4)).toEqual(['sub', 'f1', 'f2', 'f3']);
});

test('a cursor outlives its listing as long as its last entry is there; names of 255 bytes and of no text too', async () => {
  const all = (await pageOf('limit=1000')).items.map(({ name }) => name);
  const at = Math.max(all.indexOf('n'.repeat(255)), all.findIndex((name) => name.startsWith('\u{10ffff}')));
  for (const count of [2, all.indexOf('n'.repeat(255)) + 1, at]) {
    const first = await pageOf(`limit=${count}`);
    t.clock.advance(120_000);
    const second = await pageOf(`limit=3&cursor=${first.next}`);
    expect(second.items.map(({ name }) => name)).toEqual(all.slice(count, count + 3));
  }
  const first = await pageOf('limit=1');
  t.clock.advance(120_000);
  rmSync(join(root, 'sub'), { recursive: true });
  expect((await get(`path=${root}&limit=1&cursor=${first.next}`)).status).toBe(422);
  mkdirSync(join(root, 'sub'));
});

test('a cursor is of one order and filter', async () => {
  const { next } = await pageOf('limit=1');
  expect((await get(`path=${root}&sort=size&cursor=${next}`)).status).toBe(422);
  expect((await get(`path=${root}&filter=f&cursor=${next}`)).status).toBe(422);
});

test('filter, hidden files, order by size', async () => {
  expect((await pageOf('filter=F1')).items.map(({ name }) => name)).toEqual(['f1', 'f10', 'f11', 'f12', 'f13', 'f14', 'f15', 'f16', 'f17', 'f18', 'f19']);
  expect((await pageOf('hidden=true')).total).toBe(25);
  expect((await pageOf('sort=-size&limit=3')).items.map(({ name }) => name)).toEqual(['sub', 'f20', 'f19']);
});

test('stat says what an entry is', async () => {
  const stat = async (name: string) => (await get(`path=${encodeURIComponent(join(root, name))}`, 'admin', '/api/v1/files/stat')).json() as Promise<Page['items'][0]>;
  expect(await stat('f3')).toMatchObject({ name: 'f3', type: 'file', size: 3, mode: '0640', link: null, gone: false });
  expect(await stat('sub')).toMatchObject({ type: 'dir', size: null });
  expect(await stat('z-link')).toMatchObject({ type: 'link', link: { path: 'f1', state: 'ok', type: 'file' } });
  expect((await get(`path=${root}/none`, 'admin', '/api/v1/files/stat')).status).toBe(404);
});
