import type { Permission } from '../../core/access.ts';
import type { Messages } from '../../i18n/en.ts';
import type { IconName } from '../parts/icon.tsx';

/**
 * What is selected that an action works on. one: exactly one entry of any kind · two: exactly two · any: one or more ·
 * file, folder, archive: exactly one of that kind · none: the folder that is shown, whatever is selected.
 */
export type Fits = 'one' | 'two' | 'any' | 'file' | 'folder' | 'archive' | 'none';

/** Lines between the parts of a menu are drawn where the group changes. */
export type ActionGroup = 'open' | 'clipboard' | 'change' | 'about' | 'delete';

export interface FileAction {
  id: string;
  icon: IconName;
  label(t: Messages): string;
  /** Shorter, where a bar has little room; else `label`. */
  short?(t: Messages): string;
  /**
   * dialog: GET of the form, with `folder` and the selection.
   * link: the page that is opened, with `path` where exactly one entry (or the folder) is meant, else `folder` and the selection.
   * post: sent at once, with `folder` and the selection; answered by `done`.
   * page: '' – the page does it itself (public/js/files/commands.js knows the id).
   */
  href: string;
  kind: 'dialog' | 'link' | 'post' | 'page';
  /** "F2", "Delete", "Shift+Delete", "Ctrl+D", "Enter": acts wherever the focus is in the listing. */
  keys?: string;
  fits: Fits;
  permission: Permission;
  /** menu: beside a row and on right click · bar: while something is selected · toolbar, new: always. */
  where: readonly ('menu' | 'bar' | 'toolbar' | 'new')[];
  group?: ActionGroup;
  danger?: boolean;
  /** In the head of the page, in ink: the one thing that is done most. With where: ['toolbar']. */
  primary?: boolean;
}

/**
 * Everything that can be done with files, in the order of the menus. Each part of the file manager adds its own lines;
 * the page draws what is here for who may do it.
 */
