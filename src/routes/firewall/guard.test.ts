import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import type { Actor } from '../../core/app.ts';
import { banOffenders } from '../../core/guard/ban.ts';
import { offenderOf } from '../../core/guard/counter.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { createToken } from '../../core/tokens/tokens.ts';
import { audit } from '../../db/schema/audit.ts';
import { AppError } from '../../lib/errors.ts';

let t: TestApp;
const start = () => (t = testApp());
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const FORM = { on: 'on', sshd: 'on', panel: 'on', failures: '6', minutes: '10', steps: '10m 1h 1d 1w', allow: '' };
const post = (path: string, form: Record<string, string>) => t.as('admin', crypto.randomUUID()).request(path, { form });
const read = async (path: string, role: 'viewer' | 'admin' = 'viewer') => (await t.as(role, crypto.randomUUID()).request(path)).text();
const ban = (address: string) => banOffenders(t.app, [{ offender: { ...offenderOf(address)!, seen: [{ at: t.clock.now(), text: '<script>alert(1)</script> from 1.2.3.4' }] }, source: 'sshd' }], []);

describe('refusals', () => {
  test('S6 viewers and operators look and change nothing', async () => {
    start();
    await ban('198.18.0.9');
    for (const role of ['viewer', 'operator'] as const) {
      const who = t.as(role, role);
      const html = await (await who.request('/firewall/guard')).text();
      expect([html.includes('198.18.0.9'), html.includes('/lift'), html.includes('type="submit">Save') || html.includes('Save\n')]).toEqual([true, false, false]);
      for (const path of ['/firewall/guard', '/firewall/guard/bans/1/lift', '/firewall/guard/fail2ban/postfix-sasl/ban']) expect((await who.request(path, { form: FORM })).status).toBe(403);
    }
  });

  test('S2 S3 S22 what does not fit is said at its field, and nothing is saved', async () => {
    start();
    for (const [field, value] of [
      ['failures', '1'], ['failures', '1e9'], ['minutes', '0'], ['minutes', '-5'], ['steps', ''], ['steps', 'soon'], ['steps', '10'], ['steps', '0m'], ['steps', '9999999w'], ['steps', '1m '.repeat(11)],
      ['allow', '1.2.3.4\n-x'], ['allow', 'fe80::1%eth0'], ['allow', '0x7f.1'], ['allow', 'x'.repeat(200)],
    ] as const) {
      const answer = await post('/firewall/guard', { ...FORM, [field]: value });
      expect([field, value, answer.status, (await answer.text()).includes(`f-${field}-error`)]).toEqual([field, value, 422, true]);
    }
    expect(getSetting(t.app, 'guardOn')).toBe(false);
  });

  test('S11 an allow-list may be as wide as one likes, and wins', async () => {
    start();
    expect((await post('/firewall/guard', { ...FORM, allow: '0.0.0.0/0\n::/0' })).status).toBe(303);
    expect(await ban('198.18.0.9')).toMatchObject([{ why: 'allowed' }]);
  });

  test('S2 jails and addresses of fail2ban that are none', async () => {
    start();
    for (const jail of ['--help', '-x', '..', 'a%20b', 'nojail', 'x'.repeat(100)]) expect([jail, (await post(`/firewall/guard/fail2ban/${jail}/ban`, { address: '198.18.0.9' })).status]).toEqual([jail, 404]);
    for (const address of ['', '--all', '1.2.3.4; id', 'fe80::1%eth0', '1.2.3.0/24', '203.0.113.10', '127.0.0.1']) expect([address, (await post('/firewall/guard/fail2ban/postfix-sasl/ban', { address })).status]).toEqual([address, 422]);
  });
});

test('it is turned on, with what it listens to and how long it bans', async () => {
  start();
  expect(await read('/firewall/guard')).toContain('The guard is off');
  const { panel: _panel, ...form } = FORM;
  expect((await post('/firewall/guard', { ...form, failures: '4', steps: '90m, 2d', allow: '198.51.100.9/24\n\n 198.51.100.0/24 \n2001:DB8::1' })).status).toBe(303);
  expect((['guardOn', 'guardSources', 'guardFailures', 'guardSteps', 'neverBlocked'] as const).map((key) => getSetting(t.app, key))).toEqual([true, ['sshd'], 4, [90, 2880], ['198.51.100.0/24', '2001:db8::1']]);
  const html = await read('/firewall/guard', 'admin');
  for (const words of ['value="90m 2d"', '198.51.100.0/24\n2001:db8::1']) expect(html).toContain(words);
  expect(t.app.db.select().from(audit).all().filter(({ action }) => action === 'guard.change')).toHaveLength(1);
});

