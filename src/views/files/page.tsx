import type { Child } from 'hono/jsx';
import type { Listing } from '../../core/files/listing/listing.ts';
import type { ListedEntry } from '../../core/files/listing/look.ts';
import type { PathKind } from '../../core/files/paths.ts';
import type { Recent } from '../../core/files/recents.ts';
import type { Volume } from '../../platform/files.ts';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { Menu } from '../parts/menu.tsx';
import { Filter } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { actionsAt, BarButtons, ContextMenu, FolderButtons, NewItems } from './action-buttons.tsx';
import { PathBar } from './crumbs.tsx';
import { PageLinks, FilesTable } from './table.tsx';
import { label } from './label.ts';
import { browserText } from './page-text.ts';
import { Places } from './places.tsx';
import { EmptyFolder } from './states.tsx';
import { paletteItems } from './palette.ts';
import { StatusBar } from './status-bar.tsx';
import { UPLOAD_IMPORTS, UPLOAD_SCRIPT, UPLOAD_STYLE, UploadText } from './upload.tsx';

export interface BrowseModel {
  kind: PathKind;
  path: string;
  /** null: the folder cannot be shown; `state` says why. */
  listing: Listing | null;
  entries: readonly ListedEntry[];
  from: number;
  sort: string;
  filter: string;
  hidden: boolean;
  view: 'list' | 'grid';
  roots: readonly string[];
  favourites: readonly string[];
  recents: readonly Recent[];
  /** The file system that it lies on; null: unknown. */
  volume: Volume | null;
  state?: Child;
}

/** Rows in the document, and on each page without JavaScript. */
export const PAGE_ROWS = 100;

/** What js/files/list.js imports: fetched at once (a test holds the list against the files). */
export const FILES_MODULES = [
  'js/files/action.js', 'js/files/clipboard.js', 'js/files/commands.js', 'js/files/drag.js', 'js/files/keys.js', 'js/files/live.js',
  'js/files/menu.js', 'js/files/navigate.js', 'js/files/path.js', 'js/files/rows.js', 'js/files/scroll.js', 'js/files/selection.js',
  'js/files/tabs.js', 'js/files/text.js', 'js/dashboard/format.js', 'js/connection.js', 'js/sse.js',
];

/** The scripts that other parts of the file manager add to this page. */
const SCRIPTS: readonly string[] = ['js/files/list.js', UPLOAD_SCRIPT];

export function BrowsePage({ ui, model }: { ui: Ui; model: BrowseModel }) {
  const t = ui.t.browse;
  const { path } = model;
  return (
    <Layout
      ui={ui}
      title={path ? label(path) : ui.t.files.title}
      styles={['css/files.css', UPLOAD_STYLE]}
      scripts={SCRIPTS}
      imports={UPLOAD_IMPORTS}
      actions={paletteItems(ui, model)}
      head={FILES_MODULES.map((module) => <link rel="modulepreload" href={ui.asset(module)} />)}
    >
      <header class="page-head files-head" id="files-head">
        <h1 class="vh" tabindex={-1}>
          {ui.t.files.title}: {label(path)}
        </h1>
        <PathBar ui={ui} kind={model.kind} path={path} roots={model.roots} favourite={model.favourites.includes(path)} readOnly={model.volume?.readOnly ?? false} />
        {model.listing ? <HeadButtons ui={ui} path={path} /> : null}
      </header>
      <nav class="folder-tabs" id="folder-tabs" aria-label={t.tabs} hidden></nav>
      <Bars ui={ui} model={model} />
      <Contents ui={ui} model={model} />
      <form id="selection" method="get">
        <input type="hidden" name="folder" value={path} />
      </form>
      <ContextMenu ui={ui} />
      <dialog class="dialog" id="files-dialog" aria-labelledby="action-title"></dialog>
      <p class="vh" role="status" id="files-status"></p>
      <JsonScript id="files-text" value={browserText(ui)} />
      <UploadText ui={ui} />
    </Layout>
  );
}

