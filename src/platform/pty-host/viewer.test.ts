import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { fakePty, hostInProcess, type FakeProgram } from '../../../test/support/pty.ts';
import { until } from '../../../test/support/until.ts';
import { view } from '../../../test/support/viewer.ts';
import { connectPanel, type PtyHostClient } from './client.ts';
import { KEPT } from './terminal.ts';

/** Viewers of a terminal over its real socket, and a program that says what the test tells it. */
let host: ReturnType<typeof hostInProcess>;
let panel: PtyHostClient;
let program: FakeProgram;
/** A clock that tests move: it is what decides who is asleep. */
let passed = 0;
const id = 't';
const MIB = 1 << 20;

beforeEach(async () => {
  passed = 0;
  const { driver, programs } = fakePty();
  host = hostInProcess({ pty: driver, passed: () => passed });
  panel = await connectPanel(host.place, { event: () => {}, close: () => {} });
  await panel.call('create', { id, argv: ['/bin/fake'], cwd: '/', env: {}, title: 'first', cols: 80, rows: 24 });
  program = programs[0]!;
});
afterEach(async () => {
  expect(host.faults).toEqual([]);
  panel.close();
  await host.stop();
});

const state = async () => (await panel.call('list', {}))[0]!;
/** So much that it is told from what came before: a line says its number. */
const lines = (from: number, bytes: number) => {
  const one = (n: number) => `${String(n).padStart(9, '0')} ${'.'.repeat(1013)}\n`;
  return Array.from({ length: bytes / 1024 }, (_, i) => one(from + i)).join('');
};

describe('flow', () => {
  test('a viewer that does not draw holds the program; asleep, it holds nobody; what it missed is told as a restart', async () => {
    const { seen, client } = await view(host.place, { id }, { acks: false });
    await until(() => seen.types.includes('h'));
    program.says(lines(0, MIB));
    await until(() => seen.bytes.length >= 64 * 1024);
    expect(program.held).toBe(true);
    await Bun.sleep(50);
    // No more is sent ahead than the window, whatever there is.
    expect(seen.bytes.length).toBeLessThan(100 * 1024);
    passed = 4000;
    await Bun.sleep(1100);
    expect(program.held).toBe(true);
    passed = 6000;
    await until(() => !program.held);
    program.says(lines(1024, 6 * MIB));
    expect(program.held).toBe(false);
    // Awake again: everything that is kept, from a line's beginning, without a gap.
    client.ack(seen.offset);
    await until(() => seen.restarts.length === 2);
    const again = setInterval(() => client.ack(seen.offset), 1);
    await until(() => seen.offset === 7 * MIB);
    clearInterval(again);
    expect(seen.text).toBe(lines(7 * 1024 - seen.bytes.length / 1024, seen.bytes.length));
    expect(seen.bytes.length).toBeGreaterThan(KEPT - 2048);
  });

  test('a pause does not put a viewer to sleep: what comes after it is waited for', async () => {
    const { seen, client } = await view(host.place, { id }, { acks: false });
    program.says('ready');
    await until(() => seen.text === 'ready');
    client.ack(seen.offset);
    await Bun.sleep(20);
    passed = 60_000;
    program.says(lines(0, MIB));
    expect(program.held).toBe(true);
  });

  test('the quickest viewer decides; the slow one neither holds the program nor fills the memory', async () => {
    const quick = await view(host.place, { id, name: 'quick' });
    const slow = await view(host.place, { id, name: 'slow' }, { acks: false });
    await slow.told('h');
    for (let i = 0; i < 40; i++) {
      program.says(lines(i * 256, MIB / 4));
      await until(() => quick.seen.offset === (i + 1) * (MIB / 4));
      await until(() => !program.held);
    }
    expect(quick.seen.restarts).toHaveLength(1);
    expect(quick.seen.text).toBe(lines(0, 10 * MIB));
    expect(slow.seen.bytes.length).toBeLessThan(230 * 1024);
  });

  test('S12 who only looks holds no program, however slowly and often they say that they draw', async () => {
    const { seen, client } = await view(host.place, { id, readOnly: true }, { acks: false });
    await until(() => seen.types.includes('h'));
    program.says(lines(0, MIB));
    expect(program.held).toBe(false);
    for (let i = 1; i < 5; i++) client.ack(i);
    await Bun.sleep(30);
    program.says(lines(1024, MIB));
    expect(program.held).toBe(false);
    const typing = await view(host.place, { id }, { acks: false });
    await typing.told('o');
    program.says(lines(2048, MIB));
    expect(program.held).toBe(true);
  });

  test('a viewer that comes and vanishes lets the program go', async () => {
    const { seen, client } = await view(host.place, { id }, { acks: false });
    await until(() => seen.types.includes('h'));
    program.says(lines(0, MIB));
    expect(program.held).toBe(true);
    client.close();
    await until(() => !program.held);
    await Promise.all(Array.from({ length: 20 }, async () => (await view(host.place, { id })).client.close()));
    await until(async () => (await state()).viewers.length === 0);
    expect(program.held).toBe(false);
  });

  test('a socket that nobody reads keeps no more than the window', async () => {
    const { seen, client } = await view(host.place, { id }, { acks: false });
    await until(() => seen.types.includes('h'));
    client.pause();
    for (let i = 0; i < 64; i++) program.says(lines(i * 1024, MIB));
    client.resume();
    // All that was kept for it comes now, and nothing more before it says that it drew.
    await until(() => seen.bytes.length > 48 * 1024);
    await Bun.sleep(300);
    expect(seen.bytes.length).toBeLessThanOrEqual(64 * 1024 + 32 * 1024);
  });

  test('titles in a loop are told now and then, and the last one always', async () => {
    const { seen } = await view(host.place, { id });
    await until(() => seen.types.includes('h'));
    for (let i = 0; i < 5000; i++) program.says(`\x1b]0;title ${i}\x07`);
    passed += 1000;
    const told = () => (seen.json.v ?? []) as { title: string }[];
    await until(() => told().at(-1)?.title === 'title 4999');
    expect(told().length).toBeLessThan(20);
  });
});

