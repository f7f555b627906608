import { afterEach, expect, test } from 'bun:test';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { en } from '../i18n/en.ts';
import { AppError } from '../lib/errors.ts';
import { prepareDataDir } from './datadir.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-datadir-'));
  folders.push(folder);
  return folder;
}

/** A Windows that is not there: what it was asked to make, and what it says of what is there. */
function windows({ elevated = true, there = false, rights = '' }: { elevated?: boolean; there?: boolean; rights?: string } = {}) {
  const made: string[] = [];
  const security = {
    isElevated: () => elevated, ownSid: () => 'S-1-5-21-1-2-3-1001', keepsRights: () => true, rightsOf: () => rights,
    makeFolder: (path: string, sddl: string) => (there ? false : (mkdirSync(path), made.push(sddl), true)),
  };
  return { made, security };
}

test('S20 a new folder and an old one are for their owner only, and nothing is left in them', async () => {
  const old = place();
  chmodSync(old, 0o777);
  for (const path of [old, join(place(), 'a/b')]) {
    await prepareDataDir(path, 'linux');
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(readdirSync(path)).toEqual([]);
  }
});

test('S20 on Windows it is closed from its first moment: to all but SYSTEM and administrators, and whoever runs it without their rights', async () => {
  const [full, less] = [windows(), windows({ elevated: false })];
  await prepareDataDir(join(place(), 'a/Mantou'), 'win32', full.security);
  await prepareDataDir(join(place(), 'Mantou'), 'win32', less.security);
  expect(full.made).toEqual(['O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)']);
  expect(less.made).toEqual(['D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;S-1-5-21-1-2-3-1001)']);
});

test('S20 on Windows an administrator takes no folder that others own or may write into, nor a link', async () => {
  const path = place();
  const refused = async (rights: string, elevated = true) => {
    const error = await prepareDataDir(path, 'win32', windows({ there: true, rights, elevated }).security).catch((one: unknown) => one);
    return error instanceof AppError ? error.say(en) : 'taken';
  };
  const closed = '(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
  expect(await refused(`O:BAD:PAI${closed}`)).toBe('taken');
  expect(await refused(`O:S-1-5-21-1-2-3-1001D:PAI${closed}(A;OICIIO;GA;;;CO)(A;OICI;FA;;;S-1-3-4)(A;;0x1200a9;;;BU)`)).toBe('taken');
  // Made by somebody else, who keeps all rights over it.
  expect(await refused(`O:S-1-5-21-1-2-3-1005D:PAI${closed}`)).toContain('S-1-5-21-1-2-3-1005');
  // As %ProgramData% gives them on: users may add files.
  expect(await refused(`O:BAD:AI${closed}(A;OICI;0x1301bf;;;BU)`)).toContain('BU');
  expect(await refused(`O:BAD:AI${closed}(A;CIID;DCLCRPCR;;;BU)`)).toContain('BU');
  expect(await refused('O:BAD:NO_ACCESS_CONTROL')).toContain('WD');
  // Whoever runs it for themselves gives nothing away.
  expect(await refused(`O:BAD:AI${closed}(A;OICI;0x1301bf;;;BU)`, false)).toBe('taken');
  const link = join(place(), 'link');
  symlinkSync(path, link);
  const error = await prepareDataDir(link, 'win32', windows({ there: true, rights: `O:BAD:P${closed}` }).security).catch((one: unknown) => one);
  expect((error as AppError).say(en)).toContain('is a link');
});

test.skipIf(process.getuid?.() !== 0)('S20 root takes no folder that belongs to somebody else, and changes nothing of it', async () => {
  const path = place();
  chmodSync(path, 0o755);
  chownSync(path, 65534, 65534);
  const refused = await prepareDataDir(path, 'linux').catch((error: unknown) => error);
  expect((refused as AppError).say(en)).toContain('belongs to the user with id 65534, and the panel runs as 0');
  expect(statSync(path).mode & 0o777).toBe(0o755);
  expect(readdirSync(path)).toEqual([]);
});
