import type { Child } from 'hono/jsx';
import { FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Tabs } from '../parts/tabs.tsx';
import type { Permission } from '../../core/access.ts';
import type { Messages } from '../../i18n/en.ts';
import type { Ui } from '../ui.ts';

export type SystemTab = 'overview' | 'accounts' | 'packages' | 'network' | 'ssh' | 'swap' | 'power';

/** The pages of the machine itself, in their order: a further one is a line here. */
const TABS: readonly { tab: SystemTab; href: string; label: (t: Messages) => string; permission: Permission }[] = [
  { tab: 'overview', href: '/system', label: (t) => t.system.tabs.overview, permission: 'system.read' },
  { tab: 'packages', href: '/system/packages', label: (t) => t.system.tabs.packages, permission: 'packages.read' },
  { tab: 'accounts', href: '/system/accounts', label: (t) => t.system.tabs.accounts, permission: 'accounts.read' },
  { tab: 'network', href: '/system/network', label: (t) => t.system.tabs.network, permission: 'system.read' },
  { tab: 'ssh', href: '/system/ssh', label: (t) => t.sshServer.title, permission: 'ssh_server.read' },
  { tab: 'swap', href: '/system/swap', label: (t) => t.system.tabs.swap, permission: 'system.read' },
  { tab: 'power', href: '/system/power', label: (t) => t.system.tabs.power, permission: 'system.read' },
];

export const systemBack = (ui: Ui, tab: SystemTab) => {
  const found = TABS.find((one) => one.tab === tab)!;
  return { href: found.href, label: found.label(ui.t) };
};

interface FrameProps {
  ui: Ui;
  tab: SystemTab;
  facts?: readonly Child[];
  scripts?: readonly string[];
  styles?: readonly string[];
  /** Buttons at the end of the head. */
  buttons?: Child;
  children?: Child;
}

/** A page of the machine: one head for all, its tabs, and the dialog in which its forms open. */
export function SystemFrame({ ui, tab, facts, scripts = [], styles = [], buttons, children }: FrameProps) {
  const { label } = TABS.find((one) => one.tab === tab)!;
  return (
    <Layout ui={ui} title={tab === 'overview' ? ui.t.system.title : label(ui.t)} styles={['css/stacks.css', 'css/code.css', 'css/system.css', ...styles]} scripts={['js/system/page.js', ...scripts]}>
      <div id="system-page" hx-get={ui.here ?? '/system'} hx-trigger="containers-changed from:body" hx-select="#system-page" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={ui.t.system.title} facts={facts ?? []}>
          {buttons}
        </PageHead>
        <div class="system-tabs">
          <Tabs ui={ui} label={ui.t.system.pages} tabs={TABS.filter(({ permission }) => ui.can(permission)).map((one) => ({ href: one.href, label: one.label(ui.t), current: one.tab === tab }))} />
        </div>
        {children}
      </div>
      <FormDialog wide />
    </Layout>
  );
}
