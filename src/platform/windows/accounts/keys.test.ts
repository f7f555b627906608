import { afterEach, describe, expect, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { CONFIG, createWindowsSsh, fileNode, LIN, SHARED_KEYS, SHIPPED, SSH_RIGHTS, type WindowsSsh } from '../../../../test/support/windows-ssh.ts';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { readAccount } from '../../../core/accounts/accounts.ts';
import { changeKeys, planKeys } from '../../../core/accounts/keys.ts';
import { SYSTEM } from '../../../core/app.ts';
import { en } from '../../../i18n/en.ts';
import { zhCN } from '../../../i18n/zh-CN.ts';
import { AppError } from '../../../lib/errors.ts';
import { parsePublicKey } from '../../../lib/public-key.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJb0SBzWxW9jVgI2bn0oUsvO0U5SJ5LuvJmTZPO0Gz3x lin@laptop';
const OTHER = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1bnMgYXJlIHN0ZWFtZWQgYW5kIGV2ZW4gd2FybSEh mei@phone';
const { fingerprint } = parsePublicKey(KEY)!;
const HOME = 'C:\\Users\\lin';
const OWN = `${HOME}\\.ssh\\authorized_keys`;
const FILE_RIGHTS = 'O:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)';

let t: TestApp | undefined;
let machine: ReturnType<typeof createWindowsSsh>;
function start(given: WindowsSsh = {}) {
  t = testApp();
  machine = createWindowsSsh(given);
  Object.assign(t.app.host, machine.drivers, { kind: 'windows' });
  return t.app;
}
async function stop() {
  if (!t) return;
  // Whatever happened, no folder is held any longer.
  expect([machine.open.folders, t.errors]).toEqual([0, []]);
  rmSync(machine.scratch, { recursive: true, force: true });
  await t.close();
  t = undefined;
}
afterEach(stop);
const keysOf = async (name: string) => (await readAccount(t!.app, SYSTEM, name)).keys;
const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));
/** Why keys of an account are not touched, in both languages; nothing is written when somebody tries. */
async function why(name: string): Promise<string> {
  const { refusal } = await keysOf(name);
  const before = machine.text(OWN);
  expect([await code(planKeys(t!.app, SYSTEM, name, { add: OTHER })), await code(changeKeys(t!.app, SYSTEM, name, { add: OTHER })), machine.text(OWN)]).toEqual(['unsupported', 'unsupported', before]);
  expect(refusal!(zhCN)).toMatch(/[一-鿿]/);
  return refusal!(en);
}

describe('refused', () => {
  test('no OpenSSH Server, one that has not run, no profile, keys that the configuration has elsewhere', async () => {
    start({ installed: false });
    expect(await why('lin')).toContain('not installed');
    expect((await keysOf('Administrator')).path).toBe(SHARED_KEYS);
    await stop();
    start({ config: null });
    expect(await why('Administrator')).toContain('has not run yet');
    expect(await why('kiosk')).toContain('no profile yet');
    await stop();
    start({ config: SHIPPED.replace('AuthorizedKeysFile\t.ssh/authorized_keys', 'AuthorizedKeysFile D:/keys/%u') });
    expect(await why('lin')).toContain('AuthorizedKeysFile D:/keys/%u');
  });

  test('S4 links and junctions on the way, a file with a second name, one that is none, and one that the panel may not read', async () => {
    start();
    const link = /does not follow it/;
    machine.put(`${HOME}\\.ssh`, { rights: SSH_RIGHTS, link: true });
    expect(await why('lin')).toMatch(link);
    machine.put(`${HOME}\\.ssh`, fileNode('no folder'));
    expect(await why('lin')).toMatch(link);
    for (const node of [fileNode(KEY, { link: true }), fileNode(KEY, { links: 2 }), { rights: SSH_RIGHTS, children: new Map() }, fileNode('x'.repeat((1 << 20) + 1))]) {
      machine.put(`${HOME}\\.ssh`, { rights: SSH_RIGHTS, children: new Map() });
      machine.put(OWN, node);
      expect(await why('lin')).toMatch(link);
    }
    machine.put(OWN, fileNode(KEY, { denied: true }));
    expect(await why('lin')).toContain('cannot be read');
    machine.put(HOME, { rights: SSH_RIGHTS, link: true });
    expect(await why('lin')).toContain(`${HOME} is a link`);
  });

  test('a text that would come back as another one', async () => {
    start();
    for (const bytes of [Buffer.from(`\ufeff${KEY}`, 'utf16le'), Buffer.from(KEY, 'utf16le'), Buffer.from([...Buffer.from(`${KEY} `), 0xc1, 0xd6])]) {
      machine.put(OWN, fileNode(bytes));
      expect(await why('lin')).toContain('no text in UTF-8');
    }
  });

  test('a folder of the server that others write to', async () => {
    start({ rights: 'O:BAD:(A;OICI;FA;;;SY)(A;OICI;0x1301bf;;;BU)' });
    for (const name of ['Administrator', 'lin']) expect(await why(name)).toContain('(BU)');
  });

  test('S3 what is no key, options, a second line, a key that is there, one that is not', async () => {
    start();
    const panel = t!.as('admin');
    machine.put(OWN, fileNode(`${KEY}\r\n`));
    const send = (key: string) => panel.request('/system/accounts/lin/keys/new', { form: { key, do: 'apply' } });
    for (const key of ['', 'nonsense', 'ssh-ed25519 AAAA', `command="calc" ${OTHER}`, `${OTHER}\nssh-rsa AAAA`, OTHER.replace('ssh-ed25519', 'ssh-rsa'), '-----BEGIN OPENSSH PRIVATE KEY-----', `${OTHER}\u0000`]) expect([key, (await send(key)).status]).toEqual([key, 422]);
    expect(await code(planKeys(t!.app, SYSTEM, 'lin', { add: KEY }))).toBe('conflict');
    expect(await code(planKeys(t!.app, SYSTEM, 'lin', { remove: parsePublicKey(OTHER)!.fingerprint }))).toBe('not_found');
    expect(machine.text(OWN)).toBe(`${KEY}\r\n`);
  });

  test('without the rights of an administrator nothing is changed', async () => {
    start({ elevated: false });
    expect(await code(changeKeys(t!.app, SYSTEM, 'lin', { add: KEY }))).toBe('unsupported');
    expect(machine.text(OWN)).toBeNull();
  });
});

