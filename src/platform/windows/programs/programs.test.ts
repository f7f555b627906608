import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import iconv from 'iconv-lite';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import type { Program } from '../../programs.ts';
import { differs, placeExecutable } from '../executable.ts';
import { environmentOf } from '../program-host/host.ts';
import { cpuRate, extendedLimits } from '../program-host/job.ts';
import type { ServiceControl, ServiceSetup } from '../services/control.ts';
import { programPlaces, serviceSid } from './files.ts';
import { eachLine, lastOutput, openOutput } from './output.ts';
import { createWindowsPrograms } from './programs.ts';
import { testApp } from '../../../../test/support/app.ts';
import { createWindowsServices } from '../services/services.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mantou-programs-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const program = (more: Partial<Program> = {}): Program => ({
  name: 'shop', title: '', argv: ['C:\\Program Files\\node\\node.exe', 'C:\\shop\\'], user: '', folder: '', environment: [{ name: 'SHOP_PASSWORD', value: 'steamed 7' }],
  restart: 'always', delay: 3, memory: null, cpu: null, tasks: null, boot: true, ...more,
});

function machine({ refuse, states = {} }: { refuse?: AppError; states?: Record<string, number> } = {}) {
  const ran: string[][] = [];
  const put: ServiceSetup[] = [];
  const control: ServiceControl = {
    state: (name) => states[name] ?? null,
    put(setup) {
      if (refuse) throw refuse;
      put.push(setup);
      states[setup.name] = 1;
    },
    remove: (name) => void delete states[name],
  };
  const exec: Exec = {
    which: (tool) => `C:\\Windows\\System32\\${tool}.exe`,
    async run(argv) {
      ran.push([...argv]);
      if (argv[1] === 'start') states[argv[2]!] = 4;
      if (argv[1] === 'stop') states[argv[2]!] = 1;
      return { code: 0, stdout: '', stderr: '', truncated: false };
    },
  };
  const registry = { read: async () => null } as never;
  const home = { folder, dataDir: 'C:\\ProgramData\\Mantou', place: () => {}, command: (...words: string[]) => ['C:\\Mantou dir\\mantou.exe', ...words] };
  return { driver: createWindowsPrograms(exec, registry, home, control), ran, put, states };
}

describe('refusals', () => {
  test('Windows says no: nothing is left of a new program, and everything of an old one', async () => {
    const no = new AppError('denied', (t) => t.programs.scmDenied);
    const { driver } = machine({ refuse: no });
    await expect(driver.driver.writeProgram(program(), false)).rejects.toBe(no);
    expect(existsSync(programPlaces(folder, 'shop').own)).toBe(false);
    const good = machine();
    await good.driver.driver.writeProgram(program(), false);
    const refused = machine({ refuse: no, states: { 'mantou-shop': 1 } });
    await expect(refused.driver.driver.writeProgram(program({ title: 'Other' }), true)).rejects.toBe(no);
    expect(await refused.driver.driver.programs()).toHaveLength(1);
  });

  test('a service of that name which is not ours stays as it is', async () => {
    const { driver, put } = machine({ states: { 'mantou-shop': 4 } });
    expect(await driver.driver.programTaken('shop')).toBe(true);
    await expect(driver.driver.writeProgram(program(), false)).rejects.toMatchObject({ code: 'conflict', field: 'name' });
    expect(put).toEqual([]);
  });

  test('settings that were meddled with are no program', async () => {
    const { settings, own } = programPlaces(folder, 'shop');
    mkdirSync(own, { recursive: true });
    for (const text of ['', '{}', '{"argv":"C:\\\\x.exe"}']) {
      writeFileSync(settings, text);
      expect(await machine().driver.driver.programs()).toEqual([]);
    }
  });
});

test('what is set up: a command line that Windows takes apart rightly, an account without a password, and its own name in lists of access', async () => {
  const { driver, put, ran } = machine();
  await driver.driver.writeProgram(program({ user: 'VirtualAccount', restart: 'on-failure', delay: 7 }), false);
  expect(put).toEqual([{
    name: 'mantou-shop', title: 'shop', description: 'Kept running by Mantou', command: '"C:\\Mantou dir\\mantou.exe" program shop --data-dir C:\\ProgramData\\Mantou',
    account: 'NT SERVICE\\mantou-shop', boot: true, again: 7000,
  }]);
  const sid = serviceSid('mantou-shop');
  expect(ran.map((argv) => argv.slice(1).join(' '))).toEqual([
    `${join(folder, 'shop')} /grant:r *${sid}:(OI)(CI)RX`, ...['output.log', 'output.log.1'].map((name) => `${join(folder, 'shop', name)} /grant:r *${sid}:(RX,W)`), 'start mantou-shop',
  ]);
  // As Microsoft documents it of TrustedInstaller.
  expect(serviceSid('TrustedInstaller')).toBe('S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464');
});

test('S13: values of variables are in one file only, and in nothing that is shown or run', async () => {
  const { driver, put, ran } = machine();
  await driver.driver.writeProgram(program(), false);
  const plan = driver.driver.programPlan(program(), false);
  expect(plan.files.map(({ secret }) => secret)).toEqual([true, false]);
  expect(JSON.stringify([put, ran, plan.commands, plan.files[1], await driver.driver.programs()])).not.toContain('steamed 7');
  const holding = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name), 'utf8').includes('steamed 7'));
  expect(holding.map(({ name }) => name)).toEqual(['environment.json']);
});

test('a removal stops it and leaves nothing', async () => {
  const { driver, ran, states } = machine();
  await driver.driver.writeProgram(program(), false);
  expect(readdirSync(join(folder, 'shop')).sort()).toEqual(['environment.json', 'output.log', 'output.log.1', 'program.json']);
  await driver.driver.removeProgram('shop');
  expect(ran.at(-1)?.slice(1)).toEqual(['stop', 'mantou-shop']);
  expect([states, readdirSync(folder)]).toEqual([{}, []]);
});

