import { Tabs } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

/** The pages of the firewall beside each other. */
export function FirewallTabs({ ui, current }: { ui: Ui; current: 'rules' | 'blocks' | 'guard' }) {
  const words = ui.t.firewall.tabs;
  const tabs = [
    { href: '/firewall', label: words.rules, current: current === 'rules', permission: 'firewall.read' },
    { href: '/firewall/blocks', label: words.blocks, current: current === 'blocks', permission: 'blocks.read' },
    { href: '/firewall/guard', label: words.guard, current: current === 'guard', permission: 'guard.read' },
  ] as const;
  return <Tabs ui={ui} label={words.label} tabs={tabs.filter(({ permission }) => ui.can(permission))} />;
}
