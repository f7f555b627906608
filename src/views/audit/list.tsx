import type { AuditFilter, AuditRow } from '../../core/audit/list.ts';
import { RESULTS } from '../../db/schema/audit.ts';
import { Layout } from '../layout.tsx';
import { actorText } from '../parts/actor.ts';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { Kv } from '../parts/kv.tsx';
import { Dot } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { PageHead } from '../parts/page-head.tsx';
import { Select } from '../parts/select.tsx';
import { Filter, Pager, Toolbar, withQuery } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import type { Ui } from '../ui.ts';
import { actionText, groupText, resultOf, taskOf } from './words.ts';

export const PERIODS = ['hour', 'day', 'week', 'month'] as const;
export type Period = (typeof PERIODS)[number];

export interface AuditPageProps {
  ui: Ui;
  rows: readonly AuditRow[];
  total: number;
  next: string | null;
  first: boolean;
  filter: AuditFilter & { period?: Period | undefined };
  choices: { actors: readonly string[]; groups: readonly string[] };
  /** How long entries are kept. */
  days: number;
}

/** Who did what, newest first. */
export function AuditPage(props: AuditPageProps) {
  const { ui, rows, total, next, first, filter } = props;
  const t = ui.t.audit;
  const here = ui.here ?? '/audit';
  const filtered = Object.values(filter).some((value) => value !== undefined);
  return (
    <Layout ui={ui} title={t.title} styles={['css/reference.css']}>
      <PageHead title={t.title} facts={[t.kept({ days: props.days })]}>
        <ExportMenu ui={ui} here={here} />
      </PageHead>
      <AuditFilterBar {...props} />
      {rows.length === 0 ? (
        <Empty ui={ui} icon="audit" title={filtered ? t.noneTitle : t.emptyTitle} text={filtered ? t.noneText : t.emptyText}>
          {filtered ? <a class="btn" href="/audit">{ui.t.parts.clearFilter}</a> : null}
        </Empty>
      ) : (
        <>
          <AuditTable ui={ui} rows={rows} />
          <Pager ui={ui} href={withQuery(here, { cursor: undefined })} next={next} first={first} shown={rows.length} total={total} byTime />
        </>
      )}
    </Layout>
  );
}

function ExportMenu({ ui, here }: { ui: Ui; here: string }) {
  const t = ui.t.audit;
  const query = withQuery(here, { cursor: undefined, sort: undefined, limit: undefined }).replace('/audit', '/audit/export');
  return (
    <Menu ui={ui} id="audit-export" label={t.export} icon="download">
      <h3>{t.exportHint}</h3>
      <a href={withQuery(query, { format: 'csv' })} download>
        <Icon ui={ui} name="file-text" />
        {t.exportCsv}
      </a>
      <a href={withQuery(query, { format: 'jsonl' })} download>
        <Icon ui={ui} name="file-code" />
        {t.exportJsonl}
      </a>
    </Menu>
  );
}

function AuditFilterBar({ ui, filter, choices }: AuditPageProps) {
  const t = ui.t.audit;
  const auto = { 'data-autosubmit': true };
  const any = (label: string) => ({ value: '', label });
  return (
    <Toolbar>
      <form method="get" action="/audit">
        <Filter ui={ui} label={t.filterTarget} name="target" value={filter.target ?? ''} />
        <Select ui={ui} name="group" label={t.group} hideLabel value={filter.group ?? ''} attrs={auto}
          choices={[any(t.anyGroup), ...choices.groups.map((value) => ({ value, label: groupText(ui.t, value) }))]} />
        <Select ui={ui} name="actor" label={t.who} hideLabel value={filter.actor ?? ''} attrs={auto}
          choices={[any(t.anyActor), ...choices.actors.map((value) => ({ value, label: actorText(ui.t, value) }))]} />
        <Select ui={ui} name="result" label={t.result} hideLabel value={filter.result ?? ''} attrs={auto}
          choices={[any(t.anyResult), ...RESULTS.map((value) => ({ value, label: t.results[value] }))]} />
        <Select ui={ui} name="period" label={t.since} hideLabel value={filter.period ?? ''} attrs={auto}
          choices={[any(t.ranges.any), ...PERIODS.map((value) => ({ value, label: t.ranges[value] }))]} />
        <button class="btn">{t.apply}</button>
      </form>
    </Toolbar>
  );
}

function AuditTable({ ui, rows }: { ui: Ui; rows: readonly AuditRow[] }) {
  const t = ui.t.audit;
  return (
    <table class="table sticky">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.what}</th>
          <th scope="col">{t.who}</th>
          <th scope="col" class="hi">{t.result}</th>
          <th scope="col" class="mid">{t.from}</th>
          <th scope="col">{t.when}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <AuditLine ui={ui} row={row} />
        ))}
      </tbody>
    </table>
  );
}

/** The line, and below it what unfolds: by CSS alone, so that the details have the whole width. */
function AuditLine({ ui, row }: { ui: Ui; row: AuditRow }) {
  const more = `audit-${row.id}-more`;
  const result = resultOf(ui.t, row);
  return (
    <>
      <tr id={`audit-${row.id}`}>
        <td class="lead truncate">
          <details class="more">
            <summary aria-controls={more}>
              {row.result === 'ok' ? null : (
                <span class="only-narrow">
                  <Dot state={result.dot}>{result.text}</Dot>
                </span>
              )}
              <span class="clip">
                {actionText(ui.t, row.action)}
                {row.target ? <span class="muted"> · {row.target}</span> : null}
              </span>
            </summary>
          </details>
        </td>
        <td class="soft nowrap">{actorText(ui.t, row.actor)}</td>
        <td class="hi fit">
          <Dot state={result.dot}>{result.text}</Dot>
        </td>
        <td class="mid quiet mono xs">{row.ip}</td>
        <td class="quiet fit">
          <Time ui={ui} at={row.at} />
        </td>
      </tr>
      <tr class="more-row" id={more}>
        <td colspan={5}>
          <AuditDetails ui={ui} row={row} />
        </td>
      </tr>
    </>
  );
}

function AuditDetails({ ui, row }: { ui: Ui; row: AuditRow }) {
  const t = ui.t.audit;
  const task = taskOf(row);
  const params = Object.entries(row.params).map(([name, value]) => {
    const text = <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>;
    return [<code>{name}</code>, task && name === 'task' ? <a href={`/tasks/${task}`}>{text}</a> : text] as const;
  });
  return (
    <div class="more-body">
      <Kv
        rows={[
          [t.number, `${row.id} · ${row.action}`],
          [t.target, row.target],
          [t.result, resultOf(ui.t, row).text],
          [t.from, row.ip],
          [t.when, ui.fmt.full(row.at)],
          [t.account, row.userId ? <code>{row.userId}</code> : null],
          ...params,
        ]}
      />
      {row.commands.length ? (
        <>
          <h3 class="small">{t.commands}</h3>
          <pre class="snippet" tabindex={0}>{row.commands.join('\n')}</pre>
        </>
      ) : null}
    </div>
  );
}
