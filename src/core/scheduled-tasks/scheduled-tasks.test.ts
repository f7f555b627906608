import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { AppError } from '../../lib/errors.ts';
import { NO_SCHEDULED_TASKS } from '../../platform/portable/scheduled-tasks.ts';
import { faultError } from '../../platform/windows/powershell/fault.ts';
import type { PowerShell } from '../../platform/windows/powershell/powershell.ts';
import { createWindowsScheduledTasks, TaskList, tasksOf } from '../../platform/windows/scheduled-tasks.ts';
import { SYSTEM } from '../app.ts';
import { changeScheduledTask, hasFailed, isOfWindows, listScheduledTasks, ScheduledTaskInput } from './scheduled-tasks.ts';

let t: TestApp;
beforeEach(() => void (t = testApp()));
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

/**
 * What scheduled-tasks.ps1 answers, in English and in Chinese. Not captured, there being no Windows at hand: written from
 * Microsoft's description of the Task Scheduler's interfaces (IRegisteredTask, ITaskDefinition, TASK_STATE, TASK_TRIGGER_TYPE2).
 */
const one = {
  path: '\\Microsoft\\Windows\\Defrag\\ScheduledDefrag', name: 'ScheduledDefrag', state: 3, enabled: true, hidden: false, author: '$(@%systemRoot%\\system32\\defragsvc.dll,-801)', description: 'This task optimizes local storage drives.',
  account: 'SYSTEM', level: 1, actions: ['%windir%\\system32\\defrag.exe -c -h -o -$'], triggers: [], lastRun: 1_790_000_000_000, nextRun: null, lastResult: 0, missed: 0,
};
const english = { tasks: [one, { ...one, path: '\\Never', name: 'Never', state: 1, enabled: false, lastRun: null, lastResult: 267_011, triggers: [2, 8, 11, 12, 10, 99] }] };
const chinese = { tasks: [{ ...one, path: '\\数据\\同步', name: '同步', description: '每半小时同步一次。', account: 'SHOP\\李四', level: 0, state: 4, lastResult: -2_147_024_894, actions: ['sync.exe --password geheim'] }] };

describe('refused', () => {
  test('S2 names that are none, changes that are none, elsewhere than on Windows, tasks that are gone', async () => {
    for (const path of ['', 'a', '\\', '\\a\\', '\\a/b', '\\a\nb', '\\..\0', '\\a"b', '-Name', `\\${'x'.repeat(1001)}`]) expect(ScheduledTaskInput.safeParse({ path, change: 'run' }).success, path.slice(0, 20)).toBe(false);
    expect(ScheduledTaskInput.safeParse({ path: '\\a', change: 'delete' }).success).toBe(false);
    expect(await code(listScheduledTasks({ ...t.app, host: { ...t.app.host, scheduledTasks: NO_SCHEDULED_TASKS } }, SYSTEM, { q: '', system: 'on' }))).toBe('unsupported');
    expect(await code(changeScheduledTask(t.app, SYSTEM, { path: '\\none', change: 'run' }))).toBe('not_found');
    expect(t.app.db.$client.query("SELECT action, result FROM audit WHERE action LIKE 'scheduled_tasks.%'").all()).toEqual([{ action: 'scheduled_tasks.run', result: 'failed' }]);
  });

  test('what Windows refuses is told by its number, in whatever language', async () => {
    const fault = (hresult: number) => ({ code: 'COMException', category: 'NotSpecified', message: '系统找不到指定的文件。', type: 'System.IO.FileNotFoundException', hresult, native: 0, line: 80 });
    const shell = (hresult: number): PowerShell => ({ missing: () => null, show: () => '', close() {}, greeting: () => Promise.reject(new Error('none')), call: () => Promise.reject(faultError(fault(hresult), 'scheduled-tasks.ps1 run')) });
    expect(await code(createWindowsScheduledTasks(shell(-2_147_024_894)).change('\\a', 'run'))).toBe('not_found');
    expect(await code(createWindowsScheduledTasks(shell(-2_147_024_891)).change('\\a', 'run'))).toBe('denied');
    expect(createWindowsScheduledTasks({ ...shell(0), missing: () => 'powershell.exe' }).refusal()).not.toBeNull();
  });
});

test('answers of Windows: states, triggers and results by their numbers', () => {
  const [defrag, never] = tasksOf(TaskList.parse(english));
  expect(defrag).toMatchObject({ state: 'ready', elevated: true, triggers: [], lastResult: 0, lastRun: 1_790_000_000_000 });
  expect(never).toMatchObject({ state: 'disabled', lastResult: null, triggers: ['daily', 'boot', 'session', 'custom', 'other', 'other'] });
  const [sync] = tasksOf(TaskList.parse(chinese));
  expect(sync).toMatchObject({ name: '同步', state: 'running', elevated: false, account: 'SHOP\\李四', lastResult: 0x8007_0002 });
  expect([hasFailed(sync!), hasFailed({ ...sync!, state: 'ready' }), hasFailed({ lastResult: 1056, state: 'ready' })]).toEqual([false, true, false]);
  expect([isOfWindows(defrag!), isOfWindows(sync!)]).toEqual([true, false]);
});

test('the list: people’s own, the failed ones first, all of them when asked or looked for, without secrets', async () => {
  const names = async (q: string, system?: 'on') => (await listScheduledTasks(t.app, SYSTEM, { q, system })).items.map(({ name }) => name);
  expect(await names('')).toEqual(['Renew certificates', 'Backup shop', '数据同步']);
  expect((await names('', 'on')).length).toBe(7);
  expect(await names('defrag')).toEqual(['ScheduledDefrag']);
  const windows = { ...t.app.host.scheduledTasks, list: async () => tasksOf(TaskList.parse(chinese)) };
  const { items } = await listScheduledTasks({ ...t.app, host: { ...t.app.host, scheduledTasks: windows } }, SYSTEM, { q: '', system: undefined });
  expect(items[0]!.actions).toEqual(['sync.exe --password •••']);
});

test('run, stop, turn off and on: done, and written down with what ran', async () => {
  const path = '\\Backup shop';
  for (const change of ['run', 'stop', 'disable', 'enable'] as const) await changeScheduledTask(t.app, SYSTEM, { path, change });
  const rows = t.app.db.$client.query("SELECT action, target, commands FROM audit WHERE action LIKE 'scheduled_tasks.%' ORDER BY id").all() as { action: string; target: string; commands: string }[];
  expect(rows.map(({ action }) => action)).toEqual(['scheduled_tasks.run', 'scheduled_tasks.stop', 'scheduled_tasks.disable', 'scheduled_tasks.enable']);
  expect(JSON.parse(rows[0]!.commands)).toEqual(['scheduled-tasks.ps1 run {"path":"\\\\Backup shop"}']);
});
