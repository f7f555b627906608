import type { ContainerFolder } from '../../../core/containers/files/list.ts';
import { joinPath } from '../../../core/files/paths.ts';
import { TEXT_MOST } from '../../../core/files/text/open.ts';
import type { ListedEntry } from '../../../core/files/listing/look.ts';
import { label } from '../../files/label.ts';
import { EntryName, modeText, when } from '../../files/row.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Menu } from '../../parts/menu.tsx';
import type { Ui } from '../../ui.ts';
import { inDialog } from '../menu-items.tsx';
import { fileHref, filesHref } from './href.ts';

interface RowProps {
  ui: Ui;
  folder: ContainerFolder;
  entry: ListedEntry;
  /** It can be renamed and removed. */
  changes: boolean;
}

/** One entry of a folder in a container. */
export function FileRow({ ui, folder, entry, changes }: RowProps) {
  const t = ui.t.containerFiles;
  const { id } = folder.place;
  const path = joinPath('posix', folder.path, entry.name);
  const type = entry.type === 'link' ? entry.link?.type : entry.type;
  const isText = type === 'file' && (entry.type === 'link' || (entry.size ?? 0) <= TEXT_MOST);
  // Where the engine told the list, nobody knows what a link leads to: its folder opens, or says that it is none.
  const unknown = entry.type === 'link' && type === null && entry.link?.state === 'ok';
  const href = type === 'folder' || unknown ? filesHref(id, path) : isText ? fileHref(id, 'edit', path) : type === 'file' ? fileHref(id, 'download', path) : null;
  const shown = label(entry.name);
  // By its name, not its place: drawn anew, a row keeps its tick and its open menu where others came before it.
  const key = encodeURIComponent(entry.name);
  const modified = entry.modified ? when(ui, entry.modified) : '';
  const size = entry.size === null || entry.type !== 'file' ? '' : ui.fmt.bytes(entry.size);
  return (
    <tr id={`file-${key}`}>
      <td class="pick">{changes && !entry.mount ? <input type="checkbox" class="check" name="path" value={path} aria-label={t.select({ name: shown })} /> : null}</td>
      <td class="entry">
        <EntryName ui={ui} entry={entry} href={href} shown={shown} facts={[size, modified]} />
      </td>
      <td class="num hi soft">{size}</td>
      <td class="lo mono quiet">{modeText(entry)}</td>
      <td class="mid soft clip" title={`${entry.owner}:${entry.group}`}>
        {entry.owner}
      </td>
      <td class="mid soft nowrap" title={entry.modified ? ui.fmt.full(entry.modified) : undefined}>
        {modified}
      </td>
      <td class="end">
        <Menu ui={ui} id={`m-${key}`} label={t.actionsOf({ name: shown })} icon="more" iconOnly small>
          <Actions ui={ui} id={id} path={path} isFolder={type === 'folder'} isText={isText} isFile={type === 'file'} changes={changes && !entry.mount} />
        </Menu>
      </td>
    </tr>
  );
}

function Actions({ ui, id, path, isFolder, isText, isFile, changes }: { ui: Ui; id: string; path: string; isFolder: boolean; isText: boolean; isFile: boolean; changes: boolean }) {
  const t = ui.t.containerFiles;
  const rename = fileHref(id, 'rename', path);
  const remove = fileHref(id, 'delete', path);
  return (
    <>
      {isText ? (
        <a href={fileHref(id, 'edit', path)}>
          <Icon ui={ui} name="edit" />
          {t.edit}
        </a>
      ) : null}
      {isFile ? (
        <a href={fileHref(id, 'download', path)} download>
          <Icon ui={ui} name="download" />
          {t.download}
        </a>
      ) : null}
      <a href={fileHref(id, 'download', path, '&as=tar')} download>
        <Icon ui={ui} name={isFolder ? 'download' : 'file-zip'} />
        {t.downloadTar}
      </a>
      {isFolder ? (
        <a href={fileHref(id, 'download', path, '&as=tar.gz')} download>
          <Icon ui={ui} name="file-zip" />
          {t.downloadGz}
        </a>
      ) : null}
      {changes ? (
        <>
          <hr />
          <a href={rename} {...inDialog(rename, 'change-form')}>
            <Icon ui={ui} name="edit" />
            {t.rename}
          </a>
          <a class="danger" href={remove} {...inDialog(remove, 'remove-form')}>
            <Icon ui={ui} name="trash" />
            {t.remove}
          </a>
        </>
      ) : null}
    </>
  );
}
