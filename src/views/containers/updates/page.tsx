import type { ContainerUpdate } from '../../../core/containers/updates/updates.ts';
import type { Schedule } from '../../../core/containers/updates/schedule.ts';
import { UPDATE_STATES, type UpdateState } from '../../../core/containers/updates/state.ts';
import type { EngineState } from '../../../core/docker/engine.ts';
import { EngineAway } from '../../docker/away.tsx';
import { NARROWS, Narrow, Nothing } from '../../docker/narrow.tsx';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Icon } from '../../parts/icon.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { ActionsHead, Toolbar, withQuery } from '../../parts/table.tsx';
import { Seg } from '../../parts/tabs.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { UpdateRow } from './row.tsx';
import { scheduleText } from './words.ts';

export interface ContainerUpdatesModel {
  engine: EngineState;
  /** Those that the filter leaves. */
  shown: readonly ContainerUpdate[];
  counts: Record<'all' | UpdateState, number>;
  query: { q: string; state?: UpdateState | undefined };
  /** When a registry last answered; null: none was asked. */
  checkedAt: number | null;
  /** Ids of tasks that go on. */
  checking: string | null;
  updating: string | null;
  schedule: Schedule | null;
  /** Are those that were chosen updated after a scheduled check? */
  automatic: boolean;
}

/** Whether there are newer images for the containers, by what their registries said last. */
export function ContainerUpdatesPage({ ui, model }: { ui: Ui; model: ContainerUpdatesModel }) {
  const t = ui.t.containerUpdates;
  const { engine } = model;
  return (
    <Layout ui={ui} title={t.title} styles={['css/containers.css']} scripts={['js/containers/updates.js', NARROWS]} preload={['js/sse.js', 'js/connection.js', 'js/containers/selection.js']}>
      <div id="updates" hx-get={ui.here ?? '/containers/updates'} hx-trigger="containers-changed from:body" hx-select="#updates" hx-swap="outerMorph" hx-sync="queue last">
        <CrumbsHead label={ui.t.parts.pages} crumbs={[{ href: '/containers', label: ui.t.containers.title }]} title={t.title}>
          {engine.up && ui.can('containers.write') ? <CheckButton ui={ui} going={model.checking !== null} /> : null}
        </CrumbsHead>
        {engine.up ? <List ui={ui} model={model} /> : <EngineAway ui={ui} engine={engine} />}
      </div>
    </Layout>
  );
}

function CheckButton({ ui, going }: { ui: Ui; going: boolean }) {
  const action = '/containers/updates/check';
  return (
    <form method="post" action={action} hx-post={action} hx-swap="none">
      <button class="btn primary" disabled={going}>
        <Icon ui={ui} name="refresh" />
        {ui.t.containerUpdates.check}
      </button>
    </form>
  );
}

function List({ ui, model }: { ui: Ui; model: ContainerUpdatesModel }) {
  const t = ui.t.containerUpdates;
  const { shown, query, checking, updating } = model;
  const action = '/containers/updates/update';
  return (
    <>
      {checking ? <Going ui={ui} text={t.checking} task={checking} /> : null}
      {updating ? <Going ui={ui} text={t.updating} task={updating} /> : null}
      <Toolbar>
        <Narrow ui={ui} action="/containers/updates" label={t.filter} q={query.q} keep={{ state: query.state }} />
        <States ui={ui} model={model} />
        <p class="facts push">
          <span>{model.checkedAt === null ? t.never : <>{t.asked} <Time ui={ui} at={model.checkedAt} /></>}</span>
          <span>
            {scheduleText(ui, model.schedule)}
            {ui.can('settings.read') ? (
              <>
                {' '}
                <a class="link" href="/settings#containers">{t.change}</a>
              </>
            ) : null}
          </span>
        </p>
      </Toolbar>
      {shown.length === 0 ? (
        <Nothing ui={ui} icon="container" href="/containers/updates" words={t} narrowed={Boolean(query.q || query.state)} q={query.q} />
      ) : (
        <form method="post" action={action} hx-post={action} hx-swap="none" id="updates-form">
          {ui.can('containers.admin') ? <SelectionBar ui={ui} /> : null}
          <Table ui={ui} shown={shown} />
        </form>
      )}
    </>
  );
}

const Going = ({ ui, text, task }: { ui: Ui; text: string; task: string }) => (
  <Banner ui={ui} icon="refresh" text={text}>
    {ui.can('containers.inspect') ? <a class="btn sm" href={`/tasks/${task}`}>{ui.t.containerUpdates.toTask}</a> : null}
  </Banner>
);

function States({ ui, model: { counts, query } }: { ui: Ui; model: ContainerUpdatesModel }) {
  const t = ui.t.containerUpdates;
  const tabs = (['all', ...UPDATE_STATES] as const).map((state) => ({
    href: withQuery(ui.here ?? '/containers/updates', { state: state === 'all' ? undefined : state }),
    current: (query.state ?? 'all') === state,
    label: <>{state === 'all' ? t.all : t.shows[state]} <span class="count">{ui.fmt.number(counts[state])}</span></>,
  }));
  return <Seg ui={ui} label={t.state} tabs={tabs} />;
}

function SelectionBar({ ui }: { ui: Ui }) {
  const t = ui.t.containerUpdates;
  const { selected } = ui.t.containers;
  return (
    <div class="toolbar selbar" role="region" aria-label={t.actions}>
      <b class="small nowrap" data-selected data-one={selected({ n: 1 })} data-many={selected({ n: 2 }).replace('2', '{n}')}></b>
      <button class="btn sm" type="submit">
        <Icon ui={ui} name="download" />
        {t.update}
      </button>
      <p class="xs muted desktop">{t.updateText}</p>
    </div>
  );
}

function Table({ ui, shown }: { ui: Ui; shown: readonly ContainerUpdate[] }) {
  const t = ui.t.containerUpdates;
  const admin = ui.can('containers.admin');
  return (
    <table class="table sticky containers">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          {admin ? (
            <th class="pick">
              <input type="checkbox" class="check pick-all" aria-label={ui.t.containers.selectAll} />
            </th>
          ) : null}
          <th scope="col">{t.container}</th>
          <th scope="col" class="hi">{t.newest}</th>
          <th scope="col" class="mid">{t.lastUpdate}</th>
          <th scope="col" class="lo">{t.asked}</th>
          {ui.can('containers.write') ? (
            <ActionsHead>{t.actions}</ActionsHead>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {shown.map((one) => (
          <UpdateRow ui={ui} one={one} admin={admin} />
        ))}
      </tbody>
    </table>
  );
}
