import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { en } from '../../i18n/en.ts';
import { AppError } from '../../lib/errors.ts';
import { createFakeRegistry } from '../../platform/fake/registry.ts';
import type { RegistryDriver } from '../../platform/registry.ts';
import { SYSTEM } from '../app.ts';
import { createKey, importFile, planImport, planUndo, removeKey, removeValue, renameKey, setValue, undoChange } from './change.ts';
import { listChanges } from './journal.ts';
import { careOf, inside, isPillar, pathOf, shortOf } from './place.ts';
import { exportKey, readKey } from './read.ts';
import { decodeReg, parseReg, writeReg } from './reg-file.ts';
import { searchRegistry } from './search.ts';
import { snapshot } from './snapshot.ts';
import { encode, lineOf, listOf, numberOf, shownOf, textOf } from './value.ts';

const SHOP = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\商店';
let t: TestApp;
let driver: RegistryDriver;
beforeEach(() => {
  t = testApp();
  driver = t.app.host.registry;
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await t.close();
});

const whole = async (path = SHOP) => writeReg((await snapshot(driver, { path, view: 64 })).keys);
const file = (text: string) => Buffer.from(`Windows Registry Editor Version 5.00\r\n\r\n${text}\r\n`).toString('base64');
const code = async (work: Promise<unknown>) => work.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

