import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { until } from '../../../../test/support/until.ts';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import { converse } from '../../exec.ts';
import { codeOf } from './fault.ts';
import type { Fault } from './lane.ts';
import { createPowerShell, type CallOptions, type LIMITS, type PowerShell } from './powershell.ts';

/** The protocol, against a program that speaks it and fails as it is told (test/support/powershell-stand-in.ts). */
const standIn = join(import.meta.dir, '../../../../test/support/powershell-stand-in.ts');
const folder = mkdtempSync(join(tmpdir(), 'mantou-powershell-'));
const open: PowerShell[] = [];
let count = 0;
afterEach(() => open.splice(0).forEach((shell) => shell.close()));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function panel(limits: Partial<typeof LIMITS> = {}, mode = 'good') {
  const log = join(folder, `log-${count++}`);
  let program: string | undefined = process.execPath;
  const shell = createPowerShell({
    program: () => program, start: (path) => converse([path, standIn, mode, log]), text: (script) => `# ${script}`,
    limits: { backOffMs: 200, ...limits }, verb: (_script, verb) => ({ ...(verb === 'write' ? {} : { reads: true as const }), ...(verb === 'effective' ? { slow: true as const } : {}) }),
  });
  open.push(shell);
  const lines = () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []);
  return {
    shell, lines, starts: () => lines().filter((line) => line === 'start').length, loseProgram: () => (program = undefined),
    /** Reads, unless told otherwise. */
    ask: (what: string, more: object = {}, verb: 'read' | 'write' | 'effective' = 'read', options: CallOptions = {}) => shell.call('acl.ps1', verb, { do: what, ...more }, Said, options),
  };
}

const Said = z.object({ said: z.unknown(), pid: z.number().optional(), calls: z.number().optional() });

/** Code, sentence and detail of what is refused. */
async function refused(work: Promise<unknown>) {
  const error = await work.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof AppError)) throw new Error(`not refused as expected: ${error}`);
  return { code: error.code, text: error.say(en), detail: error.detail ?? '' };
}

describe('refused', () => {
  test('no PowerShell, one that says why it does not start, one that dies at once, one that says nothing', async () => {
    const none = panel();
    none.loseProgram();
    expect(none.shell.missing()).toBe('powershell.exe');
    expect(await refused(none.ask('echo'))).toMatchObject({ code: 'unavailable', detail: 'powershell.exe' });
    expect(await refused(panel({}, 'broken').ask('echo'))).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('禁止运行脚本') });
    expect((await refused(panel({ startMs: 300 }, 'silent').ask('echo'))).code).toBe('unavailable');
    expect((await refused(panel({}, 'greets-and-dies').ask('echo', {}, 'write'))).code).toBe('unavailable');
  });

  test('after a failed start the next one waits, and callers are told at once', async () => {
    const { ask, starts } = panel({ backOffMs: 700 }, 'broken');
    await refused(ask('echo'));
    await refused(ask('echo'));
    expect(starts()).toBe(1);
    await Bun.sleep(750);
    await refused(ask('echo'));
    expect(starts()).toBe(2);
  });

  test('more than can be asked at once, and more than may wait', async () => {
    const { ask } = panel({ question: 1000, queue: 2 });
    expect((await refused(ask('echo', { value: 'x'.repeat(1000) }))).code).toBe('invalid');
    const many = Array.from({ length: 6 }, () => ask('slow', { ms: 50 }).then(() => 'ok', (error: AppError) => error.code));
    expect((await Promise.all(many)).toSorted()).toEqual(['ok', 'ok', 'unavailable', 'unavailable', 'unavailable', 'unavailable']);
  });

  test('what a script throws: names and numbers decide, whatever the language', async () => {
    const { ask } = panel();
    const fault: Fault = { code: 'UnauthorizedAccessException', category: 'NotSpecified', message: '拒绝访问。', type: 'System.UnauthorizedAccessException', hresult: -2147024891, native: 0, line: 41 };
    const found = await refused(ask('fault', { fault }));
    expect(found).toMatchObject({ code: 'denied', detail: '拒绝访问。\n(UnauthorizedAccessException, NotSpecified, 0x80070005, acl.ps1 read:41)' });
    const codes: [Partial<Fault>, string][] = [
      [{ code: 'mantou:conflict' }, 'conflict'], [{ code: 'mantou:nonsense' }, 'denied'], [{ category: 'ObjectNotFound', hresult: 0 }, 'not_found'], [{ category: 'PermissionDenied', hresult: 0 }, 'denied'],
      [{ code: 'CommandNotFoundException', category: 'ObjectNotFound' }, 'unsupported'], [{ hresult: -2147024894 }, 'not_found'], [{ hresult: 0, native: 5 }, 'denied'], [{ hresult: -2146233088 }, 'unavailable'],
    ];
    for (const [change, code] of codes) expect(codeOf({ ...fault, ...change }), JSON.stringify(change)).toBe(code as never);
  });

  test('an answer of another shape is said to be one, with where', async () => {
    const { shell } = panel();
    const work = shell.call('acl.ps1', 'read', { do: 'echo', value: 7 }, z.object({ said: z.string() }));
    expect(await refused(work)).toMatchObject({ code: 'unavailable', detail: expect.stringContaining('said') });
  });
});

