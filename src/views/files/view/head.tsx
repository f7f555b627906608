import type { Child } from 'hono/jsx';
import type { Look } from '../../../core/files/previews/look.ts';
import { isText, showsOf, type Show } from '../../../core/files/previews/shows.ts';
import { parentOf, type PathKind } from '../../../core/files/paths.ts';
import { TEXT_MOST } from '../../../core/files/text/open.ts';
import { Icon } from '../../parts/icon.tsx';
import { Kv } from '../../parts/kv.tsx';
import { Seg } from '../../parts/tabs.tsx';
import type { Ui } from '../../ui.ts';
import { encodePath, folderHref } from '../href.ts';
import { label } from '../label.ts';

export const viewHref = (path: string, more = '') => `/files/view?path=${encodePath(path)}${more}`;
export const rawHref = (path: string, more = '') => `/files/raw?path=${encodePath(path)}${more}`;

export interface Owner {
  user: string;
  group: string;
}

interface HeadProps {
  ui: Ui;
  kind: PathKind;
  look: Look;
  owner?: Owner;
  /** How it is shown now; null: not at all. */
  show: Show | 'tail' | null;
  children?: Child;
}

/** Above every way to look at a file: its name, the other ways, its facts, and the file itself. */
export function ViewHead({ ui, kind, look, owner, show, children }: HeadProps) {
  const t = ui.t.view;
  return (
    <header class="page-head view-head">
      <a class="btn ghost only sm" href={folderHref(parentOf(kind, look.path))} aria-label={t.back} title={t.back}>
        <Icon ui={ui} name="arrow-left" />
      </a>
      <h1 tabindex={-1} title={label(look.path)}>
        <bdi>{label(look.name)}</bdi>
      </h1>
      {show ? <Ways ui={ui} look={look} show={show} /> : null}
      <div class="btns push">
        {children}
        {owner ? <Facts ui={ui} look={look} owner={owner} /> : null}
        {isText(look.kind) && look.size <= TEXT_MOST && !look.virtual && look.entry === 'file' ? (
          <a class="btn sm" href={`/files/edit?path=${encodePath(look.path)}`}>
            <Icon ui={ui} name="edit" />
            {t.edit}
          </a>
        ) : null}
        {look.entry === 'file' ? (
          <a class="btn sm" href={look.virtual ? rawHref(look.path) : `/files/download?path=${encodePath(look.path)}`} download={look.name}>
            <Icon ui={ui} name="download" />
            {t.download}
          </a>
        ) : null}
      </div>
    </header>
  );
}

function Ways({ ui, look, show }: { ui: Ui; look: Look; show: Show | 'tail' }) {
  const t = ui.t.view;
  const tabs = showsOf(look).map((each) => ({ href: viewHref(look.path, `&as=${each}`), label: t.kinds[each], current: each === show }));
  const follows = look.encoding !== null && !look.virtual;
  if (follows) tabs.push({ href: `/files/tail?path=${encodePath(look.path)}`, label: t.kinds.tail, current: show === 'tail' });
  return tabs.length > 1 ? <Seg ui={ui} label={t.as} tabs={tabs} /> : null;
}

/** `drwxr-xr-x` without its first letter, and in octal. */
export function modeText(mode: number): string {
  const letters = [...'rwxrwxrwx'].map((letter, i) => (mode & (0o400 >> i) ? letter : '-')).join('');
  return `${letters} (${(mode & 0o7777).toString(8).padStart(4, '0')})`;
}

function Facts({ ui, look, owner }: { ui: Ui; look: Look; owner: Owner }) {
  const t = ui.t.view.facts;
  const { fmt } = ui;
  const { stats } = look;
  return (
    <>
      <button class="btn ghost only sm" type="button" popovertarget="view-facts" aria-label={t.title} title={t.title}>
        <Icon ui={ui} name="info" />
      </button>
      <div class="menu view-facts" id="view-facts" popover="auto" role="group" aria-label={t.title}>
        <Kv
          rows={[
            [t.path, label(look.path)],
            [t.target, look.target === null ? null : label(look.target)],
            [t.type, look.entry === 'file' ? look.type : ui.t.view.special[look.entry]],
            [t.size, look.virtual ? `${fmt.bytes(look.size)} · ${t.virtual}` : `${fmt.bytes(look.size)} · ${t.exact({ n: fmt.number(look.size) })}`],
            [t.mode, modeText(stats.mode)],
            [t.owner, `${owner.user || stats.uid} : ${owner.group || stats.gid}`],
            [t.modified, fmt.full(stats.mtimeMs)],
            [t.changed, fmt.full(stats.ctimeMs)],
            [t.accessed, fmt.full(stats.atimeMs)],
          ]}
        />
      </div>
    </>
  );
}
