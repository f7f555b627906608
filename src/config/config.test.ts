import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLoopback } from '../lib/loopback.ts';
import { decideTls, findDataDir, loadConfig } from './load.ts';
import { helpLines, parseArgv, readValue, UsageError, type Option } from './option.ts';
import { isCidr, serveOptions } from './options.ts';
import { defaultDataDir, isCompiled } from './paths.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function dataDir(toml?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-config-'));
  folders.push(folder);
  if (toml !== undefined) writeFileSync(join(folder, 'config.toml'), toml);
  return folder;
}

const refusal = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return 'not refused';
};
const parse = (...argv: string[]) => parseArgv(serveOptions, argv);
const load = (flags: string[], env: Record<string, string> = {}, toml?: string) =>
  loadConfig({ dataDir: dataDir(toml), ...parse(...flags).values }, env);

describe('flags', () => {
  const refused: [string[], string][] = [
    [['--prot', '1'], 'unknown option --prot; accepted: --host, --port'],
    [['-p', '1'], 'unknown option -p'],
    [['--port'], '--port needs a value: a number from 0 to 65535'],
    [['--port', '--tls'], '--port needs a value'],
    [['--port', '70000'], '--port: "70000" is not accepted; give a number from 0 to 65535'],
    [['--port', '-1'], '"-1" is not accepted'],
    [['--port', '1e3'], '"1e3" is not accepted'],
    [['--port='], '"" is not accepted'],
    [['--data-dir', '--port'], '--data-dir needs a value: a folder'],
    [['--data-dir='], '--data-dir: "" is not accepted'],
    [['--host', 'a b'], '--host: "a b" is not accepted; give an IP address or a host name'],
    [['--host', 'http://x'], 'is not accepted'],
    [['--trusted-proxy', '10.0.0.0/33'], 'give an address or a network such as 10.0.0.0/8'],
    [['--tls=maybe'], '--tls: "maybe" is not accepted; give true or false'],
    [['--no-port'], 'unknown option --no-port'],
    [['--no-tls=1'], 'unknown option --no-tls'],
  ];
  for (const [argv, told] of refused) {
    test(`${argv.join(' ')} is refused in one line`, () => {
      const text = refusal(() => parse(...argv));
      expect(text).toContain(told);
      expect(text).not.toContain('\n');
    });
  }

  test('both forms, lists that grow, and what follows --', () => {
    expect(parse('--port=1', '--host', '::1', '--no-tls', '--portable=no').values).toEqual({ port: 1, host: '::1', tls: false, portable: false });
    expect(parse('--trusted-proxy', '10.0.0.1', '--trusted-proxy=::1,fd00::/8').values).toEqual({ trustedProxies: ['10.0.0.1', '::1', 'fd00::/8'] });
    expect(parse('--', '--port').positionals).toEqual(['--port']);
    expect(parse('--data-dir=-odd').values.dataDir).toBe(join(process.cwd(), '-odd'));
  });

  test('a missing flag that is needed is named with what it takes', () => {
    const role: Option = { key: 'role', flag: 'role', kind: 'text', value: 'R', help: '', accepts: 'admin or viewer', required: true };
    expect(refusal(() => parseArgv([role], []))).toBe('--role R is required: admin or viewer');
  });

  test('help has a line for each', () => {
    expect(helpLines(serveOptions)).toHaveLength(serveOptions.length);
    expect(helpLines(serveOptions).join('\n')).toContain('(default 8686)');
  });
});

describe('settings', () => {
  test('flags, then environment, then config.toml, then defaults', () => {
    const toml = 'port = 1\nhost = "127.0.0.2"\ntrusted_proxy = ["10.0.0.0/8"]\n';
    expect(load(['--port', '3'], { MANTOU_PORT: '2' }, toml)).toMatchObject({ port: 3, host: '127.0.0.2', trustedProxies: ['10.0.0.0/8'] });
    expect(load([], { MANTOU_PORT: '2', MANTOU_HOST: '' }, toml)).toMatchObject({ port: 2, host: '127.0.0.2' });
    expect(load([], {}, toml).port).toBe(1);
    expect(load([])).toMatchObject({ port: 8686, host: '127.0.0.1', tls: undefined, trustedProxies: [], demo: false });
  });

  test('names its source when it is not accepted', () => {
    expect(refusal(() => load([], { MANTOU_PORT: 'x' }))).toContain('MANTOU_PORT: "x" is not accepted');
    expect(refusal(() => load([], {}, 'port = 70000'))).toContain('config.toml: port: 70000 is not accepted');
    expect(refusal(() => load([], {}, 'prot = 1'))).toContain('unknown key prot; accepted: host, port');
    expect(refusal(() => load([], {}, '[server]\nport = 1'))).toContain('unknown key server');
    expect(refusal(() => load([], {}, 'port = 1\nhost = ['))).toMatch(/config\.toml:2: /);
  });

  test('is frozen', () => {
    expect(Object.isFrozen(load([]))).toBe(true);
  });

  test('paths in config.toml count from the data directory', () => {
    const folder = dataDir('tls_cert = "tls/mine.pem"\ntls_key = "/etc/key.pem"\n');
    expect(loadConfig({ dataDir: folder }, {})).toMatchObject({ tlsCert: join(folder, 'tls/mine.pem'), tlsKey: '/etc/key.pem' });
  });

  test('a switch reads the usual words', () => {
    const tls = serveOptions.find(({ key }) => key === 'tls')!;
    expect(['1', 'true', 'YES', 'on', true].map((raw) => readValue(tls, raw, 'x'))).toEqual([true, true, true, true, true]);
    expect(['0', 'false', 'no', 'Off', false].map((raw) => readValue(tls, raw, 'x'))).toEqual([false, false, false, false, false]);
  });
});

