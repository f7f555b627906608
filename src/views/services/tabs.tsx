import { Tabs } from '../parts/tabs.tsx';
import type { ServicesAbout } from '../../platform/services.ts';
import type { Ui } from '../ui.ts';

/** Services, what the clock starts, and own programs. */
export function ServiceTabs({ ui, about, current }: { ui: Ui; about: Pick<ServicesAbout, 'units' | 'programs'>; current: 'services' | 'timers' | 'programs' }) {
  const t = ui.t.services.tabs;
  const tabs = [
    { href: '/services', label: t.services, current: current === 'services' },
    ...(about.units ? [{ href: '/services/timers', label: t.timers, current: current === 'timers' }] : []),
    ...(about.programs && ui.can('services.inspect') ? [{ href: '/services/programs', label: t.programs, current: current === 'programs' }] : []),
  ];
  return <Tabs ui={ui} label={ui.t.services.pages} tabs={tabs} />;
}
