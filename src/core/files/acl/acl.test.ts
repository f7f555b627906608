import { afterEach, beforeEach, expect } from 'bun:test';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { needs } from '../../../../test/support/needs.ts';
import type { Role } from '../../../db/schema/users.ts';
import { audit } from '../../../db/schema/audit.ts';
import { systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { AclEntry } from '../../../platform/files.ts';
import type { Actor } from '../../app.ts';
import { putSetting } from '../../settings/settings.ts';
import { AclInput, readAcl, writeAcl } from './acl.ts';
import { attributesOf, setFlags } from './flags.ts';
import { aclText } from '../../../platform/linux/files/acl.ts';

const it = needs('linux', 'root', 'acl');
let t: TestApp;
let folder = '';
beforeEach(() => {
  t = testApp();
  folder = mkdtempSync(join(tmpdir(), 'mantou-acl-'));
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
  rmSync(folder, { recursive: true, force: true });
});

const actor = (role: Role): Actor => ({ kind: 'user', userId: t.as(role, `${role}-${t.app.random.id()}`).userId, name: role, role, sessionId: null, tokenId: null, ip: '' });
const entry = (type: AclEntry['type'], account: string, rights: string, isDefault = false) => ({ type, account, rights: [...rights], isDefault });
const base = [entry('user', '', 'rw'), entry('group', '', 'r'), entry('other', '', '')];
const list = (...more: ReturnType<typeof entry>[]) => AclInput.parse({ entries: [...base, ...more] });
const refused = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  return error instanceof AppError ? error.code : String(error);
};

it.describe('refused', () => {
  it('operators and viewers, links, the kernel, and the panel’s own folder', async () => {
    writeFileSync(join(folder, 'a'), '');
    symlinkSync('/etc/shadow', join(folder, 'link'));
    putSetting(t.app, 'filesRootsOperator', [folder]);
    putSetting(t.app, 'filesRootsViewer', [folder]);
    for (const role of ['operator', 'viewer'] as const) {
      expect(await refused(writeAcl(t.app, actor(role), join(folder, 'a'), list()))).toBe('denied');
      expect(await refused(setFlags(t.app, actor(role), join(folder, 'a'), { immutable: true, appendOnly: false }))).toBe('denied');
      expect(await refused(readAcl(t.app, actor(role), '/etc/passwd'))).toBe('denied');
    }
    const admin = actor('admin');
    const before = statSync('/etc/shadow').mode;
    expect(await refused(writeAcl(t.app, admin, join(folder, 'link'), list(entry('user', '33', 'rw'))))).toBe('invalid');
    expect(statSync('/etc/shadow').mode).toBe(before);
    expect(await refused(writeAcl(t.app, admin, '/', list()))).toBe('denied');
    expect(await refused(writeAcl(t.app, admin, '/proc/version', list()))).toBe('denied');
    expect(await refused(writeAcl(t.app, admin, join(t.app.config.dataDir, 'mantou.db'), list(entry('user', '33', 'rw'))))).toBe('denied');
    expect(await refused(writeAcl(t.app, admin, join(folder, 'gone'), list()))).toBe('not_found');
    expect(await refused(writeAcl(t.app, admin, join(folder, 'a'), list(entry('user', '-R', 'r'))))).toBe('invalid');
    expect(await refused(writeAcl(t.app, admin, join(folder, 'a'), list(entry('user', '33', 'q'))))).toBe('invalid');
  });

  it('tools that are not there are named', async () => {
    writeFileSync(join(folder, 'a'), '');
    const files = { ...t.app.host.files, acl: { ...t.app.host.files.acl!, missing: () => 'setfacl' } };
    const app = { ...t.app, host: { ...t.app.host, files } };
    expect(await refused(readAcl(app, actor('admin'), join(folder, 'a')))).toBe('unsupported');
  });
});

it('S2 a list is read back as it was written, whatever the name is', async () => {
  const admin = actor('admin');
  for (const name of ['-R', '--reference=x', 'a\nb', '$(id)', '馒头', '\u{10ffff}x']) {
    const path = join(folder, name);
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(systemName(name) as string)]), '');
    await writeAcl(t.app, admin, path, list(entry('user', 'www-data', 'rw'), entry('group', '4', 'r')));
    const { acl } = await readAcl(t.app, admin, path);
    expect(aclText(acl!)).toBe('user::rw-\nuser:33:rw-\ngroup::r--\ngroup:4:r--\nmask::rw-\nother::---\n');
  }
  const row = t.app.db.select().from(audit).all().at(-1)!;
  expect(row.action).toBe('files.acl');
  expect(row.commands[0]).toMatch(/^setfacl --no-mask --set user::rw-,user:33:rw-/);
});

it('a folder hands its default list on, and a list without one takes it away', async () => {
  const admin = actor('admin');
  const path = join(folder, 'd');
  mkdirSync(path);
  await writeAcl(t.app, admin, path, list(...base.map((one) => ({ ...one, isDefault: true })), entry('user', '33', 'rwx', true)));
  writeFileSync(join(path, 'new'), '');
  expect(aclText((await readAcl(t.app, admin, join(path, 'new'))).acl!)).toContain('user:33:rwx');
  await writeAcl(t.app, admin, path, list());
  expect((await readAcl(t.app, admin, path)).acl!.entries.some(({ isDefault }) => isDefault)).toBe(false);
});

it('an immutable file cannot be changed or deleted until that is taken back, or it is said why there is no such flag', async () => {
  const admin = actor('admin');
  const path = join(folder, 'a b');
  writeFileSync(path, 'x');
  const { flags, missing } = await attributesOf(t.app, admin, path);
  expect(missing).toBeNull();
  const error = await refused(setFlags(t.app, admin, path, { immutable: true, appendOnly: false }));
  if (flags === null || error !== 'null') {
    // tmpfs before Linux 6.6, or a container without CAP_LINUX_IMMUTABLE.
    expect(['unsupported', 'unavailable']).toContain(error);
    return;
  }
  try {
    expect((await attributesOf(t.app, admin, path)).flags).toEqual({ immutable: true, appendOnly: false });
    expect(() => unlinkSync(path)).toThrow();
    expect(() => writeFileSync(path, 'y')).toThrow();
  } finally {
    await setFlags(t.app, admin, path, { immutable: false, appendOnly: false });
  }
  unlinkSync(path);
});

it('extended attributes and capabilities are shown', async () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'x');
  const run = (...argv: string[]) => Bun.spawnSync(argv, { stdin: 'ignore' }).exitCode;
  const set = run('setfattr', '-n', 'user.comment', '-v', '馒头', path) === 0;
  const cap = run('setcap', 'cap_net_raw+ep', path) === 0;
  const { extras } = await attributesOf(t.app, actor('admin'), path);
  if (set) expect(extras!.xattrs).toContainEqual({ name: 'user.comment', value: '馒头' });
  if (cap) expect(extras!.capabilities).toBe('cap_net_raw=ep');
  expect(lstatSync(path).size).toBe(1);
});
