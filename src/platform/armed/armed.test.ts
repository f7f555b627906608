import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { needs } from '../../../test/support/needs.ts';
import { systemRandom } from '../../lib/random.ts';
import { exec } from '../exec.ts';
import { armedFolder, bootId, idsAt, moveStage, readPlan, readResult, sameBoot, secondsLeft, stageFile, upSeconds, watchMark, writePlan, type ArmedPlan, type RevertStep } from './plan.ts';
import { revertPlan } from './revert.ts';
import { isWatched } from './start.ts';
import { watchPlan } from './watch.ts';

let dataDir = '';
const folder = () => armedFolder(dataDir);
beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'mantou-armed-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const at = (name: string) => join(dataDir, name);
const never = new AbortController().signal;

function armed(steps: RevertStep[], more: Partial<ArmedPlan> = {}): string {
  const plan: ArmedPlan = { id: systemRandom.id(), noun: 'ssh', target: 'port 2222', by: 'lin', armedAt: Date.now(), seconds: 60, boot: bootId(), up: upSeconds(), steps: steps as ArmedPlan['steps'], ...more };
  writePlan(folder(), plan);
  return plan.id;
}

test('S20 what is kept of a change is for the panel alone', () => {
  const id = armed([]);
  expect(statSync(stageFile(folder(), id, 'armed')).mode & 0o777).toBe(0o600);
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
});

test('every step is taken in order, whatever became of the one before', async () => {
  writeFileSync(at('new'), 'changed');
  chmodSync(at('new'), 0o640);
  writeFileSync(at('link-target'), 'changed');
  symlinkSync(at('link-target'), at('link'));
  const id = armed([
    { run: ['/bin/false'] },
    { run: ['/no/such/program'] },
    { file: at('new'), content: 'before' },
    { file: at('link'), content: 'through the link', mode: 0o600 },
    { file: at('gone'), content: null },
    { file: at('no-such-folder/file'), content: 'x' },
    { run: ['/usr/bin/tee', at('told')], stdin: 'by stdin; $(touch no)' },
    { run: ['/bin/false'], mayFail: true },
    { run: ['/no/such/program'], mayFail: true },
  ]);
  const result = (await revertPlan(exec, folder(), id, 'time', Date.now))!;
  expect(result.steps.map(({ ok }) => ok)).toEqual([false, false, true, true, true, false, true, true, false]);
  expect(result.steps[0]!.detail).toBe('exit 1: ');
  expect(result.steps[5]!.detail).toContain('ENOENT');
  expect([readFileSync(at('new'), 'utf8'), statSync(at('new')).mode & 0o777]).toEqual(['before', 0o640]);
  expect([readFileSync(at('link-target'), 'utf8'), readFileSync(at('told'), 'utf8')]).toEqual(['through the link', 'by stdin; $(touch no)']);
  expect(readResult(folder(), id, 'result')).toEqual(result);
  expect([idsAt(folder(), 'armed'), idsAt(folder(), 'reverting')]).toEqual([[], []]);
});

needs('linux', 'root')('on a full disk a file that is there still becomes what it was', async () => {
  const disk = at('disk');
  mkdirSync(disk);
  expect(Bun.spawnSync(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]).exitCode).toBe(0);
  try {
    writeFileSync(join(disk, 'config'), 'changed');
    expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(1 << 20))).toThrow('ENOSPC');
    const id = armed([{ file: join(disk, 'config'), content: 'before' }]);
    expect((await revertPlan(exec, folder(), id, 'time', Date.now))!.steps[0]).toMatchObject({ ok: true });
    expect(readFileSync(join(disk, 'config'), 'utf8')).toBe('before');
  } finally {
    Bun.spawnSync(['umount', disk]);
  }
});

describe('either kept or reverted', () => {
  test('never both, however close they come', async () => {
    const kept: boolean[] = [];
    for (let i = 0; i < 200; i++) {
      const id = armed([{ file: at(`mark-${i}`), content: 'reverted' }]);
      const revert = () => revertPlan(exec, folder(), id, 'time', Date.now);
      const keep = async () => moveStage(folder(), id, 'armed', 'kept');
      const [a, b] = i % 2 ? await Promise.all([revert(), keep()]) : (await Promise.all([keep(), revert()])).reverse();
      expect(Boolean(a)).toBe(!b);
      expect(existsSync(at(`mark-${i}`))).toBe(Boolean(a));
      kept.push(Boolean(b));
    }
    expect([kept.includes(true), kept.includes(false)]).toEqual([true, true]);
  });

  test('who comes second is told so', async () => {
    const id = armed([]);
    expect(await revertPlan(exec, folder(), id, 'time', Date.now)).not.toBeNull();
    expect(await revertPlan(exec, folder(), id, 'time', Date.now)).toBeNull();
    expect(moveStage(folder(), id, 'armed', 'kept')).toBe(false);
  });
});

