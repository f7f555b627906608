import { expect, test } from 'bun:test';
import { z } from 'zod';
import { windowsSelftest } from '../../../cli/windows-selftest.ts';
import { AppError } from '../../../lib/errors.ts';
import { faultError } from './fault.ts';
import type { PowerShell } from './powershell.ts';
import { selftest, TRIALS } from './selftest.ts';
import { VERBS, verbOf, type ScriptName } from './verbs.ts';

const greeting = { version: '5.1.17763.1', os: '10.0.17763.0', language: 'zh-CN', codePage: 936, elevated: false, wide: true };

/** Answers of a machine whose owner is called 李四; each call by its script and verb. */
function machine(answers: Record<string, () => unknown>, asked: string[] = []): PowerShell {
  return {
    missing: () => null, show: () => '', close() {}, greeting: async () => greeting,
    async call(script, verb, _given, answer) {
      asked.push(`${script} ${verb}`);
      const value = (answers[`${script} ${verb}`] ?? (() => ({})))();
      const read = answer.safeParse(value);
      if (read.success) return read.data;
      throw new AppError('unavailable', () => 'unreadable', { cause: read.error, detail: z.prettifyError(read.error) });
    },
  };
}

test('elsewhere than on Windows it is refused, saying why', async () => {
  const said: string[] = [];
  const error = await windowsSelftest({ print: (line) => void said.push(line) }, 'linux').catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(AppError);
  expect((error as AppError).code).toBe('unsupported');
  expect(said).toEqual([]);
});

test('PowerShell that does not start is the report', async () => {
  const said: string[] = [];
  const shell: PowerShell = { ...machine({}), greeting: () => Promise.reject(new AppError('unavailable', () => '', { detail: 'C:\\Users\\李四' })) };
  expect(await selftest(shell, (line) => void said.push(line))).toBe(1);
  expect(said).toEqual(['PowerShell does not start: unavailable']);
});

test('every verb that reads is asked, none that changes', async () => {
  const asked: string[] = [];
  await selftest(machine({}, asked), () => {});
  const reading = (Object.keys(VERBS) as ScriptName[]).flatMap((script) => Object.keys(VERBS[script]).filter((verb) => verbOf(script, verb).reads).map((verb) => `${script} ${verb}`));
  expect(asked.toSorted()).toEqual(reading.toSorted());
  expect(Object.keys(TRIALS).toSorted()).toEqual(Object.keys(VERBS).toSorted());
});

test('the report says what is wrong and where, and nothing of what was answered', async () => {
  const said: string[] = [];
  const list = { owner: '李四', group: '李四', inherits: true, entries: [{ type: 'allow', account: '李四', mask: 'all of 李四', inherited: true, flags: [] }] };
  const fault = { code: 'UnauthorizedAccessException', category: 'PermissionDenied', message: '对路径“C:\\Users\\李四”的访问被拒绝。', type: 'System.UnauthorizedAccessException', hresult: -2147024891, native: 0, line: 12 };
  const shell = machine({
    'acl.ps1 read': () => list,
    'acl.ps1 effective': () => { throw faultError(fault, 'acl.ps1 effective'); },
    'volumes.ps1 list': () => ({ volumes: [{ path: 'C:\\', kind: 'Fixed', type: 'NTFS', label: '李四的磁盘' }] }),
  });
  expect(await selftest(shell, (line) => void said.push(line))).toBeGreaterThanOrEqual(2);
  const text = said.join('\n');
  expect(said[0]).toBe('PowerShell 5.1.17763.1, Windows 10.0.17763.0, zh-CN, code page 936, not elevated, 64 bits');
  expect(text).toMatch(/^fail +\d+ ms {2}acl\.ps1 read: answer of another shape: entries\.0\.mask: Invalid input: expected number, received string$/m);
  expect(text).toMatch(/^fail +\d+ ms {2}acl\.ps1 effective: denied, UnauthorizedAccessException, PermissionDenied, System\.UnauthorizedAccessException, 0x80070005, line 12$/m);
  expect(text).toMatch(/^ok +\d+ ms {2}volumes\.ps1 list: \d+ bytes$/m);
  expect(text).not.toContain('李四');
});
