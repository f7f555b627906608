import type { Permission } from '../../core/access.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Menu } from '../parts/menu.tsx';
import type { PaletteItem } from '../shell/palette.tsx';
import type { Ui } from '../ui.ts';

interface Action {
  href: string;
  icon: IconName;
  label: string;
  permission: Permission;
}

/** What is done with images beside pulling and pruning, as far as this person may. */
function actionsOf({ t, can }: Ui): Action[] {
  const all: Action[] = [
    { href: '/images/build', icon: 'code', label: `${t.imageBuild.action}…`, permission: 'containers.admin' },
    { href: '/images/load', icon: 'upload', label: t.imageLoad.action, permission: 'images.admin' },
    { href: '/images/export', icon: 'download', label: t.images.exportMany, permission: 'images.write' },
    { href: '/images/registries', icon: 'key', label: t.registries.title, permission: 'registries.read' },
  ];
  return all.filter(({ permission }) => can(permission));
}

/** In the head of the list. */
export function MoreActions({ ui }: { ui: Ui }) {
  const actions = actionsOf(ui);
  if (actions.length === 0) return null;
  return (
    <Menu ui={ui} id="m-images-more" label={ui.t.images.more} icon="more" iconOnly>
      {actions.map(({ href, icon, label }) => (
        <a href={href}>
          <Icon ui={ui} name={icon} />
          {label}
        </a>
      ))}
    </Menu>
  );
}

/** The same in the palette. */
export const paletteItems = (ui: Ui): PaletteItem[] => actionsOf(ui).map(({ href, icon, label }) => ({ group: ui.t.images.title, label, icon, href }));
