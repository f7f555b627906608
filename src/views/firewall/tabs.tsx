import { Tabs } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';

/** The pages of the firewall. */
export function FirewallTabs({ ui, current }: { ui: Ui; current: 'rules' | 'blocks' }) {
  const { tabs } = ui.t.firewall;
  return (
    <Tabs
      ui={ui} label={tabs.label}
      tabs={[
        { href: '/firewall', label: tabs.rules, current: current === 'rules' },
        { href: '/firewall/blocks', label: tabs.blocks, current: current === 'blocks' },
      ]}
    />
  );
}
