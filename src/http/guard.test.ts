import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { Hono } from 'hono';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { live } from '../../test/support/live.ts';
import { hasUsers } from '../core/users/users.ts';
import { allow, open, routeRules } from './allow.ts';
import type { Env } from './env.ts';

let t: TestApp;
let admin: Browser;
let panel: ReturnType<typeof live>;
const cookie = () => `mantou_session=${admin.token}`;

beforeAll(() => {
  t = testApp({ config: { trustedProxies: ['10.0.0.1'], allowedHosts: ['panel.example'] } });
  admin = t.as('admin');
  expect(hasUsers(t.app)).toBe(true);
  panel = live(t);
});
afterAll(async () => {
  panel.stop();
  expect(t.errors).toEqual([]);
  await t.close();
});

/** Through a real socket, so that Bun's own reading of the request is part of it. */
const ask = (line: string, headers: Record<string, string>) =>
  panel.raw(`${line} HTTP/1.1\r\n${Object.entries({ host: `127.0.0.1:${panel.port}`, ...headers }).map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`);
const status = async (line: string, headers: Record<string, string> = {}) => Number((await ask(line, headers)).split(' ')[1]);

describe('S7 DNS rebinding', () => {
  test('a name that is not ours gets nothing, signed in or not', async () => {
    for (const host of ['evil.example', `evil.example:${panel.port}`, 'localhost.evil.example', '127.1']) {
      expect([host, await status('GET /account', { host, cookie: cookie() })]).toEqual([host, 403]);
      expect(await status('POST /signout', { host, origin: `http://${host}`, 'content-length': '0', cookie: cookie() })).toBe(403);
    }
    const answer = await ask('GET /', { host: 'evil.example', 'accept-language': 'en' });
    expect(answer).toContain('start it with --allowed-host evil.example');
    expect(answer).not.toContain(t.app.version);
    expect(answer).not.toContain('<');
  });

  test('an address, localhost and names that were allowed are known', async () => {
    for (const host of [`127.0.0.1:${panel.port}`, `localhost:${panel.port}`, '[::1]:80', 'panel.example', 'PANEL.example:443']) {
      expect([host, await status('GET /account', { host, cookie: cookie() })]).toEqual([host, 200]);
    }
  });

  test('a name of the certificate in use is known, what a wildcard covers is not', async () => {
    const facts = { fingerprint: '', notBefore: 0, notAfter: 9e15, selfSigned: false, names: ['box.lan', '*.example'] };
    const certified = testApp({ panel: { tls: true, certificate: () => facts } });
    const door = live(certified);
    for (const [host, code] of [['box.lan', 303], ['evil.box.lan', 403], ['mail.example', 403], ['*.example', 403]] as const) {
      const answer = await door.raw(`GET /account HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
      expect([host, Number(answer.split(' ')[1])]).toEqual([host, code]);
    }
    door.stop();
    await certified.close();
  });

  test('a Host header that cannot be read is answered with 400, not with a fault', async () => {
    for (const host of ['a b', 'user@127.0.0.1', '127.0.0.1/evil', '', `127.0.0.1:${panel.port}, evil.example`]) expect([host, await status('GET /account', { host, cookie: cookie() })]).toEqual([host, 400]);
    expect(await panel.raw('GET /account HTTP/1.0\r\n\r\n')).toStartWith('HTTP/1.1 400');
  });

  test('an absolute request line does not choose the host', async () => {
    expect(await status('GET http://127.0.0.1/account', { host: 'evil.example', cookie: cookie() })).toBe(403);
  });
});

describe('S7 requests of other sites', () => {
  const body = { 'content-length': '0' };

  test('a change needs our own Origin; none, another or "null" is refused', async () => {
    const foreign = ['http://evil.example', 'null', '', `https://127.0.0.1:${panel.port}`, 'http://127.0.0.1', `http://localhost:${panel.port}`, `http://127.0.0.1:${panel.port}, http://evil.example`];
    for (const origin of foreign) expect([origin, await status('POST /account/sessions/end-others', { ...body, cookie: cookie(), origin })]).toEqual([origin, 403]);
    expect(await status('POST /account/sessions/end-others', { ...body, cookie: cookie() })).toBe(403);
    expect(await status('POST /account/sessions/end-others', { ...body, cookie: cookie(), origin: panel.origin })).toBe(303);
    expect(await status('POST /account/sessions/end-others', { ...body, cookie: cookie(), 'sec-fetch-site': 'same-origin' })).toBe(303);
  });

  test('what Sec-Fetch-Site says must agree, also where Origin does not say', async () => {
    for (const site of ['cross-site', 'same-site', 'bogus']) {
      expect([site, await status('POST /signout', { ...body, cookie: cookie(), origin: panel.origin, 'sec-fetch-site': site })]).toEqual([site, 403]);
    }
    expect(await status('POST /signin', { ...body, 'sec-fetch-site': 'none' })).toBe(403);
  });

  test('every method but GET, HEAD and OPTIONS is a change', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND']) expect([method, await status(`${method} /account`, { cookie: cookie(), ...body })]).toEqual([method, 403]);
    expect(await status('HEAD /account', { cookie: cookie() })).toBe(200);
    expect(await status('OPTIONS /account', { cookie: cookie(), origin: 'http://evil.example' })).toBe(404);
  });

  test('a page of another site or port may link here, but neither load nor frame anything', async () => {
    const fetch = (site: string, mode: string, dest: string) => ({ cookie: cookie(), 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest });
    expect(await status('GET /account', fetch('cross-site', 'navigate', 'document'))).toBe(200);
    for (const site of ['cross-site', 'same-site']) {
      expect(await status('GET /account', fetch(site, 'no-cors', 'image'))).toBe(403);
      expect(await status('GET /account', fetch(site, 'cors', 'empty'))).toBe(403);
      expect(await status('GET /account', fetch(site, 'navigate', 'iframe'))).toBe(403);
      expect(await status('GET /tasks/stream', fetch(site, 'cors', 'empty'))).toBe(403);
    }
    expect(await status('GET /account', fetch('same-origin', 'cors', 'empty'))).toBe(200);
  });

  test('a link on another site leads to a page of ours first, since it brings no cookie, and that shows nothing', async () => {
    const answer = await ask('GET /users?q=%22%3E%3Cscript%3E', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' });
    expect(answer).toStartWith('HTTP/1.1 401');
    expect(answer).toContain('content="0;url=/signin?next=%2Fusers%3Fq%3D%2522%253E%253Cscript%253E"');
    expect(answer).not.toContain('<script>');
    // From there it is our own request, and /signin knows who is signed in.
    expect(await ask('GET /signin?next=%2Faccount', { cookie: cookie(), 'sec-fetch-site': 'same-origin' })).toMatch(/location: \/account\r/i);
  });

  test('a WebSocket is refused before the 101 unless its Origin is ours', async () => {
    const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', cookie: cookie() };
    for (const origin of [undefined, 'http://evil.example', 'null', `http://localhost:${panel.port}`]) {
      expect([origin, await status('GET /account', { ...upgrade, ...(origin ? { origin } : {}) })]).toEqual([origin, 403]);
    }
    expect(await status('GET /account', { ...upgrade, origin: panel.origin, 'sec-fetch-site': 'cross-site' })).toBe(403);
    // This path is no socket: past the guard it is an ordinary page.
    expect(await status('GET /account', { ...upgrade, origin: panel.origin })).toBe(200);
  });

  test('a bearer token opens only the API, and only without an Origin that is not ours', async () => {
    const bearer = { ...body, authorization: 'Bearer x' };
    expect(await status('POST /signout', { ...bearer, cookie: cookie() })).toBe(403);
    expect(await status('POST /api/v1/tokens', bearer)).toBe(401);
    expect(await status('POST /api/v1/tokens', { ...bearer, origin: 'http://evil.example' })).toBe(403);
    expect(await status('POST /api/v1/tokens', body)).toBe(403);
  });

  test('a session cookie means nothing to the API', async () => {
    expect(await status('GET /api/v1/users', { cookie: cookie() })).toBe(401);
  });
});

describe('S8 proxies', () => {
  const through = (peer: string, headers: Record<string, string>) => admin.request('/account', { peer, headers });

  test('forwarded headers of a stranger change neither address nor host nor scheme', async () => {
    const answer = await through('203.0.113.9', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-for': '1.2.3.4' });
    expect(answer.status).toBe(200);
    const body = await t.request('/signin', { peer: '203.0.113.9', headers: { 'x-forwarded-proto': 'https' } });
    expect(body.headers.getSetCookie()).toEqual([]);
  });

  test('those of the proxy count: its host must be known, its https makes cookies Secure', async () => {
    expect((await through('10.0.0.1', { 'x-forwarded-host': 'evil.example' })).status).toBe(403);
    const set = await t.request('/preferences', {
      peer: '10.0.0.1',
      form: { theme: 'dark' },
      headers: { 'x-forwarded-host': 'panel.example', 'x-forwarded-proto': 'https', origin: 'https://panel.example' },
    });
    expect(set.status).toBe(303);
    expect(set.headers.getSetCookie()[0]).toContain('Secure');
    const wrong = await t.request('/preferences', { peer: '10.0.0.1', form: { theme: 'dark' }, headers: { 'x-forwarded-host': 'panel.example', origin: 'http://panel.example' } });
    expect(wrong.status).toBe(303);
  });

  test('localhost is no exception: it needs a session as well', async () => {
    expect((await t.request('/account', { peer: '127.0.0.1' })).status).toBe(303);
    expect((await t.request('/account', { peer: '::1' })).status).toBe(303);
  });
});

describe('headers', () => {
  test('S7 S15 every answer, also an error, has them; no inline script, no frame, no other origin', async () => {
    for (const path of ['/account', '/signin', '/nothing-here', '/healthz', '/assets/x/none.js']) {
      const { headers } = await admin.request(path);
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(policy).toContain("form-action 'self'");
      expect(policy).not.toMatch(/unsafe-|https?:|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('the nonce is another one each time, and pages are never kept', async () => {
    const nonce = async () => /'nonce-([^']+)'/.exec((await admin.request('/account')).headers.get('content-security-policy')!)![1]!;
    const one = await nonce();
    expect(Buffer.from(one, 'base64')).toHaveLength(16);
    expect(await nonce()).not.toBe(one);
    expect((await admin.request('/account')).headers.get('cache-control')).toBe('no-store');
  });
});

test('S8 plain HTTP for a proxy is for that proxy and this machine, not for whoever finds the port', async () => {
  const plain = testApp({ config: { host: '0.0.0.0', trustedProxies: ['10.0.0.1'] } });
  plain.as('admin');
  const ask = async (peer: string, path: string, headers: Record<string, string> = {}) => (await plain.request(path, { peer, headers })).status;
  const spoofed = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '10.0.0.1' };
  for (const peer of ['203.0.113.5', '::ffff:203.0.113.5', '10.0.0.2', '']) {
    expect([peer, await ask(peer, '/signin')]).toEqual([peer, 403]);
    expect(await ask(peer, '/signin', spoofed)).toBe(403);
    expect(await ask(peer, '/api/v1/users')).toBe(403);
    expect(await ask(peer, '/healthz')).toBe(200);
  }
  for (const peer of ['10.0.0.1', '::ffff:10.0.0.1', '127.0.0.1', '::1']) expect([peer, await ask(peer, '/signin')]).toEqual([peer, 200]);
  await plain.close();
  const own = testApp({ config: { host: '0.0.0.0' }, panel: { tls: true } });
  own.as('admin');
  expect((await own.request('/signin', { peer: '203.0.113.5' })).status).toBe(200);
  await own.close();
});

describe('S6 routes without a rule', () => {
  const handler = (c: { text(text: string): Response }) => c.text('open');

  test('stop the panel from starting', () => {
    expect(() => routeRules(new Hono<Env>().get('/x', handler as never))).toThrow('GET /x');
    expect(() => routeRules(new Hono<Env>().get('/x', handler as never, allow('users.read')))).toThrow('GET /x');
    expect(() => routeRules(new Hono<Env>().all('/x', handler as never))).toThrow('ALL /x');
    expect(() => routeRules(new Hono<Env>().get('/x', handler as never).get('/x', open(), handler as never))).toThrow('GET /x');
  });

  test('are found with their rule otherwise', () => {
    const server = new Hono<Env>();
    server.use(async (_c, next) => void (await next()));
    server.route('/', new Hono<Env>().get('/x', allow('users.read'), handler as never).post('/y', open(), handler as never));
    expect(routeRules(server).map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /x', 'POST /y']);
  });
});
