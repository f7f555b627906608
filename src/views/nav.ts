import type { Permission } from '../core/access.ts';
import type { Messages } from '../i18n/en.ts';
import type { IconName } from './parts/icon.tsx';
import type { Ui } from './ui.ts';

export interface NavEntry {
  href: string;
  icon: IconName;
  label: (t: Messages) => string;
  /** Shown only to who may open it. */
  permission: Permission;
  /** Second key after `g`. */
  key: string;
  count?: (ui: Ui) => number;
  /** Only where there is such a thing. */
  there?: (ui: Ui) => boolean;
}

export interface NavGroup {
  label?: (t: Messages) => string;
  entries: readonly NavEntry[];
}

/** The pages of the panel, in the order of the navigation. The palette and the shortcuts are made from the same table. */
export const NAV: readonly NavGroup[] = [
  {
    entries: [
      { href: '/', icon: 'dashboard', label: (t) => t.shell.nav.dashboard, permission: 'dashboard.read', key: 'd' },
      { href: '/files', icon: 'folder', label: (t) => t.shell.nav.files, permission: 'files.read', key: 'f' },
      { href: '/terminal', icon: 'terminal', label: (t) => t.shell.nav.terminal, permission: 'terminal.view', key: 'e' },
      {
        href: '/tasks',
        icon: 'tasks',
        label: (t) => t.shell.nav.tasks,
        permission: 'tasks.read',
        key: 't',
        count: (ui) => ui.tasksRunning,
      },
    ],
  },
  {
    label: (t) => t.shell.groups.host,
    entries: [
      { href: '/processes', icon: 'cpu', label: (t) => t.shell.nav.processes, permission: 'processes.read', key: 'p' },
      { href: '/services', icon: 'bolt', label: (t) => t.shell.nav.services, permission: 'services.read', key: 'r' },
      { href: '/logs', icon: 'log', label: (t) => t.shell.nav.logs, permission: 'logs.read', key: 'j' },
      { href: '/firewall', icon: 'shield', label: (t) => t.shell.nav.firewall, permission: 'firewall.read', key: 'w' },
      { href: '/exposure', icon: 'globe', label: (t) => t.shell.nav.exposure, permission: 'exposure.read', key: 'x' },
      { href: '/system', icon: 'server', label: (t) => t.system.title, permission: 'system.read', key: 'y' },
      { href: '/registry', icon: 'windows', label: (t) => t.registry.title, permission: 'registry.read', key: 'z', there: (ui) => ui.windows === true },
      { href: '/rdp', icon: 'monitor', label: (t) => t.rdp.title, permission: 'rdp.read', key: 'b', there: (ui) => ui.windows === true },
      { href: '/optional-features', icon: 'windows', label: (t) => t.optionalFeatures.title, permission: 'optional_features.read', key: 'q', there: (ui) => ui.windows === true },
      { href: '/scheduled-tasks', icon: 'clock', label: (t) => t.scheduledTasks.title, permission: 'scheduled_tasks.read', key: 'h', there: (ui) => ui.windows === true },
    ],
  },
  {
    label: (t) => t.shell.groups.containers,
    entries: [
      { href: '/containers', icon: 'container', label: (t) => t.shell.nav.containers, permission: 'containers.read', key: 'c' },
      { href: '/images', icon: 'image', label: (t) => t.shell.nav.images, permission: 'images.read', key: 'm' },
      { href: '/volumes', icon: 'disk', label: (t) => t.shell.nav.volumes, permission: 'volumes.read', key: 'v' },
      { href: '/networks', icon: 'network', label: (t) => t.shell.nav.networks, permission: 'networks.read', key: 'n' },
      { href: '/stacks', icon: 'stack', label: (t) => t.shell.nav.stacks, permission: 'stacks.read', key: 'k' },
      { href: '/docker', icon: 'server', label: (t) => t.docker.title, permission: 'containers.read', key: 'o' },
    ],
  },
  {
    label: (t) => t.shell.groups.panel,
    entries: [
      { href: '/users', icon: 'users', label: (t) => t.shell.nav.users, permission: 'users.read', key: 'u' },
      { href: '/audit', icon: 'audit', label: (t) => t.shell.nav.audit, permission: 'audit.read', key: 'l' },
      { href: '/api/docs', icon: 'code', label: (t) => t.shell.nav.api, permission: 'api.read', key: 'i' },
      {
        href: '/settings',
        icon: 'settings',
        label: (t) => t.shell.nav.settings,
        permission: 'settings.read',
        key: 's',
      },
    ],
  },
];

/** Behind the user's name, not in the list. */
export const ACCOUNT: NavEntry = {
  href: '/account',
  icon: 'user',
  label: (t) => t.shell.nav.account,
  permission: 'account.write',
  key: 'a',
};

/** The groups with what this person may open; empty groups are left out. */
export function navFor(ui: Ui): NavGroup[] {
  return NAV.map((group) => ({ ...group, entries: group.entries.filter((entry) => ui.can(entry.permission) && entry.there?.(ui) !== false) })).filter(
    (group) => group.entries.length > 0,
  );
}

/** `page` on the page itself, `true` below it (/users/7 lies in /users). */
export function current(ui: Ui, href: string): 'page' | 'true' | undefined {
  if (ui.path === href) return 'page';
  return href !== '/' && ui.path.startsWith(`${href}/`) ? 'true' : undefined;
}
