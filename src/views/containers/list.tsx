import type { Container } from '../../core/containers/container.ts';
import { actionPermission, type ContainerAction } from '../../core/containers/containers.ts';
import type { PortFact } from '../../core/containers/ports/facts.ts';
import type { ContainerUse } from '../../core/containers/stats.ts';
import type { EngineState } from '../../core/docker/engine.ts';
import type { InstallOffer } from '../../core/docker/install.ts';
import { EngineAway } from '../docker/away.tsx';
import { NARROWS, Narrow, Nothing } from '../docker/narrow.tsx';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, SortHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { Row } from './row.tsx';
import { ACTION_ICONS } from './words.tsx';

export interface ContainersModel {
  engine: EngineState;
  /** Whether the panel can install one. */
  offer: InstallOffer | null;
  /** Those that the filter leaves. */
  shown: readonly Container[];
  counts: { all: number; running: number; stopped: number; unhealthy: number };
  query: { q: string; state?: string | undefined; sort: string; group?: 'off' | undefined };
  /** Who reaches each published port, by `keyOf`. */
  facts: ReadonlyMap<string, PortFact>;
  /** What it used last, while somebody looks. */
  use(id: string): ContainerUse | undefined;
  /** Ids of those whose registries have something newer. */
  newer: ReadonlySet<string>;
}

const STATES = ['all', 'running', 'stopped', 'unhealthy'] as const;
const SELECTION: readonly ContainerAction[] = ['start', 'stop', 'restart', 'pause', 'unpause', 'kill', 'remove'];

export function ContainersPage({ ui, model }: { ui: Ui; model: ContainersModel }) {
  const t = ui.t.containers;
  const { engine } = model;
  return (
    <Layout ui={ui} title={t.title} styles={['css/containers.css']} scripts={engine.up || engine.why !== 'old' ? ['js/containers/list.js', NARROWS] : []} preload={['js/sse.js', 'js/connection.js', 'js/dashboard/format.js']}>
      <div id="containers" hx-get={ui.here ?? '/containers'} hx-trigger="containers-changed from:body" hx-select="#containers" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} middle={engine.up ? <States ui={ui} model={model} /> : null}>
          {engine.up ? <UpdatesLink ui={ui} n={model.newer.size} /> : null}
          {engine.up && ui.can('containers.admin') ? (
            <a class="btn primary" href="/containers/new">
              <Icon ui={ui} name="plus" />
              {ui.t.containerForm.newTitle}
            </a>
          ) : null}
        </PageHead>
        {engine.up ? <List ui={ui} model={model} /> : <EngineAway ui={ui} engine={engine} offer={model.offer} />}
      </div>
      <dialog class="dialog" id="container-dialog" aria-labelledby="remove-h"></dialog>
    </Layout>
  );
}

function UpdatesLink({ ui, n }: { ui: Ui; n: number }) {
  const text = ui.t.containerUpdates.link({ n });
  return (
    <a class="btn" href={n ? '/containers/updates?state=newer' : '/containers/updates'} aria-label={text}>
      <Icon ui={ui} name="refresh" />
      <span class={n ? undefined : 'desktop'}>{text}</span>
    </a>
  );
}

function States({ ui, model: { counts, query } }: { ui: Ui; model: ContainersModel }) {
  const t = ui.t.containers;
  const tabs = STATES.map((state) => ({
    href: withQuery(ui.here ?? '/containers', { state: state === 'all' ? undefined : state }),
    current: (query.state ?? 'all') === state,
    label: <>{t[state]} <span class="count">{ui.fmt.number(counts[state])}</span></>,
  }));
  return <Seg ui={ui} label={t.state} tabs={tabs} />;
}

function List({ ui, model }: { ui: Ui; model: ContainersModel }) {
  const t = ui.t.containers;
  const { engine, shown, query } = model;
  const writes = ui.can('containers.write');
  return (
    <>
      <Toolbar>
        <Narrow ui={ui} action="/containers" label={t.filter} q={query.q} keep={{ state: query.state, group: query.group, sort: query.sort === 'name' ? undefined : query.sort }} />
        <Grouping ui={ui} group={query.group} />
        {engine.up ? (
          <p class="facts push desktop">
            <span>{t.engine({ version: engine.facts.version })}</span>
            <span data-cpu-all data-text={t.cpuOf({ used: '{used}', cores: ui.fmt.number(engine.facts.cpus) })}></span>
            <span data-memory-all data-text={t.memoryOf({ used: '{used}' })}></span>
          </p>
        ) : null}
      </Toolbar>
      {shown.length === 0 ? (
        <Nothing ui={ui} icon="container" href="/containers" words={t} narrowed={Boolean(query.q || query.state)} q={query.q} />
      ) : (
        <form method="post" action="/containers/act" hx-post="/containers/act" hx-swap="none" id="containers-form">
          {writes ? <SelectionBar ui={ui} /> : null}
          <Table ui={ui} model={model} writes={writes} />
        </form>
      )}
    </>
  );
}

