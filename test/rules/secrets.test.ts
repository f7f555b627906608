import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/app.ts';
import { issueSetupToken } from '../../src/core/setup/setup.ts';
import { createToken } from '../../src/core/tokens/tokens.ts';
import { createUser } from '../../src/core/users/users.ts';
import { isApiPath } from '../../src/http/api-path.ts';
import { createLog } from '../../src/lib/log.ts';
import { manualClock } from '../../src/lib/clock.ts';
import { testApp, type TestApp } from '../support/app.ts';
import { Jar } from '../support/jar.ts';

/** S13: secrets are planted, used in every way there is, and then looked for wherever anybody could read. */
const PASSWORD = 'canary password steamer';
const secrets: Record<string, string> = { password: PASSWORD };
const log: string[] = [];
let t: TestApp;
let jar: Jar;
let bearer: string;

beforeAll(async () => {
  t = testApp({ app: { log: createLog(manualClock().now, (_level, line) => void log.push(line)) } });
  secrets.setup = issueSetupToken(t.app).token;
  jar = new Jar(t, { headers: { 'accept-language': 'en' } });
  await jar.post('/setup', { token: secrets.setup, name: 'lin', password: PASSWORD, password2: PASSWORD });
  await t.app.sampler.tick();
  t.clock.advance(60_000);
  await t.app.sampler.tick();
  const offer = await (await jar.request('/account/totp')).text();
  secrets.totp = /id="totp-key"[^>]*>([^<]+)</.exec(offer)![1]!.replace(/ /g, '');
  const { Secret, TOTP } = await import('otpauth');
  const code = new TOTP({ secret: Secret.fromBase32(secrets.totp) }).generate({ timestamp: t.clock.now() });
  const sealed = /name="sealed" value="([^"]+)"/.exec(offer)![1]!;
  const codes = await (await jar.post('/account/totp', { sealed, code, current: PASSWORD })).text();
  [...codes.matchAll(/<code>([a-z0-9-]{14})<\/code>/g)].forEach(([, one], i) => (secrets[`recovery${i}`] = one!));
  const made = await (await jar.post('/account/tokens', { name: 'Grafana', role: 'admin', days: '', current: PASSWORD })).text();
  secrets.token = /value="(mantou_[\w-]{43})"/.exec(made)![1]!;
  bearer = secrets.token;
  const generated = await (await jar.post('/users', { name: 'eva', role: 'viewer', password: '' })).text();
  secrets.generated = /id="generated-password" value="([^"]+)"/.exec(generated)![1]!;
  // Kept for a registry, and used: to sign in, to fetch, to build.
  secrets.registry = 'canary-registry-token';
  expect((await jar.post('/images/registries', { host: 'ghcr.io', user: 'lin', password: secrets.registry })).status).toBe(303);
  const pull = await jar.post('/images/pull', { reference: 'ghcr.io/acme/shop:2026.11.3' });
  await t.app.tasks.settled(pull.headers.get('location')!.slice('/tasks/'.length));
  // Used and misused: sign-ins, wrong ones, sign-in with a recovery code, a bearer token in the wrong place.
  const second = new Jar(t, { peer: '10.0.0.9' });
  await second.post('/signin', { name: 'lin', password: PASSWORD });
  secrets.pending = second.cookies.get('mantou_pending')!;
  await second.post('/signin/code?recovery', { code: secrets.recovery0! });
  secrets.session = jar.cookies.get('mantou_session')!;
  secrets.session2 = second.cookies.get('mantou_session')!;
  await second.post('/signin', { name: secrets.generated, password: 'x' });
  await t.request(`/account?token=${secrets.token}`, { headers: { authorization: `Bearer ${secrets.token}` } });
  await createUser(t.app, SYSTEM, { name: 'third', role: 'viewer', password: PASSWORD });
  createToken(t.app, SYSTEM, { userId: t.as('viewer').userId, name: 'x', role: 'viewer', expiresInDays: 1 });
});
afterAll(() => t.close());

/** The names of the secrets that a text contains. Argon2 and SHA-256 of them may stand in the database, and nowhere else. */
const found = (text: string) => Object.entries(secrets).filter(([, value]) => text.includes(value)).map(([name]) => name);

test('there is something to look for', () => {
  expect(Object.keys(secrets)).toHaveLength(19);
  expect(Object.values(secrets).every((value) => value.length >= 14)).toBe(true);
});

test('S13 in no page and no answer of the API, also not their hashes', async () => {
  const users = (t.app.db.$client.query('SELECT id, password_hash, totp_secret FROM users').all() as { id: string; password_hash: string; totp_secret: string | null }[]);
  const hashes = [
    ...users.flatMap((user) => [user.password_hash, user.totp_secret]),
    ...(t.app.db.$client.query('SELECT token_hash AS h FROM sessions UNION SELECT token_hash FROM tokens UNION SELECT code_hash FROM recovery_codes').all() as { h: string }[]).map((row) => row.h),
  ].filter((hash): hash is string => Boolean(hash) && hash !== 'none');
  expect(hashes.length).toBeGreaterThan(12);
  for (const { method, path } of t.server.rules) {
    if (method !== 'GET' || path.includes('*')) continue;
    const paths = path.includes(':') ? users.map((user) => path.replace(/:\w+/, user.id)) : [path];
    for (const where of paths) {
      const answer = await (isApiPath(path) ? t.request(where, { headers: { authorization: `Bearer ${bearer}` } }) : jar.request(where));
      // These go on for ever.
      const endless = /\/(container-events|logs\/follow)$/.test(path) || /event-stream/.test(answer.headers.get('content-type') ?? '');
      const text = endless ? (void answer.body?.cancel(), '') : await answer.text();
      const head = JSON.stringify([...answer.headers].filter(([name]) => name !== 'set-cookie'));
      expect([where, found(text + head), hashes.filter((hash) => text.includes(hash))]).toEqual([where, [], []]);
    }
  }
});

test('S13 in no file: database, write-ahead log, task logs', () => {
  t.app.db.$client.run('PRAGMA wal_checkpoint(FULL)');
  const walk = (folder: string): string[] => readdirSync(folder).flatMap((name) => (statSync(join(folder, name)).isDirectory() ? walk(join(folder, name)) : [join(folder, name)]));
  const files = walk(t.app.config.dataDir);
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect([file, found(readFileSync(file).toString('latin1'))]).toEqual([file, []]);
});

test('S13 in no line of the log', () => {
  expect(found(log.join(''))).toEqual([]);
});

test('S13 in the audit log neither, and every action there has a text in both languages', async () => {
  const rows = t.app.db.$client.query('SELECT * FROM audit').all() as { action: string }[];
  expect(found(JSON.stringify(rows))).toEqual([]);
  const { en } = await import('../../src/i18n/en.ts');
  const { zhCN } = await import('../../src/i18n/zh-CN.ts');
  for (const { action } of rows) {
    expect([action, action in en.audit.actions, action in zhCN.audit.actions]).toEqual([action, true, true]);
    expect(en.audit.groups).toHaveProperty(action.split('.')[0]!);
  }
});
