import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { atLeast, PERMISSIONS } from '../../src/core/access.ts';
import { SYSTEM } from '../../src/core/app.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { ROLES, type Role } from '../../src/db/schema/users.ts';
import type { RouteRule } from '../../src/http/allow.ts';
import { isApiPath } from '../../src/http/api-path.ts';
import { ORIGIN, testApp, type TestApp } from '../support/app.ts';
import matrix from './permissions.json' with { type: 'json' };

/**
 * Every route with the least role that is let in, or "open". Checked in on purpose: whoever adds a route, or lowers what
 * one asks for, changes this file too, and the reader of the change sees it.
 */
const ROWS = matrix as Record<string, Role | 'open'>;
const WHO = ['anonymous', 'expired', ...[...ROLES].reverse()] as const;
type Who = (typeof WHO)[number];

let t: TestApp;
beforeAll(async () => {
  t = testApp();
  t.as('admin', 'first');
  // Figures of now are waited for: there are some already.
  await t.app.sampler.tick();
  t.clock.advance(1000);
  await t.app.sampler.tick();
});
afterAll(() => t.close());

const keyOf = (rule: RouteRule) => `${rule.method} ${rule.path}`;
const needed = ({ rule }: RouteRule): Role | 'open' => ('open' in rule ? 'open' : PERMISSIONS[rule.permission]);

test('S6 the matrix has a row for every route, with the role that the route asks for, and no other row', () => {
  const found = Object.fromEntries(t.server.rules.map((rule) => [keyOf(rule), needed(rule)]));
  expect(ROWS).toEqual(found);
});

test('the rows are in order, so that two changes do not meet at the end of the file', () => {
  const order = (row: string) => row.split(' ').reverse().join(' ');
  expect(Object.keys(ROWS)).toEqual(Object.keys(ROWS).toSorted((a, b) => (order(a) < order(b) ? -1 : 1)));
});

let made = 0;

/** Credentials of a new person of that role: what one route does to its caller touches no other. */
function credentials(who: Who, api: boolean): Record<string, string> {
  if (who === 'anonymous') return {};
  const role: Role = who === 'expired' ? 'admin' : who;
  const browser = t.as(role, `${who}-${made++}`);
  if (!api) {
    if (who === 'expired') t.app.db.$client.run('UPDATE sessions SET expires_at = 1 WHERE id = ?', [browser.sessionId]);
    return { cookie: `mantou_session=${browser.token}` };
  }
  const { id, token } = createToken(t.app, SYSTEM, { userId: browser.userId, name: 'matrix', role, expiresInDays: 1 });
  if (who === 'expired') t.app.db.$client.run('UPDATE tokens SET expires_at = 1 WHERE id = ?', [id]);
  return { authorization: `Bearer ${token}` };
}

async function ask(method: string, path: string, who: Who) {
  const api = isApiPath(path);
  const headers: Record<string, string> = { ...credentials(who, api), origin: ORIGIN };
  if (api) delete headers.origin;
  // Without a bearer token the API takes no change at all: 403 by the guard, before anybody is asked for.
  if (api && who === 'anonymous') headers.authorization = 'Bearer none';
  const answer = await t.request(path, { method, headers });
  void answer.body?.cancel();
  return answer;
}

const concrete = (path: string) => path.replace(/:\w+(\{[^}]*\})?/g, '01990000-0000-7000-8000-000000000000').replace('*', 'nothing.js');

/** Nobody is let in: sent to sign in, or told 401. */
function isTurnedAway(answer: Response) {
  if (answer.status === 401) return true;
  return answer.status === 303 && (answer.headers.get('location') ?? '').startsWith('/signin');
}

describe('S6 every route × method × person', () => {
  for (const [row, least] of Object.entries(ROWS)) {
    test(`${row}: ${least}`, async () => {
      const [method = '', path = ''] = row.split(' ');
      for (const who of WHO) {
        const answer = await ask(method, concrete(path), who);
        const said = `${who}: ${answer.status} ${answer.headers.get('location') ?? ''}`;
        expect(answer.status, said).not.toBe(500);
        if (least === 'open') expect([401, 403], said).not.toContain(answer.status);
        else if (who === 'anonymous' || who === 'expired') expect(isTurnedAway(answer), said).toBe(true);
        else if (!atLeast(who, least)) expect(answer.status, said).toBe(403);
        else {
          expect([401, 403], said).not.toContain(answer.status);
          if (path !== '/signout') expect(isTurnedAway(answer), said).toBe(false);
        }
      }
    });
  }
});

test('S6 no other method opens a route to who is not signed in', async () => {
  for (const { path, rule } of t.server.rules) {
    if ('open' in rule) continue;
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST', 'GET', 'PROPFIND']) {
      const { status } = await ask(method, concrete(path), 'anonymous');
      expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(300);
    }
  }
});

test('S6 no other way to write a path does either', async () => {
  const ways = (path: string) => [
    `/${path}`, `${path}/`, `${path}%00`, `${path};x`, `${path}/.`, `/.${path}`, `/x/..${path}`, `/assets/..${path}`, `/assets/%2e%2e${path}`,
    path.toUpperCase(), path.replace('/', '/%2f'), path.replace(/[a-z]/, (ch) => `%${ch.charCodeAt(0).toString(16)}`), `${path}.json`, `${path}?_method=GET`, `/healthz/..${path}`, `/setup/..%2f${path.slice(1)}`,
  ];
  for (const { method, path, rule } of t.server.rules) {
    if ('open' in rule || method !== 'GET') continue;
    for (const way of ways(concrete(path)).filter((way) => URL.canParse(way, ORIGIN))) {
      const { status } = await ask('GET', way, 'anonymous');
      expect(status, `GET ${way}`).toBeGreaterThanOrEqual(300);
    }
  }
});

test('S9 before there is an administrator only set-up, preferences, assets and health answer', async () => {
  const fresh = testApp();
  for (const { method, path } of fresh.server.rules) {
    const answer = await fresh.request(concrete(path), { method, headers: { origin: ORIGIN, authorization: 'Bearer none' } });
    void answer.body?.cancel();
    if (['/setup', '/preferences', '/healthz', '/assets/*'].includes(path)) continue;
    const gated = answer.status === 503 || (answer.status === 303 && answer.headers.get('location') === '/setup');
    expect(gated, `${method} ${path}: ${answer.status}`).toBe(true);
  }
  expect(fresh.errors).toEqual([]);
  await fresh.close();
});
