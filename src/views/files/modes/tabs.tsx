import type { Selection } from '../../../core/files/modes/protect.ts';
import { Tabs } from '../../parts/tabs.tsx';
import type { Ui } from '../../ui.ts';

export type ModeTab = 'mode' | 'acl' | 'attributes';

/** Address of a part of the sheet. */
export function tabHref(tab: ModeTab, selection: Selection & { id?: string | undefined }): string {
  const query = new URLSearchParams(selection.id ? { selection: selection.id } : { folder: selection.folder });
  if (!selection.id) for (const name of selection.names) query.append('name', name);
  return `/files/${tab}?${query}`;
}

/** Mode, access list, attributes: parts of one sheet, in the dialog swapped in place. */
export function ModeTabs({ ui, selection, current }: { ui: Ui; selection: Selection; current: ModeTab }) {
  const t = ui.t.modes;
  const labels = { mode: t.tabMode, acl: t.tabAcl, attributes: t.tabAttributes };
  const tabs = (Object.keys(labels) as ModeTab[]).map((tab) => {
    const href = tabHref(tab, selection);
    return {
      href, label: labels[tab], current: tab === current,
      attrs: { 'hx-get': href, 'hx-target': '#action', 'hx-select': '#action', 'hx-swap': 'outerHTML' },
    };
  });
  return <Tabs ui={ui} label={t.tabs} tabs={tabs} />;
}

/** Commands that have the same effect, folded away. */
export function Commands({ ui, commands, open }: { ui: Ui; commands: readonly string[]; open?: boolean }) {
  if (commands.length === 0) return null;
  return (
    <details class="commands" open={open}>
      <summary>{ui.t.modes.commands}</summary>
      <pre class="snippet" tabindex={0}>{commands.join('\n')}</pre>
    </details>
  );
}
