import type { Child } from 'hono/jsx';
import { ArmedBanner } from './armed/banner.tsx';
import { ChosenEngine } from './docker/chosen.ts';
import { Icon } from './parts/icon.tsx';
import { Steamer } from './parts/steamer.tsx';
import { Document } from './shell/document.tsx';
import { APP_MODULES, BARE_MODULES } from './shell/imports.ts';
import { Palette, type PaletteItem } from './shell/palette.tsx';
import { LanguageButton, ThemeButton } from './shell/preferences.tsx';
import { Shortcuts } from './shell/shortcuts.tsx';
import { Side, TopBar } from './shell/side.tsx';
import type { Ui } from './ui.ts';

/** Rules of every page, in order; chart.css and code.css are added by the pages that need them. */
const STYLES = [
  'tokens',
  'reset',
  'base',
  'shell',
  'page',
  'button',
  'field',
  'choice',
  'mark',
  'meter',
  'table',
  'list',
  'nav',
  'feedback',
  'floating',
  'motion',
  'utility',
].map((name) => `css/${name}.css`);

const BARE_STYLES = [
  'tokens',
  'reset',
  'base',
  'button',
  'field',
  'choice',
  'mark',
  'list',
  'feedback',
  'sign-in',
  'motion',
  'utility',
].map((name) => `css/${name}.css`);

interface LayoutProps {
  ui: Ui;
  title: string;
  /** Entry modules of this page: `js/dashboard.js`. */
  scripts?: readonly string[];
  /** Styles of this page: `css/chart.css`. */
  styles?: readonly string[];
  /** Modules that the entries of this page import, and names of its own for the import map. */
  preload?: readonly string[];
  imports?: Readonly<Record<string, string>>;
  /** Lines that this page adds to the palette. */
  actions?: readonly PaletteItem[];
  head?: Child;
  children?: Child;
}

/** A whole page inside the shell: navigation on the canvas, the page on the sheet. */
export function Layout({ ui, title, scripts = [], styles = [], preload = [], imports, actions, head, children }: LayoutProps) {
  const t = ui.t.shell;
  return (
    <Document
      ui={ui}
      title={t.pageTitle({ title, host: ui.hostname })}
      class="app"
      styles={[...STYLES, ...styles]}
      scripts={['js/app.js', ...scripts]}
      preload={[...APP_MODULES, ...preload]}
      {...(imports ? { imports } : {})}
      head={<>{ui.engine ? <meta name="mantou-engine" content={ui.engine.id} /> : null}{head}</>}
    >
      <a class="btn primary skip" href="#main">
        {t.skip}
      </a>
      <TopBar ui={ui} />
      <Side ui={ui} />
      <main class="sheet" id="main" tabindex={-1}>
        <ConnectionBanner ui={ui} />
        <ArmedBanner ui={ui} />
        <ChosenEngine.Provider value={ui.engine?.name ? ui.t.endpoints.on({ name: ui.engine.name }) : null}>{children}</ChosenEngine.Provider>
      </main>
      <div class="corner">
        <Toasts ui={ui} />
        <Tray ui={ui} />
      </div>
      <Palette ui={ui} actions={actions} />
      <Shortcuts ui={ui} />
    </Document>
  );
}

interface BareLayoutProps {
  ui: Ui;
  title: string;
  scripts?: readonly string[];
  styles?: readonly string[];
  /** Below everything: the certificate's fingerprint, say. */
  footer?: Child;
  head?: Child;
  children?: Child;
}

/** A page before the shell: set-up and sign-in, one form in the middle. */
export function BareLayout({ ui, title, scripts = [], styles = [], footer, head, children }: BareLayoutProps) {
  const t = ui.t.shell;
  return (
    <Document
      ui={ui}
      title={t.pageTitle({ title, host: ui.hostname })}
      class="center-page"
      styles={[...BARE_STYLES, ...styles]}
      scripts={['js/bare.js', ...scripts]}
      preload={BARE_MODULES}
      head={head}
    >
      <header class="row">
        <a class="brand" href="/">
          <Icon ui={ui} name="mark" />
          {t.name}
        </a>
        <div class="btns tight push-end">
          <LanguageButton ui={ui} />
          <ThemeButton ui={ui} />
        </div>
      </header>
      <main class="login-main" id="main">
        <Steamer />
        {children}
      </main>
      <footer class="login-foot">{footer}</footer>
      <div class="corner">
        <Toasts ui={ui} />
      </div>
    </Document>
  );
}

/** Hidden until sse.js loses the panel. */
function ConnectionBanner({ ui }: { ui: Ui }) {
  return (
    <div class="banner" id="connection" data-tone="warn" role="status" hidden>
      <Icon ui={ui} name="refresh" class="spin" />
      <p></p>
    </div>
  );
}

/** Running tasks, bottom right: filled by GET /tasks/tray when something runs or has just been started. */
function Tray({ ui }: { ui: Ui }) {
  if (!ui.can('tasks.read')) return null;
  const trigger = ui.tasksRunning > 0 ? 'load, task-started from:document' : 'task-started from:document';
  return <div id="tray" hx-get="/tasks/tray" hx-trigger={trigger} hx-swap="innerHTML"></div>;
}

function Toasts({ ui }: { ui: Ui }) {
  return <div class="toasts" id="toasts" role="region" aria-label={ui.t.shell.toasts} aria-live="polite"></div>;
}
