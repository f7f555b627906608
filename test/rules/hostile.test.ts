import { afterAll, beforeAll, expect, test } from 'bun:test';
import { isApiPath } from '../../src/http/api-path.ts';
import { SYSTEM } from '../../src/core/app.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { passkeys } from '../../src/db/schema/users.ts';
import { HOSTILE, hostileApp, type HostileApp } from '../support/hostile.ts';

/**
 * S1 S14 S15 S22: every field of every form, every query and every header that is read is given what broke other panels.
 * Which fields there are is asked of the pages themselves: each form that an administrator can open is filled in with each text in turn.
 */
let t: HostileApp;
beforeAll(async () => {
  t = await hostileApp();
});
afterAll(() => t.end());

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

async function pages(): Promise<string[]> {
  const target = t.as('viewer', 'target').userId;
  t.app.db.insert(passkeys).values({ id: 'pk', userId: target, credentialId: 'c', publicKey: 'p', counter: 0, transports: [], name: 'k', createdAt: 1 }).run();
  const plain = t.server.rules.filter((rule) => rule.method === 'GET' && !rule.path.includes(':') && !rule.path.includes('*') && !isApiPath(rule.path)).map((rule) => rule.path);
  return [...plain.filter((path) => !path.endsWith('/stream')), `/users/${target}`];
}

async function allForms(): Promise<Map<string, Form>> {
  const found = new Map<string, Form>();
  for (const path of await pages()) {
    for (const ask of [t.person().request, t.request]) {
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
        const who = t.person();
        const path = form.method === 'get' ? `${form.action.split('?')[0]}?${query}` : form.action;
        const answer = await who.request(path, form.method === 'get' ? { headers: { 'accept-language': 'en' } } : { form: fields, peer: t.peer() });
        await t.judge(answer, text, `${key} ${name}=${JSON.stringify(text.slice(0, 60))}`);
      }
    }
  }
  expect(t.errors).toEqual([]);
}, 480_000);

test('S14 S15 S22 in every query', async () => {
  const names = ['q', 'sort', 'cursor', 'limit', 'range', 'next', 'done', 'since', 'offset', 'state', 'actor', 'action', 'target', 'result', 'from', 'to', 'at', 'format', 'group', 'who', 'recovery', 'expired', '__proto__'];
  for (const { method, path } of t.server.rules) {
    if (method !== 'GET' || path.includes(':') || path.includes('*')) continue;
    const who = t.person();
    const { token } = createToken(t.app, SYSTEM, { userId: who.userId, name: 'x', role: 'admin', expiresInDays: null });
    for (const text of HOSTILE.filter((one) => one.length < 2000)) {
      const query = names.map((name) => `${name}=${encodeURIComponent(text.toWellFormed())}`).join('&');
      const headers: Record<string, string> = { 'accept-language': 'en', ...(isApiPath(path) ? { authorization: `Bearer ${token}` } : {}) };
      await t.judge(await (isApiPath(path) ? t.request : who.request)(`${path}?${query}`, { headers }), text, `GET ${path} ${JSON.stringify(text)}`);
    }
  }
  expect(t.errors).toEqual([]);
}, 480_000);

test('S1 S14 S15 in the headers that are read', async () => {
  const browser = t.person();
  for (const text of HOSTILE.filter((one) => !/[\0\r\n]/.test(one) && one.length < 5000)) {
    const value = Buffer.from(text.toWellFormed()).toString('latin1');
    for (const name of ['user-agent', 'accept-language', 'cookie', 'referer', 'authorization', 'accept', 'hx-request', 'x-forwarded-for', 'x-forwarded-host', 'if-none-match', 'content-type', 'last-event-id']) {
      const cookie = `mantou_session=${browser.token}`;
      const headers: Record<string, string> = name === 'cookie' ? { cookie: `mantou_lang=${value}; mantou_theme=${value}; mantou_device=${value}; mantou_pending=${value}; ${cookie}` } : { cookie, [name]: value };
      for (const path of name === 'cookie' || name === 'referer' ? ['/signin', '/signin/code', '/account'] : ['/account']) await t.judge(await t.request(path, { headers }), text, `${name}: ${JSON.stringify(value.slice(0, 60))} ${path}`);
    }
  }
  expect(t.errors).toEqual([]);
}, 480_000);

test('S15 a hostile User-Agent is text where sessions are listed', async () => {
  const html = (userAgent: string) => t.request('/signin', { form: { name: 'x', password: 'y' }, headers: { 'user-agent': userAgent } });
  await html('<script>alert(1)</script>');
  t.app.db.$client.run('UPDATE sessions SET user_agent = ?', ['"><script>alert(1)</script>']);
  const page = await (await t.person().request('/account')).text();
  expect(page).not.toContain('<script>alert');
});

test('nothing was left behind', () => expect(t.leftBehind()).toEqual([]));
