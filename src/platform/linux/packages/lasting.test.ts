import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Exec, ExecResult } from '../../exec.ts';
import { step } from '../steps.ts';
import { createLasting, type LastingStep } from './lasting.ts';

let root = '';
const folder = () => join(root, 'packages');
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'mantou-lasting-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const show = (active: string, sub: string, status = 0, more = '') => `LoadState=loaded\nActiveState=${active}\nSubState=${sub}\nExecMainStatus=${status}\n${more}`;
const NONE = 'LoadState=not-found\nActiveState=inactive\nSubState=dead\nExecMainStatus=0\n';
const RUNS = show('active', 'running');
const DONE = show('active', 'exited');
const FAILED = show('failed', 'failed', 100);
const KILLED = show('failed', 'failed', 9);

interface Given {
  /** What `systemctl show` says of each unit that starts, one after the other; the last one from then on. */
  lives?: string[][];
  starts?: Partial<ExecResult>;
  /** What a unit writes; null: it makes no file. */
  wrote?: string | null;
  missing?: string[];
  answers?: () => boolean;
}

/** A systemd that stays while panels come and go; real units are in test/real/system-packages-outlive.test.ts. */
function systemd({ lives = [], starts = {}, wrote = 'Setting up x\n', missing = [], answers = () => true }: Given = {}): Exec & { ran: string[]; units: Map<string, string[]> } {
  const [ran, units, waiting] = [[] as string[], new Map<string, string[]>(), new Map<string, () => void>()];
  return {
    ran, units,
    which: (tool) => (missing.includes(tool) ? undefined : `/usr/bin/${tool}`),
    async run(argv) {
      const words = argv.map((word) => word.replace('/usr/bin/', ''));
      const good = { code: 0, stdout: '', stderr: '', truncated: false };
      const unit = words.at(-1)!;
      switch (words[0] === 'systemctl' ? words[1] : words[0]) {
        case 'show': {
          const life = units.get(unit);
          const state = !life ? NONE : life.length > 1 ? life.shift()! : life[0]!;
          if (!state.includes('Job=')) waiting.get(unit)?.();
          return { ...good, stdout: answers() ? state : '' };
        }
        case 'kill':
          ran.push(`kill ${words[2]}`);
          if (units.has(unit)) units.set(unit, [KILLED]);
          return good;
        case 'stop':
          if (units.get(unit)?.[0] === DONE) units.delete(unit);
          return good;
        case 'reset-failed':
          if (units.get(unit)?.[0]?.includes('=failed')) units.delete(unit);
          return good;
        case 'systemd-run': {
          ran.push(`run ${words.slice(words.indexOf('--') + 1).join(' ')}`);
          const life = lives.shift();
          const name = words.find((word) => word.startsWith('--unit='))!.slice(7);
          if (life || !starts.code) units.set(name, life ?? [DONE]);
          const output = words.find((word) => word.includes('StandardOutput=file:'))!.split('file:')[1]!;
          // The file comes with the tool.
          if ((life || !starts.code) && wrote !== null) waiting.set(name, () => waiting.delete(name) && writeFileSync(output, wrote));
          return { ...good, ...starts };
        }
        default:
          ran.push(words.join(' '));
          return good;
      }
    },
  };
}

function run(reason?: unknown, at = 20) {
  const [abort, said] = [new AbortController(), [] as string[]];
  if (reason) setTimeout(() => abort.abort(reason), at);
  return { said, given: { signal: abort.signal, onOutput: (text: string) => void said.push(text) } };
}
const panel = (exec: Exec, place = folder()) => createLasting(exec, place, { able: () => true, lookMs: 2 });
const told = (error: unknown) => (error instanceof AppError ? `${error.code}: ${error.say(en)} ${error.detail ?? ''}` : String(error));
const steps: LastingStep[] = [step('apt-get', '-y', 'upgrade'), { ...step('apt-mark', 'auto', 'x'), mayFail: true }];
const STARTED = ['run apt-get -y upgrade', 'run apt-mark auto x'];

test('each step in a unit of its own, one after the other; nothing of it stays', async () => {
  const exec = systemd({ lives: [[RUNS, RUNS, DONE], [RUNS, FAILED]] });
  const { said, given } = run();
  await panel(exec).run(steps, given);
  expect([exec.ran, said, existsSync(folder()), [...exec.units]]).toEqual([STARTED, ['Setting up x\n', 'Setting up x\n'], false, []]);
  await panel(exec).run([], given);
  expect(exec.ran).toHaveLength(2);
});

