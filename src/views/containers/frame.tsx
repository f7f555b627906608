import type { Child } from 'hono/jsx';
import type { Permission } from '../../core/access.ts';
import type { Container } from '../../core/containers/container.ts';
import { actionPermission } from '../../core/containers/containers.ts';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { Dot } from '../parts/mark.tsx';
import { Menu } from '../parts/menu.tsx';
import { CrumbsHead } from '../parts/page-head.tsx';
import { Tabs } from '../parts/tabs.tsx';
import type { Ui } from '../ui.ts';
import { AnewItems, CopyItems, inDialog, RemoveItem } from './menu-items.tsx';
import { ACTION_ICONS, actionsFor, dotOf, stateNote, stateWord } from './words.tsx';

const TABS = { overview: '', logs: '/logs', processes: '/processes', changes: '/changes', files: '/files', inspect: '/inspect', exec: '/exec' } as const;
export type ContainerTab = keyof typeof TABS;

const NEEDS: Record<ContainerTab, Permission> = {
  overview: 'containers.read', logs: 'containers.inspect', processes: 'containers.inspect', changes: 'containers.inspect', inspect: 'containers.inspect',
  files: 'containers.admin', exec: 'containers.admin',
};

export const CONTAINER_TABS = Object.keys(TABS) as [ContainerTab, ...ContainerTab[]];

interface FrameProps {
  ui: Ui;
  one: Container;
  tab: ContainerTab;
  styles?: readonly string[];
  scripts?: readonly string[];
  preload?: readonly string[];
  /** Also asked for again when something has changed: ids of parts of the page. */
  live?: readonly string[];
  children?: Child;
}

/** What all pages of a container have: its name, how it is, what can be done with it, and the way to the other pages. */
export function ContainerFrame({ ui, one, tab, styles = [], scripts = [], preload = [], live = [], children }: FrameProps) {
  // Where only the head is live, it is taken from the page that costs least.
  const own = tab === 'processes' || tab === 'exec';
  const here = `/containers/${one.id}${own ? TABS[tab] : `?tab=${tab}`}`;
  return (
    <Layout
      ui={ui} title={one.name} styles={['css/containers.css', ...styles]} scripts={['js/containers/one.js', ...scripts]}
      preload={['js/sse.js', 'js/connection.js', ...preload]}
    >
      <div
        id="container" data-id={one.id} data-running={one.state === 'running' ? '' : undefined}
        hx-get={here} hx-trigger="containers-changed from:body" hx-select="#container" hx-swap="outerMorph"
        hx-select-oob={live.length ? live.map((id) => `#${id}:outerMorph`).join(',') : undefined}
      >
        <CrumbsHead crumbs={[{ href: '/containers', label: ui.t.containers.title }]} title={one.name} label={ui.t.parts.pages}>
          <Actions ui={ui} one={one} />
        </CrumbsHead>
        <div class="toolbar">
          <Tabs ui={ui} label={ui.t.container.pages} tabs={tabsOf(ui, one, tab)} />
          <p class="facts push">
            <span>
              <Dot state={dotOf(one)} />
              {[stateWord(ui, one), stateNote(ui, one)].filter(Boolean).join(ui.t.parts.list.clause)}
            </span>
          </p>
        </div>
      </div>
      {children}
      <dialog class="dialog" id="container-dialog" aria-labelledby="dialog-h remove-h"></dialog>
    </Layout>
  );
}

const tabsOf = (ui: Ui, one: Container, current: ContainerTab) =>
  CONTAINER_TABS
    .filter((tab) => ui.can(NEEDS[tab]) && (tab !== 'exec' || ui.can('terminal.open')))
    .map((tab) => ({ href: `/containers/${one.id}${TABS[tab]}`, label: ui.t.container.tabs[tab], current: tab === current }));

/** What is needed most as a button, the others behind the dots. */
function Actions({ ui, one }: { ui: Ui; one: Container }) {
  const t = ui.t.containers;
  const actions = actionsFor(one).filter((action) => ui.can(actionPermission(action)));
  const shown = actions.filter((action) => ['start', 'stop', 'restart', 'unpause'].includes(action));
  const more = actions.filter((action) => !shown.includes(action));
  const admin = ui.can('containers.admin');
  if (actions.length === 0) return null;
  return (
    <form class="btns" method="post" action="/containers/act" hx-post="/containers/act" hx-swap="none">
      <input type="hidden" name="to" value={`/containers/${one.id}`} />
      {shown.map((action) => (
        <button class="btn" type="submit" name="one" value={`${action} ${one.id}`}>
          <Icon ui={ui} name={ACTION_ICONS[action]} />
          {t.does[action]}
        </button>
      ))}
      <Menu ui={ui} id="container-menu" label={t.actionsOf({ name: one.name })} icon="more" iconOnly>
        {more.filter((action) => action !== 'remove').map((action) => (
          <button type="submit" name="one" value={`${action} ${one.id}`}>
            <Icon ui={ui} name={ACTION_ICONS[action]} />
            {t.does[action]}
          </button>
        ))}
        {admin ? (
          <>
            <AnewItems ui={ui} id={one.id} />
            <a href={`/containers/${one.id}/rename`} {...inDialog(`/containers/${one.id}/rename`, 'change-form')}>
              <Icon ui={ui} name="edit" />
              {ui.t.container.rename}
            </a>
            <CopyItems ui={ui} id={one.id} />
            <RemoveItem ui={ui} id={one.id} />
          </>
        ) : null}
      </Menu>
    </form>
  );
}
