import type { ContainerFolder } from '../../../core/containers/files/list.ts';
import { FILE_COLUMNS } from '../../files/table.tsx';
import { isInside } from '../../../core/files/paths.ts';
import type { ListedEntry } from '../../../core/files/listing/look.ts';
import { folderHref } from '../../files/href.ts';
import { label } from '../../files/label.ts';
import { Banner } from '../../parts/banner.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Filter, SortHead, Toolbar, withQuery } from '../../parts/table.tsx';
import type { Ui } from '../../ui.ts';
import { ContainerFrame } from '../frame.tsx';
import { inDialog } from '../menu-items.tsx';
import { ContainerCrumbs } from './crumbs.tsx';
import { fileHref } from './href.ts';
import { FileRow } from './row.tsx';

export interface ContainerFilesModel {
  folder: ContainerFolder;
  /** Of the folder, after the filter and in the order that was asked for. */
  shown: readonly ListedEntry[];
  /** How many match the filter, and the first that is shown. */
  matching: number;
  from: number;
  sort: string;
  filter: string;
}

/** Rows of one page: all of it is drawn by the server. */
export const FILES_SHOWN = 500;

export function ContainerFilesPage({ ui, model }: { ui: Ui; model: ContainerFilesModel }) {
  const t = ui.t.containerFiles;
  const { folder, shown } = model;
  const { one } = folder.place;
  const changes = folder.by === 'shell' && (folder.hindrance === null || folder.hindrance === 'memory');
  return (
    <ContainerFrame ui={ui} one={one} tab="files" styles={['css/files.css', 'css/container-files.css']} scripts={['js/containers/files.js']} preload={['js/question.js']}>
      <Bar ui={ui} model={model} />
      <Notes ui={ui} folder={folder} />
      <div id="contents" class="container-files" hx-get={ui.here ?? ''} hx-trigger="container-files-changed from:body" hx-select="#contents" hx-swap="outerMorph">
        {shown.length === 0 ? (
          <Empty ui={ui} icon="folder" title={model.filter ? t.nothing : t.empty} />
        ) : (
          <form method="get" action={`/containers/${one.id}/files/delete`} id="files-form">
            {changes ? <SelectionBar ui={ui} /> : null}
            <Table ui={ui} model={model} changes={changes} />
          </form>
        )}
        <Pages ui={ui} model={model} />
      </div>
    </ContainerFrame>
  );
}

function Bar({ ui, model: { folder, sort, filter } }: { ui: Ui; model: ContainerFilesModel }) {
  const t = ui.t.containerFiles;
  const { id } = folder.place;
  const writable = folder.hindrance === null;
  const make = fileHref(id, 'folder', folder.path);
  return (
    <Toolbar>
      <ContainerCrumbs ui={ui} id={id} path={folder.path} />
      <span class="row push">
        <form method="get" action={`/containers/${id}/files`} role="search">
          <input type="hidden" name="path" value={folder.path} />
          <input type="hidden" name="sort" value={sort} />
          <Filter ui={ui} name="filter" label={t.filter} value={filter} />
        </form>
        {writable ? (
          <>
            <a class="btn" href={make} {...inDialog(make, 'change-form')}>
              <Icon ui={ui} name="plus" />
              {t.newFolder}
            </a>
            <label class="btn scripted" id="upload" data-to={`/containers/${id}/files/content`} data-folder={folder.path} data-uploading={t.uploading({ name: '{name}', percent: '{percent}' })} data-uploaded={t.uploaded({ n: '{n}' })} data-failed={t.uploadFailed({ name: '{name}', why: '{why}' })} data-silent={t.noAnswer}>
              <Icon ui={ui} name="upload" />
              {t.upload}
              <input class="vh" type="file" multiple />
            </label>
            <Replace ui={ui} />
          </>
        ) : null}
        <Menu ui={ui} id="folder-menu" label={t.actions} icon="more" iconOnly>
          <a href={fileHref(id, 'download', folder.path, '&as=tar')} download>
            <Icon ui={ui} name="download" />
            {t.downloadTar}
          </a>
          <a href={fileHref(id, 'download', folder.path, '&as=tar.gz')} download>
            <Icon ui={ui} name="file-zip" />
            {t.downloadGz}
          </a>
        </Menu>
      </span>
    </Toolbar>
  );
}

