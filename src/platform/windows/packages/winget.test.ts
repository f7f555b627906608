import { afterAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exec, ExecResult } from '../../exec.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { wingetTables } from './winget-table.ts';
import { createWinget, findWinget, wingetPins, wingetUpdates } from './winget.ts';

/** What winget printed on machines of others: microsoft/winget-cli#2022 (with the bar that moves before it), raycast/extensions#27331, microsoft/winget-cli#1618. */
const ENGLISH = `   - \r   \\ \r                                                                \rName            Id              Version      Available   Source
---------------------------------------------------------------
Git             Git.Git         2.20.1       2.35.1.2    winget
HexChat         HexChat.HexChat 2.14.2       2.16.1      winget
Microsoft Teams Microsoft.Teams 1.4.00.23957 1.5.00.4689 winget
5 upgrades available.
1 package has a version number that cannot be determined. Use "--include-unknown" to see all results.
`;
const GERMAN = `Name                                               ID                                Version       Verfügbar     Quelle
-----------------------------------------------------------------------------------------------------------------------
CPUID CPU-Z 2.16                                   CPUID.CPU-Z                       2.16          2.19          winget
Mozilla Firefox (x64 de)                           Mozilla.Firefox.de                142.0.1       150.0         winget
Zen Browser (x64 en-US)                            Zen-Team.Zen-Browser              1.16b         1.19.8b       winget
26 Aktualisierungen verfügbar.
`;
/** Of \`winget list\`, which has no newer versions here. */
const CHINESE = `名称                                          ID                                            版本                源
-----------------------------------------------------------------------------------------------------------------------
阿里云盘                                      Alibaba.aDrive                                2.2.8               winget
MagicPods                                     715AleksandrMaslov.MagicPods_vk1h99z2mpttm    1.0.79.0
英特尔® 显卡控制中心                          AppUp.IntelGraphicsExperience_8j3eq9eme6ctt   1.100.3370.0
ThunderboltTM 控制中心                        AppUp.ThunderboltControlCenter_8j3eq9eme6ctt  1.0.34.0
Ubuntu                                        CanonicalGroupLimited.UbuntuonWindows_79rhkp… 2004.2021.825.0
Docker Desktop                                Docker.DockerDesktop                          4.1.1               winget
`;
/** Written in the same form: headings of two words as in the Korean texts of winget, two tables, and one source only. */
const KOREAN = `이름    장치 ID       버전   사용 가능
---------------------------------------
메모장  Notepad.Note  8.7.5  8.7.6
Git     Git.Git       2.49.0 2.54.0
2 업그레이드를 사용할 수 있습니다.

다음 패키지에는 사용 가능한 업그레이드가 있지만 업그레이드를 위해서는 명시적인 대상 지정이 필요합니다.
이름    장치 ID         버전  사용 가능
---------------------------------------
Discord Discord.Discord 1.0.9 1.1.0
`;
const PINS = `Name Id      Version Source Pin type
-------------------------------------
Git  Git.Git 2.49.0  winget Pinning
`;

