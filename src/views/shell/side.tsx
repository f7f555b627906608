import { Avatar } from '../parts/avatar.tsx';
import { Icon } from '../parts/icon.tsx';
import { ACCOUNT, current, navFor, type NavEntry } from '../nav.ts';
import type { Ui } from '../ui.ts';
import { LanguageButton, ThemeButton, ThemeChoice } from './preferences.tsx';

/** The bar above the page on phones. */
export function TopBar({ ui }: { ui: Ui }) {
  const t = ui.t.shell;
  return (
    <header class="topbar">
      <button class="btn ghost only" popovertarget="side" aria-label={t.menu}>
        <Icon ui={ui} name="menu" size="lg" />
      </button>
      <a class="brand" href="/">
        <Icon ui={ui} name="mark" />
        <span class="clip">{ui.hostname}</span>
      </a>
      <button class="btn ghost only" data-open="palette" aria-label={t.search}>
        <Icon ui={ui} name="search" size="lg" />
      </button>
    </header>
  );
}

/** The navigation: beside the page on a desk, a popover that slides in on a phone (it opens without JavaScript). */
export function Side({ ui }: { ui: Ui }) {
  const t = ui.t.shell;
  return (
    <nav class="side" id="side" popover="auto" aria-label={t.main}>
      <div class="side-top">
        <div class="row">
          <a class="brand grow" href="/">
            <Icon ui={ui} name="mark" />
            {t.name}
            <small>{ui.version}</small>
          </a>
          <button
            class="btn ghost only side-close"
            popovertarget="side"
            popovertargetaction="hide"
            aria-label={t.closeMenu}
          >
            <Icon ui={ui} name="x" size="lg" />
          </button>
        </div>
        <p class="host-name" title={ui.hostname}>
          <Icon ui={ui} name="server" />
          <b class="clip">{ui.hostname}</b>
        </p>
        <button class="side-search" data-open="palette">
          <Icon ui={ui} name="search" />
          {t.searchOrRun}
          <kbd data-mod="K">Ctrl K</kbd>
        </button>
      </div>
      <div class="nav">
        {navFor(ui).map((group) => (
          <section>
            {group.label ? <h2>{group.label(ui.t)}</h2> : null}
            <ul>
              {group.entries.map((entry) => (
                <li>
                  <NavLink ui={ui} entry={entry} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      {ui.actor ? <SideFoot ui={ui} name={ui.actor.name} role={ui.actor.role} /> : null}
    </nav>
  );
}

function NavLink({ ui, entry }: { ui: Ui; entry: NavEntry }) {
  const count = entry.count?.(ui) ?? 0;
  return (
    <a href={entry.href} aria-current={current(ui, entry.href)} data-go={entry.key}>
      <Icon ui={ui} name={entry.icon} />
      <span>{entry.label(ui.t)}</span>
      {entry.count ? <TasksCount ui={ui} n={count} /> : null}
    </a>
  );
}

/** How many tasks run. `oob`: beside another answer, takes the place of the one on the page. */
export function TasksCount({ ui, n, oob }: { ui: Ui; n: number; oob?: boolean }) {
  return (
    <span class="count" id="tasks-count" hidden={n === 0} title={ui.t.shell.running({ n })} hx-swap-oob={oob ? 'true' : undefined}>
      {n}
    </span>
  );
}

function SideFoot({ ui, name, role }: { ui: Ui; name: string; role: string }) {
  const t = ui.t.shell;
  return (
    <div class="side-foot">
      <button class="who" popovertarget="account-menu" title={t.accountOf({ name })}>
        <Avatar name={name} />
        <span class="clip">{name}</span>
        <Icon ui={ui} name="updown" />
      </button>
      <LanguageButton ui={ui} />
      <ThemeButton ui={ui} />
      <div class="menu up" id="account-menu" popover="auto">
        <h3 class="clip">
          {name} · {t.roles[role] ?? role}
        </h3>
        {ui.can(ACCOUNT.permission) ? (
          <a href={ACCOUNT.href} data-go={ACCOUNT.key} aria-current={current(ui, ACCOUNT.href)}>
            <Icon ui={ui} name={ACCOUNT.icon} />
            {t.nav.account}
          </a>
        ) : null}
        <button type="button" data-open="shortcuts">
          <Icon ui={ui} name="keyboard" />
          {t.shortcuts.show}
          <kbd>?</kbd>
        </button>
        <hr />
        <h3>{t.theme.title}</h3>
        <ThemeChoice ui={ui} />
        <hr />
        <form method="post" action="/signout">
          <button>
            <Icon ui={ui} name="sign-out" />
            {t.signOut}
          </button>
        </form>
      </div>
    </div>
  );
}
