import { BareLayout } from '../layout.tsx';
import { Empty } from '../parts/empty.tsx';
import { Icon } from '../parts/icon.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import { DateTime } from '../parts/time.tsx';
import { Document } from '../shell/document.tsx';
import { LanguageButton, ThemeButton } from '../shell/preferences.tsx';
import type { Ui } from '../ui.ts';
import { TERMINAL_IMPORTS } from './imports.ts';
import { Asks } from './dialogs.tsx';
import { terminalWords } from './words.ts';

const STYLES = ['tokens', 'reset', 'base', 'button', 'mark', 'nav', 'feedback', 'floating', 'motion', 'utility', 'terminal'].map((name) => `css/${name}.css`).toSpliced(-1, 0, 'vendor/xterm/xterm.css');

/** A terminal for whoever has a link to it: the screen, and who shares it. `named`: its program does not change the title. */
export function WatchPage({ ui, title, named, by, expiresAt }: { ui: Ui; title: string; named: boolean; by: string; expiresAt: number }) {
  const t = ui.t.terminal;
  return (
    <Document ui={ui} title={ui.t.shell.pageTitle({ title, host: ui.hostname })} class="tt-watch" styles={STYLES} scripts={['js/bare.js', 'js/terminal/watch.js']} imports={TERMINAL_IMPORTS}>
      <main class="tt" id="tt">
        <header class="tt-head">
          <Icon ui={ui} name="terminal" />
          <h1 tabindex={-1} data-named={named ? '' : undefined}>{title}</h1>
          <div class="btns tight push">
            <LanguageButton ui={ui} />
            <ThemeButton ui={ui} />
          </div>
        </header>
        <noscript>
          <p>
            <b>{t.needsScript}</b> {t.needsScriptText}
          </p>
        </noscript>
        <div class="tt-body" id="tt-body"></div>
        <footer class="tt-status" id="tt-status">
          <span id="tt-line" role="status"></span>
          <span id="tt-size" class="desktop"></span>
          <span class="tt-note" id="tt-read-only" hidden>
            <Icon ui={ui} name="eye" />
            {t.readOnly}
          </span>
          <span id="tt-others" hidden></span>
          <span class="tt-note tt-rec" id="tt-rec" hidden>
            <span class="dot" data-state="fail"></span>
            {t.recording}
          </span>
          <span class="push">
            {ui.t.terminalShares.sharedBy({ name: by })} · <DateTime ui={ui} at={expiresAt} />
          </span>
        </footer>
      </main>
      <div class="corner">
        <div class="toasts" id="toasts" role="region" aria-label={ui.t.shell.toasts} aria-live="polite"></div>
      </div>
      <Asks ui={ui} />
      <JsonScript id="tt-words" value={{ ...terminalWords(ui), gone: ui.t.terminalShares.gone }} />
    </Document>
  );
}

export function GoneTerminalPage({ ui }: { ui: Ui }) {
  const t = ui.t.terminalShares;
  return (
    <BareLayout ui={ui} title={t.goneTitle}>
      <Empty ui={ui} icon="terminal" title={t.goneTitle} text={t.gone} />
    </BareLayout>
  );
}