/** Asked by the page's script for each file that is there already. */
function Replace({ ui }: { ui: Ui }) {
  const t = ui.t.containerFiles;
  return (
    <dialog class="dialog" id="replace-dialog" aria-labelledby="replace-h">
      <form method="dialog">
        <h2 id="replace-h" data-ask={t.replaceAsk({ name: '{name}' })}></h2>
        <div class="btns">
          <button class="btn" value="keep" autofocus>
            {t.keep}
          </button>
          <button class="btn danger primary" value="replace">
            {t.replaceDo}
          </button>
        </div>
      </form>
    </dialog>
  );
}

/** What a person must know of this folder before they wonder. */
function Notes({ ui, folder }: { ui: Ui; folder: ContainerFolder }) {
  const t = ui.t.containerFiles;
  const { place, real, hindrance } = folder;
  const mount = place.mounts.find(({ path, kind }) => kind === 'bind' && isInside('posix', path, real));
  return (
    <>
      {hindrance ? <Banner ui={ui} icon="lock" text={t.hindrances[hindrance]} /> : null}
      {folder.by === 'archive' ? <Banner ui={ui} text={place.running ? t.byArchive : t.stopped} /> : null}
      {folder.complete ? null : <Banner ui={ui} tone="warn" text={t.incomplete} />}
      {mount?.source.startsWith('/') && ui.can('files.read') ? (
        <p class="small gutter log-note">
          {t.onMachine}: <a class="link mono" href={folderHref(mount.source + real.slice(mount.path === '/' ? 0 : mount.path.length))}>{label(mount.source + real.slice(mount.path === '/' ? 0 : mount.path.length))}</a>
        </p>
      ) : null}
    </>
  );
}

function SelectionBar({ ui }: { ui: Ui }) {
  const t = ui.t.containerFiles;
  const href = (ui.here ?? '').split('?')[0]!;
  return (
    <div class="toolbar selbar" role="region" aria-label={t.actions}>
      <b class="small nowrap" data-selected data-many={t.selected({ n: '{n}' })}></b>
      <button class="btn ghost sm danger" type="submit" hx-get={`${href}/delete`} hx-include="closest form" hx-target="#container-dialog" hx-swap="innerHTML" hx-select="#remove-form" hx-sync="#container-dialog:replace">
        <Icon ui={ui} name="trash" />
        {t.remove}
      </button>
    </div>
  );
}

function Table({ ui, model, changes }: { ui: Ui; model: ContainerFilesModel; changes: boolean }) {
  const t = ui.t.containerFiles;
  const { folder, shown, sort } = model;
  const href = withQuery(ui.here ?? '', { from: undefined });
  return (
    <table class="table sticky files" id="files" aria-label={t.list({ folder: label(folder.path) })}>
      <thead>
        <tr>
          <th class="pick">{changes ? <input type="checkbox" class="check pick-all" aria-label={t.selectAll} /> : null}</th>
          {FILE_COLUMNS.map(({ column, first, class: name }) => (
            <SortHead ui={ui} column={column} sort={sort} first={first} href={href} class={name}>
              {t.columns[column]}
            </SortHead>
          ))}
          <th class="end">
            <span class="vh">{t.actions}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {shown.map((entry) => (
          <FileRow ui={ui} folder={folder} entry={entry} changes={changes} />
        ))}
      </tbody>
    </table>
  );
}

function Pages({ ui, model }: { ui: Ui; model: ContainerFilesModel }) {
  const t = ui.t.containerFiles;
  const { folder, matching, from, shown, filter } = model;
  const { number } = ui.fmt;
  const to = (at: number) => withQuery(ui.here ?? '', { from: at > 0 ? String(at) : undefined });
  const all = folder.entries.length;
  return (
    <nav class="pager" aria-label={ui.t.parts.pages}>
      <p>
        {matching > shown.length
          ? t.range({ from: number(from + 1), to: number(from + shown.length), total: number(matching) })
          : filter ? t.matching({ shown: number(matching), total: number(all) }) : t.items({ n: all, shown: number(all) })}
      </p>
      <div class="btns push">
        {from > 0 ? (
          <a class="btn sm" rel="prev" href={to(Math.max(0, from - FILES_SHOWN))}>
            {t.previous}
          </a>
        ) : null}
        {from + shown.length < matching ? (
          <a class="btn sm" rel="next" href={to(from + FILES_SHOWN)}>
            {t.next}
            <Icon ui={ui} name="chevron" />
          </a>
        ) : null}
      </div>
    </nav>
  );
}