describe('refused', () => {
  test('S2 paths that are none, names with backslashes and control characters', () => {
    for (const text of ['', 'C:\\Windows', 'HKLM\\', 'HKLM\\\\SAM', '\\\\host\\HKLM\\SOFTWARE', 'HKEY_PERFORMANCE_DATA', 'HKLM\\a\nb', 'HKLM\\a\0', `HKLM\\${'x'.repeat(256)}`, `HKLM${'\\a'.repeat(600)}`, 'HKLM\\\ud800']) {
      expect(pathOf(text) === null || text === 'HKLM\\', JSON.stringify(text.slice(0, 40))).toBe(true);
    }
    expect(pathOf('hklm\\software\\A')).toBe('HKEY_LOCAL_MACHINE\\software\\A');
    expect(pathOf('计算机\\HKEY_USERS\\.DEFAULT\\')).toBe('HKEY_USERS\\.DEFAULT');
    expect(shortOf('HKEY_LOCAL_MACHINE\\x')).toBe('HKLM\\x');
    expect(inside('HKEY_LOCAL_MACHINE\\SAMBA', 'HKEY_LOCAL_MACHINE\\SAM')).toBe(false);
  });

  test('protected keys, whatever their case, and what holds them or much of Windows', async () => {
    const set = (key: string) => code(setValue(t.app, SYSTEM, { key, view: 64, name: 'x', type: 'REG_SZ', value: 'x' }));
    for (const key of ['HKEY_LOCAL_MACHINE\\SAM', 'HKEY_LOCAL_MACHINE\\sam\\SAM\\Domains', 'HKEY_LOCAL_MACHINE\\SECURITY\\Policy', 'HKEY_LOCAL_MACHINE\\BCD00000000\\Objects']) expect(await set(key), key).toBe('denied');
    for (const key of ['HKEY_LOCAL_MACHINE', 'HKEY_LOCAL_MACHINE\\SYSTEM', 'HKEY_LOCAL_MACHINE\\SYSTEM\\ControlSet001\\Services', 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft', 'HKEY_CURRENT_USER\\Software', 'HKEY_USERS\\.DEFAULT']) {
      expect(await code(removeKey(t.app, SYSTEM, { key, view: 64, confirm: key.split('\\').at(-1)! })), key).toBe('denied');
      expect(await code(renameKey(t.app, SYSTEM, { key, view: 64, name: 'x' })), key).toBe('denied');
    }
    expect(await code(planImport(t.app, SYSTEM, { file: file('[HKEY_LOCAL_MACHINE\\SAM]\r\n@="x"'), view: 64 }))).toBe('denied');
    expect(await code(planImport(t.app, SYSTEM, { file: file('[-HKEY_LOCAL_MACHINE]'), view: 64 }))).toBe('denied');
    expect([careOf('HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Lsa'), careOf('HKEY_LOCAL_MACHINE\\SYSTEM\\controlset002\\services\\x'), careOf(SHOP)]).toEqual(['delicate', 'delicate', null]);
    expect([isPillar('HKEY_CLASSES_ROOT\\.txt'), isPillar('HKEY_CURRENT_USER\\Mine'), isPillar('HKEY_CURRENT_CONFIG\\Software')]).toEqual([false, false, true]);
  });

  test('keys and values that are not there, or are already; a name that was not typed; files that are none', async () => {
    const at = { key: SHOP, view: 64 as const };
    expect(await code(setValue(t.app, SYSTEM, { ...at, key: `${SHOP}\\none`, name: 'x', type: 'REG_SZ', value: '' }))).toBe('not_found');
    expect(await code(removeValue(t.app, SYSTEM, { ...at, name: 'none' }))).toBe('not_found');
    expect(await code(createKey(t.app, SYSTEM, { ...at, name: '订单' }))).toBe('conflict');
    expect(await code(renameKey(t.app, SYSTEM, { ...at, key: `${SHOP}\\订单`, name: '订单' }))).toBe('conflict');
    expect(await code(removeKey(t.app, SYSTEM, { ...at, confirm: '' }))).toBe('invalid');
    for (const bad of [btoa('hello'), btoa(''), file('"x"=1'), file('[HKEY_NONE\\x]'), file('[HKLM\\SOFTWARE\\x]\r\n"a"=dword:zz'), file('[HKLM\\SOFTWARE\\x]\r\n"a"=hex:0,gg'), file(''), file('[HKLM\\SOFTWARE\\x]\r\n"link"=hex(6):41,00')]) {
      expect(await code(planImport(t.app, SYSTEM, { file: bad, view: 64 })), bad).toBe('invalid');
    }
    expect(await code(undoChange(t.app, SYSTEM, 'none'))).toBe('not_found');
    expect(listChanges(t.app, SYSTEM)).toEqual([]);
  });

  test('values that are none of their type', () => {
    for (const [type, text] of [['REG_DWORD', '4294967296'], ['REG_DWORD', '-1'], ['REG_DWORD', ''], ['REG_DWORD', '1.5'], ['REG_QWORD', '0x10000000000000000'], ['REG_BINARY', '0'], ['REG_BINARY', 'zz'], ['REG_MULTI_SZ', 'a\n\nb'], ['REG_SZ', 'a\0b'], ['REG_SZ', '\ud800']] as const) {
      expect(encode(type, text), `${type} ${text}`).toBeNull();
    }
  });
});

test('values: what is shown is what is taken back, and what is no text is shown as bytes', () => {
  for (const [type, number, text] of [['REG_SZ', 1, '馒头 "x" \\'], ['REG_SZ', 1, ''], ['REG_EXPAND_SZ', 2, '%a%\nb'], ['REG_MULTI_SZ', 7, '北京\n上海'], ['REG_MULTI_SZ', 7, ''], ['REG_DWORD', 4, '4294967295'], ['REG_QWORD', 11, '18446744073709551615'], ['REG_BINARY', 3, '00 ff 10'], ['REG_NONE', 0, '']] as const) {
    expect(shownOf({ name: '', type: number, bytes: encode(type, text)! }), type).toBe(text);
  }
  expect(textOf({ name: '', type: 1, bytes: Uint8Array.of(65, 0, 66) })).toBeNull();
  expect(textOf({ name: '', type: 1, bytes: Uint8Array.from(Buffer.from('a\0b\0', 'utf16le')) })).toBeNull();
  expect(listOf({ name: '', type: 7, bytes: Uint8Array.from(Buffer.from('a\0\0b\0\0', 'utf16le')) })).toBeNull();
  expect(numberOf({ name: '', type: 5, bytes: Uint8Array.of(0, 0, 1, 0) })).toBe(256n);
  expect(numberOf({ name: '', type: 4, bytes: Uint8Array.of(1) })).toBeNull();
  expect(lineOf({ name: '', type: 4, bytes: Uint8Array.of(16, 0, 0, 0) })).toBe('0x00000010 (16)');
  expect(encode('REG_DWORD', ' 0xFF ')).toEqual(Uint8Array.of(255, 0, 0, 0));
});

test('what is exported is read again as it was, lines are broken as regedit breaks them, and secrets are written down', async () => {
  const bytes = await exportKey(t.app, SYSTEM, { path: 'HKEY_LOCAL_MACHINE\\SOFTWARE', view: 64 });
  expect(Buffer.from(bytes.subarray(0, 2)).toString('hex')).toBe('fffe');
  const text = decodeReg(bytes);
  expect(Math.max(...text.split('\r\n').filter((line) => line.includes('hex')).map((line) => line.length))).toBeLessThanOrEqual(80);
  const { keys } = parseReg(text)!;
  expect(Buffer.compare(writeReg(keys), bytes)).toBe(0);
  const file = Buffer.from(bytes).toString('base64');
  expect((await planImport(t.app, SYSTEM, { file, view: 64 })).changes).toBe(0);
});

describe('changes', () => {
  test('each is undone by one step, and the step by another', async () => {
    const before = await whole();
    const at = { key: `${SHOP}\\订单`, view: 64 as const };
    const steps: (() => Promise<string>)[] = [
      () => setValue(t.app, SYSTEM, { ...at, name: 'MAXCONNECTIONS', type: 'REG_SZ', value: 'many' }),
      () => setValue(t.app, SYSTEM, { ...at, name: 'new', type: 'REG_QWORD', value: '7' }),
      () => removeValue(t.app, SYSTEM, { ...at, name: '节点' }),
      () => removeValue(t.app, SYSTEM, { ...at, name: '' }),
      () => createKey(t.app, SYSTEM, { ...at, name: 'below' }),
      () => renameKey(t.app, SYSTEM, { ...at, name: 'orders' }),
      () => removeKey(t.app, SYSTEM, { ...at, confirm: '订单' }),
    ];
    for (const step of steps) {
      const id = await step();
      const after = await whole();
      expect(Buffer.compare(after, before)).not.toBe(0);
      const undo = await undoChange(t.app, SYSTEM, id);
      expect(decodeReg(await whole()).split('\r\n').toSorted()).toEqual(decodeReg(before).split('\r\n').toSorted());
      const redo = await undoChange(t.app, SYSTEM, undo);
      expect(decodeReg(await whole()).split('\r\n').toSorted()).toEqual(decodeReg(after).split('\r\n').toSorted());
      await undoChange(t.app, SYSTEM, redo);
      expect(await code(undoChange(t.app, SYSTEM, id))).toBe('conflict');
    }
  });

  test('an import that takes keys away, brings them back and writes below them is undone whole', async () => {
    const before = decodeReg(await whole());
    const given = file(`[${SHOP}\\订单]\r\n"MaxConnections"=dword:1\r\n"MaxConnections"=dword:2\r\n"gone"=-\r\n\r\n[-${SHOP}\\订单]\r\n\r\n[${SHOP}\\订单]\r\n"only"="this"\r\n\r\n[${SHOP}\\a\\b\\c]\r\n@="deep"\r\n\r\n[-${SHOP}\\a\\b]\r\n\r\n[-${SHOP}\\never]`);
    const plan = await planImport(t.app, SYSTEM, { file: given, view: 64 });
    expect(plan.rows.map(({ kind }) => kind)).toEqual(['value-changed', 'value-changed', 'same', 'key-removed', 'key-new', 'value-new', 'key-new', 'value-new', 'key-removed', 'same']);
    const { id } = await importFile(t.app, SYSTEM, { file: given, view: 64, digest: plan.digest });
    expect((await readKey(t.app, SYSTEM, { path: `${SHOP}\\订单`, view: 64 })).values.map(({ name }) => name)).toEqual(['only']);
    expect((await readKey(t.app, SYSTEM, { path: SHOP, view: 64 })).keys.map(({ name }) => name)).toEqual(['a', '订单']);
    await undoChange(t.app, SYSTEM, id);
    expect(decodeReg(await whole())).toBe(before);
  });

  test('what has changed since it was looked at is not overwritten', async () => {
    const given = file(`[${SHOP}\\订单]\r\n"MaxConnections"=dword:1`);
    const { digest } = await planImport(t.app, SYSTEM, { file: given, view: 64 });
    const id = await setValue(t.app, SYSTEM, { key: `${SHOP}\\订单`, view: 64, name: 'MaxConnections', type: 'REG_DWORD', value: '9' });
    expect(await code(importFile(t.app, SYSTEM, { file: given, view: 64, digest }))).toBe('conflict');
    const { plan } = await planUndo(t.app, SYSTEM, id);
    await setValue(t.app, SYSTEM, { key: `${SHOP}\\订单`, view: 64, name: 'MaxConnections', type: 'REG_DWORD', value: '10' });
    expect(await code(undoChange(t.app, SYSTEM, id, plan.digest))).toBe('conflict');
  });

  test('S12 they are audited with what reg.exe would be told, secrets left out; what was there is kept sealed', async () => {
    await setValue(t.app, SYSTEM, { key: SHOP, view: 32, name: 'DbPassword', type: 'REG_SZ', value: 'canary-steam' });
    await setValue(t.app, SYSTEM, { key: SHOP, view: 64, name: 'plain', type: 'REG_MULTI_SZ', value: 'a b\nc' });
    await setValue(t.app, SYSTEM, { key: SHOP, view: 64, name: 'DbPassword', type: 'REG_SZ', value: 'other' });
    const rows = t.app.db.$client.query("SELECT commands FROM audit WHERE action = 'registry.set' ORDER BY id").all() as { commands: string }[];
    expect(rows.map(({ commands }) => JSON.parse(commands))).toEqual([
      ['reg add "HKLM\\SOFTWARE\\商店" /v DbPassword /t REG_SZ /d "•••" /reg:32 /f'], ['reg add "HKLM\\SOFTWARE\\商店" /v plain /t REG_MULTI_SZ /d "a b\\0c" /reg:64 /f'],
      ['reg add "HKLM\\SOFTWARE\\商店" /v DbPassword /t REG_SZ /d "•••" /reg:64 /f'],
    ]);
    const kept = JSON.stringify(t.app.db.$client.query('SELECT * FROM registry_changes').all());
    expect(kept).not.toContain('canary');
    expect(kept).not.toContain(Buffer.from('canary-steam').toString('base64').slice(0, 12));
  });

  test('S2 names with line breaks and brackets, as Windows takes them, put back what they were and nothing else', async () => {
    const victim = { path: 'HKEY_CURRENT_USER\\Software\\Victim', view: 64 as const };
    await driver.create(victim);
    await driver.set(victim, { name: 'kept', type: 1, bytes: encode('REG_SZ', 'kept')! });
    const evil = { path: `${SHOP}\\evil\\x]\r\n[-${victim.path}`, view: 64 as const };
    await driver.create(evil);
    await driver.set({ ...evil, path: `${SHOP}\\evil` }, { name: 'n"=-\r\n"kept"=-\r\n"\ud800', type: 3, bytes: Uint8Array.of(0, 255) });
    const before = await snapshot(driver, { path: SHOP, view: 64 });
    const id = await removeKey(t.app, SYSTEM, { key: `${SHOP}\\evil`, view: 64, confirm: 'evil' });
    const { plan } = await planUndo(t.app, SYSTEM, id);
    expect(plan.rows.filter(({ kind }) => kind === 'key-removed')).toEqual([]);
    await undoChange(t.app, SYSTEM, id, plan.digest);
    expect(await snapshot(driver, { path: SHOP, view: 64 })).toEqual(before);
    expect((await readKey(t.app, SYSTEM, victim)).values.map(({ name }) => name)).toEqual(['kept']);

    const text = decodeReg(await exportKey(t.app, SYSTEM, { path: `${SHOP}\\evil`, view: 64 }));
    expect(parseReg(text)).toEqual({ keys: [{ path: `${SHOP}\\evil`, remove: false, values: [] }], faults: [] });
    const remarks = text.split('\r\n').filter((line) => line.startsWith(';'));
    expect(remarks[0]).toBe(`; not readable: ${SHOP}\\evil\\x]??[-HKEY_CURRENT_USER`);
    expect(remarks).toContain(`; not readable: ${SHOP}\\evil: n"=-??"kept"=-??"\ufffd`);
    expect(t.app.db.$client.query("SELECT params FROM audit WHERE action = 'registry.export'").all()).toEqual([{ params: JSON.stringify({ view: 64, keys: 1, values: 0, unread: 4 }) }]);
  });

  test('one that Windows refuses half way can still be undone', async () => {
    const broken = { ...driver, set: (place: never, value: { name: string }) => (value.name === 'second' ? Promise.reject(new AppError('denied', (m) => m.registry.denied({ path: 'x' }))) : driver.set(place, value as never)) } as RegistryDriver;
    const app = { ...t.app, host: { ...t.app.host, registry: broken } };
    const before = decodeReg(await whole());
    const given = file(`[${SHOP}\\new]\r\n"first"="1"\r\n"second"="2"`);
    const { digest } = await planImport(app, SYSTEM, { file: given, view: 64 });
    expect(await code(importFile(app, SYSTEM, { file: given, view: 64, digest }))).toBe('denied');
    const [change] = listChanges(t.app, SYSTEM);
    await undoChange(t.app, SYSTEM, change!.id);
    expect(decodeReg(await whole())).toBe(before);
    expect(t.app.db.$client.query("SELECT result FROM audit WHERE action = 'registry.import'").all()).toEqual([{ result: 'failed' }]);
  });
});

describe('search', () => {
  const search = (q: string, more: object = {}, most?: { ms: number; hits: number }) => searchRegistry(t.app, SYSTEM, { key: 'HKEY_LOCAL_MACHINE', view: 64, q, in: ['keys', 'names', 'values'], ...more }, most);

  test('in names of keys, of values, and in values, without regard to case', async () => {
    expect((await search('rdp-tcp')).items.map(({ path }) => path.split('\\').at(-1))).toEqual(['RDP-Tcp']);
    expect((await search('portnumber', { in: ['names'] })).items).toHaveLength(1);
    expect((await search('3389', { in: ['values'] })).items.map(({ value }) => value?.name)).toEqual(['PortNumber']);
    expect((await search('上海')).items.map(({ value }) => value?.name)).toEqual(['节点']);
    expect((await search('nothing of the kind')).items).toEqual([]);
  });

  test('it stops when it has found enough, and goes on behind that without leaving out or repeating', async () => {
    const all = (await search('e')).items;
    const found: typeof all = [];
    let after: string | undefined;
    let rounds = 0;
    do {
      const { items, next } = await search('e', { after }, { ms: 60_000, hits: 3 });
      found.push(...items);
      after = next ?? undefined;
      rounds++;
    } while (after && rounds < 500);
    expect(rounds).toBeGreaterThan(5);
    expect(found.map(({ path, value }) => `${path} ${value?.name}`)).toEqual(all.map(({ path, value }) => `${path} ${value?.name}`));
  });

  test('a key that may not be read is counted, and the rest is found', async () => {
    const closed = { ...driver, read: (place: { path: string }) => (place.path.endsWith('\\SECURITY') ? Promise.reject(new AppError('denied', (m) => m.registry.denied(place))) : driver.read(place as never)) } as RegistryDriver;
    const app = { ...t.app, host: { ...t.app.host, registry: closed } };
    expect(await searchRegistry(app, SYSTEM, { key: 'HKEY_LOCAL_MACHINE', view: 64, q: '3389', in: ['values'] })).toMatchObject({ unread: 1, next: null, items: [{ value: { name: 'PortNumber' } }] });
    expect(decodeReg(await exportKey(app, SYSTEM, { path: 'HKEY_LOCAL_MACHINE', view: 64 }))).toContain('; not readable: HKEY_LOCAL_MACHINE\\SECURITY');
  });
});

test('elsewhere than on Windows it is said that there is none', async () => {
  const { NO_REGISTRY } = await import('../../platform/portable/registry.ts');
  const app = { ...t.app, host: { ...t.app.host, registry: NO_REGISTRY } };
  const error = await readKey(app, SYSTEM, { path: SHOP, view: 64 }).catch((reason: unknown) => reason);
  expect((error as AppError).code).toBe('unsupported');
  expect((error as AppError).say(en)).toBe(en.registry.onlyWindows);
  expect(createFakeRegistry(t.clock, []).refusal()).toBeNull();
});
