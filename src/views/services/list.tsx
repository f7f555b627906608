import type { ServiceList, StateGroup } from '../../core/services/services.ts';
import { START_TYPES } from '../../core/services/kinds.ts';
import type { ServiceRow, ServicesAbout, StartType } from '../../platform/services.ts';
import { AskIcon, FormDialog } from '../form/dialog.tsx';
import { NARROWS, Narrow, Nothing } from '../docker/narrow.tsx';
import { Layout } from '../layout.tsx';
import { Banner } from '../parts/banner.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, Pager, SortHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { changePath, servicePath } from './paths.ts';
import { ServiceTabs } from './tabs.tsx';
import { ServiceStateWord, StartWord, VERB_ICONS } from './words.tsx';

export interface ServicesModel {
  about: ServicesAbout;
  list: ServiceList & { cursor: string | null };
  query: { q: string; state?: StateGroup | undefined; start?: StartType | undefined; sort: string; cursor?: string | undefined };
}

const GROUPS = ['all', 'failed', 'running', 'stopped'] as const;

export function ServicesPage({ ui, model }: { ui: Ui; model: ServicesModel }) {
  const t = ui.t.services;
  const { about, list } = model;
  const away = about.away ? t.away[about.away] : null;
  return (
    <Layout ui={ui} title={t.title} styles={['css/services.css']} scripts={about.system ? ['js/services/list.js', NARROWS] : []} preload={['js/sse.js', 'js/connection.js', 'js/dashboard/format.js']}>
      <div id="services" hx-get={ui.here ?? '/services'} hx-trigger="services-changed from:body, containers-changed from:body" hx-select="#services" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} facts={about.system ? [t.count({ n: ui.fmt.number(list.counts.all) }), t.systems[about.system]] : []} middle={about.units || about.programs ? <ServiceTabs ui={ui} about={about} current="services" /> : null} />
        {away && about.system ? <Banner ui={ui} tone={about.away === 'no-tool' ? 'danger' : undefined} title={`${away.title}.`} text={away.text} /> : null}
        {about.system ? <List ui={ui} model={model} /> : <Empty ui={ui} icon="bolt" title={away?.title ?? t.noneTitle} text={away?.text} />}
      </div>
      <FormDialog />
    </Layout>
  );
}

function List({ ui, model: { list, query, about } }: { ui: Ui; model: ServicesModel }) {
  const t = ui.t.services;
  const here = ui.here ?? '/services';
  return (
    <>
      <Toolbar>
        <Narrow ui={ui} action="/services" label={t.filter} q={query.q} keep={{ state: query.state, start: query.start, sort: query.sort === 'state' ? undefined : query.sort }} />
        <Groups ui={ui} list={list} query={query} />
        <Starts ui={ui} query={query} />
      </Toolbar>
      {list.items.length === 0 ? (
        <Nothing ui={ui} icon="bolt" href="/services" words={t} narrowed={Boolean(query.q || query.state || query.start)} q={query.q} />
      ) : (
        <>
          <Table ui={ui} rows={list.items} sort={query.sort} changes={about.verbs.length > 0 && ui.can('services.write')} />
          <Pager ui={ui} href={here} next={list.cursor} first={!query.cursor} shown={list.items.length} total={list.total} />
        </>
      )}
    </>
  );
}

function Groups({ ui, list, query }: { ui: Ui } & Pick<ServicesModel, 'list' | 'query'>) {
  const t = ui.t.services;
  const tabs = GROUPS.map((group) => ({
    href: withQuery(ui.here ?? '/services', { state: group === 'all' ? undefined : group, cursor: undefined }), current: (query.state ?? 'all') === group,
    label: <>{t.stateGroups[group]} <span class="count">{ui.fmt.number(list.counts[group])}</span></>,
  }));
  return <Seg ui={ui} label={t.state} tabs={tabs} />;
}

/** A form of its own, so that it works without JavaScript; with it choosing is enough. */
function Starts({ ui, query }: { ui: Ui; query: ServicesModel['query'] }) {
  const t = ui.t.services;
  const keep = { q: query.q || undefined, state: query.state, sort: query.sort === 'state' ? undefined : query.sort };
  return (
    <form method="get" action="/services" class="row" data-start-form>
      {Object.entries(keep).map(([name, value]) => (value ? <input type="hidden" name={name} value={value} /> : null))}
      <span class="select">
        <select name="start" aria-label={t.start}>
          <option value="">{t.anyStart}</option>
          {START_TYPES.map((start) => (
            <option value={start} selected={query.start === start}>{t.starts[start]}</option>
          ))}
        </select>
        <Icon ui={ui} name="chevron-down" />
      </span>
      <noscript>
        <button class="btn">{ui.t.parts.filter}</button>
      </noscript>
    </form>
  );
}

function Table({ ui, rows, sort, changes }: { ui: Ui; rows: readonly ServiceRow[]; sort: string; changes: boolean }) {
  const t = ui.t.services;
  const head = { ui, sort, href: withQuery(ui.here ?? '/services', { cursor: undefined }) };
  return (
    <table class="table sticky services">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <SortHead {...head} column="name" class="c-name">{t.name}</SortHead>
          <SortHead {...head} column="state" class="c-state">{t.state}</SortHead>
          <SortHead {...head} column="start" class="mid c-start">{t.start}</SortHead>
          <SortHead {...head} column="memory" first="descending" class="num mid c-memory">{t.memory}</SortHead>
          <SortHead {...head} column="since" first="descending" class="lo c-since">{t.since}</SortHead>
          {changes ? <ActionsHead class="c-acts">{t.actions}</ActionsHead> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row ui={ui} row={row} changes={changes} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, row, changes }: { ui: Ui; row: ServiceRow; changes: boolean }) {
  const up = row.state === 'running' || row.state === 'exited' || row.state === 'reloading' || row.state === 'starting';
  const verbs = row.template || row.start === 'off' ? [] : up ? (['restart', 'stop'] as const) : (['start'] as const);
  return (
    <tr id={`s-${row.name}`} data-name={row.name} data-href={servicePath(row.name)} data-state={row.state}>
      <td class="c-name">
        <div class="name">
          <a href={servicePath(row.name)} title={row.title || undefined}>
            <b>{row.name.replace(/\.service$/, '')}</b> <span class="quiet desktop">{row.title}</span>
          </a>
        </div>
      </td>
      <td class="c-state">
        <ServiceStateWord ui={ui} row={row} />
      </td>
      <td class="mid soft c-start">
        <StartWord ui={ui} row={row} />
      </td>
      <td class="num mid c-memory" data-memory>{row.memory === null ? '' : ui.fmt.memory(row.memory)}</td>
      <td class="lo quiet nowrap c-since">{row.since === null ? '' : <Time ui={ui} at={row.since} />}</td>
      {changes ? (
        <td class="c-acts">
          <div class="acts">
            {verbs.map((verb) => {
              const label = ui.t.services.ask({ verb: ui.t.services.does[verb], name: row.name });
              return (
                <AskIcon ui={ui} href={changePath(row.name, verb)} icon={VERB_ICONS[verb]} label={label} />
              );
            })}
          </div>
        </td>
      ) : null}
    </tr>
  );
}