describe('one at a time', () => {
  test('a second one that starts in the same moment is a conflict, and spoils nothing of the first', async () => {
    const exec = systemd({ lives: [[RUNS, RUNS, RUNS, FAILED]], wrote: 'E: broken\n' });
    const lasting = panel(exec);
    const [first, second] = await Promise.all([lasting.run(steps, run().given).catch(told), lasting.run([step('apt-mark', 'hold', 'x')], run().given).catch(told)]);
    expect([first, second, exec.ran]).toEqual(['unavailable: apt-get ended with code 100. E: broken', expect.stringMatching(/^conflict: An installation/), ['run apt-get -y upgrade']]);
    await lasting.run([step('apt-mark', 'hold', 'x')], run().given);
    expect(exec.ran.at(-1)).toBe('run apt-mark hold x');
  });

  test('also without systemd, and beside what is taken over', async () => {
    const children = createLasting(systemd(), folder(), { able: () => false });
    expect((await Promise.all([children.run(steps, run().given).catch(told), children.run(steps, run().given).catch(told)]))[1]).toStartWith('conflict');

    const exec = systemd({ lives: [[RUNS]] });
    await panel(exec).run(steps, run('stop').given).catch(told);
    const next = panel(exec);
    expect(await next.run(steps, run().given).catch(told)).toStartWith('conflict');
    const work = next.left()!;
    const [abort, followed] = [run('stop'), run('stop')];
    expect(await Promise.all([work(followed.given).catch(told), next.run(steps, abort.given).catch(told)])).toEqual(['stop', expect.stringMatching(/^conflict/)]);
    expect(exec.ran).toEqual([STARTED[0]!]);
  });

  test('two panels on one machine have folders of their own', async () => {
    const exec = systemd({ lives: [[RUNS]] });
    await panel(exec).run(steps, run('stop').given).catch(told);
    expect([panel(exec, join(root, 'other', 'packages')).left(), panel(exec).left() !== null]).toEqual([null, true]);
  });
});

describe('systemd-run says no', () => {
  const REFUSED = { code: 1, stderr: 'Failed to start transient service unit: Access denied\n' };

  test('nothing runs: it is told, and it runs as a child of the panel', async () => {
    for (const [life, code] of [[undefined, 1], [[show('failed', 'failed', 209)], 1], [[show('failed', 'failed', 209)], 0]] as const) {
      const exec = systemd({ starts: { ...REFUSED, code }, lives: life ? [[...life]] : [], wrote: null });
      const { said, given } = run();
      await panel(exec).run([...steps, { path: join(root, 'file'), text: 'x' }], given);
      expect(said).toEqual([`[systemd-run: ${code ? REFUSED.stderr.trim() : 'not started'}]\n`]);
      expect([exec.ran, readFileSync(join(root, 'file'), 'utf8'), existsSync(folder()), exec.units.size]).toEqual([[STARTED[0]!, 'apt-get -y upgrade', 'apt-mark auto x'], 'x', false, 0]);
      rmSync(join(root, 'file'));
    }
  });

  test('it ran, and its output is not to be seen: it is not run again', async () => {
    for (const [end, words] of [[DONE, 'undefined'], [FAILED, 'unavailable: apt-get ended with code 100. ']] as const) {
      const exec = systemd({ lives: [[end]], wrote: null });
      expect(await panel(exec).run([steps[0]!], run().given).catch(told).then(String)).toBe(words);
      expect(exec.ran).toEqual([STARTED[0]!]);
    }
  });

  test('it runs all the same, or waits to be started: it is followed and not started twice', async () => {
    for (const life of [[RUNS, DONE], [show('inactive', 'dead', 0, 'Job=812\n'), RUNS, DONE]]) {
      const exec = systemd({ starts: { code: 137, ended: 'timeout' }, lives: [life, [DONE]] });
      const { said, given } = run();
      await panel(exec).run(steps, given);
      expect([exec.ran, said.join('')]).toEqual([STARTED, 'Setting up x\nSetting up x\n']);
    }
  });
});

