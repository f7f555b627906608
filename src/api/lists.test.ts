import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import type { Actor } from '../core/app.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { ROLES } from '../db/schema/users.ts';
import { en } from '../i18n/en.ts';
import { openApi } from './openapi.ts';
import { ENDPOINTS } from './table.ts';

let panel: TestApp;
let token = '';

beforeAll(async () => {
  panel = testApp();
  // A user, a session, a token and an entry of the audit log for each role: something to list.
  for (const role of ROLES) {
    const { userId } = panel.as(role);
    const owner: Actor = { kind: 'user', userId, name: role, role, sessionId: null, tokenId: null, ip: '127.0.0.1' };
    const made = createToken(panel.app, owner, { name: 'test', role, expiresInDays: null }).token;
    if (role === 'admin') token = made;
    createToken(panel.app, owner, { name: 'second', role, expiresInDays: null });
  }
  const watch = panel.app.sampler.watch();
  await panel.app.sampler.tick();
  watch();
});
afterAll(() => panel.close());

const call = (path: string) => panel.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });

test('lists go on by their cursor to the end, each row once', async () => {
  const seen: number[] = [];
  let next: string | null = '';
  let total = 0;
  while (next !== null && seen.length < 1000) {
    const page = await (await call(`/audit?limit=3${next ? `&cursor=${next}` : ''}`)).json() as { items: { id: number }[]; next: string | null; total: number };
    seen.push(...page.items.map((row) => row.id));
    ({ next, total } = page);
  }
  expect(seen).toHaveLength(total);
  expect(new Set(seen).size).toBe(total);
});

test('every list is in each order it offers, both ways, with limit and cursor', async () => {
  const lists = ENDPOINTS.filter((row) => row.method === 'get' && row.query && 'sort' in row.query.shape && !row.path.startsWith('/files'));
  expect(lists.map((row) => row.path).sort()).toEqual(['/accounts', '/audit', '/container-updates', '/containers', '/firewall/blocks', '/firewall/guard/bans', '/firewall/rules', '/images', '/networks', '/processes', '/services', '/sessions', '/stacks', '/tasks', '/terminals', '/tokens', '/users', '/volumes']);
  for (const row of lists) {
    const offered = openApi(en, '1').paths[row.path]!.get!.parameters!.find((parameter) => parameter.name === 'sort')!;
    const sorts = (offered.schema as { enum: string[] }).enum;
    expect(sorts.length).toBeGreaterThan(1);
    for (const sort of sorts) {
      const read = async (query: string) => (await (await call(`${row.path}?sort=${sort}&${query}`)).json()) as { items: Record<string, unknown>[]; next: string | null; total: number };
      const all = (await read('limit=200')).items;
      const values = all.map((item) => item[sort.replace('-', '')]).filter((value) => typeof value === 'number');
      expect([row.path, sort, values]).toEqual([row.path, sort, values.toSorted((a, b) => (sort.startsWith('-') ? b - a : a - b))]);
      if (row.path === '/processes') continue;
      const first = await read('limit=1');
      expect(first.items).toEqual(all.slice(0, 1));
      if (first.next) expect((await read(`limit=1&cursor=${first.next}`)).items).toEqual(all.slice(1, 2));
    }
  }
});
