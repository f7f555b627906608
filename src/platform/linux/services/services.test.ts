import { afterEach, describe, expect, test } from 'bun:test';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { en } from '../../../i18n/en.ts';
import { AppError } from '../../../lib/errors.ts';
import { exec as realExec, type Exec, type ExecResult } from '../../exec.ts';
import { createInitScripts, openrcRows, parseStatusAll } from './initd.ts';
import { journalOf, parseJournal } from './journal.ts';
import { createServiceList, parseListUnits } from './list.ts';
import { detailOf, readService } from './one.ts';
import { parseShow, parseSpan, parseTime, words } from './show.ts';
import { createSystemctl } from './systemctl.ts';
import { createSystemd } from './systemd.ts';
import { timerOf } from './timers.ts';
import { parseVerify } from './verify.ts';

/** Captured from systemd 252 on Debian 12. */
const captured = (name: string) => readFileSync(join(import.meta.dir, '../../../../test/fixtures/linux/services', name), 'utf8');
const at = (text: string) => Date.parse(`${text}Z`);

describe('what systemctl says', () => {
  test('units, with their states as words', () => {
    const units = parseListUnits(captured('list-units.txt'));
    expect(units).toHaveLength(71);
    expect(units.find(({ name }) => name === 'cron.service')).toEqual({ name: 'cron.service', load: 'loaded', active: 'active', sub: 'running', title: 'Regular background program processing daemon' });
    expect(units.filter(({ load }) => load === 'not-found').map(({ name }) => name)).toContain('auditd.service');
    // With a mark before it, as without --plain, and without a description.
    expect(parseListUnits('● a.service loaded failed failed\n\n')).toEqual([{ name: 'a.service', load: 'loaded', active: 'failed', sub: 'failed', title: '' }]);
  });

  test('times, spans and lists', () => {
    expect(parseTime('Sun 2026-11-29 05:23:53 UTC')).toBe(at('2026-11-29T05:23:53'));
    for (const none of ['', 'n/a', '0', undefined]) expect(parseTime(none)).toBeNull();
    expect(parseSpan('39min 37.541917s')).toBeCloseTo(2_377_541.917);
    expect([parseSpan('1w 2d'), parseSpan('100ms'), parseSpan('infinity'), parseSpan('0'), parseSpan('x')]).toEqual([777_600_000, 100, null, null, null]);
    expect(words('"a\\\\x2db.service" c.target')).toEqual(['a\\x2db.service', 'c.target']);
  });

  test('one that runs, with own settings beside it', () => {
    const detail = detailOf(parseShow(captured('show-nginx.txt'))[0]!);
    expect(detail.row).toMatchObject({ name: 'nginx.service', state: 'running', word: 'running', start: 'auto', startWord: 'enabled', startedAt: at('2026-11-29T05:23:53') });
    expect(detail.command).toBe('/usr/sbin/nginx -g daemon on; master_process on;');
    expect(detail.files).toEqual([{ path: '/lib/systemd/system/nginx.service', kind: 'unit' }, { path: '/etc/systemd/system/nginx.service.d/override.conf', kind: 'drop-in' }]);
    expect(detail.dependencies).toMatchObject({ requires: ['sysinit.target', 'system.slice'], wants: ['network-online.target'], wantedBy: ['multi-user.target'] });
    expect(detail).toMatchObject({ last: null, restarts: 0, recovery: [], stale: false, fault: null, documentation: ['man:nginx(8)'], verbs: ['stop', 'restart', 'reload', 'disable', 'mask'] });
  });

  test('one that failed, with how it ended', () => {
    const detail = detailOf(parseShow(captured('show-failed.txt'))[0]!);
    expect(detail.row).toMatchObject({ state: 'failed', pid: null, startedAt: null, memory: null });
    expect(detail.last).toEqual({ result: 'exit-code', code: 3, signal: null, at: at('2026-11-29T05:27:24') });
    expect(detail.verbs).toEqual(['start', 'mask', 'reset']);
  });

  test('timers, by the clock and by the time since the start', () => {
    const booted = at('2026-11-29T04:59:00');
    const timers = parseShow(captured('show-timers.txt')).map((unit) => timerOf(unit, undefined, booted));
    expect(timers).toHaveLength(5);
    expect(timers.find(({ name }) => name === 'apt-daily.timer')).toMatchObject({ next: at('2026-11-29T13:31:08'), last: null, service: 'apt-daily.service', when: ['*-*-* 06,18:00:00'], active: true });
    expect(timers.find(({ name }) => name === 'systemd-tmpfiles-clean.timer')).toMatchObject({ when: ['OnUnitActive 1d', 'OnBoot 15min'], next: booted + 2_377_541.917 });
  });

  test('what is wrong, at its line; advice is no fault', () => {
    const path = '/run/stage/nginx.service.d/override.conf';
    expect(parseVerify(captured('verify.txt'), path).map(({ line }) => line)).toEqual([2, 3, 4, 5]);
    expect(parseVerify(captured('verify.txt'), '/elsewhere')).toEqual([]);
    expect(parseVerify(`${path}:10: Special user nobody configured, this is not safe!`, path)).toEqual([]);
  });

  test('lines that are longer than journalctl tells unasked are asked for', async () => {
    const asked: string[][] = [];
    await journalOf({ which: () => '/bin/journalctl', run: async (argv) => (asked.push([...argv]), { code: 0, stdout: '', stderr: '', truncated: false }) }, 'x.service', 5);
    expect(asked).toEqual([expect.arrayContaining(['--all', '--output=json', '--lines=5'])]);
  });

  test('of one that has just ended, what is still on its way to the journal is waited for', async () => {
    const asked: string[][] = [];
    await journalOf({ which: () => '/bin/journalctl', run: async (argv) => (asked.push([...argv]), { code: 0, stdout: '', stderr: '', truncated: false }) }, 'x.service', 5, true);
    expect(asked).toEqual([['/bin/journalctl', '--sync'], expect.arrayContaining(['--unit=x.service'])]);
  });

  test('the journal, also when a message is no text', () => {
    const lines = parseJournal(captured('journal.jsonl'));
    expect(lines.map(({ text }) => text)).toContain("failer.service: Failed with result 'exit-code'.");
    expect(lines[0]).toMatchObject({ from: expect.any(String), priority: expect.any(Number) });
    expect(parseJournal('{"MESSAGE":[228,189,160],"PRIORITY":"3","__REALTIME_TIMESTAMP":"1795930044968201"}\n{"MESSAGE":null}\n{cut')).toEqual([
      { at: 1_795_930_044_968, priority: 3, from: '', text: '你' }, { at: 0, priority: 6, from: '', text: '' },
    ]);
  });
});

