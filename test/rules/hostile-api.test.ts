import { afterAll, beforeAll, expect, test } from 'bun:test';
import { isApiPath } from '../../src/http/api-path.ts';
import { SYSTEM } from '../../src/core/app.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { ORIGIN } from '../support/app.ts';
import { HOSTILE, hostileApp, type HostileApp } from '../support/hostile.ts';

/** S1 S4 S14 S15 S22: every field of the JSON API, every id in a path and every body is given what broke other panels. */
let t: HostileApp;
beforeAll(async () => {
  t = await hostileApp();
});
afterAll(() => t.end());

test('S1 S14 in every field of the JSON API', async () => {
  const admin = t.person();
  const bearer = (userId: string) => ({ authorization: `Bearer ${createToken(t.app, SYSTEM, { userId, name: 'x', role: 'admin', expiresInDays: null }).token}` });
  const { paths } = (await (await t.request('/api/v1/openapi.json', { headers: bearer(admin.userId) })).json()) as never as {
    paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: { properties?: Record<string, { type?: string; enum?: string[] }> } }> } }>>;
  };
  let asked = 0;
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, { requestBody }] of Object.entries(methods)) {
      const properties = requestBody?.content['application/json']?.schema.properties ?? {};
      const plain = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, one.enum?.[0] ?? (one.type === 'string' ? 'x' : one.type === 'boolean' ? false : one.type === 'array' ? [] : 1)]));
      for (const name of Object.keys(properties)) {
        for (const [i, text] of HOSTILE.entries()) {
          // As a list and as a key only some: schemas refuse these before anybody reads what is in them.
          for (const value of i % 4 === 0 ? [text, [text], { [text.toWellFormed()]: text }] : [text]) {
            const who = t.person();
            const where = `/api/v1${path.replace(/^\/api\/v1/, '')}`.replace(/\{\w+\}/g, who.userId);
            const answer = await t.request(where, { method: method.toUpperCase(), headers: { ...bearer(who.userId), 'content-type': 'application/json' }, body: JSON.stringify({ ...plain, [name]: value }) });
            asked++;
            await t.judge(answer, text, `${method} ${where} ${name}=${JSON.stringify(value).slice(0, 60)}`);
          }
        }
      }
    }
  }
  expect(asked).toBeGreaterThan(500);
  expect(t.errors).toEqual([]);
}, 480_000);

test('S1 S4 S14 S15 as an id in the path of every route', async () => {
  for (const { method, path } of t.server.rules) {
    if (!path.includes(':') && !path.includes('*')) continue;
    for (const text of HOSTILE.filter((one) => one.length < 1000 && one.isWellFormed() && one.trim() && !/^\.+$/.test(one))) {
      const where = path.replace(/:\w+(\{[^}]*\})?|\*/g, () => encodeURIComponent(text));
      const who = t.person();
      const api: Record<string, string> = isApiPath(path)
        ? { authorization: `Bearer ${createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role: 'admin', expiresInDays: null }).token}` }
        : { origin: ORIGIN };
      await t.judge(await (isApiPath(path) ? t.request : who.request)(where, { method, headers: api }), text, `${method} ${where}`);
    }
  }
  expect(t.errors).toEqual([]);
}, 480_000);

test('S22 bodies that are no form or no JSON', async () => {
  const bodies: [string, string][] = [
    ['application/json', '{"name":'], ['application/json', '[[[[[[[['], ['application/json', `${'['.repeat(50_000)}`], ['application/json', '{"__proto__":{"role":"admin"}}'],
    ['multipart/form-data; boundary=x', '--x\r\nbroken'], ['multipart/form-data', 'no boundary'], ['application/x-www-form-urlencoded', '%zz=%zz&a[b]=c&name=1&name=2'], ['text/plain', 'x'], ['', ''],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\nfile\r\n--x--'],
  ];
  for (const { method, path } of t.server.rules) {
    if (method === 'GET') continue;
    for (const [type, body] of bodies) {
      const who = t.person();
      const { token } = createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role: 'admin', expiresInDays: null });
      const headers: Record<string, string> = { ...(type ? { 'content-type': type } : {}), ...(isApiPath(path) ? { authorization: `Bearer ${token}` } : { origin: ORIGIN }) };
      const where = path.replace(/:\w+/g, 'none');
      await t.judge(await (isApiPath(path) ? t.request : who.request)(where, { method, headers, body, peer: t.peer() }), '', `${method} ${path} ${type} ${body.slice(0, 40)}`);
    }
  }
  expect(t.errors).toEqual([]);
}, 480_000);

test('nothing was left behind', () => expect(t.leftBehind()).toEqual([]));