export const FILE_ACTIONS: readonly FileAction[] = [
  { id: 'upload-files', icon: 'upload', label: (t) => t.uploads.files, short: (t) => t.uploads.button, href: '', kind: 'page', fits: 'none', permission: 'files.write', where: ['toolbar', 'new'], primary: true },
  { id: 'upload-folder', icon: 'upload', label: (t) => t.uploads.folder, href: '', kind: 'page', fits: 'none', permission: 'files.write', where: ['new'] },
  { id: 'open', icon: 'external', label: (t) => t.browse.actions.open, href: '', kind: 'page', keys: 'Enter', fits: 'one', permission: 'files.read', where: ['menu'], group: 'open' },
  { id: 'open-tab', icon: 'plus', label: (t) => t.browse.actions.openTab, href: '', kind: 'page', fits: 'folder', permission: 'files.read', where: ['menu'], group: 'open' },
  { id: 'terminal', icon: 'terminal', label: (t) => t.terminal.here, href: '/terminal', kind: 'link', fits: 'none', permission: 'terminal.open', where: ['menu', 'toolbar'], group: 'open' },
  { id: 'terminal-in', icon: 'terminal', label: (t) => t.terminal.inFolder, href: '/terminal', kind: 'link', fits: 'folder', permission: 'terminal.open', where: ['menu'], group: 'open' },
  { id: 'edit', icon: 'edit', label: (t) => t.editor.diff.edit, href: '/files/edit', kind: 'link', keys: 'F4', fits: 'file', permission: 'files.read', where: ['menu'], group: 'open' },
  { id: 'compare', icon: 'split', label: (t) => t.editor.compare, href: '/files/compare', kind: 'link', fits: 'two', permission: 'files.read', where: ['menu', 'bar'], group: 'open' },
  { id: 'versions', icon: 'history', label: (t) => t.editor.versions, href: '/files/versions', kind: 'link', fits: 'file', permission: 'files.read', where: ['menu'], group: 'about' },
  { id: 'view', icon: 'eye', label: (t) => t.view.actions.view, href: '/files/view', kind: 'link', keys: 'F3', fits: 'file', permission: 'files.read', where: ['menu'], group: 'open' },
  { id: 'tail', icon: 'log', label: (t) => t.view.actions.tail, href: '/files/tail', kind: 'link', fits: 'file', permission: 'files.read', where: ['menu'], group: 'open' },
  { id: 'hex', icon: 'code', label: (t) => t.view.actions.hex, href: '/files/view?as=hex', kind: 'link', fits: 'file', permission: 'files.read', where: ['menu'], group: 'open' },
  { id: 'contents', icon: 'eye', label: (t) => t.archives.contents.action, href: '/files/archive/contents', kind: 'dialog', fits: 'archive', permission: 'files.read', where: ['menu'], group: 'open' },
  { id: 'search', icon: 'search', label: (t) => t.search.action, href: '/files/search', kind: 'link', keys: 'Ctrl+Shift+F', fits: 'none', permission: 'files.read', where: ['menu', 'toolbar'], group: 'open' },
  { id: 'cut', icon: 'scissors', label: (t) => t.browse.actions.cut, href: '', kind: 'page', keys: 'Ctrl+X', fits: 'any', permission: 'files.write', where: ['menu', 'bar'], group: 'clipboard' },
  { id: 'copy', icon: 'copy', label: (t) => t.browse.actions.copy, href: '', kind: 'page', keys: 'Ctrl+C', fits: 'any', permission: 'files.write', where: ['menu', 'bar'], group: 'clipboard' },
  { id: 'paste', icon: 'clipboard', label: (t) => t.browse.actions.paste, href: '', kind: 'page', keys: 'Ctrl+V', fits: 'none', permission: 'files.write', where: ['menu'], group: 'clipboard' },
  { id: 'copy-path', icon: 'link', label: (t) => t.browse.actions.copyPath, href: '', kind: 'page', fits: 'one', permission: 'files.read', where: ['menu'], group: 'about' },
  { id: 'size', icon: 'disk', label: (t) => t.listing.sizes.action, href: '/files/size', kind: 'dialog', fits: 'any', permission: 'files.read', where: ['menu'], group: 'about' },
  { id: 'download', icon: 'download', label: (t) => t.downloads.download, href: '/files/download', kind: 'link', fits: 'any', permission: 'files.read', where: ['menu', 'bar'], group: 'clipboard' },
  { id: 'download-tar', icon: 'file-zip', label: (t) => t.downloads.asTar, href: '/files/download?as=tar', kind: 'link', fits: 'any', permission: 'files.read', where: ['menu'], group: 'clipboard' },
  { id: 'mode', icon: 'lock', label: (t) => t.modes.action, href: '/files/mode', kind: 'dialog', keys: 'Ctrl+I', fits: 'any', permission: 'files.read', where: ['menu', 'bar'], group: 'about' },
  { id: 'new-folder', icon: 'folder', label: (t) => t.transfers.newFolder, href: '/files/new/folder', kind: 'dialog', fits: 'none', permission: 'files.write', where: ['new', 'menu'], group: 'change' },
  { id: 'new-file', icon: 'file', label: (t) => t.transfers.newFile, href: '/files/new/file', kind: 'dialog', fits: 'none', permission: 'files.write', where: ['new', 'menu'], group: 'change' },
  { id: 'new-link', icon: 'link', label: (t) => t.transfers.newLink, short: (t) => t.transfers.newLinkShort, href: '/files/new/link', kind: 'dialog', fits: 'none', permission: 'files.write', where: ['new'], group: 'change' },
  { id: 'rename', icon: 'edit', label: (t) => t.transfers.rename, href: '/files/rename', kind: 'dialog', keys: 'F2', fits: 'any', permission: 'files.write', where: ['menu', 'bar'], group: 'change' },
  { id: 'copy-to', icon: 'copy', label: (t) => t.transfers.copy, href: '/files/copy', kind: 'dialog', fits: 'any', permission: 'files.write', where: ['menu'], group: 'change' },
  { id: 'move-to', icon: 'folder', label: (t) => t.transfers.move, href: '/files/move', kind: 'dialog', fits: 'any', permission: 'files.write', where: ['menu', 'bar'], group: 'change' },
  { id: 'duplicate', icon: 'copy', label: (t) => t.transfers.duplicate, href: '/files/duplicate', kind: 'post', keys: 'Ctrl+D', fits: 'any', permission: 'files.write', where: ['menu'], group: 'change' },
  { id: 'archive', icon: 'archive', label: (t) => t.archives.create.action, href: '/files/archive', kind: 'dialog', fits: 'any', permission: 'files.write', where: ['menu', 'bar'], group: 'change' },
  { id: 'extract', icon: 'archive', label: (t) => t.archives.extract.action, href: '/files/extract', kind: 'dialog', fits: 'archive', permission: 'files.write', where: ['menu', 'bar'], group: 'change' },
  { id: 'delete', icon: 'trash', label: (t) => t.transfers.delete, href: '/files/delete', kind: 'dialog', keys: 'Delete', fits: 'any', permission: 'files.write', where: ['menu', 'bar'], group: 'delete', danger: true },
  { id: 'delete-forever', icon: 'trash', label: (t) => t.transfers.deleteForGood, href: '/files/delete?forever=on', kind: 'dialog', keys: 'Shift+Delete', fits: 'any', permission: 'files.write', where: ['menu'], group: 'delete', danger: true },
  { id: 'trash', icon: 'trash', label: (t) => t.trash.title, href: '/files/trash', kind: 'link', fits: 'none', permission: 'files.read', where: ['toolbar'] },
  { id: 'share', icon: 'external', label: (t) => t.shares.action, href: '/files/share', kind: 'dialog', fits: 'one', permission: 'files.write', where: ['menu'], group: 'about' },
  { id: 'checksum', icon: 'shield', label: (t) => t.checksums.action, href: '/files/checksum', kind: 'dialog', fits: 'file', permission: 'files.read', where: ['menu'], group: 'about' },
  { id: 'fetch', icon: 'globe', label: (t) => t.fetches.action, href: '/files/fetch', kind: 'dialog', fits: 'none', permission: 'files.write', where: ['new'] },
];