test('what this system does not have is not offered, and stays in the settings as it is', async () => {
  start();
  expect(await read('/firewall/guard')).toContain('name="rdp"');
  const { sources } = t.app.host.signIns;
  Object.assign(t.app.host, { signIns: { sources: sources.filter(({ service }) => service === 'sshd') } });
  const html = await read('/firewall/guard');
  expect(['sshd', 'rdp', 'panel'].map((name) => html.includes(`name="${name}"`))).toEqual([true, false, true]);
  const { sshd: _sshd, ...form } = FORM;
  expect((await post('/firewall/guard', form)).status).toBe(303);
  expect(getSetting(t.app, 'guardSources')).toEqual(['rdp', 'panel']);
});

test('S13 what was typed as a name, and may be a password, is shown to who may read logs alone', async () => {
  start();
  await ban('198.18.0.9');
  for (const role of ['viewer', 'operator', 'admin'] as const) {
    const { userId } = t.as(role, role);
    const owner: Actor = { kind: 'user', userId, name: role, role, sessionId: null, tokenId: null, ip: '127.0.0.1' };
    const { token } = createToken(t.app, owner, { name: 'test', role, expiresInDays: null });
    const call = async (path: string) => (await t.request(`/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).text();
    const texts = [await call('/firewall/guard/bans'), await call('/firewall/guard/bans/1')];
    for (const path of ['/firewall/guard', '/firewall/guard/bans/1']) texts.push(await (await t.as(role, crypto.randomUUID()).request(path)).text());
    for (const text of texts) expect([role, text.includes('198.18.0.9'), text.includes('from 1.2.3.4')]).toEqual([role, true, role === 'admin']);
    expect([role, texts.at(-1)!.includes('id="seen"')]).toEqual([role, role === 'admin']);
  }
});

test('S15 who is banned, why, and how it is lifted', async () => {
  start();
  await ban('198.18.0.9');
  await ban('2001:db8:7:7::1');
  const html = await read('/firewall/guard');
  for (const words of ['198.18.0.9', '2001:db8:7:7::/64', 'Banned now (2)', '10 min left']) expect([words, html.includes(words)]).toEqual([words, true]);
  for (const [q, found] of [['198.18.0.9', true], ['198.18.0', true], ['2001:db8:7:7:9::3', false], ['198.18.0.8', false]] as const) expect([q, (await read(`/firewall/guard?q=${q}`)).includes('<span class="mono">198.18.0.9')]).toEqual([q, found]);
  const one = await read('/firewall/guard/bans/1', 'admin');
  expect([one.includes('<script>alert'), one.includes('&lt;script&gt;alert(1)')]).toEqual([false, true]);
  expect(await read('/firewall/guard/bans/1/lift', 'admin')).toContain('nft delete element inet mantou_blocks v4');
  expect((await post('/firewall/guard/bans/1/lift', {})).status).toBe(303);
  expect((await post('/firewall/guard/bans/1/lift', {})).status).toBe(422);
  expect((await post('/firewall/guard/bans/99/lift', {})).status).toBe(404);
  expect(await read('/firewall/guard')).not.toContain('198.18.0.9');
  expect(await read('/firewall/guard?show=all')).toContain('lifted by');
});

test('jails of fail2ban: shown, banned in, lifted; what it says instead of answering is shown too', async () => {
  start();
  expect((await post('/firewall/guard/fail2ban/postfix-sasl/ban', { address: '198.18.0.9' })).status).toBe(303);
  expect(await read('/firewall/guard')).toContain('198.18.0.9');
  expect(await read('/firewall/guard/fail2ban/postfix-sasl/unban?address=198.18.0.9', 'admin')).toContain('fail2ban-client set postfix-sasl unbanip 198.18.0.9');
  expect((await post('/firewall/guard/fail2ban/postfix-sasl/unban', { address: '198.18.0.9' })).status).toBe(303);
  expect(await read('/firewall/guard')).not.toContain('198.18.0.9');
  t.app.host.fail2ban.jails = () => Promise.reject(new AppError('unavailable', (m) => m.errors.toolFailed({ tool: 'fail2ban-client', code: 255 }), { detail: 'Failed to access socket path' }));
  const html = await read('/firewall/guard');
  for (const words of ['fail2ban-client ended with code 255', 'Failed to access socket path', 'Ban who guesses passwords']) expect(html).toContain(words);
});
