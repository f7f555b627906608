import { afterEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { parseArgv } from '../config/option.ts';
import { serveOptions } from '../config/options.ts';
import { SYSTEM } from '../core/app.ts';
import { record } from '../core/audit/audit.ts';
import { users } from '../db/schema/users.ts';
import { en } from '../i18n/en.ts';
import type { Exec, ExecResult } from '../platform/exec.ts';
import type { Check } from './checks/check.ts';
import { clockCheck, dockerAt, firewallCheck } from './checks/machine.ts';
import { portCheck, tlsCheck } from './checks/network.ts';
import { dataDirCheck, databaseCheck, keyCheck } from './checks/storage.ts';
import { doctor } from './doctor.ts';
import { openStore, type Store } from './store.ts';

const NOW = Date.now();
const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mantou-doctor-'));
  folders.push(folder);
  return folder;
}

/** A machine with these tools, which say what is written here. */
const machine = (tools: Record<string, Partial<ExecResult>> = {}): Exec => ({
  which: (tool) => (tool in tools ? `/usr/bin/${tool}` : undefined),
  run: async ([path]) => ({ code: 0, stdout: '', stderr: '', truncated: false, ...tools[path.split('/').at(-1)!] }),
});

async function look(check: Check, { dataDir = place(), flags = ['--port', '0'], exec = machine(), now = NOW }: { dataDir?: string; flags?: string[]; exec?: Exec; now?: number } = {}) {
  const config = loadConfig({ ...parseArgv(serveOptions, flags).values, dataDir }, {});
  const { state, say } = await check({ config, exec, now });
  return { state, text: say(en) };
}

/** A data directory with a database that holds this. */
function withDatabase(work: (store: Store) => void = () => {}): string {
  const dataDir = place();
  const { store, close } = openStore(dataDir);
  work(store);
  close();
  return dataDir;
}

describe('data directory', () => {
  test('there, not there yet, not possible', async () => {
    expect(await look(dataDirCheck)).toMatchObject({ state: 'ok', text: expect.stringContaining('GB free') });
    const missing = join(place(), 'a/b');
    expect(await look(dataDirCheck, { dataDir: missing })).toMatchObject({ state: 'ok', text: expect.stringContaining('does not exist yet') });
    expect(existsSync(missing)).toBe(false);
    const file = join(place(), 'file');
    writeFileSync(file, '');
    expect(await look(dataDirCheck, { dataDir: file })).toMatchObject({ state: 'fail' });
  });
});

describe('database', () => {
  test('good, none, damaged', async () => {
    const dataDir = withDatabase();
    expect(await look(databaseCheck, { dataDir })).toMatchObject({ state: 'ok', text: expect.stringContaining('every page checked') });
    expect(await look(databaseCheck)).toMatchObject({ state: 'ok' });
    writeFileSync(join(dataDir, 'mantou.db'), 'not rows '.repeat(999));
    expect(await look(databaseCheck, { dataDir })).toMatchObject({ state: 'fail', text: expect.stringContaining('is damaged') });
  });

  test('its key is missed only when something was sealed with it', async () => {
    expect(await look(keyCheck, { dataDir: withDatabase() })).toMatchObject({ state: 'ok' });
    const row = { id: 'u', name: 'lin', role: 'admin', passwordHash: 'x', createdAt: 0, passwordChangedAt: 0, totpSecret: 'v1.sealed' } as const;
    const dataDir = withDatabase(({ db }) => void db.insert(users).values(row).run());
    expect(await look(keyCheck, { dataDir })).toMatchObject({ state: 'fail', text: expect.stringContaining('secret.key is missing') });
    writeFileSync(join(dataDir, 'secret.key'), 'short');
    expect(await look(keyCheck, { dataDir })).toMatchObject({ state: 'fail', text: expect.stringContaining('not a key of 32 bytes') });
  });
});

