import { describe, expect, test } from 'bun:test';
import { testApp } from '../../../../test/support/app.ts';
import { SYSTEM } from '../../../core/app.ts';
import { changePackages, listPackages } from '../../../core/packages/packages.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { NO_REGISTRY } from '../../portable/registry.ts';
import { REG, type RegistryDriver } from '../../registry.ts';
import { faultError } from '../powershell/fault.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { automaticCommands, readAutomatic } from './automatic.ts';
import { createWindowsPackages } from './packages.ts';
import { updateRows, WindowsUpdates } from './windows-update.ts';

const SECURITY = '0fa1201d-4330-4fa8-8ae9-b877473b6441';
const id = (n: number) => `2ad04ae6-e364-4d1e-8c1f-00000000000${n}`;
/** Written by the documentation of IUpdate (wuapi.h), on an English and a Chinese system: no answer of a real Agent. */
const updates = [
  { id: id(1), title: 'Update for Windows Security platform (KB5007651)', description: '', kbs: ['5007651'], categories: ['e6cf1350-c01b-414d-a61f-263d14d133b4'], severity: '', size: 15_000_000, hidden: false, optional: false, url: '' },
  { id: id(2), title: '2026-10 适用于 Windows Server 2022 的累积更新 (KB5044281)', description: '已确认 Microsoft 软件产品中存在安全问题。', kbs: ['5044281'], categories: [SECURITY], severity: '', size: 367_000_000, hidden: false, optional: false, url: 'https://support.microsoft.com/help/5044281' },
  { id: id(3), title: 'Intel - System - 10.1.0.0', description: '', kbs: [], categories: [], severity: '', size: 0, hidden: false, optional: true, url: '' },
  { id: id(4), title: 'Hidden one', description: '', kbs: [], categories: [], severity: 'Critical', size: 1, hidden: true, optional: false, url: '' },
];
const TABLE = `Name Id      Version Available Source\n-------------------------------------\nGit  Git.Git 2.49.0  2.54.0    winget\n`;

interface Machine {
  /** What `look` answers, one after the other; the last one again and again. */
  looks?: object[];
  refuse?: Record<string, object>;
  found?: object[];
  asked?: string[];
}

function powershell({ looks = [{ done: true, percent: 100, code: 2, hresult: 0, restart: false }], refuse = {}, found = updates, asked = [] }: Machine, closed: number[] = []): PowerShell {
  let looked = 0;
  return {
    missing: () => null, greeting: () => Promise.reject(new Error('none')), close: () => void closed.push(1),
    show: (script, verb, given) => [script, verb, ...(Object.keys(given).length ? [JSON.stringify(given)] : [])].join(' '),
    async call(script, verb, given, answer, options) {
      options?.signal?.throwIfAborted();
      asked.push([verb, ...Object.values(given)].join(' '));
      const fault = refuse[`${script} ${verb}`];
      if (fault) throw faultError({ code: 'COMException', category: 'OperationStopped', message: '', type: 'System.Runtime.InteropServices.COMException', hresult: 0, native: 0, line: 1, ...fault }, `${script} ${verb}`);
      if (script === 'winget.ps1') return answer.parse({ module: false, packages: [] });
      if (verb === 'list' || verb === 'search') return answer.parse({ updates: found, searchedAt: 1_790_000_000_000, busy: false });
      if (verb === 'begin') looked = 0;
      return answer.parse(verb === 'look' ? looks[Math.min(looked++, looks.length - 1)] : {});
    },
  };
}

const registry = (values: Record<string, number>): RegistryDriver => ({
  ...NO_REGISTRY, refusal: () => null,
  read: async ({ path }) => ({ keys: [], writtenAt: null, values: Object.entries(values).filter(([name]) => (name === 'Start') === path.endsWith('wuauserv')).map(([name, value]) => ({ name, type: REG.dword, bytes: Uint8Array.from(Buffer.from(new Uint32Array([value]).buffer)) })) }),
});

function driver(machine: Machine = {}, { winget = true, values = {}, wingetCode = 0 }: { winget?: boolean; values?: Record<string, number>; wingetCode?: number } = {}) {
  const ran: string[] = [];
  const closed: number[] = [];
  const exec: Exec = {
    which: () => undefined,
    async run([program, ...words]) {
      ran.push([program.split(/[\\/]/).at(-1), ...words].join(' '));
      return { code: wingetCode, stdout: wingetCode === 0 && words[0] === 'upgrade' && words[1] === '--include-pinned' ? TABLE : '', stderr: '', truncated: false };
    },
  };
  const shell = powershell(machine);
  return { ran, closed, packages: createWindowsPackages({ exec, registry: registry(values), shell, longShell: () => powershell(machine, closed), winget: () => (winget ? '/winget.exe' : undefined), lookMs: 1 }) };
}

