import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { runOk, type Exec } from '../../exec.ts';
import { NOT_HERE } from '../../portable/not-here.ts';
import type { RegistryDriver } from '../../registry.ts';
import type { ClockSync, MachineTime, TimeChange, TimeDriver } from '../../time.ts';
import type { PowerShell } from '../powershell/powershell.ts';
import { quoted } from '../powershell/quoted.ts';
import { planner, type Deed } from './change.ts';
import { readText } from './registry-text.ts';
import { noRights, orElse } from './rights.ts';
import { parsePeers, parseStatus, writePeers } from './w32tm.ts';

/** `time.ps1 read`: {"zone":"China Standard Time","ahead":480,"zones":[{"id":"China Standard Time","title":"(UTC+08:00) 北京…"}],"service":4,"domain":false} */
export const TimeAnswer = z.object({
  zone: z.string(), ahead: z.number().int(), zones: z.array(z.object({ id: z.string(), title: z.string() })), service: z.number().int().nullable(), domain: z.boolean(),
});

const SERVICE = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters';
const POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\W32Time\\Parameters';
/** ServiceControllerStatus */
const RUNS = 4;

const SETTINGS = `'HKLM:\\SYSTEM\\CurrentControlSet\\Services\\W32Time\\Parameters'`;
const set = (name: string, value: string) => `Set-ItemProperty -LiteralPath ${SETTINGS} -Name ${name} -Value ${quoted(value)}`;
const START = [set('Type', 'NTP'), 'Set-Service -Name W32Time -StartupType Automatic', 'Restart-Service -Name W32Time'];

/** Zones are those of Windows, which has ids of its own; the clock is kept by its service W32Time. */
export function createWindowsTime(exec: Exec, registry: RegistryDriver, shell: PowerShell, now: () => number = Date.now): TimeDriver {
  const ask = () => shell.call('time.ps1', 'read', {}, TimeAnswer);

  /** @param service null: there is none */
  async function sync(service: number | null, domain: boolean): Promise<ClockSync> {
    const [type, peers, policyType, policyPeers] = await Promise.all([readText(registry, SERVICE, 'Type'), readText(registry, SERVICE, 'NtpServer'), readText(registry, POLICY, 'Type'), readText(registry, POLICY, 'NtpServer')]);
    const tool = exec.which('w32tm');
    const asked = service === RUNS && tool ? await exec.run([tool, '/query', '/status', '/verbose'], { timeout: 10_000 }) : null;
    const status = asked?.code === 0 ? parseStatus(asked.stdout, now()) : null;
    // A domain tells the time to its members, and a policy stands above what is set here.
    const own = service !== null && !domain && policyType === null && policyPeers === null;
    const wanted = (policyType ?? type)?.toUpperCase();
    const servers = parsePeers(policyPeers ?? peers ?? '');
    return {
      service: service === null ? null : 'W32Time', on: wanted === undefined ? null : wanted !== 'NOSYNC', synchronized: status?.synchronized ?? null, offset: status?.offset ?? null,
      server: status?.server ?? (wanted === 'NTP' && servers.length ? servers.join(', ') : null), lastAt: status?.lastAt ?? null, can: own, servers: own ? servers : null,
    };
  }

  async function deeds(change: TimeChange): Promise<Deed<'time.ps1'>[]> {
    const { zones, service, domain } = await ask();
    if ('zone' in change) {
      if (!zones.some(({ id }) => id === change.zone)) throw new AppError('invalid', (t) => t.system.time.noZone, { field: 'zone' });
      return [{ verb: 'zone', given: { id: change.zone }, commands: [`Set-TimeZone -Id ${quoted(change.zone)}`] }];
    }
    const { can } = await sync(service, domain);
    if (!can) throw new AppError('unsupported', (t) => t.system.time.ruled);
    if ('servers' in change) {
      const list = writePeers(change.servers);
      return [{ verb: 'servers', given: { list }, commands: [set('NtpServer', list), ...START] }];
    }
    if ('resync' in change) return [];
    return change.sync ? [{ verb: 'on', given: {}, commands: START }] : [{ verb: 'off', given: {}, commands: [set('Type', 'NoSync'), 'Stop-Service -Name W32Time'] }];
  }

  const byScript = planner(shell, 'time.ps1', () => noRights(shell), deeds);
  const resync = 'w32tm /resync';
  return {
    read: () => orElse<MachineTime>(shell, async () => {
      const { zone, ahead, zones, service, domain } = await ask();
      return { zone, zones: zones.map(({ id }) => id), titles: Object.fromEntries(zones.map(({ id, title }) => [id, title])), ahead, sync: await sync(service, domain) };
    }, NOT_HERE.time.read),
    refusal: byScript.refusal,
    async plan(change) {
      const plan = await byScript.plan(change);
      return 'resync' in change ? { ...plan, commands: [resync] } : plan;
    },
    async apply(change, run) {
      await byScript.apply(change, run);
      if (!('resync' in change)) return;
      const tool = exec.which('w32tm');
      if (!tool) throw new AppError('unavailable', (t) => t.errors.noTool({ tool: 'w32tm' }));
      await runOk(exec, [tool, '/resync'], { timeout: 60_000 });
    },
  };
}