describe('how it ends', () => {
  test('one that fails is told with its last lines, and nothing after it runs; the unit is forgotten', async () => {
    const exec = systemd({ lives: [[RUNS, FAILED]], wrote: 'reading\n\nE: Sub-process dpkg returned an error code (1)\n' });
    const { said, given } = run();
    expect(await panel(exec).run(steps, given).catch(told)).toBe('unavailable: apt-get ended with code 100. reading\nE: Sub-process dpkg returned an error code (1)');
    expect([said.join(''), exec.ran, [...exec.units], existsSync(folder())]).toEqual([expect.stringContaining('E: Sub-process'), [STARTED[0]!], [], false]);
  });

  test('ended by SIGTERM, taken away, or gone with the machine: none of it is told as success', async () => {
    const ends: [string, string][] = [[show('inactive', 'dead', 15), 'apt-get ended with code 15'], [NONE, 'How apt-get ended is not known'], [show('active', 'exited', 15), 'apt-get ended with code 15']];
    for (const [state, words] of ends) {
      const exec = systemd({ lives: [[RUNS, state]] });
      expect(await panel(exec).run(steps, run().given).catch(told)).toContain(words);
      expect(exec.ran).toEqual([STARTED[0]!]);
    }
  });

  test('a file that cannot be written is told, and not tried again by the next panel', async () => {
    writeFileSync(join(root, 'flat'), '');
    const exec = systemd();
    expect(await panel(exec).run([steps[0]!, { path: join(root, 'flat', 'file'), text: 'x' }], run().given).catch(String)).toMatch(/^Error: E(EXIST|NOTDIR)/);
    expect([exec.ran, panel(exec).left(), existsSync(folder())]).toEqual([[STARTED[0]!], null, false]);
  });

  test('a tool that is not here is passed over where it may fail', async () => {
    const exec = systemd({ missing: ['apt-mark'] });
    await panel(exec).run(steps, run().given);
    expect([exec.ran, existsSync(folder())]).toEqual([[STARTED[0]!], false]);
    expect(await panel(systemd({ missing: ['apt-get'] })).run(steps, run().given).catch(told)).toContain('This machine has no apt-get');
    expect(existsSync(folder())).toBe(false);
  });

  test('cancelled: all of it is killed, also what waits to be started; what took too long is told in the tool’s words', async () => {
    const cancelled = systemd({ lives: [[RUNS]] });
    expect(await panel(cancelled).run(steps, run('cancel').given).catch(String)).toBe('cancel');
    expect([cancelled.ran, existsSync(folder())]).toEqual([[STARTED[0]!, 'kill --signal=KILL'], false]);
    const slow = systemd({ lives: [[RUNS]], wrote: 'waiting for the lock\n' });
    expect(await panel(slow).run(steps, run(new DOMException('The operation timed out.', 'TimeoutError')).given).catch(told)).toBe('unavailable: apt-get took too long and was ended. waiting for the lock');
    const before = new AbortController();
    before.abort('cancel');
    const never = systemd();
    expect(await panel(never).run(steps, { signal: before.signal, onOutput() {} }).catch(String)).toBe('cancel');
    expect([never.ran, existsSync(folder())]).toEqual([[], false]);
  });

  test('a systemd that does not answer ends the waiting, and what may still run is kept', async () => {
    expect(await panel(systemd({ answers: () => false })).run(steps, run().given).catch(told)).toStartWith('unavailable: systemd does not answer');
    expect(existsSync(folder())).toBe(false);
    let asked = 0;
    const exec = systemd({ lives: [[RUNS]], answers: () => ++asked < 5 });
    const lasting = panel(exec);
    expect(await lasting.run(steps, run().given).catch(told)).toStartWith('unavailable: systemd does not answer');
    expect([panel(exec).left() !== null, exec.ran]).toEqual([true, [STARTED[0]!]]);
    expect(await lasting.run(steps, run().given).catch(told)).toStartWith('unavailable');
    asked = -1000;
    expect(await lasting.run(steps, run().given).catch(told)).toStartWith('conflict');
    for (const life of exec.units.values()) life.splice(0, life.length, DONE);
    await lasting.run([step('apt-mark', 'hold', 'x')], run().given);
    expect([exec.ran.at(-1), exec.units.size]).toEqual(['run apt-mark hold x', 0]);
  });
});