test('S20 the executable of services is replaced whole, also while something runs from it, and put back when that fails', () => {
  const [place, running] = [join(folder, 'installed', 'mantou.exe'), join(folder, 'new.exe')];
  writeFileSync(running, 'first');
  expect([differs(running, place), placeExecutable(running, place), readFileSync(place, 'utf8'), differs(running, place)]).toEqual([true, true, 'first', false]);
  writeFileSync(running, 'second one');
  expect([differs(running, place), placeExecutable(running, place), readFileSync(place, 'utf8')]).toEqual([true, true, 'second one']);
  expect(readdirSync(join(folder, 'installed'))).toEqual(['mantou.exe']);
  expect(placeExecutable(place, place)).toBe(false);
  rmSync(running);
  expect(() => placeExecutable(running, place)).toThrow();
  expect(readFileSync(place, 'utf8')).toBe('second one');
});

test('of two variables that Windows takes for one, the program\'s own counts', () => {
  expect(environmentOf({ Path: 'C:\\Windows', TEMP: 'C:\\t', GONE: undefined }, [{ name: 'PATH', value: 'C:\\shop' }, { name: 'temp', value: 'D:\\' }])).toEqual({ PATH: 'C:\\shop', temp: 'D:\\' });
});

describe('what a program says', () => {
  const piece = (...pieces: Buffer[]) => new Blob(pieces).stream();

  test('lines as they end, in UTF-8 or the code page of the machine, and a line without end in parts', async () => {
    const lines: string[] = [];
    const bytes = Buffer.concat([Buffer.from('一\r\n'), iconv.encode('馒头铺', 'cp936'), Buffer.from('\n\nhalf')]);
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    await eachLine(stream, 'cp936', (text) => lines.push(text));
    expect(lines).toEqual(['一', '馒头铺', '', 'half']);
    const long: number[] = [];
    await eachLine(piece(Buffer.alloc(150_000, 'x')), 'cp936', (text) => long.push(text.length));
    expect(long).toEqual([65_536, 65_536, 18_928]);
  });

  test('the file does not grow without end, and its last lines are read back with their time', () => {
    const path = join(folder, 'output.log');
    const log = openOutput(path, () => new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 6)), 2000);
    for (let i = 0; i < 100; i++) log.line(6, 'shop', `line ${i}: of many`);
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['output.log', 'output.log.1']);
    expect(readFileSync(path).length).toBeLessThan(2100);
    expect(lastOutput(path, 2)).toEqual([98, 99].map((i) => ({ at: Date.UTC(2026, 0, 2, 3, 4, 5, 6), priority: 6, from: 'shop', text: `line ${i}: of many` })));
  });

  test('a full disk, or a folder that is not there, ends nobody: what was lost is told when there is room again', () => {
    const at = join(folder, 'later');
    const log = openOutput(join(at, 'output.log'), () => new Date(0));
    for (let i = 0; i < 3; i++) log.line(6, 'shop', 'lost');
    mkdirSync(at);
    log.line(6, 'shop', 'heard');
    log.close();
    expect(lastOutput(join(at, 'output.log'), 9).map(({ priority, from, text }) => `${priority} ${from} ${text}`)).toEqual(['4 mantou 3 lines could not be written', '6 shop heard']);
  });

  test('S4: a link in the place of its file leads nowhere, as the folder is the program\'s', () => {
    writeFileSync(join(folder, 'secret'), '2026-01-02T03:04:05.006Z 6 x: secret\n');
    symlinkSync(join(folder, 'secret'), join(folder, 'output.log'));
    expect(lastOutput(join(folder, 'output.log'), 5)).toEqual([]);
    expect(lastOutput(join(folder, 'gone.log'), 5)).toEqual([]);
  });
});

test('limits as Windows wants them', () => {
  const view = new DataView(extendedLimits({ memory: 512, tasks: 7 }).buffer);
  expect([view.byteLength, view.getUint32(16, true), view.getUint32(40, true), view.getBigUint64(120, true)]).toEqual([144, 0x2208, 7, 512n * 1024n * 1024n]);
  expect(new DataView(extendedLimits({ memory: null, tasks: null }).buffer).getUint32(16, true)).toBe(0x2000);
  expect([cpuRate(100, 4), cpuRate(50, 1), cpuRate(1, 256), cpuRate(9999, 2)]).toEqual([2500, 5000, 1, 10_000]);
});

test('the pages say it in words of Windows: accounts to choose from, no timers, no root', async () => {
  const { driver } = machine();
  await driver.driver.writeProgram(program({ title: 'The shop', user: 'LocalService' }), false);
  const t = testApp();
  const shell = { missing: () => null, call: async () => ({ services: [] }) } as never;
  Object.assign(t.app.host, { services: createWindowsServices(shell, { read: async () => null } as never, undefined, driver) });
  const admin = t.as('admin', 'lin');
  const list = await (await admin.request('/services/programs')).text();
  expect(list).toContain('LocalService');
  expect(list).not.toContain('/services/timers');
  const form = await (await admin.request('/services/programs/new')).text();
  for (const account of ['LocalService', 'NetworkService', 'VirtualAccount']) expect(form).toContain(`value="${account}"`);
  expect(form).not.toMatch(/root|systemd|\/srv\//);
  const edit = await (await admin.request('/services/programs/shop/edit')).text();
  expect(edit).toMatch(/value="LocalService"[^>]*selected/);
  expect(edit).not.toContain('steamed 7');
  await t.close();
});
