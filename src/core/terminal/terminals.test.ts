import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { fakePty, fakeShells, hostInProcess } from '../../../test/support/pty.ts';
import { until } from '../../../test/support/until.ts';
import { audit } from '../../db/schema/audit.ts';
import { terminals } from '../../db/schema/terminal.ts';
import { en } from '../../i18n/en.ts';
import { AppError } from '../../lib/errors.ts';
import type { Actor } from '../app.ts';
import { putSetting } from '../settings/settings.ts';
import { openBeside } from './beside.ts';
import { readOutput, typeInput } from './remote.ts';
import { getTerminal, killTerminal, listTerminals, openTerminal, resizeTerminal, setWatchable, settleTerminals } from './terminals.ts';

let t: TestApp;
let host: ReturnType<typeof hostInProcess> | null;
let fake: ReturnType<typeof fakePty>;
let fails: string | null;
let admin: Actor;
let operator: Actor;

beforeEach(() => {
  t = testApp({ shells: fakeShells });
  fails = null;
  fake = fakePty({ fails: () => fails });
  host = hostInProcess({ pty: fake.driver, dataDir: t.app.config.dataDir });
  admin = actor('admin');
  operator = actor('operator');
});
afterEach(async () => {
  expect(t.errors).toEqual([]);
  await host?.stop();
  await t.close();
});

function actor(role: 'admin' | 'operator' | 'viewer', name: string = role): Actor {
  const { userId, sessionId } = t.as(role, name);
  return { kind: 'user', userId, sessionId, tokenId: null, name, role, ip: '127.0.0.1' };
}

const NEW = { shell: '', folder: '', cols: 80, rows: 24 };
const open = (who = admin, more = {}) => openTerminal(t.app, who, { ...NEW, ...more });
const refusal = async (work: Promise<unknown>) => {
  const error = await work.then(() => null, (error: unknown) => error);
  if (!(error instanceof AppError)) throw new Error(`expected a refusal, got ${String(error)}`);
  return [error.code, error.say(en)];
};
const rowOf = (id: string) => t.app.db.select().from(terminals).all().find((row) => row.id === id)!;
/** The process that holds the shells is killed: nothing it had comes back. */
const dies = async () => {
  await host!.stop();
  host = null;
};

describe('refused', () => {
  test('S6 S12 who may not: an operator opens, kills, types and sizes nothing, and finds only what may be watched', async () => {
    const { id } = await open();
    await expect(open(operator)).rejects.toMatchObject({ code: 'denied' });
    for (const work of [killTerminal(t.app, operator, id), resizeTerminal(t.app, operator, id, { cols: 10, rows: 10 }), typeInput(t.app, operator, id, 'x')]) expect((await refusal(work))[0]).toBe('denied');
    expect((await refusal(readOutput(t.app, operator, id, { offset: 0, limit: 1024, plain: false })))[0]).toBe('not_found');
    expect(await listTerminals(t.app, operator)).toEqual([]);
    expect((await refusal(listTerminals(t.app, actor('viewer'))))[0]).toBe('denied');
    setWatchable(t.app, admin, id, true);
    expect((await listTerminals(t.app, operator)).map((row) => row.id)).toEqual([id]);
    expect(fake.programs[0]!.typed).toEqual([]);
  });

  test('S22 200 at once by one person: as many as the limit says, the others are told why; another person still may', async () => {
    putSetting(t.app, 'terminalsMost', 20);
    const opened = await Promise.allSettled(Array.from({ length: 200 }, () => open()));
    const refused = opened.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(180);
    for (const { reason } of refused) expect([reason.code, reason.say(en)]).toEqual(['conflict', en.terminal.tooMany({ n: 20 })]);
    expect(fake.programs).toHaveLength(20);
    await open(actor('admin', 'eva'));
    await killTerminal(t.app, admin, (await listTerminals(t.app, admin))[0]!.id);
    await open();
    expect(fake.programs).toHaveLength(22);
  });

  test('a shell that is missing, a machine without room, a folder that goes in the last moment: each in words, and no row stays', async () => {
    for (const [code, said] of [['ENOENT', en.terminal.noShell({ path: '/bin/fake' })], ['EACCES', en.terminal.noShell({ path: '/bin/fake' })], ['EAGAIN', en.terminal.noRoom({ code: 'EAGAIN' })], ['EMFILE', en.terminal.noRoom({ code: 'EMFILE' })]] as const) {
      fails = code;
      expect(await refusal(open())).toEqual(['unavailable', said]);
    }
    fails = 'ENOENT';
    const folder = mkdtempSync(join(tmpdir(), 'mantou-gone-'));
    rmSync(folder, { recursive: true });
    expect(await refusal(open(admin, { folder }))).toEqual(['not_found', en.terminal.noFolder({ path: folder })]);
    expect(t.app.db.select().from(terminals).all()).toEqual([]);
    expect(t.app.db.select().from(audit).all().filter((row) => row.action === 'terminal.open').map((row) => row.result)).toEqual(Array(5).fill('failed'));
    fails = null;
    await open();
  });
});

