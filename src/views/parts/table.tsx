import type { Child } from 'hono/jsx';
import type { Ui } from '../ui.ts';
import { Icon } from './icon.tsx';

interface SortProps {
  ui: Ui;
  /** The column's name in the query: `sort=cpu`, `sort=-cpu` descends. */
  column: string;
  /** The sort that is on now. */
  sort: string | undefined;
  /** What the first click does: numbers descend, names ascend. */
  first?: 'ascending' | 'descending';
  /** Keeps the rest of the query: path and query without `sort` and `cursor`. */
  href: string;
  class?: string;
  /** `hx-get` and the like for the link. */
  attrs?: Readonly<Record<string, string>>;
  children: string;
}

/** A head cell that sorts: a link, so it works without JavaScript and can be shared. */
export function SortHead({
  ui,
  column,
  sort,
  first = 'ascending',
  href,
  class: name,
  attrs = {},
  children,
}: SortProps) {
  const now = sort === column ? 'ascending' : sort === `-${column}` ? 'descending' : undefined;
  const next = now ? (now === 'ascending' ? 'descending' : 'ascending') : first;
  const target = withQuery(href, { sort: next === 'descending' ? `-${column}` : column });
  return (
    <th scope="col" class={name} aria-sort={now}>
      <a href={target} {...attrs} title={ui.t.parts.sortBy({ column: children })}>
        {children}
        {now ? <Icon ui={ui} name={now === 'ascending' ? 'arrow-up' : 'arrow-down'} /> : null}
      </a>
    </th>
  );
}

/** `/audit?who=lin` + `{ cursor: 'x' }` → `/audit?who=lin&cursor=x`; undefined takes a key away. */
export function withQuery(href: string, add: Readonly<Record<string, string | undefined>>): string {
  const [path = '', query = ''] = href.split('?');
  const params = new URLSearchParams(query);
  for (const [key, value] of Object.entries(add)) {
    if (value === undefined) params.delete(key);
    else params.set(key, value);
  }
  const text = params.toString();
  return text ? `${path}?${text}` : path;
}

interface PagerProps {
  ui: Ui;
  /** Path and query of this list, with its filter and sort. */
  href: string;
  /** Cursor of the next page; null on the last one. */
  next: string | null;
  /** Is this the first page? */
  first: boolean;
  shown: number;
  total?: number;
  /** Lists that go back in time say “Older” and “Newest”. */
  byTime?: boolean;
}

/** Below a list: how many of how many, back to the start, on to the next page. */
export function Pager({ ui, href, next, first, shown, total, byTime }: PagerProps) {
  const { parts } = ui.t;
  if (first && !next && total === undefined) return null;
  return (
    <nav class="pager" aria-label={parts.pages}>
      <p>
        {total === undefined
          ? ui.fmt.number(shown)
          : parts.pageOf({ shown: ui.fmt.number(shown), total: ui.fmt.number(total) })}
      </p>
      <div class="btns push">
        {first ? null : (
          <a class="btn sm" href={withQuery(href, { cursor: undefined })}>
            {byTime ? parts.newest : parts.first}
          </a>
        )}
        {next ? (
          <a class="btn sm" rel="next" href={withQuery(href, { cursor: next })}>
            {byTime ? parts.older : parts.next}
            <Icon ui={ui} name="chevron" />
          </a>
        ) : null}
      </div>
    </nav>
  );
}

interface FilterProps {
  ui: Ui;
  label: string;
  value?: string;
  name?: string;
  attrs?: Readonly<Record<string, string>>;
}

/** The box that `/` focuses. Inside a `<form method="get">` it works without JavaScript. */
export function Filter({ ui, label, value, name = 'q', attrs = {} }: FilterProps) {
  return (
    <div class="affix search">
      <Icon ui={ui} name="search" />
      <input
        class="input"
        type="search"
        name={name}
        value={value}
        placeholder={label}
        aria-label={label}
        autocomplete="off"
        spellcheck={false}
        data-filter
        {...attrs}
      />
      <kbd>/</kbd>
    </div>
  );
}

/** Head of the column with the buttons: nobody sees it, and who hears the table knows what is in it. */
export function ActionsHead({ class: name, children }: { class?: string; children: string }) {
  return (
    <th class={name ? `fit ${name}` : 'fit'}>
      <span class="vh">{children}</span>
    </th>
  );
}

/** Before a table: filter, choices, facts, buttons. */
export function Toolbar({ children }: { children?: Child }) {
  return <div class="toolbar">{children}</div>;
}
