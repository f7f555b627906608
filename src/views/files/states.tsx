import type { Listing } from '../../core/files/listing/listing.ts';
import type { AppError } from '../../lib/errors.ts';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { withQuery } from '../parts/table.tsx';
import type { Ui } from '../ui.ts';
import { folderHref, openHref } from './href.ts';
import { label } from './label.ts';
import type { BrowseModel } from './page.tsx';

/** Nothing to list: an empty folder, one with hidden files alone, a filter that fits nothing. */
export function EmptyFolder({ ui, model, listing }: { ui: Ui; model: BrowseModel; listing: Listing }) {
  const t = ui.t.browse;
  const s = t.states;
  if (model.filter) {
    return (
      <Empty ui={ui} icon="search" title={ui.t.parts.nothingMatches({ text: model.filter })}>
        <a class="btn" href={withQuery(ui.here ?? '/files', { filter: undefined, from: undefined })} data-clear-filter>
          {t.clearFilter}
        </a>
      </Empty>
    );
  }
  const n = listing.counts.hidden;
  if (n) {
    return (
      <Empty ui={ui} icon="eye-off" title={s.hiddenOnlyTitle} text={s.hiddenOnlyText({ n, text: ui.fmt.number(n) })}>
        <form method="post" action="/files/view" data-view-form>
          <input type="hidden" name="next" value={ui.here ?? '/files'} />
          <button class="btn" name="hidden" value="on">
            {s.showHidden}
          </button>
        </form>
      </Empty>
    );
  }
  return <Empty ui={ui} icon="folder" title={s.emptyTitle} text={ui.can('files.write') ? s.emptyWrite : s.emptyText} />;
}

/** No folder is configured for this role. */
export function NoRoots({ ui }: { ui: Ui }) {
  const t = ui.t.browse.states;
  const role = ui.actor ? (ui.t.shell.roles[ui.actor.role] ?? ui.actor.role) : '';
  return (
    <Empty ui={ui} icon="lock" title={t.noRootsTitle} text={t.noRootsText({ role })}>
      {ui.can('settings.read') ? (
        <a class="btn" href="/settings#files">
          {ui.t.shell.nav.settings}
        </a>
      ) : null}
    </Empty>
  );
}

/** Several folders are open to this role: one is chosen here. */
export function Roots({ ui, roots }: { ui: Ui; roots: readonly string[] }) {
  return (
    <section class="section flush" aria-label={ui.t.browse.states.rootsText}>
      <ul class="rows roots">
        {roots.map((root) => (
          <li>
            <Icon ui={ui} name="folder" class="is-folder" />
            <a class="grow" href={folderHref(root)}>
              {label(root)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The folder cannot be shown: what it is, in the file system's words as well, and where to go instead. */
export function FolderFault({ ui, error, path, nearest }: { ui: Ui; error: AppError; path: string; nearest: string | null }) {
  const t = ui.t.browse.states;
  const said = error.say(ui.t);
  const isFile = said === ui.t.files.errors.notFolder;
  const gone = error.code === 'not_found';
  const outside = said === ui.t.files.errors.outside;
  const title = gone ? t.goneTitle : isFile ? t.notFolderTitle : outside ? t.deniedTitle : t.unreadableTitle;
  return (
    <div class="empty" role="alert">
      <Icon ui={ui} name={error.code === 'denied' ? 'lock' : gone ? 'search' : 'warning'} size="xl" />
      <h2>{title}</h2>
      <p>{gone ? t.goneText({ path: label(path) }) : said}</p>
      <div class="btns">
        {isFile ? (
          <a class="btn" href={openHref(path)}>
            {t.openFile}
          </a>
        ) : null}
        {error.code === 'unavailable' ? (
          <a class="btn" href={folderHref(path)}>
            {t.tryAgain}
          </a>
        ) : null}
        {nearest ? (
          <a class="btn" href={folderHref(nearest)}>
            <Icon ui={ui} name="folder" />
            {t.toNearest({ name: label(nearest) })}
          </a>
        ) : (
          <a class="btn" href="/files">
            {t.toStart}
          </a>
        )}
      </div>
    </div>
  );
}
