import { expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { showStep } from '../steps.ts';
import { accountsOf, stepsOf, type AccountFiles } from './accounts.ts';
import { en } from '../../../i18n/en.ts';
import { parseKeys, withKeys } from '../../authorized-keys.ts';
import { readKeys, writeKeys } from './keys.ts';
import { parsePasswd, parseShadow, parseSudoers, worksAsShell } from './parse.ts';
import { parseWtmp, readLastlog, readWtmp } from './sign-ins.ts';

/** Captured on Debian 12 after two sign-ins of lin by SSH; wang was locked. */
const at = (name: string) => join(import.meta.dir, '../../../../test/fixtures/linux/system', name);
const fixture = (name: string) => readFileSync(at(name), 'utf8');
const files = (more: Partial<AccountFiles> = {}): AccountFiles => ({
  passwd: fixture('passwd'), group: fixture('group'), shadow: fixture('shadow'), sudoers: fixture('sudoers'), defs: fixture('login.defs'), shells: fixture('shells'),
  wtmp: readWtmp(at('wtmp')), lastlog: () => null, uid: 0, ...more,
});
const find = (name: string, given = files()) => accountsOf(given).accounts.find((one) => one.name === name)!;

test('who is there, who may become root and how, and who signed in last', () => {
  const { adminGroup, groups, shells, whole, own } = accountsOf(files());
  expect([own, accountsOf(files({ uid: 4242 })).own, accountsOf(files({ uid: undefined })).own]).toEqual(['root', null, null]);
  expect([adminGroup, whole, shells.includes('/bin/bash'), groups.find(({ name }) => name === 'sudo')?.members]).toEqual(['sudo', true, true, ['lin']]);
  expect(find('root')).toMatchObject({ uid: 0, builtIn: true, admin: 'root', password: 'locked', system: false, shellWorks: true });
  expect(find('lin')).toMatchObject({ fullName: 'Lin Chen', admin: 'group', groups: ['sudo'], password: 'set', expiresAt: null, system: false, lastSignIn: { line: 'pts/0' } });
  expect(find('wang')).toMatchObject({ admin: null, password: 'locked', expiresAt: 86_400_000, lastSignIn: null });
  expect(find('www-data')).toMatchObject({ system: true, shellWorks: false });
  expect(find('nobody')).toMatchObject({ system: true });
});

test('without root what shadow tells is unknown, not false', () => {
  expect(find('lin', files({ shadow: null }))).toMatchObject({ password: null, expiresAt: null });
  expect(accountsOf(files({ shadow: null })).whole).toBe(false);
});

test('sign-ins: the records of wtmp and lastlog agree', () => {
  const rows = readWtmp(at('wtmp')).filter(({ name }) => name === 'lin');
  expect(rows).toHaveLength(2);
  expect(rows[0]!.at).toBeGreaterThanOrEqual(rows[1]!.at);
  const record = Buffer.concat([Buffer.alloc(292), readFileSync(at('lastlog-lin'))]);
  const path = `/tmp/mantou-lastlog-${process.pid}`;
  require('node:fs').writeFileSync(path, record);
  const last = readLastlog(1, path)!;
  expect([last.from, last.line, Math.abs(last.at - rows[0]!.at) < 2000]).toEqual([rows[0]!.from, rows[0]!.line, true]);
  expect([readLastlog(0, path), readLastlog(2, path), readLastlog(1, '/nowhere')]).toEqual([null, null, null]);
  require('node:fs').rmSync(path);
  expect([parseWtmp(Buffer.from('short')), readWtmp('/nowhere')]).toEqual([[], []]);
});

test('lines of NIS, comments and broken ones name nobody', () => {
  expect(parsePasswd('+\n+@admins\n-x:x:1:1::/:/bin/sh\n# c\nbad\nx:y\n:x:1:1::/:\nok:x:7:8:A,B,,:/h:\n')).toEqual([{ name: 'ok', uid: 7, gid: 8, fullName: 'A', home: '/h', shell: '/bin/sh' }]);
  const shadow = parseShadow('a::1:\nb:!$6$x:1::::::\nc:!:1\nd:*:1\ne:$y$j:1:0:9:7:::\n');
  expect([...shadow].map(([name, { password, keeps }]) => [name, password, keeps])).toEqual([['a', 'empty', false], ['b', 'locked', true], ['c', 'locked', false], ['d', 'locked', false], ['e', 'set', false]]);
  expect(['/usr/sbin/nologin', '/bin/false', '/bin/sync', '/usr/bin/zsh'].map(worksAsShell)).toEqual([false, false, false, true]);
});

test('sudoers: who may run everything; not who may run some, not aliases', () => {
  expect(parseSudoers(fixture('sudoers'))).toEqual({ accounts: ['root'], groups: ['sudo'] });
  const text = 'Defaults env_reset\nUser_Alias ADMINS = a, b\nADMINS ALL=(ALL) ALL\nlin ALL=(ALL:ALL) NOPASSWD: ALL\nops, ci ALL = ALL\nweb ALL=(root) /bin/systemctl\n%wheel ALL=(ALL) \\\n  ALL\n#old ALL=ALL\n';
  expect(parseSudoers(text)).toEqual({ accounts: ['ADMINS', 'lin', 'ops', 'ci'], groups: ['wheel'] });
});

test('S2 what runs: names stand after --, passwords nowhere', () => {
  const list = accountsOf(files());
  const shown = (change: Parameters<typeof stepsOf>[0], shadow?: Parameters<typeof stepsOf>[2]) => stepsOf(change, list, shadow, 'secret').map(showStep);
  expect(shown({ kind: 'create', name: 'mei', fullName: "O'Mei", shell: '/bin/bash', admin: true })).toEqual(["useradd --create-home --user-group --shell /bin/bash --comment 'O'\\''Mei' --groups sudo -- mei"]);
  expect(shown({ kind: 'remove', name: 'mei', home: true })).toEqual(['userdel --remove -- mei']);
  expect(shown({ kind: 'lock', name: 'mei' })).toEqual(['usermod --lock --expiredate 1 -- mei']);
  expect(shown({ kind: 'unlock', name: 'mei' }, { password: 'locked', keeps: true, expires: 1 })).toEqual(["usermod --unlock --expiredate '' -- mei"]);
  expect(shown({ kind: 'unlock', name: 'mei' }, { password: 'locked', keeps: false, expires: 1 })).toEqual(["usermod --expiredate '' -- mei"]);
  expect(shown({ kind: 'password', name: 'mei' })).toEqual(['chpasswd < …']);
  expect(shown({ kind: 'admin', name: 'mei', to: true })).toEqual(['usermod --append --groups sudo -- mei']);
  expect(() => stepsOf({ kind: 'admin', name: 'mei', to: true }, { ...list, adminGroup: null }, undefined)).toThrow();
});

test('files of keys: what is no key stays, one that goes takes all its lines, the last line need not end', () => {
  const text = fixture('authorized_keys');
  const { keys, strange } = parseKeys(text);
  expect([keys.map(({ line }) => line), strange]).toEqual([[1, 3, 5], 1]);
  const without = withKeys(`${text}${text.split('\n')[0]}`, { remove: keys[0]!.fingerprint });
  expect([parseKeys(without).keys.length, without.includes('# the phone'), without.includes('not a key')]).toEqual([2, true, true]);
  expect(withKeys('a', { add: 'b' })).toBe('a\nb\n');
  expect(withKeys('', { add: 'b' })).toBe('b\n');
});

test('S4 a home that is a link to the home of somebody else, root among them, is not followed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-home-'));
  const [own, link] = [join(folder, 'own'), join(folder, 'link')];
  mkdirSync(own);
  symlinkSync(own, link);
  const uid = process.geteuid!();
  const refusal = async (home: string, owner: number) => (await readKeys({ ...find('lin'), home, uid: owner })).refusal?.(en) ?? null;
  expect(await refusal(link, uid + 12_345)).toBe(en.accounts.keys.link({ path: link }));
  await expect(writeKeys({ ...find('lin'), home: link, uid: uid + 12_345 }, { add: 'ssh-ed25519 x' })).rejects.toMatchObject({ code: 'unsupported' });
  // His own elsewhere, and one that is called differently: no links to somebody else.
  expect([await refusal(link, uid), await refusal(`${own}//`, uid), await refusal(`${folder}/./own/`, uid)]).toEqual([null, null, null]);
  // Homes of root are for those who may not change them (sftp).
  if (uid === 0) expect(await refusal(`${own}/`, 12_345)).toBeNull();
  rmSync(folder, { recursive: true });
});
