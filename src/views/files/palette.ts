import type { PaletteItem } from '../shell/palette.tsx';
import type { Ui } from '../ui.ts';
import { actionsAt } from './action-buttons.tsx';
import { folderHref } from './href.ts';
import { label } from './label.ts';
import type { BrowseModel } from './page.tsx';

/** What the palette offers on this page: what makes something new, what is about the folder, and where one goes often. */
export function paletteItems(ui: Ui, model: BrowseModel): PaletteItem[] {
  const { group, showHidden, hideHidden } = ui.t.browse.palette;
  const actions = [...actionsAt(ui, 'new'), ...actionsAt(ui, 'toolbar')].filter((action) => action.kind === 'dialog' || action.kind === 'link');
  const here = model.listing
    ? actions.map((action): PaletteItem => ({
        group, label: action.label(ui.t), icon: action.icon,
        href: `${action.href}${action.href.includes('?') ? '&' : '?'}${action.kind === 'link' ? 'path' : 'folder'}=${encodeURIComponent(model.path)}`,
      }))
    : [];
  const toggle: PaletteItem = {
    group, label: model.hidden ? hideHidden : showHidden, icon: model.hidden ? 'eye-off' : 'eye',
    post: '/files/view', fields: { hidden: model.hidden ? 'off' : 'on', next: ui.here ?? '/files' },
  };
  const places = model.favourites.map((path): PaletteItem => ({ group: ui.t.browse.favourites, label: label(path), icon: 'star', href: folderHref(path) }));
  return [...here, toggle, ...places];
}