/** A systemctl that answers what is captured, and counts how often it is started. */
function counted(answers: (args: string[]) => Partial<ExecResult>): Exec & { calls: string[][] } {
  const calls: string[][] = [];
  return {
    calls, which: (tool) => `/usr/bin/${tool}`,
    async run([, ...args], options) {
      calls.push(args);
      // Whatever language the machine speaks, tools are told to speak plainly.
      expect(options?.env?.LC_ALL).toBeUndefined();
      return { code: 0, stdout: '', stderr: '', truncated: false, ...answers(args) };
    },
  };
}

describe('the list', () => {
  const failed = () => captured('list-units.txt');
  const exec = (listed = failed) => counted(([verb]) => ({ stdout: verb === 'list-units' ? listed() : captured('show-list.txt') }));
  const none = () => new Map();

  test('takes two processes when something has failed, one when nothing has or it is known', async () => {
    const tool = exec();
    const list = createServiceList(createSystemctl(tool), none, () => new Map([['nginx.service', { pid: 46, startedAt: 5, memory: 3_600_384 }]]));
    const rows = await list();
    expect(tool.calls.map(([verb]) => verb)).toEqual(['list-units', 'show']);
    expect(tool.calls[1]!.slice(-2)).toEqual(['--', 'failer.service']);
    expect(rows.find(({ name }) => name === 'nginx.service')).toMatchObject({ state: 'running', memory: 3_600_384, pid: 46, since: 5 });
    expect(rows.find(({ name }) => name === 'failer.service')).toMatchObject({ state: 'failed', pid: null, since: at('2026-11-29T05:27:24') });
    expect(rows.map(({ name }) => name)).not.toContain('auditd.service');
    expect((await list()).find(({ name }) => name === 'failer.service')?.since).toBe(at('2026-11-29T05:27:24'));
    expect(tool.calls.slice(2).map(([verb]) => verb)).toEqual(['list-units']);
    const well = exec(() => captured('list-units.txt').replace(/^failer.*\n/m, ''));
    await createServiceList(createSystemctl(well), none, none)();
    expect(well.calls.map(([verb]) => verb)).toEqual(['list-units']);
  });

  test('names are values, never options', async () => {
    const tool = exec();
    for (const name of ['-x.service', '--now', 'a b.service', 'a\nb.service', '../etc.service', 'x', 'a.socket', '']) expect(await readService(createSystemctl(tool), name, none)).toBeNull();
    expect(tool.calls).toHaveLength(0);
  });
});