const refused = (work: Promise<unknown>) => work.then(() => null, (error: unknown) => (error instanceof AppError ? error : Promise.reject(error)));
const quiet = () => {
  const said: string[] = [];
  return { said, run: { signal: new AbortController().signal, onOutput: (text: string) => void said.push(text) } };
};

describe('refused', () => {
  test('answers that are none, names that are none', () => {
    for (const value of [{}, { updates: [{ ...updates[0], id: "x' or IsInstalled=1" }], searchedAt: null, busy: false }, { updates: [{ ...updates[0], size: '1' }], searchedAt: null, busy: false }]) expect(WindowsUpdates.safeParse(value).success).toBe(false);
  });

  test('the service of Windows Update is disabled, winget is not here: the other one is shown, and it is said', async () => {
    const one = driver({ refuse: { 'windows-update.ps1 list': { hresult: -2_147_023_838 } } }).packages;
    await one.run({ kind: 'refresh' }, quiet().run);
    const off = await one.list();
    expect(off.updates.map(({ name }) => name)).toEqual(['Git.Git']);
    expect(off.unread).toMatchObject([{ tool: 'windows-update', detail: expect.stringContaining('0x80070422') }]);
    const bare = await driver({}, { winget: false }).packages.list();
    expect([bare.updates.length, bare.unread.map(({ tool }) => tool)]).toEqual([4, ['winget']]);
  });

  test('what is not on the list, what winget would have to do without winget, repair, and who is no administrator', async () => {
    const { packages } = driver({}, { winget: false });
    const up = (...names: string[]) => ({ kind: 'upgrade' as const, which: 'chosen' as const, names });
    expect((await refused(packages.plan(up(id(9)))))?.code).toBe('conflict');
    expect((await refused(packages.plan(up('Git.Git'))))?.code).toBe('unsupported');
    expect((await refused(packages.run({ kind: 'repair' }, quiet().run)))?.code).toBe('unsupported');
    const denied = driver({ refuse: { 'windows-update.ps1 begin': { hresult: -2_145_124_284 } } });
    expect((await refused(denied.packages.run(up(id(1), id(2)), quiet().run)))?.code).toBe('denied');
    expect(denied.closed).toHaveLength(1);
  });

  test('one that fails does not keep the others, and the end is a failure with its number', async () => {
    const asked: string[] = [];
    const { packages } = driver({ asked, looks: [{ done: true, percent: 100, code: 4, hresult: -2_145_116_147, restart: false }] });
    const { said, run } = quiet();
    const error = await refused(packages.run({ kind: 'upgrade', which: 'chosen', names: [id(1), id(2)] }, run));
    expect(error).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('Download: Failed, 0x8024200d') });
    expect(asked.filter((each) => each.startsWith('begin'))).toEqual([`begin ${id(1)} Download`, `begin ${id(2)} Download`]);
    expect(said.join('')).toContain('累积更新');
  });
});

test('security first, then the others, then what is only offered; hidden ones are held', () => {
  expect(updateRows({ updates }).map(({ name, to, security, stays, size }) => [name, to, security, stays, size])).toEqual([
    [id(2), 'KB5044281', true, null, 367_000_000], [id(4), '', true, 'held', 1], [id(1), 'KB5007651', false, null, 15_000_000], [id(3), '', false, 'optional', null],
  ]);
});

test('installing: what is shown is what runs, in a process of its own; how far it is, and that a restart is due', async () => {
  const asked: string[] = [];
  const { packages, ran, closed } = driver({ asked, looks: [{ done: false, percent: 3, code: 1, hresult: 0, restart: false }, { done: false, percent: 42, code: 1, hresult: 0, restart: false }, { done: false, percent: 44, code: 1, hresult: 0, restart: false }, { done: true, percent: 100, code: 2, hresult: 0, restart: true }] });
  const change = { kind: 'upgrade', which: 'chosen', names: [id(2), 'Git.Git'] } as const;
  expect((await packages.plan(change)).commands).toEqual([
    `windows-update.ps1 begin {"id":"${id(2)}","work":"Download"}`, `windows-update.ps1 begin {"id":"${id(2)}","work":"Install"}`,
    'winget upgrade --id Git.Git --exact --source winget --silent --accept-package-agreements --accept-source-agreements --disable-interactivity',
  ]);
  const { said, run } = quiet();
  await packages.run(change, run);
  expect(asked.filter((each) => each.startsWith('begin'))).toEqual([`begin ${id(2)} Download`, `begin ${id(2)} Install`]);
  expect(said.join('')).toContain('  Download 3 %\n  Download 42 %\n  Download 100 %\n  Install 3 %\n');
  expect(said.join('')).toContain('RebootRequired');
  // Then it is asked what is newer now.
  expect([ran[0], ran.length]).toEqual([expect.stringMatching(/^winget\.exe upgrade --id Git\.Git --exact/), 3]);
  expect(closed).toHaveLength(1);
});

