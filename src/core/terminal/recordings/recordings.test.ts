import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { audit } from '../../../db/schema/audit.ts';
import { recordings } from '../../../db/schema/recordings.ts';
import { terminals } from '../../../db/schema/terminal.ts';
import { AppError } from '../../../lib/errors.ts';
import { testApp, type TestApp } from '../../../../test/support/app.ts';
import { fakeTerminals, running } from '../../../../test/support/terminals.ts';
import { until } from '../../../../test/support/until.ts';
import { SYSTEM, type Actor } from '../../app.ts';
import { putSetting } from '../../settings/settings.ts';
import { tendTerminals } from '../tend.ts';
import { start } from '../terminals.ts';
import { settleRecordings, startRecording, stopRecording } from './record.ts';
import { insertRecording, recordingPath, recordingsFolder, removeRecording } from './recordings.ts';
import { searchRecordings } from './search.ts';
import { fitRecordings, sweepRecordings } from './sweep.ts';

let fake: ReturnType<typeof fakeTerminals>;
let t: TestApp;
let lin: Actor;
beforeEach(() => {
  fake = fakeTerminals();
  t = testApp({ app: { terminals: fake.host } });
  const { userId, sessionId } = t.as('admin', 'lin');
  lin = { kind: 'user', userId, name: 'lin', role: 'admin', sessionId, tokenId: null, ip: '' };
});
afterEach(() => t.close());

const rows = () => t.app.db.select().from(recordings).all();
const only = () => rows()[0]!;
const actions = () => t.app.db.select().from(audit).all().map(({ action, actor, result }) => `${action} ${actor} ${result}`);
const code = (work: Promise<unknown>) => work.then(() => 'ok', (error: unknown) => (error instanceof AppError ? error.code : String(error)));

describe('what is refused', () => {
  test('to who may not open terminals, for none that runs, twice, and where it is switched off', async () => {
    const id = running(t, fake);
    expect(await code(startRecording(t.app, { ...lin, role: 'operator' } as Actor, id))).toBe('denied');
    expect(await code(startRecording(t.app, lin, t.app.random.id()))).toBe('not_found');
    expect(await code(stopRecording(t.app, lin, id))).toBe('conflict');
    putSetting(t.app, 'terminalRecording', 'off');
    expect(await code(startRecording(t.app, lin, id))).toBe('conflict');
    putSetting(t.app, 'terminalRecording', 'ask');
    await startRecording(t.app, lin, id);
    expect(await code(startRecording(t.app, lin, id))).toBe('conflict');
    expect(rows()).toHaveLength(1);
  });

  test('a disk that takes nothing: said in words, no row, the attempt in the audit log', async () => {
    fake.refuse('ENOSPC');
    expect(await code(startRecording(t.app, lin, running(t, fake)))).toBe('unavailable');
    expect(rows()).toEqual([]);
    expect(actions()).toEqual(['terminal.record lin failed']);
  });

  const launch = { argv: ['/bin/sh'] as [string], cwd: '/', env: {}, title: 'root@vm' };
  const opened = (asked = false) => start(t.app, lin, { launch, kind: 'shell', target: 'root', hostId: null, cols: 80, rows: 24, record: asked });

  test('where everything is recorded, nobody stops it', async () => {
    putSetting(t.app, 'terminalRecording', 'always');
    const { id, live } = await opened();
    expect(live?.recording).toBe('on');
    expect(only()).toMatchObject({ terminalId: id, policy: true, startedBy: 'system', openedBy: 'lin', title: 'root@vm' });
    expect(await code(stopRecording(t.app, lin, id))).toBe('conflict');
    expect(actions()).toEqual(['terminal.open lin ok', 'terminal.record system ok']);
    putSetting(t.app, 'terminalRecording', 'ask');
    expect(await code(stopRecording(t.app, lin, id))).toBe('ok');
  });

  test('where nobody records, not from the beginning either; where it may be asked for, by who asked', async () => {
    putSetting(t.app, 'terminalRecording', 'off');
    expect((await opened(true)).live?.recording).toBe('off');
    putSetting(t.app, 'terminalRecording', 'ask');
    expect((await opened()).live?.recording).toBe('off');
    const { id, live } = await opened(true);
    expect(live?.recording).toBe('on');
    expect(rows()).toMatchObject([{ policy: false, startedBy: 'lin' }]);
    expect(await code(stopRecording(t.app, lin, id))).toBe('ok');
  });

  test('where everything is recorded, what cannot be recorded is not opened', async () => {
    putSetting(t.app, 'terminalRecording', 'always');
    fake.refuse('ENOSPC');
    expect(await code(opened())).toBe('unavailable');
    expect([...rows(), ...t.app.db.select().from(terminals).all()]).toEqual([]);
  });
});

