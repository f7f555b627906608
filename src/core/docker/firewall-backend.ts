import { z } from 'zod';
import type { FirewallBackend } from '../../platform/firewall.ts';
import type { App } from '../app.ts';

/** A page waits so long for an engine that says nothing. */
const ANSWER_MS = 1500;
/** Since API 1.49: "iptables", "nftables", and "iptables+firewalld" where Docker tells that one as well. */
const Info = z.object({ FirewallBackend: z.object({ Driver: z.string() }).nullish() });

/** What the engine of this machine says it writes its rules with; null: it says nothing, or there is none. */
export async function firewallBackend(app: App): Promise<FirewallBackend | 'other' | null> {
  const docker = app.engines.driver(null);
  if (!docker.endpoint().startsWith('unix://')) return null;
  const driver = Info.safeParse(await docker.ask({ path: '/info', timeout: ANSWER_MS }).catch(() => null)).data?.FirewallBackend?.Driver;
  if (!driver) return null;
  const [name] = driver.split('+');
  return name === 'iptables' || name === 'nftables' ? name : 'other';
}
