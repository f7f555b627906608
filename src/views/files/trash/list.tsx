import type { TrashRow } from '../../../core/files/trash/list.ts';
import { Layout } from '../../layout.tsx';
import { Banner } from '../../parts/banner.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Pager, SortHead } from '../../parts/table.tsx';
import { DateTime } from '../../parts/time.tsx';
import type { Ui } from '../../ui.ts';
import { folderHref } from '../href.ts';
import { label } from '../label.ts';

interface TrashPageProps {
  ui: Ui;
  rows: readonly TrashRow[];
  total: number;
  next: string | null;
  first: boolean;
  sort: string;
  /** Setting: days that things are kept; 0: for ever. */
  days: number;
  done?: string | undefined;
}

/** What can still be brought back, of every file system. */
export function TrashPage({ ui, rows, total, next, first, sort, days, done }: TrashPageProps) {
  const t = ui.t.trash;
  const write = ui.can('files.write');
  return (
    <Layout ui={ui} title={t.title} styles={['css/files.css']}>
      <PageHead title={t.title} facts={[t.kept({ days })]}>
        <a class="btn" href="/files">{t.toFiles}</a>
        {write && total ? <a class="btn danger" href="/files/trash/empty">{t.empty}</a> : null}
      </PageHead>
      {done ? <Banner ui={ui} tone="ok" text={done} /> : null}
      {rows.length ? (
        <form method="post" action="/files/trash/restore" id="trash">
          {write ? (
            <div class="toolbar">
              <button class="btn" type="submit"><Icon ui={ui} name="history" />{t.restore}</button>
              <button class="btn danger" type="submit" formmethod="get" formaction="/files/trash/delete"><Icon ui={ui} name="trash" />{t.remove}</button>
            </div>
          ) : null}
          <TrashTable ui={ui} rows={rows} sort={sort} write={write} />
          <Pager ui={ui} href={`/files/trash?sort=${sort}`} next={next} first={first} shown={rows.length} total={total} />
        </form>
      ) : (
        <Empty ui={ui} icon="trash" title={t.nothingTitle} text={t.nothingText} />
      )}
    </Layout>
  );
}

const ICONS = { folder: 'folder', file: 'file', link: 'link', other: 'file-config' } as const;

function TrashTable({ ui, rows, sort, write }: { ui: Ui; rows: readonly TrashRow[]; sort: string; write: boolean }) {
  const t = ui.t.trash;
  const head = { ui, sort, href: '/files/trash' };
  const volumes = new Set(rows.map((row) => row.volume)).size > 1;
  return (
    <table class="table sticky">
      <caption class="vh">{t.title}</caption>
      <thead>
        <tr>
          <SortHead {...head} column="name">{ui.t.transfers.name}</SortHead>
          <SortHead {...head} column="folder" class="mid">{t.from}</SortHead>
          <SortHead {...head} column="size" first="descending" class="num">{t.size}</SortHead>
          <SortHead {...head} column="deletedAt" first="descending">{t.deleted}</SortHead>
          <th scope="col" class="hi">{t.by}</th>
          {volumes ? <th scope="col" class="hi">{t.volume}</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr>
            <td class="lead">
              <label class="row">
                {write ? <input class="check" type="checkbox" name="id" value={row.id} aria-label={t.select({ name: label(row.name) })} /> : null}
                <Icon ui={ui} name={ICONS[row.type]} />
                <bdi>{label(row.name)}</bdi>
              </label>
            </td>
            <td class="mid mono truncate"><a href={folderHref(row.folder)}><bdi>{label(row.folder)}</bdi></a></td>
            <td class="num">{row.size === null ? '–' : ui.fmt.bytes(row.size)}</td>
            <td class="fit">{row.deletedAt === null ? '–' : <DateTime ui={ui} at={row.deletedAt} />}</td>
            <td class="hi">{row.by === null ? t.otherProgram : row.by}</td>
            {volumes ? <td class="hi mono fit">{label(row.volume)}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
