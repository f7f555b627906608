import { afterEach, expect, test } from 'bun:test';
import { listAudit } from '../../test/support/audit.ts';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import type { Actor } from '../core/app.ts';
import { lookAtArmed } from '../core/armed/tend.ts';
import { createToken } from '../core/tokens/tokens.ts';
import { AppError } from '../lib/errors.ts';
import type { RuleAction } from '../platform/firewall.ts';
import type { FakeHost } from '../platform/fake/host.ts';
import { MAIN, OWN } from '../platform/ssh-server/config.ts';

let panel: TestApp;
let admin: Browser;
function start() {
  panel = testApp();
  admin = panel.as('admin', 'lin');
}
afterEach(async () => {
  expect(panel.errors).toEqual([]);
  await panel.close();
});

const EN = { 'accept-language': 'en' };
const texts = () => (panel.app.host as FakeHost & { sshServer: { texts: Map<string, string> } }).sshServer.texts;
const page = async () => (await admin.request('/system/ssh', { headers: EN })).text();
const hash = async () => /name="hash" value="([^"]*)"/.exec(await page())![1]!;
const FORM = { ports: '22', listenAddresses: '', permitRootLogin: 'yes', pubkeyAuthentication: 'on', passwordAuthentication: 'on', allowTcpForwarding: 'yes', x11Forwarding: 'on', maxAuthTries: '6' };
async function send(step: string, change: Record<string, string> = {}) {
  const answer = await admin.request('/system/ssh', { form: { ...FORM, hash: await hash(), do: step, ...change }, headers: EN });
  return { status: answer.status, html: await answer.text() };
}

test('S6 operators see nothing of it', async () => {
  start();
  const operator = panel.as('operator');
  expect((await operator.request('/system/ssh')).status).toBe(403);
  expect((await operator.request('/system/ssh', { form: FORM })).status).toBe(403);
});

test('the page: what counts, whence, who may sign in, what stays as it is', async () => {
  start();
  const html = await page();
  for (const text of ['/etc/ssh/sshd_config:6', 'default of sshd', 'SHA256:mVPwvezndPv', 'Match User backup', 'ssh.service: runs', '1,893 sent away', 'deploy']) expect(html).toContain(text);
});

test('a review writes nothing; what does not fit comes back with what was typed', async () => {
  start();
  const before = new Map(texts());
  const review = await send('review', { ports: '2222' });
  expect([review.status, review.html.includes('Port 2222'), review.html.includes('See that port 2222 is open there')]).toEqual([200, true, true]);
  const wrong = await send('review', { ports: '22\nPermitRootLogin yes', maxAuthTries: '6' });
  expect([wrong.status, wrong.html.includes('Enter 1 to 16 different ports')]).toEqual([422, true]);
  const back = await send('back', { ports: '2222', passwordAuthentication: '' });
  expect([back.status, /name="ports"[^>]*value="2222"/.test(back.html)]).toEqual([200, true]);
  expect((await send('review')).html).toContain('Nothing was changed.');
  expect(texts()).toEqual(before);
});

test('of a new port it is told where a firewall, whichever it is, does not let everybody in', async () => {
  start();
  const { firewall } = panel.app.host;
  const before = await firewall.read();
  const rule = (action: RuleAction, port: number, source: string | null = null) => ({ ...before.rules[0]!, spec: { ...before.rules[0]!.spec!, action, protocol: 'tcp' as const, ports: [{ from: port, to: port }], source, family: 'both' as const } });
  const rules = [...before.rules.filter(({ spec }) => spec?.source), rule('allow', 2222), rule('limit', 2223), rule('allow', 2224, '10.0.0.0/8')];
  firewall.read = async () => ({ ...before, provider: 'nftables', rules });
  const told = async (ports: string) => /The firewall \([^<]*\) runs\. See that port [\d, ]+/.exec((await send('review', { ports })).html)?.[0];
  expect(await told('2222, 2223')).toBeUndefined();
  expect(await told('2222, 2224, 2225')).toBe('The firewall (nftables) runs. See that port 2224, 2225 ');
  firewall.read = async () => ({ ...before, provider: 'nftables', rules, alsoActive: ['ufw'] });
  expect(await told('2222')).toBe('The firewall (nftables) runs. See that port 2222 ');
  firewall.read = async () => ({ ...before, active: false });
  expect(await told('2225')).toBeUndefined();
  firewall.read = () => Promise.reject(new AppError('unavailable', (t) => t.firewall.cannot));
  expect(await told('2222')).toBe('The firewall (ufw) runs. See that port 2222 ');
});