describe('resume', () => {
  test('from where it had got to: every byte once; from the future, or from what is forgotten: a restart', async () => {
    program.says(lines(0, MIB));
    const here = await view(host.place, { id, from: 5 * 1024 });
    await until(() => here.seen.offset === MIB);
    expect([here.seen.restarts.length, here.seen.text.slice(0, 9)]).toEqual([0, '000000005']);
    const future = await view(host.place, { id, from: 2 * MIB });
    await until(() => future.seen.offset === MIB);
    expect(future.seen.restarts).toEqual([{ offset: 0, modes: '' }]);
    const exact = await view(host.place, { id, from: MIB });
    await exact.told('v');
    expect(exact.seen.types).not.toContain('r');
    program.says(lines(1024, 6 * MIB));
    const past = await view(host.place, { id, from: 1024 });
    await until(() => past.seen.restarts.length === 1);
    expect(past.seen.restarts[0]!.offset).toBeGreaterThan(2 * MIB - 1);
    await until(() => past.seen.offset === 7 * MIB);
    expect(past.seen.text.slice(0, 12)).toMatch(/^\d{9} \.\./);
  });

  test('the alternate screen is kept when its beginning is forgotten, and the program is made to draw it again', async () => {
    program.says('\x1b[?1049h\x1b[?2004h\x1b[?25l');
    for (let i = 0; i < 8; i++) program.says(lines(i * 1024, MIB));
    const { seen } = await view(host.place, { id });
    await until(() => seen.restarts.length === 1);
    expect(seen.restarts[0]!.modes).toBe('\x1b[?1049h\x1b[?2004h\x1b[?25l');
    await until(() => program.sizes.length === 2);
    expect(program.sizes).toEqual(['80x23', '80x24']);
  });

  test('S12 who comes again and again does not make the program draw without end', async () => {
    program.says('\x1b[?1049h');
    for (let i = 0; i < 8; i++) program.says(lines(i * 1024, MIB));
    for (let i = 0; i < 5; i++) {
      const { seen, client } = await view(host.place, { id, readOnly: true });
      await until(() => seen.restarts.length === 1);
      client.close();
      await Bun.sleep(70);
    }
    expect(program.sizes).toEqual(['80x23', '80x24']);
    passed = 1000;
    await view(host.place, { id, readOnly: true });
    await until(() => program.sizes.length === 4);
  });

  test('modes that stand in what a replay passes over, up to its first line, count too', async () => {
    program.says(lines(0, 2 * MIB));
    // What is kept begins in the middle of this line, before the mode.
    program.says(`${'z'.repeat(1000)}\x1b[?1049h${'x'.repeat(1000)}\n`);
    program.says(lines(0, KEPT - 2048));
    program.says('y'.repeat(500 - 2009 + 2048));
    expect((await state()).start).toBe(2 * MIB + 500);
    const { seen } = await view(host.place, { id });
    await until(() => seen.restarts.length === 1);
    expect(seen.restarts[0]!.modes).toBe('\x1b[?1049h');
  });

  test('without a line end a replay begins with a whole character', async () => {
    program.says('馒'.repeat(2_000_000).slice(0, 1_900_000));
    const { seen } = await view(host.place, { id });
    await until(() => seen.bytes.length > 1000);
    expect(seen.bytes.subarray(0, 900).toString()).not.toContain('\ufffd');
  });
});