describe('the row follows', () => {
  test('what is stopped: size, length, title, who', async () => {
    const id = running(t, fake);
    await startRecording(t.app, lin, id);
    fake.states.set(id, { ...fake.states.get(id)!, title: 'vim notes.md' });
    await stopRecording(t.app, lin, id);
    await until(() => only().state !== 'on');
    expect(only()).toMatchObject({ state: 'done', title: 'vim notes.md', lengthMs: 1500, bytes: 55, startedBy: 'lin', openedBy: 'lin', policy: false, endedAt: t.clock.now() });
    expect(actions()).toEqual(['terminal.record lin ok', 'terminal.record_stop lin ok']);
  });

  test.each([['off', 'done'], ['failed', 'failed'], ['full', 'full']] as const)('a recording that ends with %s is %s', async (said, state) => {
    const id = running(t, fake);
    await startRecording(t.app, lin, id);
    fake.end(id, said);
    await until(() => only().state !== 'on');
    expect(only().state).toBe(state);
    expect(actions().includes('terminal.record system failed')).toBe(said === 'failed');
  });

  test('the shells’ process that was killed: lost, with what had been written', async () => {
    await startRecording(t.app, lin, running(t, fake));
    fake.lose();
    await until(() => only().state !== 'on');
    expect(only()).toMatchObject({ state: 'lost', lengthMs: 1500 });
  });

  test('a panel that was killed meanwhile: what goes on goes on, what has ended has ended, what never began is gone', async () => {
    const [on, over, never] = [running(t, fake), running(t, fake), running(t, fake)] as [string, string, string];
    await startRecording(t.app, lin, on);
    await startRecording(t.app, lin, over);
    insertRecording(t.app, { id: never, title: '', target: '', openedBy: '' }, { startedBy: 'lin', policy: false });
    fake.states.delete(over);
    await settleRecordings(t.app);
    expect(rows().map(({ terminalId, state }) => [terminalId, state])).toEqual([[on, 'on'], [over, 'done'], [never, 'on']]);
    t.clock.advance(31_000);
    await settleRecordings(t.app);
    expect(rows().map(({ terminalId, state }) => [terminalId, state])).toEqual([[on, 'on'], [over, 'done']]);
  });
});

describe('where everything is recorded', () => {
  beforeEach(() => putSetting(t.app, 'terminalRecording', 'always'));

  test('a recording that is full is followed by another', async () => {
    const id = running(t, fake);
    await tendTerminals(t.app);
    fake.end(id, 'full');
    await until(() => rows().length === 2 && rows()[1]!.state === 'on');
    expect(rows().map(({ state }) => state)).toEqual(['full', 'on']);
  });

  test('a disk that was full is tried again, not at once', async () => {
    const id = running(t, fake);
    await tendTerminals(t.app);
    fake.end(id, 'failed');
    await until(() => only().state === 'failed');
    await tendTerminals(t.app);
    expect(rows()).toHaveLength(1);
    t.clock.advance(601_000);
    await tendTerminals(t.app);
    expect(rows().map(({ state }) => state)).toEqual(['failed', 'on']);
  });
});

describe('what is deleted', () => {
  const made = (terminalId: string, days: number, bytes: number) => {
    const { id, path } = insertRecording(t.app, { id: terminalId, title: terminalId, target: '', openedBy: '' }, { startedBy: 'lin', policy: false });
    writeFileSync(path, 'x');
    t.app.db.update(recordings).set({ state: 'done', bytes, startedAt: t.clock.now() - days * 86_400_000, endedAt: t.clock.now() - days * 86_400_000 }).run();
    return id;
  };

  test('old ones, by age; files of none; never what is being written', async () => {
    const old = made('old', 91, 10);
    await startRecording(t.app, lin, running(t, fake));
    writeFileSync(join(recordingsFolder(t.app), `${t.app.random.id()}.cast`), 'stray');
    t.clock.advance(200 * 86_400_000);
    expect(sweepRecordings(t.app)).toBe(1);
    expect(existsSync(recordingPath(t.app, old))).toBe(false);
    expect(rows().map(({ state }) => state)).toEqual(['on']);
    expect(readdirSync(recordingsFolder(t.app))).toEqual([`${only().id}.cast`]);
    expect(actions().at(-1)).toBe('recordings.expire system ok');
    putSetting(t.app, 'terminalRecordingDays', 0);
    expect(sweepRecordings(t.app)).toBe(0);
  });

  test('the oldest when there is no room, and as few as will do', () => {
    const ids = ['a', 'b', 'c'].map((name) => made(name, 1, 0));
    t.app.db.update(recordings).set({ bytes: 400 << 10 }).run();
    putSetting(t.app, 'terminalRecordingMiB', 1);
    expect(fitRecordings(t.app)).toBe(1);
    expect(rows().map(({ id }) => id)).toEqual(ids.slice(1));
    putSetting(t.app, 'terminalRecordingMiB', 0);
    expect(fitRecordings(t.app)).toBe(0);
  });

  test('by hand: not while it is written; then row and file', async () => {
    const { id } = await startRecording(t.app, lin, running(t, fake));
    expect(() => removeRecording(t.app, lin, id)).toThrow(AppError);
    fake.end(only().terminalId);
    await until(() => only().state === 'done');
    removeRecording(t.app, lin, id);
    expect(rows()).toEqual([]);
    expect(existsSync(recordingPath(t.app, id))).toBe(false);
    expect(actions().at(-1)).toBe('recordings.remove lin ok');
  });
});