test('an ordinary account: the folder is made for it, and only it, SYSTEM and administrators come to both', async () => {
  const app = start();
  expect(await keysOf('lin')).toMatchObject({ path: OWN, keys: [], refusal: null, shared: false, openTo: [] });
  expect((await planKeys(app, SYSTEM, 'lin', { add: KEY })).files).toEqual([{ path: OWN, before: null, after: `${KEY}\n` }]);
  expect(machine.nodeAt(`${HOME}\\.ssh`)).toBeUndefined();
  await changeKeys(app, SYSTEM, 'lin', { add: KEY });
  expect([machine.nodeAt(`${HOME}\\.ssh`)!.rights, machine.nodeAt(OWN)!.rights]).toEqual([`O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;${LIN})`, `${FILE_RIGHTS}(A;;FA;;;${LIN})`]);
  await changeKeys(app, SYSTEM, 'lin', { add: OTHER });
  expect((await keysOf('lin')).keys.map(({ comment }) => comment)).toEqual(['lin@laptop', 'mei@phone']);
  await changeKeys(app, SYSTEM, 'lin', { remove: fingerprint });
  expect(machine.text(OWN)).toBe(`${OTHER}\n`);
});

test('administrators: one file for all of them, closed to everybody else; a line that is no key stays', async () => {
  const app = start();
  machine.put(SHARED_KEYS, fileNode(`# of all\r\nnonsense\r\n${KEY}\r\n`, { rights: FILE_RIGHTS }));
  expect(await keysOf('Administrator')).toMatchObject({ path: SHARED_KEYS, shared: true, strange: 1, openTo: [], keys: [{ fingerprint, line: 3 }] });
  expect((await keysOf('mei')).keys).toHaveLength(1);
  await changeKeys(app, SYSTEM, 'mei', { add: OTHER });
  expect([machine.text(SHARED_KEYS), machine.nodeAt(SHARED_KEYS)!.rights]).toEqual([`# of all\r\nnonsense\r\n${KEY}\r\n${OTHER}\n`, FILE_RIGHTS]);
  // Without the block of the administrators their keys lie in their profiles, as those of others.
  machine.put(CONFIG, fileNode(SHIPPED.slice(0, SHIPPED.indexOf('Match'))));
  expect(await keysOf('Administrator')).toMatchObject({ path: 'C:\\Users\\Administrator\\.ssh\\authorized_keys', shared: false });
});

test('S4 a file that others may write to is told of, and not written: sshd takes no key from it, and would take theirs from that of the panel', async () => {
  const app = start();
  const path = '/system/accounts/lin';
  const admin = t!.as('admin');
  const page = async (lang: string) => (await admin.request(path, { headers: { 'accept-language': lang } })).text();
  expect(await page('en')).toContain('/keys/new');
  machine.put(OWN, fileNode(`${KEY}\n`, { rights: `O:${LIN}D:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;FA;;;${LIN})(A;ID;0x1301bf;;;AU)` }));
  expect((await keysOf('lin')).openTo).toEqual(['AU']);
  const account = (await readAccount(app, SYSTEM, 'lin')).account;
  for (const change of [{ add: OTHER }, { remove: fingerprint }]) {
    expect([await code(planKeys(app, SYSTEM, 'lin', change)), await code(machine.keys.change(account, change))]).toEqual(['unsupported', 'unsupported']);
  }
  expect(machine.text(OWN)).toBe(`${KEY}\n`);
  for (const [lang, said] of [['en', `Others may write to ${OWN} (AU)`], ['zh-CN', `其他账户可写入 ${OWN}（AU）`]] as const) {
    const html = await page(lang);
    expect([html.includes(said), html.includes('/keys/new')]).toEqual([true, false]);
  }
});

test('the built-in Administrator, whom Windows writes in two letters, is nobody else in his own file', async () => {
  start({ config: SHIPPED.slice(0, SHIPPED.indexOf('Match')) });
  machine.put('C:\\Users\\Administrator\\.ssh\\authorized_keys', fileNode(`${KEY}\n`, { rights: 'O:LAD:P(A;;FA;;;SY)(A;;FA;;;LA)' }));
  expect(await keysOf('Administrator')).toMatchObject({ openTo: [], keys: [{ fingerprint }] });
});