test('applied, it is armed; nobody keeps it, and the files are as they were', async () => {
  start();
  const before = new Map(texts());
  expect((await send('apply', { ports: '2222', permitRootLogin: 'no' })).status).toBe(303);
  expect(texts().get(OWN)).toContain('Port 2222\nPermitRootLogin no\n');
  expect(await page()).toContain('SSH server: Port 22 → 2222; PermitRootLogin yes → no.');
  expect((await send('apply', { ports: '2223' })).status).toBe(409);
  panel.clock.advance(60_000);
  await lookAtArmed(panel.app);
  expect(texts()).toEqual(before);
  expect(listAudit(panel.app).map(({ action }) => action)).toEqual(['armed.arm', 'ssh_server.change', 'armed.revert']);
  expect(listAudit(panel.app)[1]!.commands).toEqual([`write ${OWN}`, '/usr/bin/systemctl reload-or-restart ssh.service']);
});

test('what is in the panel’s file stays there, and a setting of the main file that comes first is made a comment', async () => {
  start();
  texts().set(MAIN, `MaxAuthTries 3\n${texts().get(MAIN)!}`);
  await send('apply', { ports: '2222', maxAuthTries: '3' });
  const id = /\/armed\/([0-9a-f-]{36})\/keep/.exec(await page())![1]!;
  await admin.request(`/armed/${id}/keep`, { form: { next: '/system/ssh' } });
  expect((await send('apply', { ports: '2222', maxAuthTries: '4' })).status).toBe(303);
  expect(texts().get(OWN)).toContain('Port 2222\nMaxAuthTries 4\n');
  expect(texts().get(MAIN)).toStartWith('# Set in 00-mantou.conf: MaxAuthTries 3\n');
});

test('what the API answers can be sent back, whatever names of groups the files have', async () => {
  start();
  texts().set(MAIN, `AllowGroups admins@corp.example\n${texts().get(MAIN)!}`);
  const owner: Actor = { kind: 'user', userId: admin.userId, name: 'lin', role: 'admin', sessionId: null, tokenId: null, ip: '127.0.0.1' };
  const { token } = createToken(panel.app, owner, { name: 'ssh', role: 'admin', expiresInDays: null });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await panel.request(`/api/v1/system/ssh${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: answer.status, body: (await answer.json()) as { settings: object; lists: object[]; changed: string[] } };
  };
  const { body } = await call('GET', '');
  expect(body.lists).toEqual([{ keyword: 'AllowGroups', values: ['admins@corp.example'] }]);
  const review = await call('POST', '/review', { settings: { ...body.settings, maxAuthTries: 3 } });
  expect([review.status, review.body.changed]).toEqual([200, ['maxAuthTries']]);
});

test('whoever locks out everybody has to say that they know', async () => {
  start();
  const nothing = { pubkeyAuthentication: '', passwordAuthentication: '' };
  const { pubkeyAuthentication: _a, passwordAuthentication: _b, ...rest } = FORM;
  const form = async (more = {}) => admin.request('/system/ssh', { form: { ...rest, hash: await hash(), do: 'apply', ...more }, headers: EN });
  expect(nothing).toBeDefined();
  const refused = await form();
  expect([refused.status, (await refused.text()).includes('With neither keys nor passwords')]).toEqual([409, true]);
  expect(texts().has(OWN)).toBe(false);
  expect((await form({ sure: 'on' })).status).toBe(303);
});

test('files that somebody changed meanwhile, and a configuration that is broken', async () => {
  start();
  const old = await hash();
  texts().set(MAIN, `${texts().get(MAIN)!}# by hand\n`);
  const late = await send('apply', { ports: '2222', hash: old });
  expect([late.status, late.html.includes('meanwhile')]).toEqual([409, true]);
  texts().set(MAIN, 'PasswordAuthentication perhaps\n');
  const broken = await admin.request('/system/ssh', { headers: EN });
  expect([broken.status, (await broken.text()).includes('sshd_config line 1')]).toEqual([503, true]);
});

test('a server that does not answer at its new port gets its files back at once', async () => {
  start();
  const before = new Map(texts());
  panel.app.host.sshServer.answers = async () => false;
  const answer = await send('apply', { ports: '2222' });
  expect([answer.status, answer.html.includes('does not answer at port 2222')]).toEqual([503, true]);
  expect(texts()).toEqual(before);
  expect(listAudit(panel.app).map(({ action, result }) => `${action} ${result}`)).toEqual(['armed.arm ok', 'ssh_server.change failed', 'armed.revert ok']);
});

test.each(['none', 'rights', 'system'] as const)('where there is nothing to set, the page says why: %s', async (why) => {
  start();
  panel.app.host.sshServer.read = async () => why;
  const answer = await admin.request('/system/ssh', { headers: EN });
  expect([answer.status, /class="empty/.test(await answer.text())]).toEqual([200, true]);
  expect((await admin.request('/system/ssh', { form: { ...FORM, do: 'apply' } })).status).toBe(501);
});