describe('TLS', () => {
  test('is off on loopback and on elsewhere', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].map((host) => decideTls(load(['--host', host])))).toEqual([false, false, false, false]);
    expect(['0.0.0.0', '::', '192.0.2.1', 'box.lan'].map((host) => decideTls(load(['--host', host])))).toEqual([true, true, true, true]);
    expect(isLoopback('127.0.0.1.example.com')).toBe(false);
  });

  test('can be forced on', () => {
    expect(decideTls(load(['--tls']))).toBe(true);
    expect(decideTls(load(['--tls-cert', '/c', '--tls-key', '/k']))).toBe(true);
  });

  test('S7 is not turned off where others reach the panel, unless a proxy adds it', () => {
    expect(refusal(() => decideTls(load(['--no-tls', '--host', '0.0.0.0'])))).toContain('would send passwords in the clear');
    expect(refusal(() => decideTls(load(['--host', '::'], {}, 'tls = false')))).toContain('would send passwords in the clear');
    expect(decideTls(load(['--no-tls', '--host', '0.0.0.0', '--trusted-proxy', '10.0.0.1']))).toBe(false);
    expect(decideTls(load(['--no-tls']))).toBe(false);
  });

  test('half a pair and a contradiction are refused', () => {
    expect(refusal(() => decideTls(load(['--tls-cert', '/c'])))).toContain('go together');
    expect(refusal(() => decideTls(load(['--tls-key', '/k'])))).toContain('go together');
    expect(refusal(() => decideTls(load(['--no-tls', '--tls-cert', '/c', '--tls-key', '/k'])))).toContain('exclude each other');
  });
});

describe('the data directory', () => {
  const at = { platform: 'linux' as NodeJS.Platform, env: {}, root: false, home: '/home/lin', executable: '/usr/local/bin/mantou' };

  test('is where the system keeps such things', () => {
    expect(defaultDataDir({ ...at, root: true }, undefined)).toBe('/var/lib/mantou');
    expect(defaultDataDir(at, undefined)).toBe('/home/lin/.local/share/mantou');
    expect(defaultDataDir({ ...at, env: { XDG_DATA_HOME: '/d' } }, undefined)).toBe('/d/mantou');
    expect(defaultDataDir({ ...at, env: { XDG_DATA_HOME: 'relative' } }, undefined)).toBe('/home/lin/.local/share/mantou');
    expect(defaultDataDir({ ...at, platform: 'win32', env: { ProgramData: 'D:\\ProgramData' } }, undefined)).toContain('D:\\ProgramData');
    expect(defaultDataDir({ ...at, root: true }, '/media/stick')).toBe('/media/stick/data');
  });

  test('a folder that is named counts more than portable mode', () => {
    expect(findDataDir({ dataDir: '/d', portable: true }, {})).toEqual({ dataDir: '/d', portable: true });
    expect(findDataDir({}, { MANTOU_DATA_DIR: '/e' }).dataDir).toBe('/e');
    expect(findDataDir({ demo: true }, {}).dataDir).toBe(`${findDataDir({}, {}).dataDir}-demo`);
    expect(findDataDir({ demo: true, dataDir: '/d' }, {}).dataDir).toBe('/d');
    expect(findDataDir({ portable: true }, {}).dataDir).toBe(join(import.meta.dir, '../../data'));
  });

  test('the executable knows itself by where its sources lie', () => {
    expect(['/$bunfs/root/mantou', 'B:\\~BUN\\root\\mantou.exe', 'B:/~BUN/root/mantou.exe'].map((main) => isCompiled(main))).toEqual([true, true, true]);
    expect(['/src/main.ts', '/home/$bunfs/main.ts', 'C:\\src\\main.ts'].map((main) => isCompiled(main))).toEqual([false, false, false]);
  });
});

test('networks: an address, or one with as many bits as it has', () => {
  expect(['10.0.0.0/8', '10.0.0.1', '::1', 'fd00::/8', '::/0', '0.0.0.0/0'].every(isCidr)).toBe(true);
  expect(['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', 'box/8', '10.0.0/8', '', '/8'].some(isCidr)).toBe(false);
});
