import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isApiPath } from '../../src/http/person.ts';
import { SYSTEM } from '../../src/core/app.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { passkeys } from '../../src/db/schema/users.ts';
import { ORIGIN, testApp, type TestApp } from '../support/app.ts';

/**
 * S1 S14 S15 S22: every field of every route is given what broke other panels. Which fields there are is asked of the
 * pages themselves: each form that an administrator can open is filled in with each text in turn.
 */
const folder = mkdtempSync(join(tmpdir(), 'mantou-hostile-'));
const canary = join(folder, 'canary');
const touch = `touch ${canary}`;

const HOSTILE: readonly string[] = [
  `; ${touch}`, `| ${touch}`, `& ${touch} &`, `$(${touch})`, `\`${touch}\``, `'; ${touch} #`, `"; ${touch} #`, `\n${touch}\n`, `\r\n${touch}\r\n`,
  `%COMSPEC% /c ${touch}`, `^& ${touch}`, '-rf', '--checkpoint-action=exec=sh', '--', '../../../../etc/passwd', '..\\..\\windows', '/etc/passwd\0.png',
  `' OR '1'='1`, `'; DROP TABLE users; --`, `" UNION SELECT password_hash FROM users --`, `name) VALUES ('x`, '%', '_', '\\',
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', `' onfocus=alert(1) autofocus='`, '</title><svg/onload=alert(1)>', '</script><script>alert(1)</script>',
  'javascript:alert(1)', '{{constructor.constructor("alert(1)")()}}', '${7*7}', '<!--', ']]>', '&lt;b&gt;',
  '\0', '\u202Etxt.exe', '\uFEFF', '\uD800', 'a\u0301'.repeat(200), '名'.repeat(300), 'x'.repeat(70_000), ' ', '\t', '-1', '1e999', 'NaN', '99999999999999999999', '0x10', '[]', '{}', 'null', '__proto__', 'constructor', 'toString',
];

let t: TestApp;
beforeAll(async () => {
  t = testApp();
  t.as('admin', 'first');
  await t.app.sampler.tick();
  t.clock.advance(1000);
  await t.app.sampler.tick();
});
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Form {
  method: 'get' | 'post';
  action: string;
  fields: Record<string, string>;
}

const decode = (text: string) => text.replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
const attribute = (tag: string, name: string) => decode(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '');

/** The forms of a page with their named controls and what they hold. */
function formsOf(html: string, page: string): Form[] {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head = '', body = '']) => {
    const fields: Record<string, string> = {};
    for (const [tag] of body.matchAll(/<(?:input|select|textarea|button)\b[^>]*>/g)) {
      const name = attribute(tag, 'name');
      if (name && !(name in fields)) fields[name] = attribute(tag, 'value');
    }
    return { method: attribute(` ${head}`, 'method').toLowerCase() === 'post' ? 'post' : 'get', action: attribute(` ${head}`, 'action').split('#')[0] || page, fields };
  });
}

/** A new administrator for each request, in place of the one before: what it does to its own account spoils nothing. */
let made = 0;
function person() {
  t.app.db.$client.run("DELETE FROM users WHERE name LIKE 'fuzz%'");
  return t.as('admin', `fuzz${made++}`);
}

async function pages(): Promise<string[]> {
  const target = t.as('viewer', 'target').userId;
  t.app.db.insert(passkeys).values({ id: 'pk', userId: target, credentialId: 'c', publicKey: 'p', counter: 0, transports: [], name: 'k', createdAt: 1 }).run();
  const plain = t.server.rules.filter((rule) => rule.method === 'GET' && !rule.path.includes(':') && !rule.path.includes('*') && !isApiPath(rule.path)).map((rule) => rule.path);
  return [...plain.filter((path) => !path.endsWith('/stream')), `/users/${target}`];
}

async function allForms(): Promise<Map<string, Form>> {
  const found = new Map<string, Form>();
  for (const path of await pages()) {
    for (const ask of [person().request, t.request]) {
      const answer = await ask(path);
      if (!answer.headers.get('content-type')?.startsWith('text/html')) continue;
      for (const form of formsOf(await answer.text(), path)) {
        const key = `${form.method} ${form.action.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, ':id')} ${Object.keys(form.fields).sort()}`;
        if (!found.has(key)) found.set(key, form);
      }
    }
  }
  return found;
}

