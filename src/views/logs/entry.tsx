import type { WholeEntry } from '../../core/logs/logs.ts';
import { Layout } from '../layout.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import type { Ui } from '../ui.ts';

/** All that is known of an entry: a page of its own, whose part the drawer of the log shows. */
export function LogEntryPage({ ui, source, whole, at, unit, channel }: { ui: Ui; source: string; whole: WholeEntry; at: number | null; unit: string | null; /** Of the event log: what is around it is there. */ channel: string | null }) {
  const t = ui.t.logs;
  const journal = whole.entry === null;
  const around = at === null ? null : new URLSearchParams({ ...(journal ? (channel ? { unit: channel } : {}) : { source }), since: String(at - 60_000), until: String(at + 60_000) });
  return (
    <Layout ui={ui} title={t.entry} styles={['css/logs.css']}>
      <CrumbsHead crumbs={[{ href: journal ? '/logs' : `/logs?${new URLSearchParams({ source })}`, label: t.title }]} title={t.entry} label={ui.t.parts.pages} />
      <div id="log-entry" class="section flush">
        <p class="log-entry-links">
          {at === null ? null : <time datetime={new Date(at).toISOString()}>{ui.fmt.full(at)}</time>}
          {around ? <a class="link" href={`/logs?${around}`}>{t.around}</a> : null}
          {unit ? <a class="link" href={`/logs?${new URLSearchParams({ unit })}`}>{t.onlyUnit({ unit })}</a> : null}
        </p>
        <table class="table fold log-entry-fields">
          <caption class="vh">{t.fields}</caption>
          <thead>
            <tr>
              <th scope="col">{t.field}</th>
              <th scope="col">{t.value}</th>
            </tr>
          </thead>
          <tbody>
            {whole.fields.map(([name, value]) => (
              <tr>
                <th scope="row" class="mono">{name}</th>
                <td class="mono">{value.replace(/[\x00-\x08\x0b-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Layout>
  );
}
