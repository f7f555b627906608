import { z } from 'zod';
import { runOk, type Exec } from '../exec.ts';
import { RDP_SESSION_STATES, type RdpDriver, type RdpPlan, type RdpSession, type RdpSettings } from '../rdp.ts';
import { REG, type RegistryDriver, type RegistryValue } from '../registry.ts';
import { mayFail, stepOf } from './may-fail.ts';
import type { PowerShell } from './powershell/powershell.ts';
import { systemTool } from './system-tool.ts';

const SERVER = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Terminal Server';
const LISTENER = `${SERVER}\\WinStations\\RDP-Tcp`;
const POLICY = 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services';
/** Rules that Windows comes with, for port 3389; by this resource they are called so in every language. */
const OWN_RULES = '@FirewallAPI.dll,-28752';
export const RDP_PORT = 3389;

/** `rdp.ps1 state`: {"service":4} */
export const RdpService = z.object({ service: z.number().int() });
/** `rdp.ps1 sessions`: {"sessions":[{"id":2,"name":"RDP-Tcp#3","user":"lin","domain":"SHOP","client":"LAPTOP","state":0}]} */
export const RdpSessions = z.object({
  sessions: z.array(z.object({ id: z.number().int(), name: z.string(), user: z.string(), domain: z.string(), client: z.string(), state: z.number().int() })),
});

/**
 * What Windows goes by is read from the registry. Changes are made by reg, netsh and net: the same programs take them back
 * when the panel is dead, only their exit codes are looked at, and what is shown is what runs.
 */
export function createWindowsRdp(exec: Exec, registry: RegistryDriver, shell: PowerShell): RdpDriver {
  const tool = (name: string) => systemTool(exec, name);
  const number = async (path: string, name: string): Promise<number | null> => {
    const key = await registry.read({ path, view: 64 });
    return numberOf(key?.values.find((value) => value.name.toLowerCase() === name.toLowerCase()));
  };
  const plan = (from: RdpSettings, to: RdpSettings) => rdpPlan(tool, from, to);
  return {
    refusal: () => registry.refusal(),
    async read() {
      const [deny, port, nla, policyDeny, policyNla, service] = await Promise.all([
        number(SERVER, 'fDenyTSConnections'), number(LISTENER, 'PortNumber'), number(LISTENER, 'UserAuthentication'), number(POLICY, 'fDenyTSConnections'), number(POLICY, 'UserAuthentication'),
        shell.missing() ? null : shell.call('rdp.ps1', 'state', {}, RdpService).then((found) => found.service, () => null),
      ]);
      // Without the value Windows refuses connections and wants no NLA (learn.microsoft.com, "fDenyTSConnections", "UserAuthentication").
      return { on: deny === 0, port: port ?? RDP_PORT, nla: nla === 1, policy: { on: policyDeny === null ? null : policyDeny === 0, nla: policyNla === null ? null : policyNla === 1 }, service };
    },
    async sessions() {
      if (shell.missing()) return null;
      const { sessions } = await shell.call('rdp.ps1', 'sessions', {}, RdpSessions);
      return sessions.flatMap(({ state, ...rest }): RdpSession[] => (RDP_SESSION_STATES[state] ? [{ ...rest, state: RDP_SESSION_STATES[state] }] : []));
    },
    plan,
    async apply(from, to) {
      for (const argv of plan(from, to).apply) {
        const run = runOk(exec, argv, { timeout: 60_000 });
        await (mayFail(argv) ? run.catch(() => '') : run);
      }
    },
  };
}

function numberOf(value: RegistryValue | undefined): number | null {
  return value && value.type === REG.dword && value.bytes.length === 4 ? Buffer.from(value.bytes).readUInt32LE() : null;
}

type Argv = [string, ...string[]];

/**
 * The new door is opened before the old one closes, and the service learns of it last. Steps back stand in the order that they
 * are taken in; a service that has been stopped already is no reason not to start it.
 */
export function rdpPlan(tool: (name: string) => string, from: RdpSettings, to: RdpSettings): RdpPlan {
  const [reg, netsh, net] = [tool('reg'), tool('netsh'), tool('net')];
  const dword = (path: string, name: string, value: number): Argv => [reg, 'add', path.replace('HKEY_LOCAL_MACHINE', 'HKLM'), '/v', name, '/t', 'REG_DWORD', '/d', String(value), '/f'];
  const restart: Argv[] = [[net, 'stop', 'TermService', '/y'], [net, 'start', 'TermService']];
  const open = (port: number): Argv[] => ['TCP', 'UDP'].map((protocol): Argv => [netsh, 'advfirewall', 'firewall', 'add', 'rule', `name=${ruleName(port)}`, 'dir=in', 'action=allow', `protocol=${protocol}`, `localport=${port}`]);
  const close = (port: number): Argv => [netsh, 'advfirewall', 'firewall', 'delete', 'rule', `name=${ruleName(port)}`];
  const own: Argv = [netsh, 'advfirewall', 'firewall', 'set', 'rule', `group=${OWN_RULES}`, 'new', 'enable=yes'];
  const apply: Argv[] = [];
  const revert: Argv[] = [];
  const moved = from.port !== to.port;
  // They stay open when it is taken back: they may have been before, and behind them nobody listens then.
  if (to.on && to.port === RDP_PORT && (!from.on || moved)) apply.push(own);
  if (to.on && to.port !== RDP_PORT && (!from.on || moved)) {
    apply.push(...open(to.port));
    revert.push(close(to.port));
  }
  // The old door, where the panel had opened it.
  if (from.on && from.port !== RDP_PORT && (!to.on || moved)) {
    apply.push(close(from.port));
    revert.push(...open(from.port));
  }
  if (from.nla !== to.nla) {
    apply.push(dword(LISTENER, 'UserAuthentication', Number(to.nla)));
    revert.push(dword(LISTENER, 'UserAuthentication', Number(from.nla)));
  }
  if (from.on !== to.on) {
    apply.push(dword(SERVER, 'fDenyTSConnections', Number(!to.on)));
    revert.push(dword(SERVER, 'fDenyTSConnections', Number(!from.on)));
  }
  if (moved) {
    apply.push(dword(LISTENER, 'PortNumber', to.port), ...restart);
    revert.push(dword(LISTENER, 'PortNumber', from.port), ...restart);
  }
  return { apply, revert: revert.map(stepOf) };
}

/** Of the panel: those of Windows and of people keep their names. */
export const ruleName = (port: number) => `Mantou-RDP-${port}`;
