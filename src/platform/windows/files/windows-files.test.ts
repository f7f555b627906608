import { describe, expect, test } from 'bun:test';
import type { Exec } from '../../exec.ts';
import type { ScriptRunner } from '../../scripts.ts';
import { createNtfsAcl, ntfsText, parseNtfs } from './acl.ts';
import { maskOf, RIGHT_NAMES, rightsOf } from './rights.ts';
import { createVolumes, parseVolumes } from './volumes.ts';

const exec = (tool: string | undefined): Exec => ({ which: () => tool, run: async () => ({ code: 1, stdout: '', stderr: '', truncated: false }) });

const entry = { type: 'allow' as const, account: 'BUILTIN\\Users', rights: ['Modify'], isDefault: false, inherited: false, flags: [] };

describe('refused', () => {
  test('answers of PowerShell that are none', () => {
    for (const text of ['', 'null', '[]', '{"owner":1}', 'Access denied']) expect(() => parseNtfs(text), text).toThrow();
    for (const text of ['', '[]', '{"volumes":{}}']) expect(parseVolumes(text)).toEqual([]);
  });

  test('entries that would be none: no account, no right, a right that Windows does not have', () => {
    const acl = { owner: '', group: '', inherits: true, entries: [entry] };
    expect(ntfsText(acl)).toContain('Users');
    for (const wrong of [{ account: '' }, { rights: [] }, { rights: ['Everything'] }, { type: 'mask' as const }]) {
      expect(() => ntfsText({ ...acl, entries: [{ ...entry, ...wrong }] })).toThrow();
    }
  });

  test('without PowerShell the driver names it', () => {
    expect(createNtfsAcl(exec(undefined), {} as ScriptRunner).missing()).toBe('powershell.exe');
  });
});

test('S1 what people typed goes to the script by standard input, and the path is one argument', async () => {
  const ran: { args: readonly string[]; stdin: string | undefined }[] = [];
  const scripts: ScriptRunner = { run: async (_name, args, options) => (ran.push({ args, stdin: options?.stdin as string }), '{"rights":1245631}'), show: () => '' };
  const driver = createNtfsAcl(exec('C:\\powershell.exe'), scripts);
  const account = `'; Remove-Item C:\\ -Recurse; '$(calc)`;
  await driver.write('C:\\a b;c', { owner: account, group: '', inherits: true, entries: [{ ...entry, account }] });
  expect(await driver.effective!('C:\\a b;c', account)).toEqual(['Modify']);
  expect(ran.map(({ args }) => args)).toEqual([['write', 'C:\\a b;c'], ['effective', 'C:\\a b;c']]);
  expect(JSON.parse(ran[0]!.stdin!)).toMatchObject({ owner: account, entries: [{ account, mask: 0x1301bf }] });
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
  const said = '\ufeff{"volumes":[{"path":"C:\\\\","kind":"Fixed","type":"NTFS","label":"System"},{"path":"D:\\\\","kind":"CDRom","type":"","label":""}]}';
  let asked = 0;
  const scripts: ScriptRunner = { run: async () => ((asked += 1), said), show: () => '' };
  const exists = (path: string) => (path === 'Z:\\' ? new Promise<boolean>(() => {}) : Promise.resolve('CEX'.includes(path[0]!)));
  const volumes = createVolumes(exec('C:\\powershell.exe'), scripts, exists, 100);
  expect(await volumes()).toEqual([
    { path: 'C:\\', type: 'NTFS', device: '', readOnly: false, label: 'System' },
    { path: 'E:\\', type: '', device: '', readOnly: false },
    { path: 'X:\\', type: '', device: '', readOnly: false },
  ]);
  await volumes();
  expect(asked).toBe(1);
  const plain = createVolumes(exec(undefined), scripts, exists, 100);
  expect((await plain()).map(({ path }) => path)).toEqual(['C:\\', 'E:\\', 'X:\\']);
});
