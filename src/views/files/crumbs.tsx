import { crumbsOf, isInside, type PathKind } from '../../core/files/paths.ts';
import { CopyButton } from '../parts/copy.tsx';
import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';
import { folderHref } from './href.ts';
import { label } from './label.ts';

interface PathProps {
  ui: Ui;
  kind: PathKind;
  path: string;
  /** What this person may open: steps above it are no links. */
  roots: readonly string[];
  favourite: boolean;
  readOnly: boolean;
}

/** The steps to the folder; a click beside them, or Ctrl+L, makes an input of them (path.js). */
export function PathBar({ ui, kind, path, roots, favourite, readOnly }: PathProps) {
  const t = ui.t.browse;
  return (
    <>
      <nav class="path" id="path" aria-label={t.path} data-path={path}>
        <Crumbs ui={ui} kind={kind} path={path} roots={roots} />
        <button class="btn ghost only sm scripted path-edit" type="button" data-edit-path aria-label={t.editPath} title={`${t.editPath} (Ctrl+L)`}>
          <Icon ui={ui} name="edit" />
        </button>
        <form class="path-form" method="get" action="/files" hidden>
          <input class="input mono" name="path" value={path} aria-label={t.goTo} list="path-names" autocomplete="off" autocapitalize="none" spellcheck={false} />
          <datalist id="path-names"></datalist>
        </form>
      </nav>
      <div class="btns tight path-acts">
        <CopyButton ui={ui} text={path} />
        <StarForm ui={ui} path={path} on={favourite} />
        {readOnly ? (
          <span class="tag" title={t.readOnlyTitle}>
            <Icon ui={ui} name="lock" />
            {t.readOnly}
          </span>
        ) : null}
      </div>
    </>
  );
}

/** Begins at the root that the folder lies in: what is above it is nobody's to open here. */
function Crumbs({ ui, kind, path, roots }: Pick<PathProps, 'ui' | 'kind' | 'path' | 'roots'>) {
  const root = roots.filter((one) => isInside(kind, one, path)).sort((a, b) => b.length - a.length).at(-1) ?? '/';
  const crumbs = crumbsOf(kind, path).filter((crumb) => isInside(kind, root, crumb.path));
  const [first, ...rest] = crumbs.length ? crumbs : [{ name: '', path }];
  return (
    <ol class="crumbs">
      <li>
        <a href={folderHref(first!.path)} data-drop={first!.path} aria-label={`${ui.t.browse.home}: ${label(first!.path)}`} title={label(first!.path)} aria-current={rest.length ? undefined : 'page'}>
          <Icon ui={ui} name="disk" />
          {root === '/' ? null : <span>{label(first!.name || first!.path)}</span>}
        </a>
      </li>
      {rest.map((crumb, i) => (
        <li>
          <a href={folderHref(crumb.path)} data-drop={crumb.path} title={label(crumb.name)} aria-current={i === rest.length - 1 ? 'page' : undefined}>
            <bdi>{label(crumb.name)}</bdi>
          </a>
        </li>
      ))}
    </ol>
  );
}

function StarForm({ ui, path, on }: { ui: Ui; path: string; on: boolean }) {
  const text = on ? ui.t.browse.removeFavourite : ui.t.browse.addFavourite;
  return (
    <form method="post" action="/files/favourites" data-star>
      <input type="hidden" name="path" value={path} />
      <input type="hidden" name="on" value={on ? 'off' : 'on'} />
      <button class={on ? 'btn ghost only sm is-starred' : 'btn ghost only sm'} type="submit" aria-pressed={String(on) as 'true'} aria-label={ui.t.browse.addFavourite} title={text}>
        <Icon ui={ui} name="star" />
      </button>
    </form>
  );
}
