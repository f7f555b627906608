import { REG, type RegistryDriver } from '../../registry.ts';
import type { SshServerCommands, SshService } from '../../ssh-server.ts';
import { portsOf, type SshSettings } from '../../ssh-server/settings.ts';
import { stepOf } from '../may-fail.ts';

const RULES = 'HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules';

type Argv = [string, ...string[]];

/** Of the panel: that of Windows, "OpenSSH-Server-In-TCP", and those of people keep their names. */
export const ruleName = (port: number) => `Mantou-SSH-${port}`;

/**
 * Ports that rules of the panel let in. A value of the registry ([MS-FASP] 2.2.19):
 *
 *     v2.31|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=2222|Name=Mantou-SSH-2222|
 */
export async function openedPorts(registry: RegistryDriver): Promise<number[]> {
  const key = await registry.read({ path: RULES, view: 64 });
  return (key?.values ?? []).flatMap(({ type, bytes }) => {
    const [, port] = (type === REG.sz && /\|Name=Mantou-SSH-(\d{1,5})\|/.exec(Buffer.from(bytes).toString('utf16le'))) || [];
    return port ? [Number(port)] : [];
  });
}

/**
 * The new doors are opened before the server turns to them, and the old ones closed when it has. What the panel has not opened
 * it does not close. Connections that are open stay: each has a process of its own, which a stop of the service leaves alone.
 * @param tool path of a program of Windows
 */
export function sshServerCommands(tool: (name: string) => string, service: SshService | null, opened: readonly number[], from: SshSettings, to: SshSettings): SshServerCommands {
  const [netsh, net] = [tool('netsh'), tool('net')];
  const [before, after] = [portsOf(from), portsOf(to)];
  const open = (port: number): Argv => [netsh, 'advfirewall', 'firewall', 'add', 'rule', `name=${ruleName(port)}`, 'dir=in', 'action=allow', 'protocol=TCP', `localport=${port}`];
  const close = (port: number): Argv => [netsh, 'advfirewall', 'firewall', 'delete', 'rule', `name=${ruleName(port)}`];
  const restart: Argv[] = service?.active ? [[net, 'stop', 'sshd', '/y'], [net, 'start', 'sshd']] : [];
  const fresh = after.filter((port) => !before.includes(port) && !opened.includes(port));
  const old = before.filter((port) => !after.includes(port) && opened.includes(port));
  return { apply: [...fresh.map(open), ...restart, ...old.map(close)], revert: [...old.map(open), ...restart, ...fresh.map(close)].map(stepOf) };
}