describe('a tool that is missing, hangs, refuses, or speaks Chinese', () => {
  const failing = (result: Partial<ExecResult>) => createSystemctl(counted(() => ({ code: 1, ...result })));
  const refusal = async (work: Promise<unknown>) => {
    const error = await work.then(() => null, (caught: unknown) => caught);
    if (!(error instanceof AppError)) throw new Error(`no refusal: ${error}`);
    return { code: error.code, said: error.say(en), detail: error.detail };
  };

  test('missing', async () => {
    const systemctl = createSystemctl({ ...realExec, which: () => undefined });
    expect(await refusal(systemctl.ask(['list-units']))).toMatchObject({ code: 'unsupported', said: 'systemctl is missing' });
    const driver = createSystemd({ ...realExec, which: () => undefined });
    expect(await driver.about()).toMatchObject({ away: 'no-tool', system: 'systemd' });
  });

  test('hanging: it is ended and the page says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mantou-hang-'));
    const tool = join(folder, 'systemctl');
    writeFileSync(tool, '#!/bin/sh\nsleep 600\n');
    chmodSync(tool, 0o755);
    try {
      const systemctl = createSystemctl({ ...realExec, which: () => tool }, 200);
      expect(await refusal(systemctl.ask(['list-units']))).toMatchObject({ code: 'unavailable', said: en.services.hangs });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('speaking Chinese: exec forces LC_ALL=C and clears what asks for another language', async () => {
    const before = process.env.LC_ALL;
    process.env.LC_ALL = 'zh_CN.UTF-8';
    process.env.LANGUAGE = 'zh_CN';
    try {
      const { stdout } = await realExec.run(['/usr/bin/env'], { env: { TZ: 'UTC' } });
      expect(stdout.split('\n').toSorted()).toEqual(expect.arrayContaining(['LANG=C', 'LC_ALL=C', 'TZ=UTC']));
      expect(stdout).not.toContain('zh_CN');
    } finally {
      if (before === undefined) delete process.env.LC_ALL;
      else process.env.LC_ALL = before;
      delete process.env.LANGUAGE;
    }
  });

  test('not root: which right is missing', async () => {
    expect(await refusal(failing({ stderr: 'Failed to restart nginx.service: Interactive authentication required.\n' }).tell(['restart', '--', 'nginx.service']))).toMatchObject({ code: 'denied', said: expect.stringContaining('root') });
    expect(await refusal(failing({ stderr: 'Failed to start nope.service: Unit nope.service not found.\n' }).tell(['start']))).toMatchObject({ code: 'unavailable', detail: 'Failed to start nope.service: Unit nope.service not found.' });
  });
});

describe('without systemd', () => {
  let root = '';
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const script = (name: string, text = '#!/bin/sh\n') => {
    mkdirSync(join(root, 'etc/init.d'), { recursive: true });
    writeFileSync(join(root, 'etc/init.d', name), text);
    chmodSync(join(root, 'etc/init.d', name), 0o755);
  };
  const mark = (path: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  };

  test('OpenRC: its links tell the states, nothing is started for it', async () => {
    root = mkdtempSync(join(tmpdir(), 'mantou-openrc-'));
    script('nginx', '#!/sbin/openrc-run\ndescription="Web server"\n');
    script('sshd');
    script('crond');
    mark('run/openrc/started/sshd');
    mark('run/openrc/failed/nginx');
    mark('etc/runlevels/default/sshd');
    expect(openrcRows(root).map(({ name, title, state, start }) => [name, title, state, start])).toEqual([['crond', '', 'stopped', 'manual'], ['nginx', 'Web server', 'failed', 'manual'], ['sshd', '', 'running', 'auto']]);
    const driver = createInitScripts({ ...realExec, run: () => Promise.reject(new Error('nothing is to be run')) }, 'openrc', root);
    expect(await driver.about()).toEqual({ system: 'openrc', away: 'read-only', verbs: [], units: false, programs: null });
    expect((await driver.files('nginx'))[0]!.text).toContain('Web server');
    expect(await driver.one('nope')).toBeNull();
    expect(driver.change('sshd', 'stop')).rejects.toMatchObject({ code: 'unsupported' });
  });

  test('System V: states are what service says', async () => {
    // Captured from Debian 12 without systemd.
    const said = ' [ - ]  cron\n [ + ]  dbus\n [ ? ]  hwclock.sh\n';
    expect([...parseStatusAll(said)]).toEqual([['cron', 'stopped'], ['dbus', 'running'], ['hwclock.sh', 'unknown']]);
    root = mkdtempSync(join(tmpdir(), 'mantou-sysv-'));
    script('cron', '### BEGIN INIT INFO\n# Short-Description: Runs jobs\n### END INIT INFO\n');
    script('dbus');
    mark('etc/rc2.d/S01cron');
    const driver = createInitScripts(counted(() => ({ stdout: said })), 'sysv', root);
    expect((await driver.list()).map(({ name, title, state, start }) => [name, title, state, start])).toEqual([['cron', 'Runs jobs', 'stopped', 'auto'], ['dbus', '', 'running', 'manual']]);
  });
});