function Grouping({ ui, group }: { ui: Ui; group: 'off' | undefined }) {
  const t = ui.t.containers;
  const href = ui.here ?? '/containers';
  const tabs = [
    { href: withQuery(href, { group: undefined }), current: group !== 'off', label: t.grouped },
    { href: withQuery(href, { group: 'off' }), current: group === 'off', label: t.ungrouped },
  ];
  return <Seg ui={ui} label={t.group} tabs={tabs} />;
}

function SelectionBar({ ui }: { ui: Ui }) {
  const t = ui.t.containers;
  return (
    <div class="toolbar selbar" role="region" aria-label={t.actions}>
      <b class="small nowrap" data-selected data-one={t.selected({ n: 1 })} data-many={t.selected({ n: 2 }).replace('2', '{n}')}></b>
      <div class="btns tight">
        {SELECTION.filter((action) => ui.can(actionPermission(action))).map((action) => (
          <ActionButton ui={ui} action={action} />
        ))}
      </div>
    </div>
  );
}

/** For what is selected. Removing asks first: a page of its own, or a dialog. */
function ActionButton({ ui, action }: { ui: Ui; action: ContainerAction }) {
  const label = ui.t.containers.does[action];
  const ask = action === 'remove' ? { formmethod: 'get' as const, formaction: '/containers/remove', 'hx-get': '/containers/remove', 'hx-include': 'closest form', 'hx-target': '#container-dialog', 'hx-swap': 'innerHTML', 'hx-select': '#remove-form', 'hx-sync': '#container-dialog:replace' } : {};
  return (
    <button class="btn ghost sm" type="submit" name="action" value={action} {...ask}>
      <Icon ui={ui} name={ACTION_ICONS[action]} />
      {action === 'remove' ? `${label}…` : label}
    </button>
  );
}

function Table({ ui, model, writes }: { ui: Ui; model: ContainersModel; writes: boolean }) {
  const t = ui.t.containers;
  const grouped = model.query.group !== 'off';
  const stacks = grouped ? [...new Set(model.shown.map(({ stack }) => stack))] : [null];
  const head = { ui, sort: model.query.sort, href: ui.here ?? '/containers' };
  return (
    <table class="table sticky containers" data-sort={model.query.sort}>
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          {writes ? (
            <th class="pick">
              <input type="checkbox" class="check pick-all" aria-label={t.selectAll} />
            </th>
          ) : null}
          <SortHead {...head} column="name">{t.container}</SortHead>
          <SortHead {...head} column="state" class="mid">{t.state}</SortHead>
          <SortHead {...head} column="cpu" first="descending" class="hi">{t.cpu}</SortHead>
          <SortHead {...head} column="memory" first="descending" class="mid">{t.memory}</SortHead>
          <th scope="col" class="lo">{t.ports}</th>
          <SortHead {...head} column="restarts" first="descending" class="lo num">{t.restarts}</SortHead>
          <SortHead {...head} column="createdAt" first="descending" class="lo">{t.created}</SortHead>
          {writes ? (
            <ActionsHead>{t.actions}</ActionsHead>
          ) : null}
        </tr>
      </thead>
      {stacks.map((stack) => {
        const members = grouped ? model.shown.filter((one) => one.stack === stack) : model.shown;
        return (
          <tbody>
            {grouped && (stacks.length > 1 || stack !== null) ? (
              <tr class="group">
                <th colspan={writes ? 9 : 7} scope="rowgroup">
                  <Icon ui={ui} name={stack === null ? 'container' : 'stack'} />
                  {stack ?? t.single} <span class="count">{t.count({ n: members.length, shown: ui.fmt.number(members.length) })}</span>
                </th>
              </tr>
            ) : null}
            {members.map((one) => (
              <Row ui={ui} one={one} facts={model.facts} use={model.use(one.id)} newer={model.newer.has(one.id)} writes={writes} />
            ))}
          </tbody>
        );
      })}
    </table>
  );
}
