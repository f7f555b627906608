import type { BlocksStanding } from '../../../core/blocks/apply.ts';
import type { Block, BlockListRow } from '../../../core/blocks/blocks.ts';
import { BLOCK_SOURCES, type BlockSource } from '../../../db/schema/blocks.ts';
import { AskIcon, asks, FormDialog } from '../../form/dialog.tsx';
import { Layout } from '../../layout.tsx';
import { actorText } from '../../parts/actor.ts';
import { Banner } from '../../parts/banner.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Section } from '../../parts/section.tsx';
import { ActionsHead, Filter, Pager, SortHead, Toolbar, withQuery } from '../../parts/table.tsx';
import { Seg } from '../../parts/tabs.tsx';
import { Time } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { FirewallTabs } from '../tabs.tsx';
import { ListsTable } from './lists.tsx';
import { Standing } from './standing.tsx';

export interface BlocksQuery {
  q: string;
  sort: string;
  source?: BlockSource | undefined;
  list?: string | undefined;
  cursor?: string | undefined;
  added?: number | undefined;
}

interface Props {
  ui: Ui;
  list: { items: readonly Block[]; total: number; next: string | null };
  lists: readonly BlockListRow[];
  standing: BlocksStanding;
  installs: boolean;
  query: BlocksQuery;
}

export function BlocksPage({ ui, list, lists, standing, installs, query }: Props) {
  const t = ui.t.blocks;
  const here = ui.here ?? '/firewall/blocks';
  const may = ui.can('blocks.write') && standing.refusal === null;
  const imported = lists.find(({ id }) => id === query.list);
  const narrowed = Boolean(query.q || query.source || query.list);
  return (
    <Layout ui={ui} title={t.title} styles={['css/blocks.css']} scripts={['js/firewall/asks.js']}>
      <div id="blocks" hx-get={here} hx-trigger="form-done from:body" hx-select="#blocks" hx-swap="outerMorph" hx-sync="queue last">
        <PageHead title={t.title} facts={[t.count({ n: ui.fmt.number(list.total) })]}>
          {may ? (
            <>
              <a class="btn" href="/firewall/blocks/import">
                <Icon ui={ui} name="upload" />
                {t.import}
              </a>
              <a class="btn primary" {...asks('/firewall/blocks/new')}>
                <Icon ui={ui} name="plus" />
                {t.block}
              </a>
            </>
          ) : null}
        </PageHead>
        <Toolbar>
          <FirewallTabs ui={ui} current="blocks" />
        </Toolbar>
        {imported && query.added !== undefined ? <Banner ui={ui} tone="ok" text={t.imported({ name: imported.name, n: ui.fmt.number(query.added) })} /> : null}
        <Standing ui={ui} standing={standing} waiting={list.total > 0} installs={installs} />
        {lists.length ? (
          <Section id="lists" title={t.lists} flush>
            <ListsTable ui={ui} lists={lists} writes={may} />
          </Section>
        ) : null}
        <Toolbar>
          <form method="get" action="/firewall/blocks" class="row blocks-filter">
            <Filter ui={ui} label={t.filter} value={query.q} />
            {query.source ? <input type="hidden" name="source" value={query.source} /> : null}
            {query.list ? <input type="hidden" name="list" value={query.list} /> : null}
            <button class="btn" type="submit">
              {t.find}
            </button>
          </form>
          <Sources ui={ui} here={here} source={query.source} />
        </Toolbar>
        {list.items.length ? <Table ui={ui} list={list} query={query} here={here} writes={ui.can('blocks.write')} /> : <Nothing ui={ui} query={query} narrowed={narrowed} />}
        {list.items.length ? <Pager ui={ui} href={withQuery(here, { added: undefined })} next={list.next} first={!query.cursor} shown={list.items.length} total={list.total} /> : null}
      </div>
      <FormDialog />
    </Layout>
  );
}

function Sources({ ui, here, source }: { ui: Ui; here: string; source: BlockSource | undefined }) {
  const t = ui.t.blocks;
  const to = (value: string | undefined) => withQuery(here, { source: value, list: undefined, cursor: undefined, added: undefined });
  return (
    <Seg
      ui={ui} label={t.source} push
      tabs={[{ href: to(undefined), label: t.allSources, current: !source }, ...BLOCK_SOURCES.map((value) => ({ href: to(value), label: t.sources[value], current: source === value }))]}
    />
  );
}

function Nothing({ ui, query, narrowed }: { ui: Ui; query: BlocksQuery; narrowed: boolean }) {
  const t = ui.t.blocks;
  if (!narrowed) return <Empty ui={ui} icon="shield" title={t.noneTitle} text={t.noneText} />;
  return (
    <Empty ui={ui} icon="search" title={query.q ? ui.t.parts.nothingMatches({ text: query.q }) : t.noneTitle}>
      <a class="btn" href="/firewall/blocks">
        {t.clear}
      </a>
    </Empty>
  );
}

function Table({ ui, list, query, here, writes }: { ui: Ui; list: Props['list']; query: BlocksQuery; here: string; writes: boolean }) {
  const t = ui.t.blocks;
  const base = withQuery(here, { cursor: undefined, added: undefined });
  const sortable = (column: string, label: string, name?: string) => (
    <SortHead ui={ui} column={column} sort={query.sort} href={base} {...(name ? { class: name } : {})} first={column === 'createdAt' ? 'descending' : 'ascending'}>
      {label}
    </SortHead>
  );
  return (
    <table class="table sticky blocks">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          {sortable('address', t.address)}
          <th scope="col" class="hi">{t.source}</th>
          {sortable('until', t.until, 'mid')}
          {sortable('createdAt', t.created, 'lo')}
          {writes ? <ActionsHead>{t.actions}</ActionsHead> : null}
        </tr>
      </thead>
      <tbody>
        {list.items.map((block) => (
          <Row ui={ui} block={block} writes={writes} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ ui, block, writes }: { ui: Ui; block: Block; writes: boolean }) {
  const t = ui.t.blocks;
  const until = block.until === null ? t.forGood : <Time ui={ui} at={block.until} />;
  const by = block.list ? <a href={`/firewall/blocks?list=${block.list.id}`}>{block.list.name}</a> : block.source === 'guard' ? <a href={`/firewall/guard?q=${encodeURIComponent(block.address)}`}>{t.sources.guard}</a> : actorText(ui.t, block.createdBy);
  return (
    <tr id={`block-${block.id}`}>
      <td class="lead">
        <div class="name">
          <span class="clip">
            <span class="mono">{block.address}</span>
            {block.comment ? <small class="clip" title={block.comment}>{block.comment}</small> : null}
            <small class="only-narrow">{until}</small>
          </span>
        </div>
      </td>
      <td class="hi soft">{by}</td>
      <td class="mid quiet nowrap">{until}</td>
      <td class="lo quiet nowrap">
        <Time ui={ui} at={block.createdAt} />
      </td>
      {writes ? (
        <td>
          <div class="acts">
            <AskIcon ui={ui} href={`/firewall/blocks/${block.id}/lift`} icon="x" label={t.lift({ address: block.address })} />
          </div>
        </td>
      ) : null}
    </tr>
  );
}
