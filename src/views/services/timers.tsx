import type { ServicesAbout, TimerRow } from '../../platform/services.ts';
import { asks, FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { changePath, servicePath } from './paths.ts';
import { ServiceTabs } from './tabs.tsx';

/** What the clock starts, the next one first. */
export function TimersPage({ ui, about, timers }: { ui: Ui; about: ServicesAbout; timers: readonly TimerRow[] }) {
  const t = ui.t.services.timers;
  return (
    <Layout ui={ui} title={t.name} styles={['css/services.css']} scripts={['js/services/timers.js']}>
      <div id="timers" hx-get="/services/timers" hx-trigger="form-done from:body" hx-select="#timers" hx-swap="outerMorph">
        <PageHead title={ui.t.services.title} middle={<ServiceTabs ui={ui} about={about} current="timers" />} />
        {timers.length ? <Table ui={ui} timers={timers} /> : <Empty ui={ui} icon="clock" title={t.noneTitle} text={t.noneText} />}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Table({ ui, timers }: { ui: Ui; timers: readonly TimerRow[] }) {
  const t = ui.t.services.timers;
  const changes = ui.can('services.write');
  return (
    <table class="table sticky timers">
      <caption class="vh">{t.lead}</caption>
      <thead>
        <tr>
          <th scope="col">{t.name}</th>
          <th scope="col">{t.next}</th>
          <th scope="col" class="mid">{t.last}</th>
          <th scope="col" class="lo">{t.when}</th>
          <th scope="col" class="mid">{t.starts}</th>
          {changes ? <ActionsHead class="c-acts">{ui.t.services.actions}</ActionsHead> : null}
        </tr>
      </thead>
      <tbody>
        {timers.map((row) => (
          <tr id={`t-${row.name}`}>
            <td>
              <div class="name" title={row.title || undefined}>
                <b>{row.name.replace(/\.timer$/, '')}</b>
                <span class="quiet desktop clip">{row.title}</span>
              </div>
            </td>
            <td class="nowrap">{row.active ? row.next === null ? <span class="quiet">{t.notPlanned}</span> : <Time ui={ui} at={row.next} /> : <Dot state="off">{t.off}</Dot>}</td>
            <td class="mid quiet nowrap">{row.last === null ? t.never : <Time ui={ui} at={row.last} />}</td>
            <td class="lo mono xs">{row.when.join(', ')}</td>
            <td class="mid">{row.service ? <a href={servicePath(row.service)}>{row.service.replace(/\.service$/, '')}</a> : null}</td>
            {changes ? (
              <td class="c-acts">
                <div class="acts">
                  {row.service.endsWith('.service') ? (
                    <a class="btn ghost sm" {...asks(changePath(row.service, 'start'))}>
                      <Icon ui={ui} name="play" />
                      {t.runNow}
                    </a>
                  ) : null}
                  <a class="btn ghost sm" {...asks(`/services/timers/${encodeURIComponent(row.name)}?on=${row.active ? 'off' : 'on'}`)}>
                    {row.active ? t.turnOff : t.turnOn}
                  </a>
                </div>
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
