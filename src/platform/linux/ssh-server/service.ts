import { existsSync } from 'node:fs';
import type { Exec } from '../../exec.ts';
import { hasSystemd } from '../../systemd.ts';
import type { FileChange, SshService } from '../../ssh-server.ts';
import type { SshSettings } from '../../ssh-server/settings.ts';

/** Debian and Ubuntu call it ssh, the others sshd. */
const NAMES = ['ssh', 'sshd'];

/** What starts the server. Where its socket waits for connections, the ports are those of the socket. */
export async function readService(exec: Exec): Promise<SshService | null> {
  const systemctl = exec.which('systemctl');
  if (systemctl && hasSystemd()) {
    const units = NAMES.flatMap((name) => [`${name}.socket`, `${name}.service`]);
    const { stdout } = await exec.run([systemctl, 'show', '--property=Id,LoadState,ActiveState', ...units], { timeout: 10_000 });
    return parseUnits(stdout);
  }
  const script = NAMES.map((name) => `/etc/init.d/${name}`).find((path) => existsSync(path));
  return script ? { kind: 'other', unit: script, active: existsSync('/run/sshd.pid') || existsSync('/var/run/sshd.pid') } : null;
}

/** Blocks of `Id=ssh.socket\nLoadState=loaded\nActiveState=inactive`, an empty line between them. */
export function parseUnits(text: string): SshService | null {
  const units = text.trim().split(/\n\n+/).map((block) => {
    const of = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(block)?.[1] ?? '';
    return { unit: of('Id'), loaded: of('LoadState') === 'loaded', active: /^(active|reloading|activating)$/.test(of('ActiveState')) };
  });
  const socket = units.find(({ unit, active }) => unit.endsWith('.socket') && active);
  if (socket) return { kind: 'socket', unit: socket.unit, active: true };
  const services = units.filter(({ unit, loaded }) => unit.endsWith('.service') && loaded);
  const service = services.find(({ active }) => active) ?? services[0];
  return service ? { kind: 'service', unit: service.unit, active: service.active } : null;
}

/** Where Ubuntu 24.04 makes the ports of the socket from sshd_config by itself. */
const GENERATOR = '/usr/lib/systemd/system-generators/sshd-socket-generator';

/** What makes it read its files anew. Connections that are open stay open. */
export function reloadCommands(exec: Exec, service: SshService | null): [string, ...string[]][] {
  if (!service?.active) return [];
  const systemctl = exec.which('systemctl') ?? '/usr/bin/systemctl';
  if (service.kind === 'service') return [[systemctl, 'reload-or-restart', service.unit]];
  if (service.kind === 'other') return [[service.unit, 'reload']];
  // systemd does not open a socket while the service that it belongs to runs.
  return [[systemctl, 'daemon-reload'], [systemctl, 'stop', service.unit.replace('.socket', '.service')], [systemctl, 'restart', service.unit]];
}

/** The panel's own addition to the socket's unit. */
export const socketFile = (unit: string) => `/etc/systemd/system/${unit}.d/mantou.conf`;

export function socketChange(service: SshService, { ports, listenAddresses }: SshSettings, before: string | null, generator = existsSync(GENERATOR)): FileChange[] {
  if (service.kind !== 'socket' || generator) return [];
  const streams = listenAddresses.length ? listenAddresses.flatMap((address) => withPorts(address, ports)) : ports.map(String);
  const after = ['# Written by the Mantou panel, which writes it anew.', '[Socket]', 'ListenStream=', ...streams.map((stream) => `ListenStream=${stream}`), ''].join('\n');
  return [{ path: socketFile(service.unit), before, after }];
}

/** "10.0.0.1" at 22 and 2222 → "10.0.0.1:22", "10.0.0.1:2222"; IPv6 in brackets; one that has a port keeps it. */
function withPorts(address: string, ports: readonly number[]): string[] {
  if (/^\[.*\]:\d+$|^[^:]+:\d+$/.test(address)) return [address];
  const bare = address.replace(/^\[(.*)\]$/, '$1');
  return ports.map((port) => (bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`));
}
