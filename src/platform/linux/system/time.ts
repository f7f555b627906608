import { existsSync, readlinkSync } from 'node:fs';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { planOf, type FileChange } from '../../plan.ts';
import type { ClockSync, MachineTime, TimeChange, TimeDriver } from '../../time.ts';
import { hasSystemd } from '../../systemd.ts';
import { runStep, runSteps, showStep, step, type Step } from '../steps.ts';
import { readText, writeText } from '../text-file.ts';
import { noRoot } from './rights.ts';

const ZONES = '/usr/share/zoneinfo';

/**
 * Names in tzdata.zi (zic(8), compact form): zones and links to them. What has no place in it ("EST5EDT") is left out, but for UTC.
 *
 *     Z Asia/Shanghai 8:5:43 - LMT 1901
 *     L Asia/Shanghai Asia/Chongqing
 */
export function parseZones(text: string): string[] {
  const names = [...text.matchAll(/^(?:Z (\S+) .*|L \S+ (\S+))$/gm)].map(([, zone, link]) => zone ?? link!);
  return [...new Set([...names.filter((name) => /^[A-Z][\w+-]*\/[\w+/-]+$/.test(name)), ...(names.includes('Etc/UTC') ? ['UTC'] : [])])].sort();
}

/** `timedatectl show` (systemd 239 and later): `NTP=yes`, a line each. */
export const parseShow = (text: string): Record<string, string> => Object.fromEntries(text.split('\n').filter((line) => line.includes('=')).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, min: 60_000 };

/**
 * `timedatectl timesync-status`, which tells in words only.
 *
 *            Server: 162.159.200.1 (2.debian.pool.ntp.org)
 *            Offset: -1.236ms
 */
export function parseTimesync(text: string): Pick<ClockSync, 'server' | 'offset'> {
  const [, sign = '', figure, unit = ''] = /^\s*Offset: ([+-]?)([\d.]+)(us|ms|s|min)$/m.exec(text) ?? [];
  return { server: /^\s*Server: (\S+.*)$/m.exec(text)?.[1]?.trim() ?? null, offset: figure === undefined ? null : Number(`${sign}${figure}`) * UNITS[unit]! };
}

/** `chronyc -c tracking`: comma separated; the second is the server, the fifth how far the clock is off in seconds, the last how it is. */
export function parseChrony(text: string): Pick<ClockSync, 'server' | 'offset' | 'synchronized'> {
  const words = text.trim().split(',');
  if (words.length < 14) return { server: null, offset: null, synchronized: null };
  return { server: words[1] || null, offset: Math.round(Number(words[4]) * 1e6) / 1000, synchronized: words.at(-1) !== 'Not synchronised' };
}

export function createLinuxTime(exec: Exec): TimeDriver {
  const maybe = (...argv: [string, ...string[]]) => runStep(exec, { ...step(...argv), mayFail: true }, { timeout: 10_000 });
  const ctl = () => hasSystemd() && exec.which('timedatectl') !== undefined;

  function zone(): string {
    try {
      return /\/zoneinfo\/(.+)$/.exec(readlinkSync('/etc/localtime'))?.[1] ?? 'UTC';
    } catch {
      return readText('/etc/timezone')?.trim() || 'UTC';
    }
  }
  /** Of what the list names, what lies on the disk: a small image may have the list alone. */
  const zones = () => parseZones(readText(`${ZONES}/tzdata.zi`) ?? '').filter((name) => existsSync(`${ZONES}/${name}`));

  async function sync(): Promise<ClockSync> {
    const none: ClockSync = { service: null, on: null, synchronized: null, offset: null, server: null, lastAt: null, can: false, servers: null };
    const shown = ctl() ? parseShow(await maybe('timedatectl', 'show')) : {};
    const base = { ...none, on: shown.NTP ? shown.NTP === 'yes' : null, synchronized: shown.NTPSynchronized ? shown.NTPSynchronized === 'yes' : null, can: shown.CanNTP === 'yes' };
    if (exec.which('chronyc')) {
      const told = parseChrony(await maybe('chronyc', '-c', 'tracking'));
      // One that does not run says nothing; the kernel does.
      return { ...base, service: 'chrony', ...told, synchronized: told.synchronized ?? base.synchronized };
    }
    if (base.can) return { ...base, service: 'systemd-timesyncd', ...parseTimesync(base.on ? await maybe('timedatectl', 'timesync-status') : '') };
    return base;
  }

  /** timedated only asks for the service to be started or stopped: whoever looks at once would see what was. */
  async function settled(on: boolean): Promise<void> {
    for (let tries = 0; tries < 20 && parseShow(await maybe('timedatectl', 'show')).NTP !== (on ? 'yes' : 'no'); tries++) await Bun.sleep(250);
  }

  function work(change: TimeChange): { steps: Step[]; files: FileChange[] } {
    if ('sync' in change) {
      if (!ctl()) throw new AppError('unsupported', (t) => t.system.time.noSync);
      return { steps: [step('timedatectl', 'set-ntp', String(change.sync))], files: [] };
    }
    if (!('zone' in change)) throw new AppError('unsupported', (t) => t.system.time.noServers);
    if (!zones().includes(change.zone)) throw new AppError('invalid', (t) => t.system.time.noZone, { field: 'zone' });
    if (ctl()) return { steps: [step('timedatectl', 'set-timezone', change.zone)], files: [] };
    const before = readText('/etc/timezone');
    return { steps: [step('ln', '-sfn', `${ZONES}/${change.zone}`, '/etc/localtime')], files: before === null ? [] : [{ path: '/etc/timezone', before, after: `${change.zone}\n` }] };
  }

  return {
    read: async (): Promise<MachineTime> => ({ zone: zone(), zones: zones(), titles: {}, ahead: null, sync: await sync() }),
    refusal: async () => noRoot(),
    async plan(change) {
      const { steps, files } = work(change);
      return planOf(steps.map(showStep), files);
    },
    async apply(change) {
      const { steps, files } = work(change);
      await runSteps(exec, steps);
      for (const { path, after } of files) await writeText(path, after);
      if ('sync' in change) await settled(change.sync);
    },
  };
}