describe('address', () => {
  test('free, taken, held by our panel that answers or does not', async () => {
    expect(await look(portCheck)).toMatchObject({ state: 'ok' });
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => Response.json({ status: 'ok' }) });
    const { port } = server;
    const flags = ['--port', String(port)];
    expect(await look(portCheck, { flags })).toMatchObject({ state: 'fail', text: expect.stringContaining('already in use') });
    const dataDir = place();
    writeFileSync(join(dataDir, 'panel.json'), JSON.stringify({ pid: process.pid, url: server.url.origin }));
    expect(await look(portCheck, { flags, dataDir })).toMatchObject({ state: 'ok', text: expect.stringContaining(`pid ${process.pid}`) });
    await server.stop(true);
    expect(await look(portCheck, { flags, dataDir })).toMatchObject({ state: 'fail', text: expect.stringContaining('does not answer') });
  });

  test('TLS: off on loopback, made at the first start elsewhere, refused in the clear', async () => {
    expect(await look(tlsCheck)).toMatchObject({ state: 'ok', text: expect.stringContaining('off') });
    expect(await look(tlsCheck, { flags: ['--host', '0.0.0.0'] })).toMatchObject({ state: 'ok', text: expect.stringContaining('self-signed') });
    expect(await look(tlsCheck, { flags: ['--host', '0.0.0.0', '--no-tls'] })).toMatchObject({ state: 'fail' });
    expect(await look(tlsCheck, { flags: ['--tls-cert', '/nowhere', '--tls-key', '/nowhere'] })).toMatchObject({ state: 'fail', text: expect.stringContaining('ENOENT') });
  });
});

describe('clock', () => {
  test('kept right, alone, or nobody knows', async () => {
    const says = (stdout: string) => machine({ timedatectl: { stdout } });
    expect(await look(clockCheck, { exec: says('NTPSynchronized=yes\n') })).toMatchObject({ state: 'ok', text: expect.stringContaining('synchronized') });
    expect(await look(clockCheck, { exec: says('NTPSynchronized=no\n') })).toMatchObject({ state: 'warn', text: expect.stringContaining('timedatectl set-ntp true') });
    expect(await look(clockCheck, { exec: machine({ timedatectl: { code: 1 } }) })).toMatchObject({ state: 'ok', text: expect.stringContaining('cannot be seen') });
    expect(await look(clockCheck, { exec: machine({ timedatectl: { code: 1 }, chronyc: { code: 0 } }) })).toMatchObject({ state: 'ok' });
  });

  test('before this program was made, or before what the panel wrote down', async () => {
    expect(await look(clockCheck, { now: 0 })).toMatchObject({ state: 'fail', text: expect.stringContaining('1970-01-01') });
    const dataDir = withDatabase((store) => record(store, SYSTEM, { action: 'power.restart' }));
    expect(await look(clockCheck, { dataDir, now: NOW - 86_400_000 })).toMatchObject({ state: 'fail', text: expect.stringContaining('before the newest record') });
    expect(await look(clockCheck, { dataDir })).toMatchObject({ state: 'ok' });
  });
});

test.skipIf(process.platform === 'win32')('Docker: answers, is not there, is there and silent', async () => {
  const socket = join(place(), 'docker.sock');
  expect(await look(dockerAt(socket))).toMatchObject({ state: 'warn' });
  const server = Bun.serve({ unix: socket, fetch: () => Response.json({ Version: '28.5.2' }) });
  expect(await look(dockerAt(socket))).toMatchObject({ state: 'ok', text: expect.stringContaining('28.5.2') });
  await server.stop(true);
  writeFileSync(socket, '');
  expect(await look(dockerAt(socket))).toMatchObject({ state: 'warn', text: expect.stringContaining(socket) });
});

test('firewall: names the tools, or says what to install', async () => {
  expect(await look(firewallCheck, { exec: machine({ ufw: {}, nft: {} }) })).toEqual({ state: 'ok', text: 'ufw, nft' });
  expect(await look(firewallCheck)).toMatchObject({ state: 'warn', text: expect.stringContaining('apt install ufw') });
});

test('a broken config.toml is one line among the others', async () => {
  const dataDir = place();
  writeFileSync(join(dataDir, 'config.toml'), 'prot = 1\n');
  const lines: string[] = [];
  const code = await doctor({ values: { dataDir, port: 0 }, positionals: [], env: {}, t: en, print: (line) => lines.push(line), warn: () => {} });
  expect(code).toBe(1);
  expect(lines.filter((line) => line.startsWith('fail'))).toEqual([expect.stringContaining('unknown key prot')]);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.at(-1)).toBe('One thing to fix.');
});
