import { describe, expect, test } from 'bun:test';
import { Bus } from './bus.ts';
import { manualClock } from './clock.ts';
import { createLog } from './log.ts';
import { Mutex } from './mutex.ts';
import { systemRandom, sha256 } from './random.ts';
import { Ring } from './ring.ts';
import { Semaphore } from './semaphore.ts';

describe('Ring', () => {
  test('keeps the newest, oldest first', () => {
    const ring = new Ring<number>(3);
    expect(ring.last).toBeUndefined();
    for (const n of [1, 2, 3, 4, 5]) ring.push(n);
    expect(ring.toArray()).toEqual([3, 4, 5]);
    expect(ring.last).toBe(5);
    expect(ring.length).toBe(3);
  });
});

describe('Bus', () => {
  test('a broken listener is reported and the next one still hears', () => {
    const faults: unknown[] = [];
    const bus = new Bus<{ tick: number }>((error) => faults.push(error));
    const heard: number[] = [];
    bus.on('tick', () => {
      throw new Error('broken');
    });
    const off = bus.on('tick', (n) => heard.push(n));
    bus.emit('tick', 1);
    off();
    bus.emit('tick', 2);
    expect(heard).toEqual([1]);
    expect(faults).toHaveLength(2);
    expect(bus.count('tick')).toBe(1);
  });

  test('a listener that leaves while it hears does not make another one miss', () => {
    const bus = new Bus<{ tick: number }>(() => {});
    const heard: string[] = [];
    const off = bus.on('tick', () => {
      heard.push('first');
      off();
    });
    bus.on('tick', () => heard.push('second'));
    bus.emit('tick', 1);
    expect(heard).toEqual(['first', 'second']);
  });
});

describe('Semaphore', () => {
  test('runs at most the limit at once and refuses past the queue', async () => {
    const gate = new Semaphore(2, 1);
    let running = 0;
    let most = 0;
    const open: (() => void)[] = [];
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => open.push(resolve));
      running--;
      return 'done';
    };
    const runs = [gate.run(work), gate.run(work), gate.run(work)];
    expect(await gate.run(work)).toBeUndefined();
    while (open.length || running) {
      open.splice(0).forEach((go) => go());
      await Bun.sleep(0);
    }
    expect(await Promise.all(runs)).toEqual([{ value: 'done' }, { value: 'done' }, { value: 'done' }]);
    expect(most).toBe(2);
  });

  test('a failure gives its place back', async () => {
    const gate = new Semaphore(1, 0);
    await gate.run(() => Promise.reject(new Error('no'))).catch(() => {});
    expect(await gate.run(async () => 1)).toEqual({ value: 1 });
  });
});

describe('Mutex', () => {
  test('one key in order, other keys beside it, failures do not block', async () => {
    const mutex = new Mutex();
    const seen: string[] = [];
    const slow = (name: string) => async () => {
      seen.push(`${name}+`);
      await Bun.sleep(1);
      seen.push(`${name}-`);
    };
    await Promise.all([
      mutex.run('a', slow('1')),
      mutex.run('a', () => {
        seen.push('failing');
        throw new Error('no');
      }).catch(() => {}),
      mutex.run('a', slow('2')),
      mutex.run('b', slow('other')),
    ]);
    expect(seen.filter((s) => !s.startsWith('other'))).toEqual(['1+', '1-', 'failing', '2+', '2-']);
    expect(seen.indexOf('other+')).toBeLessThan(seen.indexOf('1-'));
  });
});

test('S13 the log hides what is named like a secret, at any depth', () => {
  const lines: string[] = [];
  const log = createLog(() => 0, (_level, line) => lines.push(line));
  log.warn('sign-in', { password: 'canary', deep: { setupToken: 'canary', cookie: ['canary'] }, name: 'lin' });
  expect(lines[0]).not.toContain('canary');
  expect(lines[0]).toContain('"name":"lin"');
  expect(lines[0]!.startsWith('1970-01-01T00:00:00.000Z warn sign-in ')).toBe(true);
});

test('a line of the log stays one line', () => {
  const lines: string[] = [];
  createLog(() => 0, (_level, line) => lines.push(line)).error('bad', { name: 'a\nb' });
  expect(lines[0]!.trimEnd()).not.toContain('\n');
});

test('ids sort by time, tokens have 256 bits', () => {
  const ids = [systemRandom.id(), systemRandom.id(), systemRandom.id()];
  expect([...ids].sort()).toEqual(ids);
  expect(Buffer.from(systemRandom.token(), 'base64url')).toHaveLength(32);
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('a manual clock moves only when told', () => {
  const clock = manualClock(1000);
  clock.advance(5);
  clock.set(1);
  expect([clock.now(), clock.monotonic()]).toEqual([1, 5]);
});