const folder = mkdtempSync(join(tmpdir(), 'mantou-winget-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const noModule = { call: async (_s: string, _v: string, _g: object, answer: { parse(value: unknown): unknown }) => answer.parse({ module: false, packages: [] }) } as unknown as PowerShell;
function program(answers: (words: readonly string[]) => Partial<ExecResult>, asked: string[] = []): Exec {
  return {
    which: () => undefined,
    async run([, ...words]) {
      asked.push(words.join(' '));
      return { code: 0, stdout: '', stderr: '', truncated: false, ...answers(words) };
    },
  };
}

describe('what is printed for people', () => {
  test('nothing, sentences only, a ruler alone, headings without rows', () => {
    for (const text of ['', 'No installed package found matching input criteria.\n', '-------------------\n', 'Name Id Version Available\n------------------------\n2 upgrades available.\n', '\n------------------\nText\n']) expect(wingetUpdates(text), text).toEqual([]);
  });

  test('English behind a bar that moves, German, and the sentences that follow are no packages', () => {
    expect(wingetUpdates(ENGLISH)).toEqual([
      { id: 'Git.Git', name: 'Git', installed: '2.20.1', newer: '2.35.1.2', source: 'winget' },
      { id: 'HexChat.HexChat', name: 'HexChat', installed: '2.14.2', newer: '2.16.1', source: 'winget' },
      { id: 'Microsoft.Teams', name: 'Microsoft Teams', installed: '1.4.00.23957', newer: '1.5.00.4689', source: 'winget' },
    ]);
    expect(wingetUpdates(GERMAN).map(({ id, name, newer }) => [id, name, newer])).toEqual([
      ['CPUID.CPU-Z', 'CPUID CPU-Z 2.16', '2.19'], ['Mozilla.Firefox.de', 'Mozilla Firefox (x64 de)', '150.0'], ['Zen-Team.Zen-Browser', 'Zen Browser (x64 en-US)', '1.19.8b'],
    ]);
  });

  test('Chinese letters are two columns wide; a name with Latin letters between them; cells that are empty', () => {
    const [table] = wingetTables(CHINESE);
    expect(table!.rows.map(([name, id, version, source]) => [name, id, version, source])).toEqual([
      ['阿里云盘', 'Alibaba.aDrive', '2.2.8', 'winget'], ['MagicPods', '715AleksandrMaslov.MagicPods_vk1h99z2mpttm', '1.0.79.0', ''],
      ['英特尔® 显卡控制中心', 'AppUp.IntelGraphicsExperience_8j3eq9eme6ctt', '1.100.3370.0', ''], ['ThunderboltTM 控制中心', 'AppUp.ThunderboltControlCenter_8j3eq9eme6ctt', '1.0.34.0', ''],
      ['Ubuntu', 'CanonicalGroupLimited.UbuntuonWindows_79rhkp…', '2004.2021.825.0', ''], ['Docker Desktop', 'Docker.DockerDesktop', '4.1.1', 'winget'],
    ]);
  });

  test('headings of two words, a second table, no source', () => {
    expect(wingetUpdates(KOREAN)).toEqual([
      { id: 'Notepad.Note', name: '메모장', installed: '8.7.5', newer: '8.7.6', source: 'winget' },
      { id: 'Git.Git', name: 'Git', installed: '2.49.0', newer: '2.54.0', source: 'winget' },
      { id: 'Discord.Discord', name: 'Discord', installed: '1.0.9', newer: '1.1.0', source: 'winget' },
    ]);
    expect(wingetPins(PINS)).toEqual(['Git.Git']);
  });
});

test('the program: the newest version that SYSTEM finds, then the link of the account, of this architecture only', () => {
  const programs = join(folder, 'programs');
  const local = join(folder, 'local');
  expect(findWinget({ programs, local, arch: 'x64' })).toBeUndefined();
  mkdirSync(join(local, 'Microsoft/WindowsApps'), { recursive: true });
  writeFileSync(join(local, 'Microsoft/WindowsApps/winget.exe'), '');
  expect(findWinget({ programs, local, arch: 'x64' })).toBe(join(local, 'Microsoft/WindowsApps/winget.exe'));
  const of = (version: string, arch = 'x64') => {
    const path = join(programs, 'WindowsApps', `Microsoft.DesktopAppInstaller_${version}_${arch}__8wekyb3d8bbwe`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'winget.exe'), '');
    return join(path, 'winget.exe');
  };
  of('1.9.25200.0');
  of('1.99.1.0', 'arm64');
  of('2.0.0.0', 'neutral_split.language-zh');
  const newest = of('1.27.460.0');
  expect(findWinget({ programs, local, arch: 'x64' })).toBe(newest);
});

test('nothing newer is no failure, a failure is one with its last words and its number; what was cut off can be asked nothing', async () => {
  const list = (answers: (words: readonly string[]) => Partial<ExecResult>) => createWinget(program(answers), noModule, '/winget.exe').list();
  expect(await list(() => ({ code: 0x8a150014 | 0, stdout: 'No installed package found matching input criteria.\n' }))).toEqual({ updates: [], held: [] });
  const failed = await list(([verb]) => (verb === 'upgrade' ? { code: 0x8a15000f, stdout: '   - \r  \n打开源时失败；请尝试 "source reset" 命令。\n' } : {})).then(() => null, (error: unknown) => error);
  expect(failed).toMatchObject({ code: 'unavailable', detail: '打开源时失败；请尝试 "source reset" 命令。\n(0x8a15000f)' });
  const old = await list((words) => (words.includes('--include-pinned') ? { code: 0x8a150002 } : words[0] === 'upgrade' ? { stdout: ENGLISH } : { code: 0x8a150002 }));
  expect([old.updates.length, old.held]).toEqual([3, []]);
  const cut = `Name   Id                 Version Available Source\n--------------------------------------------------\nUbuntu CanonicalGroupLim… 2004.1  2004.2    winget\nGit    Git.Git            2.49.0  2.54.0    winget\n`;
  const { updates, held } = await list(([verb]) => ({ stdout: verb === 'pin' ? PINS : cut }));
  expect(updates.map(({ name, title, from, to, stays }) => [name, title, from, to, stays])).toEqual([['CanonicalGroupLim…', 'Ubuntu', '2004.1', '2004.2', 'cut'], ['Git.Git', 'Git', '2.49.0', '2.54.0', 'held']]);
  expect(held).toEqual(['Git.Git']);
});

test('S1 an identifier is one word of its own; a restart that is due is no failure; what is given up is', async () => {
  const asked: string[] = [];
  const said: string[] = [];
  const winget = createWinget(program((words) => (words.includes('A.A') ? { code: 0x8a150109 | 0 } : words.includes('B.B') ? { code: 1, stderr: 'no' } : {}), asked), noModule, '/winget.exe');
  const run = { signal: new AbortController().signal, onOutput: (text: string) => void said.push(text) };
  await winget.run(winget.upgrade('A.A'), run);
  expect(said).toEqual(['0x8a150109\n']);
  expect(asked).toEqual(['upgrade --id A.A --exact --source winget --silent --accept-package-agreements --accept-source-agreements --disable-interactivity']);
  expect(await winget.run(winget.upgrade('B.B'), run).catch((error: { code: string }) => error.code)).toBe('unavailable');
  expect(await winget.run(winget.upgrade('C.C'), { ...run, signal: AbortSignal.abort() }).catch((error: Error) => error.name)).toBe('AbortError');
});