test('given up: the work is told to stop and waited for, nothing further is begun, and its process ends', async () => {
  const asked: string[] = [];
  const stopper = new AbortController();
  const looks = [{ done: false, percent: 10, code: 1, hresult: 0, restart: false }, { done: false, percent: 20, code: 1, hresult: 0, restart: false }, { done: false, percent: 20, code: 1, hresult: 0, restart: false }, { done: true, percent: 100, code: 5, hresult: 0, restart: false }];
  const { packages, closed, ran } = driver({ asked, looks });
  const said: string[] = [];
  const run = { signal: stopper.signal, onOutput: (text: string) => { said.push(text); if (text.includes('20 %')) stopper.abort(); } };
  const error = await packages.run({ kind: 'upgrade', which: 'chosen', names: [id(1), id(2), 'Git.Git'] }, run).catch((reason: Error) => reason.name);
  expect(error).toBe('AbortError');
  expect(asked.filter((each) => !each.startsWith('look'))).toEqual(['list', `begin ${id(1)} Download`, 'stop']);
  expect([closed.length, ran.filter((each) => each.includes('--id'))]).toEqual([1, []]);
});

test('a search is asked of a process of its own; hidden is held, and a package of winget is pinned', async () => {
  const asked: string[] = [];
  const { packages, ran, closed } = driver({ asked });
  await packages.run({ kind: 'refresh' }, quiet().run);
  const { commands } = await packages.plan({ kind: 'refresh' });
  expect([asked, ran[0], ran.toSorted(), closed.length]).toEqual([['search', 'list'], 'winget.exe source update --name winget --disable-interactivity', [
    'winget.exe pin list --source winget --accept-source-agreements --disable-interactivity', 'winget.exe source update --name winget --disable-interactivity',
    'winget.exe upgrade --include-pinned --source winget --accept-source-agreements --disable-interactivity',
  ], 1]);
  expect(commands.slice(1)).toEqual([ran[0]!, ran.find((each) => each.includes('upgrade'))!].map((each) => each.replace('.exe', '')));
  await packages.run({ kind: 'hold', name: 'Git.Git', to: true }, quiet().run);
  expect((await packages.list()).updates.find(({ name }) => name === 'Git.Git')).toMatchObject({ stays: 'held' });
  await packages.run({ kind: 'hold', name: id(2), to: true }, quiet().run);
  await packages.run({ kind: 'hold', name: 'Git.Git', to: false }, quiet().run);
  expect([asked.at(-1), ran.at(-1)]).toEqual([`hide ${id(2)} true`, 'winget.exe pin remove --id Git.Git --exact --source winget --accept-source-agreements --disable-interactivity']);
  expect(await packages.changelog(id(2))).toContain('已确认 Microsoft');
});

test('what Windows says takes seconds: it is asked once a minute, and anew after a change, also one that was given up', async () => {
  const asked: string[] = [];
  const { packages, ran, closed } = driver({ asked });
  const lists = () => asked.filter((each) => each === 'list').length;
  await packages.list();
  await packages.list();
  expect(lists()).toBe(1);
  expect(await packages.run({ kind: 'refresh' }, { signal: AbortSignal.abort(), onOutput() {} }).catch((error: Error) => error.name)).toBe('AbortError');
  expect([closed.length, ran.filter((each) => each.includes('source update'))]).toEqual([1, []]);
  await packages.list();
  expect(lists()).toBe(2);
});

test('S19 looking asks winget nothing, and agrees to nothing: that is for what an administrator started', async () => {
  const asked: string[] = [];
  const { packages, ran } = driver({ asked });
  const before = await packages.list();
  expect([before.updates.some(({ name }) => name === 'Git.Git'), before.unread.map(({ tool, why }) => [tool, why(en)])]).toEqual([false, [['winget', en.packages.notAsked]]]);
  await packages.plan({ kind: 'refresh' });
  // Its module would ask the source as well.
  expect([ran, asked]).toEqual([[], ['list']]);
  await packages.run({ kind: 'refresh' }, quiet().run);
  const many = ran.length;
  const after = await packages.list();
  expect([after.updates.some(({ name }) => name === 'Git.Git'), after.unread, ran.length]).toEqual([true, [], many]);
  await packages.changelog('Git.Git');
  expect([ran.at(-1), ran.every((each) => each.includes('--source winget') || each.includes('--name winget'))]).toEqual(['winget.exe show --id Git.Git --exact --source winget --disable-interactivity', true]);
});

