import type { Belongings } from '../../core/processes/belongs.ts';
import type { Branch } from '../../core/processes/tree.ts';
import { MOVING, STEADY } from '../../core/processes/wire.ts';
import type { ProcessRow } from '../../platform/processes.ts';
import { FormDialog } from '../form/dialog.tsx';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { Menu } from '../parts/menu.tsx';
import { Option } from '../parts/option.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { ActionsHead, Filter, Pager, SortHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Seg } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { COLUMNS } from './columns.ts';
import { Row } from './row.tsx';

export interface ProcessQuery {
  q: string;
  sort: string;
  view: 'list' | 'tree';
  cursor?: string | undefined;
  live: boolean;
}

interface Props {
  ui: Ui;
  list: { items: readonly Branch[]; total: number; next: string | null };
  query: ProcessQuery;
  belongings: Belongings;
  /** Bytes of the machine, for the meters; null where unknown. */
  memory: number | null;
  /** This system tells what each carries over the network. */
  traffic: boolean;
  /** ms since 1970, of the minute before this one. */
  earlier: number;
}

/** The list is drawn once by the server; with JavaScript it is live and whole (public/js/processes/list.js). */
export function ProcessesPage({ ui, list, query, belongings, memory, traffic, earlier }: Props) {
  const t = ui.t.processes;
  const here = ui.here ?? '/processes';
  const words = { count: t.count({ n: '{n}' }), one: t.count({ n: '1' }), shownOf: t.shownOf({ shown: '{shown}', n: '{n}' }), more: t.more({ n: '{n}' }), fold: t.fold({ name: '{name}' }), unfold: t.unfold({ name: '{name}' }), end: t.end({ name: '{name}' }), states: t.states };
  return (
    <Layout
      ui={ui} title={t.title} styles={['css/processes.css']} scripts={['js/processes/list.js']}
      preload={['js/processes/store.js', 'js/processes/rows.js', 'js/sse.js', 'js/connection.js', 'js/dashboard/format.js']}
      // Without JavaScript the browser loads the page again.
      head={query.live ? <noscript><meta http-equiv="refresh" content="3" /></noscript> : null}
    >
      <PageHead title={t.title} facts={[<span id="process-count">{t.count({ n: ui.fmt.number(list.total) })}</span>]} middle={<Views ui={ui} here={here} view={query.view} />}>
        <a class="btn" href={`/processes?at=${earlier}`} title={t.earlierHint}>
          <Icon ui={ui} name="history" />
          {t.earlier}
        </a>
      </PageHead>
      <Toolbar>
        <form method="get" action="/processes" class="row grow process-filter">
          <Filter ui={ui} label={t.filter} value={query.q} />
          <input type="hidden" name="sort" value={query.sort} />
          {query.view === 'tree' ? <input type="hidden" name="view" value="tree" /> : null}
          <noscript>
            <button class="btn" type="submit">
              {t.find}
            </button>
            <Option name="live" kind="switch" label={t.every3s} checked={query.live} />
          </noscript>
        </form>
        <div class="push desktop" data-scripted hidden>
          <Columns ui={ui} traffic={traffic} />
        </div>
      </Toolbar>
      <div id="process-list">
        {/* Also without rows: some may come. */}
        <Table ui={ui} list={list} query={query} here={here} belongings={belongings} memory={memory} />
        {list.items.length ? null : <Nothing ui={ui} query={query} />}
        {query.view === 'tree' && list.items.length < list.total ? <p class="pager">{t.moreTree({ shown: ui.fmt.number(list.items.length), n: ui.fmt.number(list.total) })}</p> : null}
        {query.view === 'list' ? <Pager ui={ui} href={here} next={list.next} first={!query.cursor} shown={list.items.length} total={list.total} /> : null}
      </div>
      <template id="process-row">
        <Row ui={ui} branch={{ row: EMPTY, depth: 0 }} belongings={{ ports: {}, containers: {} }} memory={1} />
      </template>
      <template id="process-nothing">
        <Empty ui={ui} icon="search" title={ui.t.parts.nothingMatches({ text: '{text}' })} />
      </template>
      <JsonScript id="process-words" value={{ words, columns: [...STEADY, ...MOVING], moving: MOVING, memory }} />
      <FormDialog />
    </Layout>
  );
}

function Views({ ui, here, view }: { ui: Ui; here: string; view: ProcessQuery['view'] }) {
  const t = ui.t.processes;
  const base = withQuery(here, { cursor: undefined });
  return (
    <Seg
      ui={ui} label={t.view}
      tabs={[
        { href: withQuery(base, { view: undefined }), label: t.list, current: view === 'list' },
        { href: withQuery(base, { view: 'tree' }), label: t.tree, current: view === 'tree' },
      ]}
    />
  );
}

function Columns({ ui, traffic }: { ui: Ui; traffic: boolean }) {
  const t = ui.t.processes;
  return (
    <Menu ui={ui} id="process-columns" label={t.columns}>
      {COLUMNS.filter(({ column }) => column !== 'name' && (traffic || (column !== 'received' && column !== 'sent'))).map(({ column, hidden }) => (
        <label>
          <input type="checkbox" class="check" value={column} checked={!hidden} />
          {t[column]}
        </label>
      ))}
    </Menu>
  );
}

function Nothing({ ui, query }: { ui: Ui; query: ProcessQuery }) {
  const t = ui.t.processes;
  if (!query.q) return <Empty ui={ui} icon="cpu" title={t.noneTitle} text={t.noneText} />;
  return (
    <Empty ui={ui} icon="search" title={ui.t.parts.nothingMatches({ text: query.q })}>
      <a class="btn" href="/processes">
        {t.clear}
      </a>
    </Empty>
  );
}

const EMPTY: ProcessRow = {
  pid: 0, parent: 0, name: '', command: '', user: '', state: '', threads: 0, cpu: 0, memory: 0, startedAt: 0,
  nice: null, service: null, container: null, read: null, written: null, received: null, sent: null,
};

function Table({ ui, list, query, here, belongings, memory }: { ui: Ui; list: Props['list']; query: ProcessQuery; here: string; belongings: Belongings; memory: number | null }) {
  const t = ui.t.processes;
  const base = withQuery(here, { cursor: undefined });
  return (
    <table class={`table sticky processes ${COLUMNS.filter(({ hidden }) => hidden).map(({ column }) => `no-${column}`).join(' ')}`} id="processes" hidden={list.items.length === 0} data-sort={query.sort} data-view={query.view}>
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          {COLUMNS.map(({ column, sort, first, class: name }) =>
            sort === null ? (
              <th scope="col" class={`${name} c-${column}`}>{t[column]}</th>
            ) : (
              <SortHead ui={ui} column={sort} sort={query.sort} first={first} href={base} class={`${name ?? ''} c-${column}`} attrs={{ 'data-sort-by': sort, 'data-first': first }}>
                {t[column]}
              </SortHead>
            ),
          )}
          {ui.can('processes.write') ? (
            <ActionsHead class="c-acts">{t.actions}</ActionsHead>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {list.items.map((branch) => (
          <Row ui={ui} branch={branch} belongings={belongings} memory={memory} />
        ))}
      </tbody>
    </table>
  );
}