describe('the process that holds the shells goes', () => {
  test('its terminals are lost, the panel says so and goes on; the next terminal is opened by another one', async () => {
    const [one, two] = [await open(), await open()];
    const changed: string[] = [];
    t.app.bus.on('terminals.changed', ({ id }) => void changed.push(id));
    await dies();
    await until(() => rowOf(one.id).state === 'lost' && rowOf(two.id).state === 'lost');
    expect(new Set(changed)).toEqual(new Set([one.id, two.id]));
    expect((await listTerminals(t.app, admin)).map((row) => [row.state, row.live])).toEqual([['lost', null], ['lost', null]]);
    for (const work of [readOutput(t.app, admin, one.id, { offset: 0, limit: 1024, plain: false })]) expect((await refusal(work))[0]).toBe('not_found');
    expect((await refusal(typeInput(t.app, admin, one.id, 'x')))[0]).toBe('conflict');
    await killTerminal(t.app, admin, one.id);
    expect((await listTerminals(t.app, admin)).map((row) => row.id)).toEqual([two.id]);
    host = hostInProcess({ pty: fake.driver, dataDir: t.app.config.dataDir });
    const { id } = await open();
    expect((await getTerminal(t.app, admin, id)).live).toMatchObject({ cols: 80, exit: null });
    expect(rowOf(two.id).state).toBe('lost');
  });

  test('between the list and the next call', async () => {
    const { id } = await open();
    expect((await listTerminals(t.app, admin))[0]!.live).not.toBeNull();
    await dies();
    expect((await refusal(readOutput(t.app, admin, id, { offset: 0, limit: 1024, plain: false })))[0]).toBe('not_found');
    await killTerminal(t.app, admin, id);
    expect((await getTerminal(t.app, admin, id)).live).toBeNull();
  });

  test('while it opens one: that is opened by the next, and is not lost', async () => {
    const { id: first } = await open();
    const opening = open();
    // Before its answer; the next one is there by the time that it is asked again.
    const stopping = host!.stop();
    host = null;
    await stopping;
    host = hostInProcess({ pty: fake.driver, dataDir: t.app.config.dataDir });
    const made = await opening;
    await until(() => rowOf(first).state === 'lost');
    const live = (await getTerminal(t.app, admin, made.id)).live;
    expect([rowOf(made.id).state, live !== null]).toEqual(live ? ['running', true] : ['lost', false]);
  });

  test('while the panel was down: rows without a shell are lost, ended ones have ended, those that run run', async () => {
    const [runs, ends, lost] = [await open(), await open(), await open()];
    t.app.db.update(terminals).set({ state: 'running' }).run();
    fake.programs[1]!.ends({ code: 7, signal: null });
    await until(() => rowOf(ends.id).state === 'ended');
    t.app.db.$client.run(`UPDATE terminals SET state = 'running', ended_at = NULL, exit_code = NULL`);
    t.app.db.$client.run('UPDATE terminals SET id = ? WHERE id = ?', ['0192d3a0-0000-7000-8000-000000000000', lost.id]);
    await settleTerminals(t.app);
    expect([rowOf(runs.id).state, rowOf(ends.id).state, rowOf(ends.id).exitCode]).toEqual(['running', 'ended', 7]);
    expect(rowOf('0192d3a0-0000-7000-8000-000000000000').state).toBe('lost');
  });
});

