import type { Child } from 'hono/jsx';
import type { ListedEntry } from '../../core/files/listing/look.ts';
import { joinPath, type PathKind } from '../../core/files/paths.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';
import { folderHref, openHref } from './href.ts';
import { iconOf, isArchive } from './kind.ts';
import { label } from './label.ts';

export interface RowProps {
  ui: Ui;
  kind: PathKind;
  /** The folder as it was asked for. */
  folder: string;
  entry: ListedEntry;
  /** Place in the listing, from 0. */
  index: number;
}

/** What opens when the entry is opened; null: nothing does. */
export function entryHref(kind: PathKind, folder: string, entry: ListedEntry): string | null {
  const path = joinPath(kind, folder, entry.name);
  const type = entry.type === 'link' ? entry.link?.type : entry.type;
  if (type === 'folder') return folderHref(path);
  return type === 'file' ? openHref(path) : null;
}

/** One entry, as a row of the list or (by CSS alone) a tile of the grid. The page's scripts know it by its data. */
export function Row({ ui, kind, folder, entry, index }: RowProps) {
  const t = ui.t.browse;
  const shown = label(entry.name);
  const modified = entry.modified ? when(ui, entry.modified) : '';
  const size = entry.size === null || entry.type !== 'file' ? '' : ui.fmt.bytes(entry.size);
  return (
    <tr
      role="row"
      aria-rowindex={index + 2}
      aria-selected="false"
      data-i={index}
      data-name={entry.name}
      data-type={entry.type}
      data-leads={entry.link?.type ?? undefined}
      data-size={entry.type === 'file' ? (entry.size ?? undefined) : undefined}
      data-archive={entry.type === 'file' && isArchive(entry.name) ? '' : undefined}
    >
      <td class="pick" role="gridcell">
        <input type="checkbox" class="check" form="selection" name="name" value={entry.name} aria-label={t.select({ name: shown })} />
      </td>
      <td class="entry" role="gridcell">
        <EntryName ui={ui} entry={entry} href={entryHref(kind, folder, entry)} shown={shown} facts={[size, modified]} />
      </td>
      <td class="num hi soft" role="gridcell">
        {size}
      </td>
      <td class="lo mono quiet" role="gridcell">
        {modeText(entry)}
      </td>
      <td class="mid soft clip" role="gridcell" title={entry.group ? `${entry.owner}:${entry.group}` : undefined}>
        {entry.owner}
      </td>
      <td class="mid soft nowrap" role="gridcell" title={entry.modified ? ui.fmt.full(entry.modified) : undefined}>
        {modified}
      </td>
      <td class="end" role="gridcell">
        <button class="btn ghost only sm scripted" type="button" data-more aria-haspopup="menu" aria-label={t.more({ name: shown })}>
          <Icon ui={ui} name="more" />
        </button>
      </td>
    </tr>
  );
}

/** A drawing, the name as people can read it, and what is unusual about it. */
export function EntryName({ ui, entry, href, shown, facts }: { ui: Ui; entry: ListedEntry; href: string | null; shown: string; facts: string[] }) {
  const text = <bdi title={shown}>{shown}</bdi>;
  return (
    <div class="name">
      <span class="drawing">
        <Icon ui={ui} name={drawing(entry)} class={entry.type === 'folder' && !entry.mount ? 'is-folder' : undefined} />
      </span>
      <div class="words">
        {href ? <a href={href}>{text}</a> : text}
        {marks(ui, entry)}
        <small class="only-narrow">{facts.filter(Boolean).join(' · ')}</small>
      </div>
    </div>
  );
}

/** What is unusual about it, beside the name. */
function marks(ui: Ui, entry: ListedEntry): Child {
  const t = ui.t.browse;
  if (entry.gone) return <span class="tag">{t.gone}</span>;
  if (entry.link) {
    return (
      <>
        <span class="target">{t.leadsTo({ target: label(entry.link.path) })}</span>
        {entry.link.state === 'broken' ? <span class="tag" data-tone="warn" title={t.brokenTitle}>{t.broken}</span> : null}
      </>
    );
  }
  if (entry.mount) return <span class="tag">{(entry.mount.readOnly ? t.mountRo : t.mount)({ type: entry.mount.type })}</span>;
  return entry.special ? <span class="tag">{t.types[entry.special]}</span> : null;
}

function drawing(entry: ListedEntry): IconName {
  if (entry.mount) return 'disk';
  if (entry.type === 'folder') return 'folder';
  if (entry.type === 'link') return 'link';
  return entry.type === 'file' ? iconOf(entry.name) : 'bolt';
}

const LETTERS = { folder: 'd', file: '-', link: 'l', fifo: 'p', socket: 's', block: 'b', char: 'c', unknown: '?' } as const;

/** A folder with 0o755 → `drwxr-xr-x`, as ls writes it; '' where there are no modes. */
export function modeText({ mode, type, special, uid }: Pick<ListedEntry, 'mode' | 'type' | 'special' | 'uid'>): string {
  if (mode === null || uid === null) return '';
  const three = (shift: number, special: boolean, letter: string) => {
    const bits = (mode >> shift) & 7;
    const last = special ? (bits & 1 ? letter : letter.toUpperCase()) : bits & 1 ? 'x' : '-';
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${last}`;
  };
  const first = LETTERS[type === 'other' ? (special ?? 'unknown') : type];
  return first + three(6, (mode & 0o4000) !== 0, 's') + three(3, (mode & 0o2000) !== 0, 's') + three(0, (mode & 0o1000) !== 0, 't');
}

/** `Today, 09:41`, `Nov 21, 22:14`, `Nov 21, 2025`. */
export function when(ui: Ui, at: number): string {
  const { fmt, t } = ui;
  const day = fmt.date(at, ui.now);
  if (day === todayOf(ui)) return t.browse.today({ time: fmt.time(at) });
  return day === fmt.date(at) ? day : t.browse.dayTime({ day, time: fmt.time(at) });
}

const todays = new WeakMap<Ui, string>();

/** The same for all rows of a page. */
function todayOf(ui: Ui): string {
  let today = todays.get(ui);
  if (today === undefined) todays.set(ui, (today = ui.fmt.date(ui.now, ui.now)));
  return today;
}
