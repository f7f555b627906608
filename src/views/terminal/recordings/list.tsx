import type { RecordingRow } from '../../../core/terminal/recordings/recordings.ts';
import { stamp } from '../../../lib/stamp.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Dot, type State } from '../../parts/mark.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { Filter, Pager, Toolbar, withQuery } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { Hits, type HitsProps } from './hits.tsx';

export interface RecordingListProps {
  ui: Ui;
  recordings: readonly RecordingRow[];
  total: number;
  next: string | null;
  first: boolean;
  /** Days that they are kept; 0: no limit. */
  days: number;
  removed: boolean;
  /** What was looked for, and what was found. */
  found: Omit<HitsProps, 'ui'> | null;
}

export const RECORDING_DOTS: Record<RecordingRow['state'], State> = { on: 'fail', done: 'ok', full: 'warn', failed: 'warn', lost: 'warn' };

/** Everything that was recorded, the newest first, or the lines that a search found. */
export function RecordingListPage(props: RecordingListProps) {
  const { ui, days, removed, found } = props;
  const t = ui.t.recordings;
  return (
    <Layout ui={ui} title={t.title} styles={['css/player.css']}>
      <CrumbsHead label={ui.t.terminal.title} crumbs={[{ href: '/terminal', label: ui.t.terminal.title }]} title={t.title} />
      {removed ? <Banner ui={ui} tone="ok" text={t.removed} /> : null}
      <Toolbar>
        <form method="get" action="/terminal/recordings" role="search">
          <Filter ui={ui} label={t.search} {...(found ? { value: found.text } : {})} attrs={{ maxlength: '200' }} />
        </form>
        {days > 0 ? <p class="small soft">{t.kept({ days })}</p> : null}
      </Toolbar>
      {found ? <Hits ui={ui} {...found} /> : <List {...props} />}
    </Layout>
  );
}

function List({ ui, recordings, total, next, first }: RecordingListProps) {
  const t = ui.t.recordings;
  if (recordings.length === 0) {
    return (
      <Empty ui={ui} icon="history" title={t.emptyTitle} text={t.emptyText}>
        <a class="btn" href="/terminal">{t.toTerminal}</a>
      </Empty>
    );
  }
  return (
    <>
      <table class="table sticky">
        <caption class="vh">{t.title}</caption>
        <thead>
          <tr>
            <th scope="col">{t.what}</th>
            <th scope="col" class="mid">{t.state}</th>
            <th scope="col" class="lo">{t.by}</th>
            <th scope="col" class="lo">{t.startedBy}</th>
            <th scope="col" class="hi">{t.when}</th>
            <th scope="col" class="num">{t.length}</th>
            <th scope="col" class="num mid">{t.size}</th>
          </tr>
        </thead>
        <tbody>
          {recordings.map((row) => (
            <Line ui={ui} row={row} />
          ))}
        </tbody>
      </table>
      <Pager ui={ui} href={withQuery(ui.here ?? '/terminal/recordings', { cursor: undefined })} next={next} first={first} shown={recordings.length} total={total} byTime />
    </>
  );
}

function Line({ ui, row }: { ui: Ui; row: RecordingRow }) {
  const t = ui.t.recordings;
  const href = `/terminal/recordings/${row.id}`;
  return (
    <tr id={`recording-${row.id}`} data-href={href}>
      <td class="lead truncate">
        <span class="name">
          <a href={href}>
            <bdi>{row.title}</bdi>
          </a>
        </span>
      </td>
      <td class="mid fit">
        <Dot state={RECORDING_DOTS[row.state]}>{t.states[row.state]}</Dot>
      </td>
      <td class="lo quiet">{row.openedBy}</td>
      <td class="lo quiet">{row.policy ? t.system : row.startedBy}</td>
      <td class="hi quiet fit">
        <Time ui={ui} at={row.startedAt} />
      </td>
      <td class="num">{stamp(row.lengthMs / 1000)}</td>
      <td class="num mid quiet">{ui.fmt.bytes(row.bytes)}</td>
    </tr>
  );
}
