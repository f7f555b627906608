import { describe, expect, test } from 'bun:test';
import type { PowerShell } from '../powershell/powershell.ts';
import { createNtfsAcl, NtfsList, ntfsGiven } from './acl.ts';
import { maskOf, RIGHT_NAMES, rightsOf } from './rights.ts';
import { createVolumes, VolumeList } from './volumes.ts';

/** A PowerShell that answers this, or that is not there. */
const answers = (value: unknown, asked: unknown[][] = []): PowerShell => ({
  missing: () => null, show: (script, verb, given) => `${script} ${verb} ${JSON.stringify(given)}`, close() {}, greeting: () => Promise.reject(new Error('none')),
  call: async (script, verb, given, answer) => (asked.push([script, verb, given]), answer.parse(value)),
});
const none: PowerShell = { ...answers(null), missing: () => 'powershell.exe' };

const entry = { type: 'allow' as const, account: 'BUILTIN\\Users', rights: ['Modify'], isDefault: false, inherited: false, flags: [] };

describe('refused', () => {
  test('answers of PowerShell that are none', () => {
    for (const value of [null, [], '', { owner: 1 }, 'Access denied']) expect(NtfsList.safeParse(value).success).toBe(false);
    for (const value of [null, [], { volumes: {} }]) expect(VolumeList.safeParse(value).success).toBe(false);
  });

  test('entries that would be none: no account, no right, a right that Windows does not have', () => {
    const acl = { owner: '', group: '', inherits: true, entries: [entry] };
    expect(JSON.stringify(ntfsGiven(acl))).toContain('Users');
    for (const wrong of [{ account: '' }, { rights: [] }, { rights: ['Everything'] }, { type: 'mask' as const }]) {
      expect(() => ntfsGiven({ ...acl, entries: [{ ...entry, ...wrong }] })).toThrow();
    }
  });

  test('without PowerShell the driver names it', () => {
    expect(createNtfsAcl(none).missing()).toBe('powershell.exe');
  });
});

test('S1 what people typed goes to the script as a value beside its text', async () => {
  const asked: unknown[][] = [];
  const driver = createNtfsAcl(answers({ rights: 1_245_631 }, asked));
  const account = `'; Remove-Item C:\\ -Recurse; '$(calc)`;
  await driver.write('C:\\a b;c', { owner: account, group: '', inherits: true, entries: [{ ...entry, account }] });
  expect(await driver.effective!('C:\\a b;c', account)).toEqual(['Modify']);
  expect(asked).toEqual([
    ['acl.ps1', 'write', expect.objectContaining({ path: 'C:\\a b;c', owner: account, entries: [expect.objectContaining({ account, mask: 0x1301bf })] })],
    ['acl.ps1', 'effective', { path: 'C:\\a b;c', account }],
  ]);
});

test('rights: names for what people know, bits for the rest, and nothing is lost on the way', () => {
  expect(rightsOf(0x1f01ff)).toEqual(['FullControl']);
  expect(rightsOf(0x1301bf)).toEqual(['Modify']);
  expect(rightsOf(0x1200a9)).toEqual(['ReadAndExecute']);
  expect(rightsOf(0x1201bf)).toEqual(['ReadAndExecute', 'Write']);
  expect(rightsOf(0x10000000)).toEqual(['FullControl']);
  expect(rightsOf(0xa0000000)).toEqual(['ReadAndExecute']);
  expect(rightsOf(0x100000)).toEqual([]);
  expect(maskOf(['Nonsense'])).toBeNull();
  for (let bit = 1; bit <= 0x80000; bit *= 2) {
    const known = 0x1f01ff & bit;
    expect(maskOf(rightsOf(bit | 0x100000))).toBe(known ? bit | 0x100000 : 0);
  }
  for (const name of RIGHT_NAMES) expect(rightsOf(maskOf([name])!)).toEqual([name]);
});

test('drives: those that answer, with what PowerShell knows of them, and one that never answers is left out', async () => {
  const said = { volumes: [{ path: 'C:\\', kind: 'Fixed', type: 'NTFS', label: 'System' }, { path: 'D:\\', kind: 'CDRom', type: '', label: '' }] };
  const asked: unknown[][] = [];
  const exists = (path: string) => (path === 'Z:\\' ? new Promise<boolean>(() => {}) : Promise.resolve('CEX'.includes(path[0]!)));
  const volumes = createVolumes(answers(said, asked), exists, 100);
  expect(await volumes()).toEqual([
    { path: 'C:\\', type: 'NTFS', device: '', readOnly: false, label: 'System' },
    { path: 'E:\\', type: '', device: '', readOnly: false },
    { path: 'X:\\', type: '', device: '', readOnly: false },
  ]);
  await volumes();
  expect(asked).toHaveLength(1);
  const plain = createVolumes(none, exists, 100);
  expect((await plain()).map(({ path }) => path)).toEqual(['C:\\', 'E:\\', 'X:\\']);
});