describe('at once', () => {
  test('killed twice, and while it ends by itself', async () => {
    const { id } = await open();
    const kills = [killTerminal(t.app, admin, id), killTerminal(t.app, admin, id)];
    fake.programs[0]!.ends();
    await Promise.all(kills);
    expect(rowOf(id)).toMatchObject({ state: 'killed', exitCode: 0 });
    expect(t.app.db.select().from(audit).all().filter((row) => row.action === 'terminal.kill')).toHaveLength(1);
  });

  test('a shell that ends at once is one that has ended', async () => {
    const opening = open();
    await until(() => fake.programs.length === 1);
    fake.programs[0]!.ends({ code: 1, signal: null });
    const { id } = await opening;
    await until(() => rowOf(id).state === 'ended');
    expect(rowOf(id)).toMatchObject({ exitCode: 1, exitSignal: null });
    expect((await refusal(typeInput(t.app, admin, id, 'x')))[0]).toBe('conflict');
    expect((await readOutput(t.app, admin, id, { offset: 0, limit: 1024, plain: false })).text).toBe('');
  });
});

describe('output as text', () => {
  const read = (id: string, offset: number, more = {}) => readOutput(t.app, admin, id, { offset, limit: 1024, plain: false, ...more });

  test('pieces that go on from next have every character once, whole, and end', async () => {
    const { id } = await open();
    const text = '馒头🥟é\r\n'.repeat(2000);
    fake.programs[0]!.says(text);
    let all = '';
    for (let at = 0, rounds = 0; rounds < 100; rounds++) {
      const piece = await read(id, at, { limit: 1024 + rounds });
      if (piece.next === at) break;
      all += piece.text;
      at = piece.next;
    }
    expect(all).toBe(text);
  });

  test('what is cut waits for its rest while the program runs, and comes as it is when it has ended', async () => {
    const { id } = await open();
    fake.programs[0]!.says(Buffer.from('a馒').subarray(0, 3));
    expect(await read(id, 0)).toMatchObject({ text: 'a', next: 1, end: 3 });
    fake.programs[0]!.says(Buffer.from('馒').subarray(2));
    expect(await read(id, 1)).toMatchObject({ text: '馒', next: 4 });
    fake.programs[0]!.says('\x1b[3');
    expect(await read(id, 4, { plain: true })).toMatchObject({ text: '', next: 4, end: 7 });
    fake.programs[0]!.says('1mred\x1b]0;ti');
    expect(await read(id, 4, { plain: true })).toMatchObject({ text: 'red', next: 12 });
    fake.programs[0]!.ends();
    await until(() => rowOf(id).state === 'ended');
    expect(await read(id, 12, { plain: true })).toMatchObject({ text: '', next: 18, end: 18 });
  });

  test('S22 8-bit junk and a sequence without end do not stop it', async () => {
    const { id } = await open();
    fake.programs[0]!.says(Buffer.alloc(5000, 0x80));
    fake.programs[0]!.says(`\x1b]52;c;${'A'.repeat(5000)}`);
    fake.programs[0]!.says(Buffer.alloc(5000, 0xf0));
    for (const plain of [false, true]) {
      let at = 0;
      for (let rounds = 0; rounds < 40; rounds++) at = (await read(id, at, { plain })).next;
      expect(at).toBeGreaterThan(14_990);
    }
  });

  test('what is forgotten is passed over', async () => {
    const { id } = await open();
    for (let i = 0; i < 7; i++) fake.programs[0]!.says('馒'.repeat(350_000));
    const piece = await read(id, 5);
    expect(piece.start).toBe(7 * 1_050_000 - (5 << 20));
    expect(piece.text.replace(/馒/g, '')).toBe('');
  });
});

test('one beside another begins where that is now, or where that began when nobody knows; who may not open terminals opens none', async () => {
  const { id } = await open(admin, { folder: '/srv' });
  const size = { cols: 80, rows: 24 };
  const folderOf = async () => {
    const made = await openBeside(t.app, admin, id, size);
    return 'terminal' in made && rowOf(made.terminal.id).folder;
  };
  expect(await folderOf()).toBe('/srv/www');
  await killTerminal(t.app, admin, id);
  await until(async () => (await getTerminal(t.app, admin, id)).live?.exit !== null);
  expect(await folderOf()).toBe('/srv');
  await expect(openBeside(t.app, operator, id, size)).rejects.toMatchObject({ code: 'denied' });
});
