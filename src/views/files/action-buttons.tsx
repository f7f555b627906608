import { Icon } from '../parts/icon.tsx';
import type { Ui } from '../ui.ts';
import { FILE_ACTIONS, type FileAction } from './actions.ts';

type Place = FileAction['where'][number];

/** What this person may do, in this place. */
export const actionsAt = (ui: Ui, place: Place) => FILE_ACTIONS.filter((action) => action.where.includes(place) && ui.can(action.permission));

const GROUPS = ['open', 'clipboard', 'change', 'about', 'delete'] as const;

/** In the order of menus: by group, and inside of one as the table has them. */
const inGroups = (actions: readonly FileAction[]) => GROUPS.flatMap((group) => actions.filter((action) => (action.group ?? 'change') === group));

/** What commands.js reads of a button. */
const attrs = ({ id, href, kind, fits, keys }: FileAction) => ({
  'data-id': id,
  'data-kind': kind,
  'data-action': href || undefined,
  'data-fits': fits,
  'data-keys': keys,
});

/** "Shift+Delete" → `⇧ Del`, as it stands on keyboards. */
const KEYS: Record<string, string> = { Enter: '↵', Delete: 'Del', Shift: '⇧', Backspace: '⌫' };
export const keyText = (keys: string) => keys.split('+').map((key) => KEYS[key] ?? key).join(' ');

/**
 * The buttons of the bar that appears with a selection. Without JavaScript they send the form `selection`, that is the
 * ticked boxes, to the page of the action.
 */
export function BarButtons({ ui }: { ui: Ui }) {
  return (
    <>
      {inGroups(actionsAt(ui, 'bar')).map((action) => (
        <button
          class={['btn ghost sm', action.danger && 'danger', action.kind === 'page' && 'scripted'].filter(Boolean).join(' ')}
          type="submit"
          form="selection"
          formaction={action.href || undefined}
          formmethod={action.kind === 'post' ? 'post' : 'get'}
          {...attrs(action)}
        >
          <Icon ui={ui} name={action.icon} />
          {(action.short ?? action.label)(ui.t)}
        </button>
      ))}
    </>
  );
}

/** Buttons and links that are always there: they are about the folder itself. */
export function FolderButtons({ ui, folder, place }: { ui: Ui; folder: string; place: 'toolbar' | 'head' }) {
  const found = actionsAt(ui, 'toolbar').filter((action) => Boolean(action.primary) === (place === 'head'));
  return (
    <>
      {found.map((action) => (
        <a class={place === 'head' ? 'btn primary' : 'btn ghost sm'} href={folderHrefOf(action, folder)} title={action.label(ui.t)} {...attrs(action)}>
          <Icon ui={ui} name={action.icon} />
          <span class={place === 'head' ? undefined : 'desktop'}>{(action.short ?? action.label)(ui.t)}</span>
        </a>
      ))}
    </>
  );
}

/** Lines of the “New” menu: links, so that they are pages without JavaScript. */
export function NewItems({ ui, folder }: { ui: Ui; folder: string }) {
  return (
    <>
      {actionsAt(ui, 'new').map((action) => (
        <a href={folderHrefOf(action, folder)} {...attrs(action)}>
          <Icon ui={ui} name={action.icon} />
          {action.label(ui.t)}
        </a>
      ))}
    </>
  );
}

/** The menu of a row and of the right mouse button: all that is possible; menu.js shows what fits. */
export function ContextMenu({ ui }: { ui: Ui }) {
  const actions = [...actionsAt(ui, 'new'), ...actionsAt(ui, 'menu')];
  const unique = [...new Map(actions.map((action) => [action.id, action])).values()];
  return (
    <div class="menu at-point" id="files-menu" popover="auto" role="menu" aria-label={ui.t.browse.menu}>
      {inGroups(unique).map((action) => (
        <button type="button" role="menuitem" class={action.danger ? 'danger' : undefined} data-group={action.group ?? 'change'} {...attrs(action)}>
          <Icon ui={ui} name={action.icon} />
          {action.label(ui.t)}
          {action.keys ? <kbd>{keyText(action.keys)}</kbd> : null}
        </button>
      ))}
    </div>
  );
}

const folderHrefOf = (action: FileAction, folder: string) =>
  `${action.href}${action.href.includes('?') ? '&' : '?'}${action.kind === 'link' ? 'path' : 'folder'}=${encodeURIComponent(folder)}`;