function HeadButtons({ ui, path }: { ui: Ui; path: string }) {
  return (
    <div class="btns push">
      {actionsAt(ui, 'new').length ? (
        <Menu ui={ui} id="new-menu" label={ui.t.browse.new} icon="plus">
          <NewItems ui={ui} folder={path} />
        </Menu>
      ) : null}
      <FolderButtons ui={ui} folder={path} place="head" />
    </div>
  );
}

/** Two bars in one place, so that nothing moves when the second takes the place of the first. */
function Bars({ ui, model }: { ui: Ui; model: BrowseModel }) {
  const t = ui.t.browse;
  const { path, sort, filter } = model;
  return (
    <div class="bars" id="bars">
      <div class="toolbar">
        {model.listing ? (
          <form method="get" action="/files" class="row" role="search">
            <input type="hidden" name="path" value={path} />
            <input type="hidden" name="sort" value={sort} />
            <Filter ui={ui} name="filter" label={t.filter} value={filter} attrs={{ id: 'files-filter' }} />
            <noscript>
              <button class="btn">{t.find}</button>
            </noscript>
          </form>
        ) : null}
        <div class="btns tight" id="paste" hidden></div>
        <div class="btns tight push">
          <Places ui={ui} favourites={model.favourites} recents={model.recents} />
          {model.listing ? (
            <>
              <FolderButtons ui={ui} folder={path} place="toolbar" />
              <ViewForm ui={ui} model={model} />
            </>
          ) : null}
        </div>
      </div>
      <div class="toolbar selbar" role="region" aria-label={t.selected.replace('{n}', '')}>
        <b class="small nowrap" id="selected-count"></b>
        <span class="muted small only-wide" id="selected-size"></span>
        <div class="btns tight">
          <BarButtons ui={ui} />
        </div>
        <button class="btn ghost sm push scripted" type="button" data-clear>
          {t.clear} <kbd class="only-wide">esc</kbd>
        </button>
      </div>
    </div>
  );
}

/** Hidden files and the view: preferences of the browser, kept in cookies. */
function ViewForm({ ui, model }: { ui: Ui; model: BrowseModel }) {
  const t = ui.t.browse;
  const other = model.view === 'list' ? 'grid' : 'list';
  return (
    <form method="post" action="/files/view" class="btns tight" data-view-form>
      <input type="hidden" name="next" value={ui.here ?? '/files'} />
      <button class="btn ghost only sm" name="hidden" value={model.hidden ? 'off' : 'on'} aria-pressed={String(model.hidden) as 'true'} aria-label={t.hidden} title={t.hidden}>
        <Icon ui={ui} name={model.hidden ? 'eye' : 'eye-off'} />
      </button>
      <button class="btn ghost only sm" name="view" value={other} aria-label={`${t.view}: ${t.views[other]}`} title={t.views[other]}>
        <Icon ui={ui} name={other === 'grid' ? 'grid' : 'rows'} />
      </button>
    </form>
  );
}

/** What changes with the folder, the order and the filter: swapped as one. */
export function Contents({ ui, model }: { ui: Ui; model: BrowseModel }) {
  const { listing, path } = model;
  const here = ui.here ?? '/files';
  return (
    <div id="contents" data-path={path} data-real={listing?.real} data-listed={listing?.id}>
      {!listing ? (
        model.state
      ) : listing.total === 0 ? (
        <EmptyFolder ui={ui} model={model} listing={listing} />
      ) : (
        <>
          <FilesTable
            ui={ui} kind={model.kind} folder={path} listing={listing.id} total={listing.total} from={model.from} entries={model.entries}
            sort={model.sort} view={model.view} filter={model.filter} hidden={model.hidden} href={here}
          />
          <PageLinks ui={ui} total={listing.total} from={model.from} shown={model.entries.length} size={PAGE_ROWS} href={here} />
        </>
      )}
      {listing ? <StatusBar ui={ui} model={model} listing={listing} /> : null}
    </div>
  );
}
