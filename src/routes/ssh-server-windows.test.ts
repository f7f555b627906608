import { afterEach, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { listAudit } from '../../test/support/audit.ts';
import { testApp, type Browser, type TestApp } from '../../test/support/app.ts';
import { CONFIG, createWindowsSsh, fileNode, SHARED_KEYS, SHIPPED, type WindowsSsh } from '../../test/support/windows-ssh.ts';
import { SYSTEM, type Actor } from '../core/app.ts';
import { listArmed, revertArmed } from '../core/armed/armed.ts';
import { createToken } from '../core/tokens/tokens.ts';

/** The pages of the SSH server and of keys, with the drivers of Windows. */
let panel: TestApp;
let machine: ReturnType<typeof createWindowsSsh>;
let browsers = new Map<string, Browser>();
/** One for each role: it signs in once. */
function as(role: 'admin' | 'viewer'): Browser {
  const found = browsers.get(role) ?? panel.as(role);
  browsers.set(role, found);
  return found;
}
function start(given: WindowsSsh = {}) {
  panel = testApp();
  browsers = new Map();
  machine = createWindowsSsh(given);
  // Its kind stays that of the made-up machine: nothing is armed by a process.
  Object.assign(panel.app.host, machine.drivers);
}
async function stop() {
  expect([panel.errors, machine.open.folders]).toEqual([[], 0]);
  rmSync(machine.scratch, { recursive: true });
  await panel.close();
}
afterEach(stop);

const words = (html: string) => html.replace(/<(script|style)[^]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ').replaceAll('&#39;', "'").replaceAll('&quot;', '"').replace(/\s+/g, ' ');
const headers = (lang: string) => ({ 'accept-language': lang });
const read = async (path: string, lang = 'en', role: 'admin' | 'viewer' = 'admin') => (await as(role).request(path, { headers: headers(lang) })).text();
const FORM = { ports: '22', listenAddresses: '', allowGroups: '', pubkeyAuthentication: 'on', passwordAuthentication: 'on', allowTcpForwarding: 'yes', maxAuthTries: '6' };
async function send(step: string, change: Record<string, string> = {}, lang = 'en') {
  const admin = as('admin');
  const page = await (await admin.request('/system/ssh', { headers: headers(lang) })).text();
  const form = { ...FORM, hash: /name="hash" value="([^"]*)"/.exec(page)![1]!, do: step, ...change };
  const answer = await admin.request('/system/ssh', { form: Object.fromEntries(Object.entries(form).filter(([, value]) => value !== 'off')), headers: headers(lang) });
  return { status: answer.status, text: words(await answer.text()) };
}

test('where there is nothing to set it is said why and what to do, in both languages', async () => {
  const away: [WindowsSsh, string, string][] = [
    [{ installed: false }, 'Install it', '未安装 OpenSSH 服务器'], [{ config: null }, 'To the service', '尚未运行过'], [{ elevated: false }, 'does not run as an administrator', '不是以管理员身份运行'],
  ];
  for (const [given, en, zh] of away) {
    start(given);
    expect([given, words(await read('/system/ssh')).includes(en), words(await read('/system/ssh', 'zh-CN')).includes(zh)]).toEqual([given, true, true]);
    expect((await as('admin').request('/system/ssh', { form: { ...FORM, do: 'apply' } })).status).toBe(501);
    for (const href of (await read('/system/ssh')).match(/(?<=href=")\/(optional-features|services)\/[^"]+/g) ?? []) expect([href, (await as('admin').request(href)).status]).toEqual([href, href.startsWith('/services') ? 404 : 200]);
    await stop();
  }
  start({ rights: 'O:BUD:(A;OICI;FA;;;BU)' });
  const answer = await as('admin').request('/system/ssh', { headers: headers('zh-CN') });
  expect([answer.status, words(await answer.text()).includes('其中的内容不可信')]).toEqual([503, true]);
});

test('S3 what does not fit is said beside its field, and what sshd refuses with its line, in both languages', async () => {
  start();
  for (const allowGroups of ['a"b', "a'b", "corp\\x'", 'a#b', '\\x', 'x\\', 'a\\b\\c', '-'.repeat(257)]) {
    const wrong = await send('review', { allowGroups });
    expect([allowGroups, wrong.status, wrong.text.includes('Enter names of groups')]).toEqual([allowGroups, 422, true]);
  }
  expect((await send('review', { ports: '22\nAllowGroups x' })).status).toBe(422);
  expect((await send('review', { allowGroups: 'a\u0000b' })).status).not.toBe(200);
  expect(machine.text(CONFIG)).toBe(SHIPPED);
  machine.put(CONFIG, fileNode(`PasswordAuthentication perhaps\r\n${SHIPPED}`));
  for (const [lang, said] of [['en', 'refuses its own configuration'], ['zh-CN', 'sshd 不接受它自己的配置']] as const) {
    const broken = await as('admin').request('/system/ssh', { headers: headers(lang) });
    const text = words(await broken.text());
    expect([broken.status, text.includes(said), text.includes('sshd_config line 1: unsupported option "perhaps".')]).toEqual([503, true, true]);
  }
});

test('the page: what counts, whence, what Windows has not, and people by what they have', async () => {
  start({ config: SHIPPED.replace('#Port 22', 'AllowGroups administrators "openssh users"') });
  machine.put(SHARED_KEYS, fileNode('ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x x\r\n'));
  const html = await read('/system/ssh');
  const text = words(html);
  for (const said of ['sshd_config:4', 'administrators "openssh users"', 'Match Group administrators', 'sshd: runs', 'OpenSSH_for_Windows_8.1p1', 'opened in the firewall of Windows', 'SHA256:', 'kiosk', 'one file for all of them']) expect([said, text.includes(said)]).toEqual([said, true]);
  for (const unsaid of ['root', 'X11', 'PAM', '/etc/', 'Questions and answers', 'Guest', 'mei']) expect([unsaid, text.includes(unsaid)]).toEqual([unsaid, false]);
  expect(html).toContain('administrators\nopenssh users</textarea>');
  const zh = words(await read('/system/ssh', 'zh-CN'));
  for (const said of ['仅限这些组的成员', '面板在 Windows 防火墙中添加规则', '管理员的密钥共用一个文件']) expect([said, zh.includes(said)]).toEqual([said, true]);
});

test('a review shows the file, what runs and who is kept out, and writes nothing', async () => {
  start();
  const { status, text } = await send('review', { ports: '2222', allowGroups: 'openssh users' });
  expect(status).toBe(200);
  for (const said of ['AllowGroups "openssh users"', 'netsh.exe advfirewall firewall add rule name=Mantou-SSH-2222', 'net.exe stop sshd /y', 'No account that administers this machine is in one of the groups']) {
    expect([said, text.includes(said)]).toEqual([said, true]);
  }
  expect(text).not.toContain('is open there');
  expect((await send('apply', { allowGroups: 'openssh users' })).status).toBe(409);
  expect([machine.text(CONFIG), machine.ran]).toEqual([SHIPPED, []]);
});

test('applied, it is armed: file, firewall and service as one, and all of it back when nobody keeps it', async () => {
  start({ chinese: true });
  expect((await send('apply', { ports: '2222', passwordAuthentication: 'on', allowGroups: 'admin*' })).status).toBe(303);
  expect(machine.text(CONFIG)).toStartWith('# Written by the Mantou panel');
  expect([[...machine.rules], machine.state]).toEqual([['2222'], { service: 4, port: '2222' }]);
  const [armed] = listArmed(panel.app);
  expect(armed).toMatchObject({ noun: 'ssh', target: 'Port 22 → 2222; AllowGroups * → admin*' });
  expect(armed!.steps.map((step) => step.replace(/.*\\/, ''))).toEqual(['sshd_config', 'net.exe stop sshd /y', 'net.exe start sshd', 'netsh.exe advfirewall firewall delete rule name=Mantou-SSH-2222']);
  await revertArmed(panel.app, SYSTEM, armed!.id);
  expect([machine.text(CONFIG), [...machine.rules], machine.state.port]).toEqual([SHIPPED, [], '22']);
  expect(listAudit(panel.app).map(({ action, result }) => `${action} ${result}`)).toEqual(['armed.arm ok', 'ssh_server.change ok', 'armed.revert ok']);
});

test('S3 what sshd makes of groups is held against what was asked for', async () => {
  start();
  const { sshServer } = panel.app.host;
  const check = sshServer.check;
  sshServer.check = async (texts) => {
    const asked = await check(texts);
    return 'fault' in asked ? asked : { effective: new Map(asked.effective).set('allowgroups', ['everyone']) };
  };
  const refused = await send('review', { allowGroups: 'administrators' });
  expect([refused.status, refused.text.includes('AllowGroups: everyone')]).toEqual([422, true]);
  // It writes them in lower case, and with the blanks that they have.
  sshServer.check = check;
  expect((await send('review', { allowGroups: 'Administrators\nOpenSSH Users' })).status).toBe(200);
});

test('a service that does not come up again gets its file back at once', async () => {
  start({ refuse: ['start'], chinese: true });
  const { status, text } = await send('apply', { ports: '2222' }, 'zh-CN');
  expect([status, text.includes('服务没有响应控制功能')]).toEqual([503, true]);
  expect(machine.text(CONFIG)).toBe(SHIPPED);
});

test('the API sets what Windows has and leaves the rest', async () => {
  start();
  const owner: Actor = { kind: 'user', userId: as('admin').userId, name: 'admin', role: 'admin', sessionId: null, tokenId: null, ip: '127.0.0.1' };
  const { token } = createToken(panel.app, owner, { name: 'ssh', role: 'admin', expiresInDays: null });
  const call = async (method: string, path: string, body?: object) => {
    const answer = await panel.request(`/api/v1/system/ssh${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) });
    return { status: answer.status, body: (await answer.json()) as { settings: object; hash: string; changed: string[] } };
  };
  const { body } = await call('GET', '');
  expect(body.settings).toMatchObject({ ports: [22], allowGroups: [], kbdInteractiveAuthentication: false });
  expect((await call('POST', '/review', { settings: { ...body.settings, permitRootLogin: 'yes', maxAuthTries: 3 } })).body.changed).toEqual(['maxAuthTries']);
});

test('keys: the page of an administrator says whose they are, and forms work in both languages', async () => {
  start({ chinese: true });
  const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x lin@laptop';
  const path = '/system/accounts/Administrator';
  expect(words(await read(path))).toContain('the keys of all administrators of this machine from this one file');
  expect(await read(path, 'en', 'viewer')).not.toContain('/keys/new');
  const admin = as('admin');
  const change = async (what: string, form: Record<string, string>, lang = 'en') => {
    const shown = await (await admin.request(`${path}/keys/${what}`, { form, headers: headers(lang) })).text();
    const done = await admin.request(`${path}/keys/${what}`, { form: { ...form, do: 'apply', seen: /name="seen" value="([^"]*)"/.exec(shown)?.[1] ?? '' }, headers: headers(lang) });
    return { shown: words(shown), status: done.status };
  };
  const added = await change('new', { key: KEY });
  expect(words(await read(`${path}/keys/new`))).toContain('each of them lets in as any');
  expect([added.shown.includes(SHARED_KEYS), added.status, machine.text(SHARED_KEYS)]).toEqual([true, 303, `${KEY}\n`]);
  expect(words(await read(path, 'zh-CN'))).toContain('所有管理员的密钥');
  const fingerprint = /SHA256:[\w+/]{43}/.exec(await read(path))![0];
  const removed = await change(`remove?fingerprint=${encodeURIComponent(fingerprint)}`, { fingerprint }, 'zh-CN');
  expect([removed.shown.includes('所有管理员共用的密钥'), removed.status, machine.text(SHARED_KEYS)]).toEqual([true, 303, '']);
  expect(words(await read('/system/accounts/kiosk'))).toContain('has no profile yet');
  expect(words(await read('/system/accounts/lin'))).not.toContain('all administrators');
});