test('one process answers call after call; a script is sent once, and values are JSON beside it', async () => {
  const { ask, shell, lines } = panel();
  const nasty = `'; Remove-Item C:\\ -Recurse; "$(calc)" \n\r\u2028 \u{1f95f} 馒头 \ud83e\udd5f`;
  const first = await ask('echo', { value: nasty });
  expect(first.said).toBe(nasty);
  const second = await ask('echo');
  expect({ pid: second.pid, calls: second.calls }).toEqual({ pid: first.pid, calls: 2 });
  expect(await shell.call('acl.ps1', 'read', { do: 'text' }, z.object({ text: z.string() }))).toEqual({ text: '# acl.ps1' });
  expect(await shell.greeting()).toMatchObject({ version: '5.1.20348.2227', codePage: 936 });
  expect(lines().filter((line) => line === 'start')).toHaveLength(1);
  expect(shell.show('acl.ps1', 'read', { path: 'C:\\a' })).toBe('acl.ps1 read {"path":"C:\\\\a"}');
});

test('S13 a secret travels beside the JSON, which PowerShell may write down, and is only of its call', async () => {
  const { shell, ask } = panel();
  const Heard = z.object({ said: z.string().nullable(), text: z.string() });
  const secret = 'canary "\n{"id":9}\r\u2028 馒头 \u{1f95f}';
  const told = await shell.call('acl.ps1', 'read', { do: 'secret' }, Heard, { secret });
  expect([told.said, told.text.includes('canary'), told.text.includes('"secret":null')]).toEqual([secret, false, true]);
  expect((await shell.call('acl.ps1', 'read', { do: 'secret' }, Heard, { secret: '' })).said).toBe('');
  expect((await shell.call('acl.ps1', 'read', { do: 'secret' }, Heard)).said).toBe(null);
  expect((await ask('echo', { value: 'after it' })).said).toBe('after it');
  expect(await refused(ask('echo', {}, 'write', { secret: 'x'.repeat(70_000) }))).toMatchObject({ code: 'invalid' });
});

test('noise, answers of others and letters in pieces do not confuse it', async () => {
  const { ask, starts } = panel();
  expect((await ask('noise', { value: '馒' })).said).toBe('馒');
  expect((await ask('stray', { value: 1 })).said).toBe(1);
  expect((await ask('echo', { value: 2 })).said).toBe(2);
  expect((await ask('pieces', { value: '馒头 \u{1f95f}' })).said).toBe('馒头 \u{1f95f}');
  expect(starts()).toBe(1);
});

