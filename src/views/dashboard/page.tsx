import { Layout } from '../layout.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Seg } from '../parts/tabs.tsx';
import { Icon } from '../parts/icon.tsx';
import { withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { Stats } from './stats.tsx';
import { Cores } from './cores.tsx';
import { Disks } from './disks.tsx';
import { Events } from './events.tsx';
import { MinuteDrawer } from './minute.tsx';
import type { Dashboard } from './model.ts';
import { Notices } from './notices.tsx';
import { PageState } from './page-state.tsx';
import { PowerDialogs, PowerMenu, powerActions } from './power.tsx';
import { SystemFacts } from './system.tsx';
import { TopProcesses } from './top-processes.tsx';

export function DashboardPage({ ui, model }: { ui: Ui; model: Dashboard }) {
  const { system } = model;
  return (
    <Layout
      ui={ui}
      title={ui.t.shell.nav.dashboard}
      styles={['css/chart.css', 'css/dashboard.css']}
      head={<script defer src={ui.asset('vendor/uplot.iife.min.js')}></script>}
      scripts={['js/dashboard/dashboard.js']}
      actions={powerActions(ui, model.power)}
    >
      <PageHead
        title={system.hostname}
        facts={[system.os, <span data-live="up">{ui.t.dashboard.up({ time: ui.fmt.duration(system.uptime) })}</span>]}
      >
        <Ranges ui={ui} model={model} />
        <PowerMenu ui={ui} offers={model.power} />
      </PageHead>
      <Notices ui={ui} notices={model.notices} />
      <Stats ui={ui} model={model} />
      <Cores ui={ui} model={model} />
      <div class="panes of-3 section-top">
        <TopProcesses ui={ui} model={model} />
        <Disks ui={ui} mounts={model.mounts} />
        {model.events ? <Events ui={ui} events={model.events} /> : null}
        <SystemFacts ui={ui} system={system} wide={!model.events} />
      </div>
      <PowerDialogs ui={ui} offers={model.power} counts={{ hostname: system.hostname, uptime: system.uptime, processes: model.top?.total ?? null, pages: model.pages }} />
      {model.range === 'live' ? null : <MinuteDrawer ui={ui} />}
      <PageState ui={ui} model={model} />
    </Layout>
  );
}

/** Links, so that a range can be shared and works without JavaScript. */
function Ranges({ ui, model }: { ui: Ui; model: Dashboard }) {
  const t = ui.t.dashboard.range;
  const here = ui.here ?? '/';
  const tabs = (['live', '1h', '24h', '7d', '30d'] as const).map((range) => ({
    href: withQuery(here, { range: range === 'live' ? undefined : range }),
    label: range === 'live' ? <><span class="dot" data-state={model.range === 'live' ? 'busy' : 'off'}></span>{t.live}</> : t[range],
    current: range === model.range,
  }));
  return (
    <>
      <button class="btn" type="button" id="whole-range" hidden>
        <Icon ui={ui} name="history" />
        {t.wholeRange}
      </button>
      <Seg ui={ui} label={t.label} tabs={tabs} />
    </>
  );
}
