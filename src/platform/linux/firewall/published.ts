import { AppError } from '../../../lib/errors.ts';
import type { FirewallBackend, FirewallDriver, PublishedState } from '../../firewall.ts';
import type { Surroundings } from './provider.ts';
import { createPublishedChain } from './published-iptables.ts';
import { createPublishedTable } from './published-nftables.ts';

/** What stands on the machine: Docker's chain or tables, and a table of ours, which is loaded at each boot before there is an engine. */
interface Found {
  chain: boolean;
  tables: boolean;
  ours: boolean;
}

/** By what the engine says; where it says nothing, by what stands there. Where both do, one is left over by a change of the engine's settings. */
export function backendOf(said: FirewallBackend | 'other' | null, { chain, tables, ours }: Found): FirewallBackend | 'none' | 'unclear' {
  if (said === 'other') return 'unclear';
  if (said === null && chain && (tables || ours)) return 'unclear';
  if (said === 'iptables' || (said === null && chain)) return chain ? 'iptables' : 'none';
  return tables || ours ? 'nftables' : 'none';
}

export function createPublished(around: Surroundings, isRoot: () => boolean): FirewallDriver['published'] {
  const [chain, table] = [createPublishedChain(around.exec), createPublishedTable(around)];
  const hindered = (hindrance: PublishedState['hindrance']): PublishedState => ({ hindrance, backend: null, v4: null, v6: null, docker6: false, table: null });

  /** nft may be installed where the kernel has no nf_tables: what fails there has no tables (iptables of the older kind goes on). */
  const none = (error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    return { docker: false, ours: null };
  };

  return {
    async read(said) {
      if (!chain.isHere() && !table.isHere()) return hindered('tools');
      if (!isRoot()) return hindered('root');
      if (said === 'iptables' && !chain.isHere()) return hindered('tools');
      if (said === 'nftables' && !table.isHere()) return hindered('nft');
      const [{ docker, ...chains }, tables] = await Promise.all([chain.read(), said === 'nftables' ? table.read() : table.read().catch(none)]);
      const found = backendOf(said, { chain: docker, tables: tables.docker, ours: tables.ours !== null });
      const known = found === 'iptables' || found === 'nftables';
      return { ...chains, table: tables.ours, backend: known ? found : null, hindrance: known ? null : found };
    },
    has: (rule, state) => (state.backend === 'nftables' ? table.has(rule, state.table) : chain.has(rule, state)),
    /** What stands in the other of the two, from before the engine changed, goes when these are in force. */
    plan(rules, state) {
      const on = (backend: FirewallBackend) => (state.backend === backend ? rules : []);
      const chained = chain.plan(on('iptables'), state);
      const tabled = table.plan(on('nftables'), state.table);
      const all = state.backend === 'nftables' ? [tabled, chained] : [chained, tabled];
      const steps = all.flatMap((one) => one.steps);
      return { steps, commands: all.flatMap((one) => one.commands), revert: steps.toReversed().flatMap(({ undo }) => undo) };
    },
  };
}