describe('terminals that nobody needs', () => {
  const quiet = (ms: number) => {
    const id = running(t, fake);
    fake.states.set(id, { ...fake.states.get(id)!, quietMs: ms });
    return id;
  };
  const stateOf = (id: string) => t.app.db.select().from(terminals).all().find((row) => row.id === id)!.state;

  test('are ended after as many hours as the settings say, by the panel itself', async () => {
    const [long, short] = [quiet(2 * 3_600_000), quiet(3_599_000)];
    await tendTerminals(t.app);
    expect([stateOf(long), stateOf(short)]).toEqual(['running', 'running']);
    putSetting(t.app, 'terminalIdleHours', 1);
    await tendTerminals(t.app);
    expect([stateOf(long), stateOf(short)]).toEqual(['killed', 'running']);
    const entry = t.app.db.select().from(audit).all().at(-1)!;
    expect(entry).toMatchObject({ action: 'terminal.kill', actor: SYSTEM.kind, params: { id: long, idleHours: 1 } });
  });

  test('a process of an older version, which does not tell, loses none', async () => {
    const id = quiet(undefined as never);
    putSetting(t.app, 'terminalIdleHours', 1);
    await tendTerminals(t.app);
    expect(stateOf(id)).toBe('running');
  });
});

describe('search', () => {
  const saved = (lines: readonly (readonly [number, string])[], title = 'one') => {
    const { id, path } = insertRecording(t.app, { id: t.app.random.id(), title, target: '', openedBy: '' }, { startedBy: 'lin', policy: false });
    writeFileSync(path, `{"version":2,"width":80,"height":24}\n${lines.map(([at, text]) => `${JSON.stringify([at, 'o', text])}\n`).join('')}`);
    t.app.db.update(recordings).set({ state: 'done' }).run();
    return id;
  };

  test('finds text in any case through colours, and says when; the newest recording first', async () => {
    const old = saved([[1, 'apt \x1b[1mIns'], [2.5, 'tall\x1b[0m nginx\r\n'], [3, 'done\r\n']]);
    const young = saved([[7, 'install\r\ninstall again install\r\n']], 'two');
    const { hits, next } = await searchRecordings(t.app, lin, { text: 'INSTALL' });
    expect(next).toBeNull();
    expect(hits.map(({ recording, seconds, before, match, after }) => [recording.id, seconds, before, match, after])).toEqual([
      [young, 7, '', 'install', ''], [young, 7, '', 'install', ' again install'], [old, 2.5, 'apt ', 'Install', ' nginx'],
    ]);
    expect((await searchRecordings(t.app, lin, { text: 'install', only: old })).hits).toHaveLength(1);
    expect((await searchRecordings(t.app, lin, { text: '31m' })).hits).toEqual([]);
    expect(actions()).toContain('recordings.search lin ok');
  });

  test('S22 is bounded in hits, bytes and time, and goes on where it stopped without loss', async () => {
    saved(Array.from({ length: 250 }, (_, n) => [n, `line ${n} needle\r\n`] as const));
    saved(Array.from({ length: 30 }, (_, n) => [n, `line ${n} needle\r\n`] as const));
    const seen: number[] = [];
    for (let after: { id: string; from: number } | undefined, turns = 0; turns < 10; turns++) {
      const { hits, next } = await searchRecordings(t.app, lin, { text: 'needle', after });
      expect(hits.length).toBeLessThanOrEqual(100);
      seen.push(...hits.map(({ seconds }) => seconds));
      if (!next) break;
      after = next;
    }
    expect(seen).toEqual([...Array.from({ length: 30 }, (_, n) => n), ...Array.from({ length: 250 }, (_, n) => n)]);
    const short = await searchRecordings(t.app, lin, { text: 'needle' }, { ms: 3000, bytes: 1 });
    expect(short.next).not.toBeNull();
  });

  test('S6 S12 only for who may look at recordings', async () => {
    expect(await code(searchRecordings(t.app, { ...lin, role: 'operator' } as Actor, { text: 'x' }))).toBe('denied');
  });
});
