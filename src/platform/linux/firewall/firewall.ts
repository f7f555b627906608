import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import { noFirewall, type FirewallDriver, type FirewallState } from '../../firewall.ts';
import { createFirewalld } from './firewalld.ts';
import { createForwards } from './forwards.ts';
import { createNftables } from './nftables.ts';
import { runPlan, runStep } from './plan.ts';
import { surroundings, type Provider } from './provider.ts';
import { createPublished } from './published.ts';
import { createUfw } from './ufw.ts';

export interface LinuxFirewallOptions {
  isRoot?: () => boolean;
  /** Another folder than /, for a machine that is looked at from outside. */
  root?: string;
}

/** Whoever is active, else whoever is installed, in this order: firewalld, ufw, nftables. */
export function createLinuxFirewall(exec: Exec, { isRoot = () => process.geteuid?.() === 0, root = '/' }: LinuxFirewallOptions = {}): FirewallDriver {
  const around = surroundings(exec, root);
  const providers: readonly Provider[] = [createFirewalld(around), createUfw(around), createNftables(around)];
  const forwards = createForwards(around);
  const installed = () => providers.filter(({ tools }) => tools.every((tool) => exec.which(tool)));

  async function read(): Promise<FirewallState> {
    const found = installed();
    if (found.length === 0) return noFirewall();
    const others = (but: Provider) => found.filter((one) => one !== but).map(({ name }) => name);
    if (!isRoot()) return noFirewall({ provider: found[0]!.name, others: others(found[0]!), hindrance: 'root' });
    const actives = await Promise.all(found.map((one) => one.isActive()));
    const on = found.filter((_, i) => actives[i]);
    const chosen = on[0] ?? found[0]!;
    const state = await chosen.read();
    const own = await forwards.read();
    return { ...state, forwards: [...state.forwards, ...own], others: others(chosen), alsoActive: on.slice(1).map(({ name }) => name) };
  }

  const of = (state: FirewallState) => {
    const provider = providers.find(({ name }) => name === state.provider);
    if (!provider || state.hindrance) throw new AppError('unsupported', (t) => (state.hindrance === 'root' ? t.firewall.notRoot : t.firewall.none));
    return provider;
  };

  return {
    read,
    async plan(change, state) {
      const provider = of(state);
      const ours = (change.verb === 'forward' && provider.name !== 'firewalld') || (change.verb === 'unforward' && !change.forward.native);
      return ours ? forwards.plan(change, state) : provider.plan(change, state);
    },
    apply: (plan) => runPlan(exec, plan),
    async revert({ revert }) {
      for (const step of revert) await runStep(exec, step);
    },
    published: createPublished(around, isRoot),
    installable: () => (['ufw', 'nftables'] as const).filter((name) => !installed().some((one) => one.name === name)),
  };
}