describe('the panel stops', () => {
  test('nothing is killed; the next panel goes on with what is left, and tells what it runs', async () => {
    const exec = systemd({ lives: [[RUNS, RUNS, RUNS]] });
    expect(panel(exec).left()).toBeNull();
    const file = { path: join(root, 'file'), text: 'APT::Periodic "1";\n' };
    // A stop does not wait for the next look.
    expect(await createLasting(exec, folder(), { able: () => true, lookMs: 10 * 60_000 }).run([...steps, file], run('stop').given).catch(String)).toBe('stop');
    for (const life of exec.units.values()) life.splice(0, life.length, RUNS, DONE);
    const { said, given } = run();
    await panel(exec).left()!(given);
    expect(said.slice(0, 4)).toEqual(['$ apt-get -y upgrade\n', '$ apt-mark auto x\n', `$ > ${file.path}\n`, 'Setting up x\n']);
    expect([exec.ran, readFileSync(file.path, 'utf8'), existsSync(folder()), [...exec.units]]).toEqual([STARTED, file.text, false, []]);
  });

  test('ended meanwhile, badly: told by the next panel, also where the one between them stopped at once', async () => {
    const exec = systemd({ lives: [[RUNS]], wrote: 'E: broken\n' });
    await panel(exec).run(steps, run('stop').given).catch(String);
    for (const life of exec.units.values()) life.splice(0, life.length, FAILED);
    const stopped = new AbortController();
    stopped.abort('stop');
    expect(await panel(exec).left()!({ signal: stopped.signal, onOutput() {} }).catch(told)).toBe('stop');
    expect(await panel(exec).left()!(run().given).catch(told)).toContain('E: broken');
    expect([exec.ran, panel(exec).left()]).toEqual([[STARTED[0]!], null]);
  });

  test('killed before systemd forgets the unit: what came of it is written down by then', async () => {
    for (const life of [[DONE], [FAILED]]) {
      const exec = systemd({ lives: [[...life]] });
      const killed: Exec = { ...exec, run: async (argv, options) => (argv[1] === 'stop' ? Promise.reject(new Error('killed')) : exec.run(argv, options)) };
      expect(await panel(killed).run(steps, run().given).catch(String)).toBe('Error: killed');
      await panel(exec).left()?.(run().given);
      expect(exec.ran).toEqual(life[0] === DONE ? STARTED : [STARTED[0]!]);
    }
  });

  test('killed between two steps: the one that was never begun is begun', async () => {
    const exec = systemd();
    mkdirSync(folder());
    writeFileSync(join(folder(), 'mantou-packages-1-x-2.service.log'), 'of the one before\n');
    writeFileSync(join(folder(), 'steps.json'), JSON.stringify({ run: '1-x', steps: [steps[1]] }));
    const { said, given } = run();
    await panel(exec).left()!(given);
    expect([exec.ran, said.join(''), existsSync(folder())]).toEqual([[STARTED[1]!], '$ apt-mark auto x\nSetting up x\n', false]);
  });

  test('what lies there broken is not gone on with', () => {
    mkdirSync(folder());
    const file = join(folder(), 'steps.json');
    const write = (kept: unknown) => writeFileSync(file, typeof kept === 'string' ? kept : JSON.stringify(kept));
    write({ run: '1-x', steps });
    expect([panel(systemd()).left() !== null, createLasting(systemd(), folder(), { able: () => false }).left()]).toEqual([true, null]);
    for (const kept of ['', '{', [], { run: '1-x', steps: [] }, { run: '../x', steps }, { run: '1-x', steps: [{ argv: [] }] }, { run: '1-x', steps: [{ argv: ['x'], secret: 'y' }] }]) {
      write(kept);
      expect(panel(systemd()).left()).toBeNull();
    }
  });

  test('much that was said meanwhile is handed on in pieces, the whole of it', async () => {
    const line = `${'x'.repeat(99)}馒\n`;
    const exec = systemd({ lives: [[RUNS, DONE]], wrote: line.repeat(40_000) });
    const { said, given } = run();
    await panel(exec).run([steps[0]!], given);
    expect([said.join('') === line.repeat(40_000), Math.max(...said.map((text) => text.length)) <= 64 << 10]).toEqual([true, true]);
  });
});