describe('when it is due', () => {
  const plan = { boot: 'a', up: 1000, seconds: 60 };
  test('by the clock that nobody sets', () => {
    expect(secondsLeft(plan, { boot: 'a', up: 1010 })).toBe(50);
    expect(secondsLeft(plan, { boot: 'a', up: 1061 })).toBe(-1);
  });
  test('at once after a reboot, however little time has passed', () => expect(secondsLeft(plan, { boot: 'b', up: 3 })).toBe(0));
  test('where only clocks tell which start it is, they may drift and be set a little', () => {
    expect([sameBoot('1790000000', '1790000030'), sameBoot('1790000000', '1790000300'), sameBoot('a 1', 'a 1'), sameBoot('a 1', 'a 2')]).toEqual([true, false, true, false]);
  });

  test('the machine tells which start it is, and how long ago', async () => {
    expect(bootId()).toBe(bootId());
    expect(bootId().length).toBeGreaterThan(5);
    const began = performance.now();
    const before = upSeconds();
    await Bun.sleep(50);
    const passed = upSeconds() - before;
    // Both tell hundredths.
    expect(passed).toBeGreaterThan(0.03);
    expect(passed).toBeLessThan((performance.now() - began) / 1000 + 0.02);
  });
});

describe('the watchdog', () => {
  test('reverts when it is time, and marks itself meanwhile', async () => {
    const up = upSeconds();
    const id = armed([{ file: at('mark'), content: 'reverted' }], { seconds: 0.6, up });
    const watching = watchPlan(exec, dataDir, id, never);
    expect(readFileSync(watchMark(folder(), id), 'utf8')).toBe(String(process.pid));
    expect(existsSync(at('mark'))).toBe(false);
    await watching;
    expect(readFileSync(at('mark'), 'utf8')).toBe('reverted');
    expect(upSeconds() - up).toBeGreaterThanOrEqual(0.59);
    expect(readResult(folder(), id, 'result')!.reason).toBe('time');
    expect(existsSync(watchMark(folder(), id))).toBe(false);
  });

  test('goes when it is kept', async () => {
    const id = armed([{ file: at('mark'), content: 'reverted' }]);
    const watching = watchPlan(exec, dataDir, id, never);
    moveStage(folder(), id, 'armed', 'kept');
    await watching;
    expect(existsSync(at('mark'))).toBe(false);
  });

  test('reverts before the machine goes down; what fails then is left to the panel of the next start', async () => {
    const [good, bad] = [armed([{ file: at('mark'), content: 'reverted' }]), armed([{ run: ['/bin/false'] }])];
    await Promise.all([good, bad].map((id) => watchPlan(exec, dataDir, id, AbortSignal.abort())));
    expect([existsSync(at('mark')), readResult(folder(), good, 'result')!.reason]).toEqual([true, 'shutdown']);
    expect(idsAt(folder(), 'armed')).toEqual([bad]);
  });

  test('S4 knows no plan but those of the panel', async () => {
    writeFileSync(at('evil.json'), readFileSync(stageFile(folder(), armed([{ file: at('mark'), content: 'x' }]), 'armed')));
    for (const id of ['../evil', '', 'x', '..']) await watchPlan(exec, dataDir, id, never);
    expect(existsSync(at('mark'))).toBe(false);
  });

  test('a number that belongs to another process watches nothing', () => {
    const id = armed([]);
    expect(isWatched(folder(), id)).toBe(false);
    for (const text of ['1', '', 'x', '-1', '999999999', String(process.pid)]) {
      writeFileSync(watchMark(folder(), id), text);
      expect(isWatched(folder(), id)).toBe(false);
    }
  });
});

test.each(['', '{', '{}', 'null', '{"id":1}'])('what is no plan is none: %j', (text) => {
  const id = armed([]);
  writeFileSync(stageFile(folder(), id, 'armed'), text);
  expect(readPlan(folder(), id, 'armed')).toBeNull();
});

test('S1 steps name programs by their whole path', () => {
  expect(() => armed([{ run: ['ufw', 'disable'] }])).toThrow();
  expect(() => armed([{ file: 'etc/passwd', content: '' }])).toThrow();
  expect(idsAt(folder(), 'armed')).toEqual([]);
});
