import type { SnippetRow } from '../../../core/terminal/snippets/snippets.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Tag } from '../../parts/mark.tsx';
import { CrumbsHead } from '../../parts/page-head.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';

/** One's own snippets and the shared ones. */
export function SnippetListPage({ ui, snippets, done }: { ui: Ui; snippets: readonly SnippetRow[]; done: 'saved' | 'removed' | null }) {
  const t = ui.t.snippets;
  const add = (
    <a class="btn primary" href="/terminal/snippets/new">
      <Icon ui={ui} name="plus" />
      {t.add}
    </a>
  );
  return (
    <Layout ui={ui} title={t.title} styles={['css/snippets.css']}>
      <CrumbsHead label={ui.t.terminal.title} crumbs={[{ href: '/terminal', label: ui.t.terminal.title }]} title={t.title}>
        {snippets.length > 0 ? add : null}
      </CrumbsHead>
      {done ? <Banner ui={ui} tone="ok" text={t[done]} /> : null}
      {snippets.length === 0 ? (
        <Empty ui={ui} icon="code" title={t.emptyTitle} text={t.emptyText}>
          {add}
        </Empty>
      ) : (
        <table class="table sticky">
          <caption class="vh">{t.title}</caption>
          <thead>
            <tr>
              <th scope="col">{t.name}</th>
              <th scope="col" class="mid">{t.text}</th>
              <th scope="col" class="mid">{t.whose}</th>
              <th scope="col" class="lo">{t.savedBy}</th>
            </tr>
          </thead>
          <tbody>
            {snippets.map((row) => (
              <Line ui={ui} row={row} />
            ))}
          </tbody>
        </table>
      )}
    </Layout>
  );
}

function Line({ ui, row }: { ui: Ui; row: SnippetRow }) {
  const t = ui.t.snippets;
  const href = `/terminal/snippets/${row.id}`;
  const [first = '', ...others] = row.text.split('\n');
  return (
    <tr id={`snippet-${row.id}`} data-href={href}>
      <td class="lead truncate">
        <span class="name">
          <a href={href}>
            <bdi>{row.name}</bdi>
          </a>
        </span>
      </td>
      <td class="mid soft">
        <code class="snip-code">
          <bdi>{others.length > 0 ? `${first} …` : first}</bdi>
        </code>
      </td>
      <td class="mid fit">{row.userId === null ? <Tag ui={ui}>{t.shared}</Tag> : <span class="quiet">{t.own}</span>}</td>
      <td class="lo quiet fit">
        {row.savedBy}, <Time ui={ui} at={row.savedAt} />
      </td>
    </tr>
  );
}