/** An answer to hostile text: a refusal or a success, never a fault, never the text as markup, never a command run. */
async function judge(answer: Response, text: string, what: string) {
  // Streams may go on for ever.
  const body = /^(text\/event-stream|application\/x-ndjson)/.test(answer.headers.get('content-type') ?? '') ? void answer.body?.cancel() : await answer.text();
  expect(answer.status, `${what}: ${t.errors.at(-1) ?? ''}`).not.toBe(500);
  if (body && answer.headers.get('content-type')?.startsWith('text/html') && /[<>"]/.test(text)) {
    for (const bad of ['<script>alert', '<img src=x', '<svg/onload', ' onfocus=alert(1) autofocus=\'"', '"><img']) if (text.includes(bad)) expect(body.includes(bad), `${what}: comes back as markup`).toBe(false);
  }
  expect(answer.headers.get('location') ?? '/', what).toMatch(/^\/(?![/\\])/);
  expect(existsSync(canary), `${what} ran a command`).toBe(false);
}

describe('hostile text', () => {
  test('S1 S14 S15 in every field of every form', async () => {
    const forms = await allForms();
    // Argon2 work would be most of the time; those fields have tests of their own and get a few.
    const costly = new Set(['/signin', '/account/password', '/account/totp/off', '/account/totp/recovery', '/users']);
    expect(forms.size).toBeGreaterThan(20);
    for (const [key, form] of forms) {
      const texts = costly.has(form.action) ? HOSTILE.filter((_, i) => i % 9 === 0) : HOSTILE;
      for (const name of Object.keys(form.fields)) {
        for (const text of texts) {
          const fields = { ...form.fields, [name]: text };
          const query = new URLSearchParams(fields).toString();
          const who = person();
          const path = form.method === 'get' ? `${form.action.split('?')[0]}?${query}` : form.action;
          const answer = await who.request(path, form.method === 'get' ? { headers: { 'accept-language': 'en' } } : { form: fields, peer: `10.${made >> 16}.${(made >> 8) & 255}.${made & 255}` });
          await judge(answer, text, `${key} ${name}=${JSON.stringify(text.slice(0, 60))}`);
        }
      }
    }
    expect(t.errors).toEqual([]);
  }, 240_000);

  test('S1 S14 in every field of the JSON API', async () => {
    const admin = person();
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
              const who = person();
              const where = `/api/v1${path.replace(/^\/api\/v1/, '')}`.replace(/\{\w+\}/g, who.userId);
              const answer = await t.request(where, { method: method.toUpperCase(), headers: { ...bearer(who.userId), 'content-type': 'application/json' }, body: JSON.stringify({ ...plain, [name]: value }) });
              asked++;
              await judge(answer, text, `${method} ${where} ${name}=${JSON.stringify(value).slice(0, 60)}`);
            }
          }
        }
      }
    }
    expect(asked).toBeGreaterThan(500);
    expect(t.errors).toEqual([]);
  }, 240_000);

  test('S1 S4 S14 S15 as an id in the path of every route', async () => {
    for (const { method, path } of t.server.rules) {
      if (!path.includes(':') && !path.includes('*')) continue;
      for (const text of HOSTILE.filter((one) => one.length < 1000 && one.isWellFormed() && one.trim() && !/^\.+$/.test(one))) {
        const where = path.replace(/:\w+(\{[^}]*\})?|\*/g, () => encodeURIComponent(text));
        const who = person();
        const api: Record<string, string> = isApiPath(path)
          ? { authorization: `Bearer ${createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role: 'admin', expiresInDays: null }).token}` }
          : { origin: ORIGIN };
        await judge(await (isApiPath(path) ? t.request : who.request)(where, { method, headers: api }), text, `${method} ${where}`);
      }
    }
    expect(t.errors).toEqual([]);
  }, 240_000);

  test('S14 S15 S22 in every query', async () => {
    const names = ['q', 'sort', 'cursor', 'limit', 'range', 'next', 'done', 'since', 'offset', 'state', 'actor', 'action', 'target', 'result', 'from', 'to', 'at', 'format', 'group', 'who', 'recovery', 'expired', '__proto__'];
    for (const { method, path } of t.server.rules) {
      if (method !== 'GET' || path.includes(':') || path.includes('*')) continue;
      const who = person();
      const { token } = createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role: 'admin', expiresInDays: null });
      for (const text of HOSTILE.filter((one) => one.length < 2000)) {
        const query = names.map((name) => `${name}=${encodeURIComponent(text.toWellFormed())}`).join('&');
        const headers: Record<string, string> = { 'accept-language': 'en', ...(isApiPath(path) ? { authorization: `Bearer ${token}` } : {}) };
        await judge(await (isApiPath(path) ? t.request : who.request)(`${path}?${query}`, { headers }), text, `GET ${path} ${JSON.stringify(text)}`);
      }
    }
    expect(t.errors).toEqual([]);
  }, 240_000);

  test('S1 S14 S15 in the headers that are read', async () => {
    const browser = person();
    for (const text of HOSTILE.filter((one) => !/[\0\r\n]/.test(one) && one.length < 5000)) {
      const value = Buffer.from(text.toWellFormed()).toString('latin1');
      for (const name of ['user-agent', 'accept-language', 'cookie', 'referer', 'authorization', 'accept', 'hx-request', 'x-forwarded-for', 'x-forwarded-host', 'if-none-match', 'content-type', 'last-event-id']) {
        const cookie = `mantou_session=${browser.token}`;
        const headers: Record<string, string> = name === 'cookie' ? { cookie: `mantou_lang=${value}; mantou_theme=${value}; mantou_device=${value}; mantou_pending=${value}; ${cookie}` } : { cookie, [name]: value };
        for (const path of name === 'cookie' || name === 'referer' ? ['/signin', '/signin/code', '/account'] : ['/account']) await judge(await t.request(path, { headers }), text, `${name}: ${JSON.stringify(value.slice(0, 60))} ${path}`);
      }
    }
    expect(t.errors).toEqual([]);
  }, 240_000);

  test('S15 a hostile User-Agent is text where sessions are listed', async () => {
    const html = (userAgent: string) => t.request('/signin', { form: { name: 'x', password: 'y' }, headers: { 'user-agent': userAgent } });
    await html('<script>alert(1)</script>');
    t.app.db.$client.run('UPDATE sessions SET user_agent = ?', ['"><script>alert(1)</script>']);
    const page = await (await person().request('/account')).text();
    expect(page).not.toContain('<script>alert');
  });

  test('S22 bodies that are no form or no JSON', async () => {
    const bodies: [string, string][] = [
      ['application/json', '{"name":'], ['application/json', '[[[[[[[['], ['application/json', `${'['.repeat(50_000)}`], ['application/json', '{"__proto__":{"role":"admin"}}'],
      ['multipart/form-data; boundary=x', '--x\r\nbroken'], ['multipart/form-data', 'no boundary'], ['application/x-www-form-urlencoded', '%zz=%zz&a[b]=c&name=1&name=2'], ['text/plain', 'x'], ['', ''],
      ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\nfile\r\n--x--'],
    ];
    for (const { method, path } of t.server.rules) {
      if (method === 'GET') continue;
      for (const [type, body] of bodies) {
        const who = person();
        const { token } = createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role: 'admin', expiresInDays: null });
        const headers: Record<string, string> = { ...(type ? { 'content-type': type } : {}), ...(isApiPath(path) ? { authorization: `Bearer ${token}` } : { origin: ORIGIN }) };
        const where = path.replace(/:\w+/g, 'none');
        await judge(await (isApiPath(path) ? t.request : who.request)(where, { method, headers, body, peer: `11.${made >> 16}.${(made >> 8) & 255}.${made & 255}` }), '', `${method} ${path} ${type} ${body.slice(0, 40)}`);
      }
    }
    expect(t.errors).toEqual([]);
  }, 240_000);

  test('nothing was left behind', () => expect(readdirSync(folder)).toEqual([]));
});