describe('size', () => {
  test('the smallest room of those who type; who only watches changes nothing; nobody’s room stays', async () => {
    const wide = await view(host.place, { id, size: { cols: 200, rows: 50 } });
    await until(() => program.sizes.at(-1) === '200x50');
    const tall = await view(host.place, { id, size: { cols: 100, rows: 60 } });
    await until(() => program.sizes.at(-1) === '100x50');
    await view(host.place, { id, size: { cols: 20, rows: 5 }, readOnly: true });
    tall.client.close();
    await until(() => program.sizes.at(-1) === '200x50');
    wide.client.size({ cols: 0, rows: 10_000 });
    await until(() => program.sizes.at(-1) === '2x500');
    wide.client.close();
    await until(async () => (await state()).viewers.length === 1);
    expect(program.sizes.at(-1)).toBe('2x500');
    expect(await panel.call('resize', { id, cols: 10_000, rows: 0 })).toEqual({ cols: 1000, rows: 1 });
  });
});

describe('end', () => {
  test('a viewer is told how it ended after everything it said; who comes later, too; keys to it go nowhere', async () => {
    const { seen, client } = await view(host.place, { id });
    await until(() => seen.types.includes('h'));
    program.says(lines(0, MIB));
    program.ends({ code: 3, signal: null });
    await until(() => seen.types.includes('x'));
    expect([seen.offset, seen.json.x]).toEqual([MIB, [{ code: 3, signal: null }]]);
    client.input(Buffer.from('late'));
    expect(await panel.call('input', { id, base64: 'bGF0ZQ==' })).toEqual({ taken: false });
    expect(program.typed).toEqual([]);
    const late = await view(host.place, { id });
    await until(() => late.seen.types.includes('x'));
    expect(late.seen.offset).toBe(MIB);
  });

  test('a program that is held while it ends is not held any more, nor is its terminal', async () => {
    const { seen, client } = await view(host.place, { id }, { acks: false });
    await until(() => seen.types.includes('h'));
    program.says(lines(0, MIB));
    expect(program.held).toBe(true);
    program.ends();
    program.says('last words');
    await until(() => {
      client.ack(seen.offset);
      return seen.types.includes('x');
    });
    expect(seen.text.endsWith('last words')).toBe(true);
  });

  test('a minute after the last viewer has gone it is forgotten', async () => {
    program.ends();
    const { seen } = await view(host.place, { id });
    await until(() => seen.types.includes('x'));
    passed = 120_000;
    await Bun.sleep(1100);
    expect(await panel.call('list', {})).toHaveLength(1);
    await panel.call('kill', { id });
    await until(() => seen.closed);
    expect(await panel.call('list', {})).toEqual([]);
  });
});

test('S15 a viewer is told what another who types has drawn, so that no question is answered twice', async () => {
  program.says('\x1b[6n');
  const answered = async (hello = {}) => {
    const { seen, client, told } = await view(host.place, { id, ...hello });
    await until(() => seen.offset === 4);
    await told('h');
    await Bun.sleep(20);
    client.close();
    return (seen.json.h![0] as { answered: number }).answered;
  };
  expect([await answered({ readOnly: true }), await answered(), await answered()]).toEqual([0, 0, 4]);
});

test('who only watches types nothing', async () => {
  const { client, seen } = await view(host.place, { id, readOnly: true });
  await until(() => seen.types.includes('h'));
  client.input(Buffer.from('rm -rf /\r'));
  await state();
  await Bun.sleep(20);
  expect(program.typed).toEqual([]);
});
