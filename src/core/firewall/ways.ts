import { basename } from 'node:path';
import { holds, parseNetwork, type Network } from '../../lib/network.ts';
import type { Actor, App } from '../app.ts';
import type { Ways } from './lock-out.ts';

const SSH = 22;
const RDP = 3389;

const HERE = ['127.0.0.0/8', '::1'].map((text) => parseNetwork(text)!);

/** Proxies that come by the network: from this machine itself no firewall keeps anybody out. */
const farProxies = ({ config }: App): Network[] => config.trustedProxies.flatMap((text) => parseNetwork(text) ?? []).filter((proxy) => !HERE.some((here) => holds(here, proxy)));

/** How whoever asks reaches this machine, as far as it can be seen. Behind a proxy the browser comes by that, on the port for HTTPS. */
export async function waysOf(app: App, actor: Actor): Promise<Ways> {
  const [listeners, rows] = await Promise.all([app.host.processes.listeners(), app.sampler.processes()]).catch(() => [[], { rows: [] }] as const);
  const names = new Map(rows.rows.map(({ pid, name }) => [pid, name]));
  const tcp = listeners.filter(({ protocol }) => protocol === 'tcp');
  const sshd = tcp.filter(({ pid, port }) => {
    const name = pid === null ? '' : (names.get(pid) ?? '');
    // systemd holds the port of an sshd that is started by a connection.
    return /^sshd/.test(name) || (port === SSH && (name === 'systemd' || name === ''));
  });
  return {
    clientAddress: actor.ip, panelPort: app.config.trustedProxies.length ? 443 : app.config.port, proxies: farProxies(app), doorPort: app.config.port,
    panelProgram: basename(process.execPath),
    sshPorts: [...new Set(sshd.map(({ port }) => port))].sort((a, b) => a - b), rdpPort: tcp.some(({ port }) => port === RDP) ? RDP : null,
  };
}