test('it dies over a call: what reads is asked once more, what changes never is', async () => {
  const { ask, lines, starts } = panel();
  expect(await refused(ask('die'))).toMatchObject({ code: 'unavailable', text: en.powershell.died({ what: 'acl.ps1 read' }) });
  expect(lines().filter((line) => line.endsWith(' die'))).toHaveLength(2);
  expect((await refused(ask('die', {}, 'write'))).code).toBe('unavailable');
  expect((await refused(ask('torn', {}, 'write'))).code).toBe('unavailable');
  expect(lines().filter((line) => line === 'acl.ps1 write die')).toHaveLength(1);
  expect((await ask('echo', { value: 'well again' })).said).toBe('well again');
  expect(starts()).toBe(5);
});

test('the death of one process does not harm what another one works on', async () => {
  const { ask } = panel({ patienceMs: 50 });
  const path = join(folder, 'died');
  const slow = ask('until', { path, value: 'kept' }, 'write');
  await refused(ask('die', {}, 'write'));
  writeFileSync(path, '');
  expect((await slow).said).toBe('kept');
});

test('a call that hangs is ended with its process, and those behind it are answered by the next one', async () => {
  const { ask, starts } = panel({ lanes: 1 });
  const hung = refused(ask('hang', {}, 'read', { timeout: 300 }));
  const behind = ask('echo', { value: 'after' });
  expect(await hung).toMatchObject({ code: 'unavailable', text: en.powershell.late({ what: 'acl.ps1 read', seconds: 1 }) });
  expect((await behind).said).toBe('after');
  expect(starts()).toBe(2);
});

test('too much of an answer ends it: as one line, and as one that never ends', async () => {
  const { ask } = panel({ cap: 100_000 });
  expect(String((await ask('huge', { bytes: 90_000 })).said)).toHaveLength(90_000);
  expect((await refused(ask('endless'))).text).toBe(en.powershell.tooMuch({ what: 'acl.ps1 read' }));
  expect((await refused(ask('huge', { bytes: 900_000 }))).text).toBe(en.powershell.tooMuch({ what: 'acl.ps1 read' }));
  expect((await ask('echo', { value: 1 })).said).toBe(1);
});

test('a long call does not hold up short ones, and a second long one does not take the last process', async () => {
  const { ask, starts } = panel({ patienceMs: 50 });
  await ask('echo');
  const path = join(folder, 'answered');
  const long = [ask('until', { path }, 'effective'), ask('slow', { ms: 10 }, 'effective')];
  await Promise.all([ask('echo'), ask('echo'), ask('echo')]);
  expect(starts()).toBe(2);
  writeFileSync(path, '');
  const [first, second] = await Promise.all(long);
  expect(second!.pid).not.toBe(undefined);
  expect(first!.pid).not.toBe(undefined);
});

test('given up: what waits is never asked, what runs is ended, and what was given up before is not begun', async () => {
  const { ask, lines } = panel({ lanes: 1 });
  const running = new AbortController();
  const waiting = new AbortController();
  const given = (work: Promise<unknown>) => work.then(() => 'answered', (error: Error) => error.name);
  const first = given(ask('hang', {}, 'write', { signal: running.signal }));
  const second = given(ask('echo', { value: 'never' }, 'write', { signal: waiting.signal }));
  const third = ask('echo', { value: 'third' });
  await until(() => lines().some((line) => line.endsWith('hang')));
  waiting.abort();
  running.abort();
  expect([await first, await second]).toEqual(['AbortError', 'AbortError']);
  expect((await third).said).toBe('third');
  expect(await given(ask('echo', {}, 'write', { signal: AbortSignal.abort() }))).toBe('AbortError');
  expect(lines().filter((line) => line.endsWith('write echo'))).toEqual([]);
});

test('nobody asks for a while: the process goes, and comes again', async () => {
  const { ask, starts } = panel({ idleMs: 150 });
  const { pid } = await ask('echo');
  await until(() => !alive(pid!));
  expect((await ask('echo')).pid).not.toBe(pid);
  expect(starts()).toBe(2);
});

test('closed, nothing is left of it', async () => {
  const { ask, shell } = panel();
  const { pid } = await ask('echo');
  const hung = refused(ask('hang'));
  await Bun.sleep(50);
  shell.close();
  expect((await hung).code).toBe('unavailable');
  await until(() => !alive(pid!));
});

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
