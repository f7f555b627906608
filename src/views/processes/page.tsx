import type { ProcessRow } from '../../platform/processes.ts';
import { Layout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Micro } from '../parts/meter.tsx';
import { Option } from '../parts/option.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Filter, Pager, SortHead, Toolbar, withQuery } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';

export interface ProcessQuery {
  q: string;
  sort: string;
  cursor?: string | undefined;
  live: boolean;
}

interface Props {
  ui: Ui;
  list: { items: readonly ProcessRow[]; total: number; next: string | null };
  query: ProcessQuery;
  /** Bytes of the machine, for the meters; null where unknown. */
  memory: number | null;
}

export function ProcessesPage({ ui, list, query, memory }: Props) {
  const t = ui.t.processes;
  const here = ui.here ?? '/processes';
  return (
    <Layout
      ui={ui}
      title={t.title}
      styles={['css/dashboard.css']}
      // Without JavaScript the browser loads the page again; with it only the list is fetched.
      head={query.live ? <noscript><meta http-equiv="refresh" content="3" /></noscript> : null}
    >
      <PageHead title={t.title} facts={[<span id="process-count">{t.count({ n: ui.fmt.number(list.total) })}</span>]} />
      <Toolbar>
        <form method="get" action="/processes" class="row grow process-filter">
          <Filter ui={ui} label={t.filter} value={query.q} />
          <button class="btn" type="submit">
            {t.find}
          </button>
          <input type="hidden" name="sort" value={query.sort} />
          <Option name="live" kind="switch" label={t.every3s} checked={query.live} attrs={{ 'data-autosubmit': true }} />
        </form>
      </Toolbar>
      <div id="process-list" {...(query.live ? { 'hx-get': here, 'hx-trigger': 'every 3s', 'hx-select': '#process-list', 'hx-swap': 'outerMorph', 'hx-select-oob': '#process-count' } : {})}>
        {list.items.length ? <Table ui={ui} items={list.items} query={query} here={here} memory={memory} /> : <Nothing ui={ui} query={query} />}
        <Pager ui={ui} href={here} next={list.next} first={!query.cursor} shown={list.items.length} total={list.total} />
      </div>
    </Layout>
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

const COLUMNS = [
  { column: 'name', first: 'ascending', class: undefined },
  { column: 'pid', first: 'ascending', class: 'num hi' },
  { column: 'user', first: 'ascending', class: 'mid' },
  { column: 'cpu', first: 'descending', class: 'fit' },
  { column: 'memory', first: 'descending', class: 'fit' },
  { column: 'state', first: 'ascending', class: 'lo' },
  { column: 'started', first: 'descending', class: 'lo' },
] as const;

function Table({ ui, items, query, here, memory }: { ui: Ui; items: readonly ProcessRow[]; query: ProcessQuery; here: string; memory: number | null }) {
  const t = ui.t.processes;
  const base = withQuery(here, { cursor: undefined });
  return (
    <table class="table sticky processes">
      <thead>
        <tr>
          {COLUMNS.map(({ column, first, class: name }) => (
            <SortHead ui={ui} column={column === 'started' ? 'startedAt' : column} sort={query.sort} first={first} href={base} class={name}>
              {t[column]}
            </SortHead>
          ))}
          <SortHead ui={ui} column="command" sort={query.sort} href={base} class="lo command">
            {t.command}
          </SortHead>
        </tr>
      </thead>
      <tbody>
        {items.map((row) => (
          <Row ui={ui} row={row} memory={memory} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, row, memory }: { ui: Ui; row: ProcessRow; memory: number | null }) {
  const t = ui.t.processes;
  return (
    <tr data-pid={row.pid}>
      <td class="truncate-name">
        <div class="name">
          <span title={row.command}>
            {row.name}
            <small class="only-narrow">
              {row.pid} · {row.user}
            </small>
          </span>
        </div>
      </td>
      <td class="num hi quiet">{row.pid}</td>
      <td class="mid soft">{row.user}</td>
      <td>
        <Micro label={t.cpu} value={row.cpu} low={1} high={1}>
          {ui.fmt.percent(row.cpu)}
        </Micro>
      </td>
      <td>
        <Micro label={t.memory} value={memory ? (100 * row.memory) / memory : 0} low={1} high={1}>
          {ui.fmt.memory(row.memory)}
        </Micro>
      </td>
      <td class="lo soft">{t.states[row.state] ?? row.state}</td>
      <td class="lo quiet nowrap">{row.startedAt > 0 ? <Time ui={ui} at={row.startedAt} /> : '–'}</td>
      <td class="lo truncate">
        <div class="name">
          <span class="mono" title={row.command}>{row.command}</span>
        </div>
      </td>
    </tr>
  );
}
