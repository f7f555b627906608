import { Seg } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

/** The pages of the firewall beside each other. */
export function FirewallTabs({ ui, current }: { ui: Ui; current: 'blocks' | 'guard' }) {
  const t = ui.t.blocks.tabs;
  const tabs = [
    ...(ui.can('blocks.read') ? [{ href: '/firewall/blocks', label: t.blocks, current: current === 'blocks' }] : []),
    ...(ui.can('guard.read') ? [{ href: '/firewall/guard', label: t.guard, current: current === 'guard' }] : []),
  ];
  return <Seg ui={ui} label={t.label} tabs={tabs} />;
}