test('winget that cannot start is a sentence: of the task, and of the page until it is asked again', async () => {
  const { packages } = driver({}, { wingetCode: -1_073_741_515 });
  const error = await refused(packages.run({ kind: 'refresh' }, quiet().run));
  expect([error?.code, error?.say(en)]).toEqual(['unavailable', en.packages.noRuntime]);
  const { unread, updates: found } = await packages.list();
  expect([unread.map(({ tool, why }) => [tool, why(en)]), found.length]).toEqual([[['winget', en.packages.noRuntime]], 4]);
});

test('by themselves: the policy and the service say whether, and turning it on ends that it only tells', async () => {
  const on = async (values: Record<string, number>) => (await readAutomatic(registry(values))).shown.on;
  expect([await on({}), await on({ AUOptions: 4 }), await on({ AUOptions: 3 }), await on({ NoAutoUpdate: 1, AUOptions: 4 }), await on({ Start: 4 }), await on({ NoAutoUpdate: 0, Start: 3 })]).toEqual([true, true, false, false, false, true]);
  expect((await readAutomatic({ ...registry({}), read: () => Promise.reject(new Error('closed')) })).shown.on).toBe(true);
  const words = (to: boolean, options: number | null) => automaticCommands('reg', to, { options }).map((argv) => argv.slice(4).join(' '));
  expect([words(false, 4), words(true, null), words(true, 3)]).toEqual([['NoAutoUpdate /t REG_DWORD /d 1 /f'], ['NoAutoUpdate /t REG_DWORD /d 0 /f'], ['NoAutoUpdate /t REG_DWORD /d 0 /f', 'AUOptions /t REG_DWORD /d 4 /f']]);
  const { packages, ran } = driver({}, { values: { AUOptions: 3 } });
  const { commands } = await packages.plan({ kind: 'automatic', to: true });
  await packages.run({ kind: 'automatic', to: true }, quiet().run);
  expect(ran.map((each) => each.replace('reg.exe', 'reg'))).toEqual(commands);
});

test('pages and core on a Windows: both tools in one list, what is optional is left out of all, and it is kept what ran', async () => {
  const t = testApp();
  const { packages } = driver();
  await packages.run({ kind: 'refresh' }, quiet().run);
  Object.assign(t.app.host, { packages });
  const admin = t.as('admin');
  const read = async (path: string, language = 'en') => (await (await admin.request(path, { headers: { 'accept-language': language } })).text());
  const html = await read('/system/packages');
  for (const said of ['5 updates', '1 for security', '累积更新', 'Windows Update, winget', 'Optional', 'On: Windows installs its updates by itself', `value="${id(2)}"`, 'value="Git.Git"']) expect(html).toContain(said);
  expect(await read('/system/packages', 'zh-CN')).toContain('已开启：Windows 自行安装更新');
  expect(await read(`/system/packages/${id(2)}/hold`)).toContain('Hold 2026-10 适用于');
  expect(await read(`/system/packages/${id(2)}/changelog`)).toContain('support.microsoft.com/help/5044281');
  const all = await read('/system/packages/upgrade?which=all');
  expect([all.includes(id(1)), all.includes(id(2)), all.includes(id(3)), all.includes(id(4)), all.includes('Git.Git'), all.includes('with the next start of the machine')]).toEqual([true, true, false, false, true, true]);
  const task = await changePackages(t.app, SYSTEM, { kind: 'upgrade', which: 'security', names: [] });
  await t.app.tasks.settled(task!);
  expect(await Bun.file(t.app.tasks.logPath(task!)).text()).toContain('Install 100 %');
  expect((await listPackages(t.app, SYSTEM)).unread).toEqual([]);
  expect((await admin.request('/system/packages/repair')).status).toBe(501);
  const rows = t.app.db.$client.query("SELECT action, commands FROM audit WHERE action LIKE 'packages.%'").all() as { commands: string }[];
  expect(rows).toHaveLength(1);
  expect(rows[0]!.commands).toContain('windows-update.ps1 begin');
  Object.assign(t.app.host, { packages: driver({}, { winget: false }).packages });
  expect(await read('/system/packages', 'zh-CN')).toContain('面板所用的账户没有 winget');
  expect(t.errors).toEqual([]);
  await t.close();
});
