import type { ListedEntry } from '../../core/files/listing/look.ts';
import type { PathKind } from '../../core/files/paths.ts';
import { Icon } from '../parts/icon.tsx';
import { SortHead, withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { label } from './label.ts';
import { Row } from './row.tsx';

export interface TableProps {
  ui: Ui;
  kind: PathKind;
  folder: string;
  /** Id of the listing that further rows are asked of. */
  listing: string;
  /** Entries in all, and the position of the first that is drawn here. */
  total: number;
  from: number;
  entries: readonly ListedEntry[];
  sort: string;
  view: 'list' | 'grid';
  filter: string;
  hidden: boolean;
  /** Path and query of this page. */
  href: string;
}

/** Also those of files in a container. */
export const FILE_COLUMNS = [
  { column: 'name', first: 'ascending', class: 'entry' },
  { column: 'size', first: 'descending', class: 'num hi' },
  { column: 'mode', first: 'ascending', class: 'lo' },
  { column: 'owner', first: 'ascending', class: 'mid' },
  { column: 'modified', first: 'descending', class: 'mid' },
] as const;

/**
 * The first rows of a folder, as a grid in the sense of WAI-ARIA; scroll.js fetches the others as they come into view.
 * Roles are written out: the grid view takes the table's own display away, and with it what browsers tell of tables.
 */
export function FilesTable(props: TableProps) {
  const { ui, kind, folder, listing, total, from, entries, sort, view, href } = props;
  const t = ui.t.browse;
  const base = withQuery(href, { from: undefined });
  return (
    <table
      class={view === 'grid' ? 'table sticky files as-grid' : 'table sticky files'}
      id="files"
      role="grid"
      aria-label={t.list({ folder: label(folder) })}
      aria-rowcount={total + 1}
      aria-multiselectable="true"
      data-listing={listing}
      data-folder={folder}
      data-kind={kind}
      data-total={total}
      data-from={from}
      data-sort={sort}
      data-q={props.filter || undefined}
      data-hidden={props.hidden ? 'on' : undefined}
    >
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          <th class="pick" role="columnheader" scope="col">
            <input type="checkbox" class="check scripted" data-pick-all aria-label={t.selectAll} title={`${t.selectAll} (Ctrl+A)`} />
          </th>
          {FILE_COLUMNS.map(({ column, first, class: name }) => (
            <SortHead ui={ui} column={column} sort={sort} first={first} href={base} class={name}>
              {t.columns[column]}
            </SortHead>
          ))}
          <th class="end" role="columnheader" scope="col">
            <span class="vh">{t.columns.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody role="rowgroup">
        {entries.map((entry, i) => (
          <Row ui={ui} kind={kind} folder={folder} entry={entry} index={from + i} />
        ))}
      </tbody>
    </table>
  );
}

/** Without JavaScript the folder comes in pages; with it everything is one list, and these links are hidden. */
export function PageLinks({ ui, total, from, shown, size, href }: { ui: Ui; total: number; from: number; shown: number; size: number; href: string }) {
  const t = ui.t.browse;
  if (total <= size) return null;
  const to = (at: number) => withQuery(href, { from: at > 0 ? String(at) : undefined });
  const { number } = ui.fmt;
  return (
    <nav class="pager unscripted" aria-label={ui.t.parts.pages}>
      <p>{t.pageOf({ from: number(from + 1), to: number(from + shown), total: number(total) })}</p>
      <div class="btns push">
        {from > 0 ? (
          <a class="btn sm" rel="prev" href={to(Math.max(0, from - size))}>
            {t.previous}
          </a>
        ) : null}
        {from + shown < total ? (
          <a class="btn sm" rel="next" href={to(from + size)}>
            {ui.t.parts.next}
            <Icon ui={ui} name="chevron" />
          </a>
        ) : null}
      </div>
    </nav>
  );
}
