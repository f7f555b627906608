import { z } from 'zod';
import { AppError } from '../../lib/errors.ts';
import type { FirewallProvider } from '../../platform/firewall.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { installChange, installCommands, installPackages, type Installation } from '../packages/install.ts';

/** Of both the service stays as it is: ufw is enabled with the rules in view, and that of nftables would empty everybody's rules first. */
export const FIREWALL_PACKAGES = {
  ufw: { names: { apt: ['ufw'], dnf: ['ufw'] } },
  nftables: { names: { apt: ['nftables'], dnf: ['nftables'] } },
} satisfies Record<string, Installation>;

export const InstallInput = z.strictObject({ provider: z.enum(['ufw', 'nftables']) });
type InstallInput = z.output<typeof InstallInput>;

/** Those that are not here, where they can be installed. */
export const installableFirewalls = (app: Pick<App, 'host'>): FirewallProvider[] => (installChange(app, FIREWALL_PACKAGES.ufw) ? app.host.firewall.installable() : []);

function needOffer(app: App, { provider }: InstallInput) {
  if (!installableFirewalls(app).includes(provider)) throw new AppError('unsupported', (t) => t.firewall.noOffer);
}

/** What installing it will run. @throws AppError denied, unsupported */
export async function firewallCommands(app: App, actor: Actor, input: InstallInput): Promise<string[]> {
  need(actor, 'firewall.write');
  needOffer(app, input);
  return (await installCommands(app, FIREWALL_PACKAGES[input.provider])) ?? [];
}

/** It filters nothing before it is enabled. @returns the task. @throws AppError denied, unsupported, conflict while anything is being installed */
export async function installFirewall(app: App, actor: Actor, input: InstallInput): Promise<string> {
  need(actor, 'firewall.write');
  needOffer(app, input);
  const { provider } = input;
  return installPackages(app, actor, FIREWALL_PACKAGES[provider], { action: 'firewall.install', target: provider, params: { provider }, refusal: (t) => t.firewall.noOffer });
}
