import { afterAll, describe, expect, test } from 'bun:test';
import iconv from 'iconv-lite';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../test/support/until.ts';
import { en } from '../i18n/en.ts';
import { AppError } from '../lib/errors.ts';
import { exec, runOk, which } from './exec.ts';
import { createScripts, scripts } from './scripts.ts';
import { collect } from './tool-output.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-exec-'));
const canary = join(folder, 'canary');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sh = (text: string, ...args: string[]) => ['/bin/sh', '-c', text, 'sh', ...args] as [string, ...string[]];
const env = which('env')!;

const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (thrown: unknown) => thrown);
  return error instanceof AppError ? { code: error.code, text: error.say(en), detail: error.detail } : error;
};

describe.skipIf(process.platform === 'win32')('exec', () => {
  test('S1 values reach the program as they are: nothing reads them on the way', async () => {
    const hostile = ['; touch X', '$(touch X)', '`touch X`', 'a\nb', '"\'\\', '%COMSPEC%', '^', '*', '~', '', ' '].map((v) => v.replaceAll('X', canary));
    const { stdout } = await exec.run([which('printf')!, '%s\\0', ...hostile]);
    expect(stdout.split('\0').slice(0, -1)).toEqual(hostile);
    expect(existsSync(canary)).toBe(false);
  });

  test('S1 a NUL byte is refused, a relative program is a bug', async () => {
    expect(await refusal(exec.run(['/bin/echo', 'a\0b']))).toMatchObject({ code: 'invalid' });
    expect(await refusal(exec.run(['echo']))).toBeInstanceOf(Error);
  });

  test('S20 the environment is clean: nothing of ours, C locale, the system’s folders', async () => {
    process.env.MANTOU_CANARY = 'seen';
    process.env.LD_PRELOAD_CANARY = 'seen';
    const { stdout } = await exec.run([env]);
    delete process.env.MANTOU_CANARY;
    delete process.env.LD_PRELOAD_CANARY;
    const names = stdout.trim().split('\n').map((line) => line.split('=')[0]).sort();
    expect(names).toEqual(['HOME', 'LANG', 'LC_ALL', 'PATH']);
    expect(stdout).toContain('LC_ALL=C\n');
    expect(stdout).toMatch(/^PATH=\/usr\/local\/sbin:/m);
  });

  test('S20 a tool is looked for in the system’s own folders only', () => {
    const fake = join(folder, 'systemctl-of-mine');
    writeFileSync(fake, '#!/bin/sh\n');
    chmodSync(fake, 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${folder}:${before}`;
    expect(which('systemctl-of-mine')).toBeUndefined();
    process.env.PATH = before;
    expect(which('sh')).toMatch(/^\/(usr\/)?bin\/sh$/);
    expect(which('../../etc/passwd')).toBeUndefined();
  });

  test('S22 a timeout ends the whole tree, also what has left the group', async () => {
    const [one, two] = [join(folder, 'one'), join(folder, 'two')];
    const text = 'sleep 300 & echo $! > "$1"; setsid sh -c \'echo $$ > "$0"; sleep 300 & wait\' "$2" & wait';
    const result = await exec.run(sh(text, one, two), { timeout: 700 });
    expect(result.ended).toBe('timeout');
    for (const path of [one, two]) {
      const pid = readFileSync(path, 'utf8').trim();
      // A zombie is one that nobody has collected yet, where process 1 is no init.
      await until(() => !existsSync(`/proc/${pid}/stat`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')));
    }
  });

  test('a signal ends it, also one that came before', async () => {
    const abort = new AbortController();
    const running = exec.run(['/bin/sleep', '300'], { signal: abort.signal });
    abort.abort();
    expect((await running).ended).toBe('aborted');
    expect((await exec.run(['/bin/sleep', '300'], { signal: abort.signal })).ended).toBe('aborted');
  });

  test('S22 output past the cap is dropped, not kept in memory', async () => {
    const result = await exec.run([which('head')!, '-c', '5000000', '/dev/zero'], { cap: 1000 });
    expect({ length: result.stdout.length, truncated: result.truncated, code: result.code }).toEqual({ length: 1000, truncated: true, code: 0 });
    const exact = await exec.run([which('head')!, '-c', '1000', '/dev/zero'], { cap: 1000 });
    expect(exact.truncated).toBe(false);
  });

  test('a daemon that keeps the pipe open does not keep us waiting', async () => {
    const kept = join(folder, 'kept');
    const result = await exec.run(sh('echo started; setsid sleep 600 & echo $! > "$1"', kept));
    expect({ code: result.code, stdout: result.stdout }).toEqual({ code: 0, stdout: 'started\n' });
    process.kill(Number(readFileSync(kept, 'utf8')), 'SIGKILL');
  });

  test('S13 what goes to standard input is not in the argument list', async () => {
    const { stdout } = await exec.run(sh('cat; tr "\\0" " " < /proc/$$/cmdline'), { stdin: 'canary-secret' });
    expect(stdout.split('canary-secret')).toHaveLength(2);
  });

  test('pieces of output arrive while it runs, characters whole', async () => {
    const pieces: string[] = [];
    await exec.run(sh('printf "\\344\\270"; sleep 0.1; printf "\\255\\n"'), { onOutput: (text) => pieces.push(text) });
    expect(pieces.join('')).toBe('中\n');
  });

  test('a tool of a Chinese Windows is read by its code page, live and whole, and what a cap cuts off is not', async () => {
    const bytes = iconv.encode('拒绝访问。 0x5\r\n指定的服务未安装。', 'cp936');
    const said: string[] = [];
    const piped = (cap: number) => collect(new Blob([bytes]).stream(), cap, (text) => said.push(text), 'cp936');
    const whole = piped(1000);
    await whole.read;
    expect([whole.stop(), said.join('')]).toEqual([{ text: '拒绝访问。 0x5\r\n指定的服务未安装。', truncated: false }, '拒绝访问。 0x5\r\n指定的服务未安装。']);
    const cut = piped(8);
    await cut.read;
    expect(cut.stop()).toEqual({ text: '拒绝访问', truncated: true });
  });

  test('what a tool said last goes with the error', async () => {
    const told = await refusal(runOk(exec, sh('for n in 1 2 3 4 5 6 7 8 9 10; do echo line $n >&2; done; exit 3')));
    expect(told).toMatchObject({ code: 'unavailable', text: 'sh ended with code 3.', detail: expect.stringMatching(/^line 3\n[^]*line 10$/) });
  });
});

describe.skipIf(process.platform === 'win32')('scripts', () => {
  test('S20 are written for their owner only and again by each process', async () => {
    const place = join(folder, 'scripts');
    const name = Object.keys(scripts).find((key) => key.endsWith('.sh'))!;
    const runner = () => createScripts(exec, place);
    await refusal(runner().run(name, ['no-such-verb']));
    const path = join(place, name);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    writeFileSync(path, `touch ${canary}\n`);
    await refusal(runner().run(name, ['no-such-verb']));
    expect(existsSync(canary)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe(scripts[name]!);
  });
});
