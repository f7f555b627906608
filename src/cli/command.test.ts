import { afterAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VERSION } from '../version.ts';
import { COMMANDS, days } from './commands.ts';
import { readPasswordLine } from './stdin.ts';

const folder = mkdtempSync(join(tmpdir(), 'mantou-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function mantou(args: string[], input?: string) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, '../main.ts'), ...args], {
    stdin: input === undefined ? 'ignore' : new TextEncoder().encode(input), stdout: 'pipe', stderr: 'pipe', env: { HOME: folder, PATH: process.env.PATH },
  });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { code, out, err };
}

describe('what is typed', () => {
  const refused: [string[], string][] = [
    [['frobnicate'], 'unknown command frobnicate; accepted: serve, user add, user list'],
    [['user'], 'unknown command user; accepted: user add, user list, user reset-password, user reset-2fa'],
    [['user', 'delete', 'lin'], 'unknown command user delete'],
    [['user', 'add', '--role', 'admin', '--password-stdin'], 'NAME is missing; usage: mantou user add NAME [options]'],
    [['user', 'add', 'lin', 'mei', '--role', 'admin', '--password-stdin'], 'unexpected mei; usage: mantou user add NAME'],
    [['user', 'add', 'lin', '--password-stdin'], '--role admin|operator|viewer is required: admin, operator or viewer'],
    [['user', 'add', 'lin', '--role', 'root', '--password-stdin'], '--role: "root" is not accepted; give admin, operator or viewer'],
    [['user', 'add', 'lin', '--role', 'admin'], '--password-stdin is required'],
    [['token', 'add', '--user', 'lin'], '--name LABEL is required: a label'],
    [['token', 'add', '--user', 'lin', '--name', 'ci', '--expires', 'soon'], '--expires: "soon" is not accepted; give days'],
    [['serve', 'here'], 'unexpected here; usage: mantou serve [options]'],
    [['version', '--loud'], 'unknown option --loud; accepted: --data-dir'],
  ];
  for (const [args, told] of refused) {
    test(`${args.join(' ')}: exit code 2 and one line`, async () => {
      const { code, out, err } = await mantou(args);
      expect({ code, out, lines: err.trimEnd().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
      expect(err).toStartWith('mantou: ');
      expect(err).toContain(told);
    });
  }

  test('--version and --help in all their places', async () => {
    expect(await mantou(['version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    expect(await mantou(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    const overview = await mantou(['--help']);
    for (const { name } of COMMANDS) expect(overview.out).toContain(`mantou ${name}`);
    expect((await mantou(['help'])).out).toBe(overview.out);
    const family = (await mantou(['user', '--help'])).out;
    expect(family).toContain('mantou user add NAME');
    expect(family).not.toContain('mantou serve');
    const add = await mantou(['user', 'add', '--help']);
    expect(add).toEqual({ code: 0, out: expect.stringContaining('--role admin|operator|viewer'), err: '' });
  });

  test('every command takes --data-dir, and its words are no beginning of another', () => {
    for (const { name, options } of COMMANDS) {
      expect(options.map(({ key }) => key), name).toContain('dataDir');
      expect(COMMANDS.filter((other) => other.name.startsWith(`${name} `)), name).toEqual([]);
    }
  });
});

describe('users and tokens', () => {
  const at = (name: string) => ['--data-dir', join(folder, name)];
  const add = (where: string, name: string, password: string) => mantou(['user', 'add', name, '--role', 'admin', '--password-stdin', ...at(where)], password);

  test('nothing is made where there is no panel', async () => {
    for (const args of [['user', 'list'], ['user', 'reset-2fa', 'lin'], ['token', 'add', '--user', 'lin', '--name', 'x']]) {
      const { code, err } = await mantou([...args, ...at('nowhere')]);
      expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`There is no panel in ${join(folder, 'nowhere')}`) });
    }
    expect(await Bun.file(join(folder, 'nowhere')).exists()).toBe(false);
  });

  test('a password has to come, and to be a good one', async () => {
    const empty = await add('weak', 'lin', '');
    expect({ code: empty.code, err: empty.err }).toEqual({ code: 2, err: 'mantou: --password-stdin: standard input is empty; give the password as its first line\n' });
    const short = await add('weak', 'lin', 'short\n');
    expect(short.code).toBe(1);
    expect(short.err.trim().split('\n')).toHaveLength(1);
    const bad = await add('weak', '-x', 'steamed bun 2026\n');
    expect(bad.code).toBe(2);
    const name = await add('weak', 'lin/mei', 'steamed bun 2026\n');
    expect(name.code).toBe(1);
  });

  test('made, listed, changed', async () => {
    expect(await add('one', 'lin', 'steamed bun 2026\n')).toEqual({ code: 0, out: 'lin can sign in now (admin).\n', err: '' });
    const again = await add('one', 'Lin', 'steamed bun 2026\n');
    expect({ code: again.code, out: again.out }).toEqual({ code: 1, out: '' });
    expect((await mantou(['user', 'list', ...at('one')])).out).toBe('lin\tadmin\t-\tactive\n');
    const reset = await mantou(['user', 'reset-password', 'lin', '--password-stdin', ...at('one')], 'another bun 2027');
    expect(reset).toEqual({ code: 0, out: 'lin has a new password. Sessions of lin have ended.\n', err: '' });
    expect((await mantou(['user', 'reset-2fa', 'lin', ...at('one')])).code).toBe(0);
    const unknown = await mantou(['user', 'reset-2fa', 'mei', ...at('one')]);
    expect(unknown).toEqual({ code: 1, out: '', err: 'mantou: There is no user mei. Users: lin.\n' });
    const token = await mantou(['token', 'add', '--user', 'lin', '--name', 'ci', '--role', 'viewer', ...at('one')]);
    expect(token).toEqual({ code: 0, out: expect.stringMatching(/^mantou_[\w-]{43}\n$/), err: '' });
  });
});

describe('--password-stdin', () => {
  const stream = async function* (...pieces: (string | Uint8Array)[]) {
    for (const piece of pieces) yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
  };
  const read = (...pieces: (string | Uint8Array)[]) => readPasswordLine(stream(...pieces));

  test('is the first line, blanks and all', async () => {
    expect(await read(' two words \nmore')).toBe(' two words ');
    expect(await read('from ', 'windows\r\n')).toBe('from windows');
    expect(await read('no end')).toBe('no end');
    const split = new TextEncoder().encode('馒头\n');
    expect(await read(split.subarray(0, 2), split.subarray(2))).toBe('馒头');
  });

  test('is refused empty, endless or not UTF-8', async () => {
    await expect(read()).rejects.toThrow('standard input is empty');
    await expect(read('\nsecond')).rejects.toThrow('standard input is empty');
    await expect(read('x'.repeat(5000))).rejects.toThrow('longer than 4096');
    await expect(read(new Uint8Array([0xff, 0xfe, 0x0a]))).rejects.toThrow('not UTF-8');
  });
});

test('--expires counts days', () => {
  expect(['30d', '8w', '1y', '10y'].map(days)).toEqual([30, 56, 365, 3650]);
  expect(['0d', '11y', '30', 'd', '-1d', '1.5d', '30D', '9999w', ' 1d'].map(days)).toEqual(Array(9).fill(null));
});
