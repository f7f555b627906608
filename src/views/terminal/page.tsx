import type { Host } from '../../platform/host.ts';
import type { ShellChoice } from '../../platform/shells.ts';
import type { SshHost } from '../../core/terminal/ssh-hosts/hosts.ts';
import { terminalTitle, type TerminalNow } from '../../core/terminal/terminals.ts';
import { Layout } from '../layout.tsx';
import { Icon } from '../parts/icon.tsx';
import { JsonScript } from '../parts/json-script.tsx';
import type { Ui } from '../ui.ts';
import { BroadcastBanner, BroadcastDialog } from './broadcast.tsx';
import { Dialogs } from './dialogs.tsx';
import { TERMINAL_IMPORTS, TERMINAL_MODULES } from './imports.ts';
import { MoreMenu } from './more.tsx';
import { SnippetDialog } from './snippets/dialog.tsx';
import { TERMINAL_KEYS } from './shortcuts.ts';
import { Start } from './start.tsx';
import { terminalWords } from './words.ts';

export interface TerminalPageProps {
  ui: Ui;
  terminals: readonly TerminalNow[];
  shells: readonly ShellChoice[];
  sshHosts: readonly SshHost[];
  kind: Host['kind'];
  demo: boolean;
  /** What the address asks for: a terminal to show, a folder to begin in. */
  open: string | null;
  folder: string;
  /** Who records: 'off', 'ask', 'always'. */
  recording: string;
}

/** Tabs and panes above, keys for thumbs and what is known below. public/js/terminal/ fills it. */
export function TerminalPage(props: TerminalPageProps) {
  const { ui, terminals, open } = props;
  const t = ui.t.terminal;
  const known = terminals.map((terminal) => ({
    id: terminal.id, title: terminalTitle(terminal), name: terminal.name, colour: terminal.colour, state: terminal.state, ended: terminal.live?.exit != null,
  }));
  return (
    <Layout ui={ui} title={t.title} styles={['vendor/xterm/xterm.css', 'css/terminal.css', 'css/ssh-hosts.css', 'css/snippets.css']} scripts={['js/terminal/main.js']} preload={TERMINAL_MODULES} imports={TERMINAL_IMPORTS}>
      <div class="tt" id="tt" data-open={open ?? undefined} data-begin={props.folder && ui.can('terminal.open') ? '' : undefined} data-can-open={ui.can('terminal.open') ? '' : undefined} data-recording={props.recording}>
        <Head ui={ui} />
        {ui.can('terminal.open') ? <BroadcastBanner ui={ui} /> : null}
        <div class="tt-search" id="tt-search" role="search" hidden>
          <input class="input" type="search" id="tt-search-text" aria-label={t.find} placeholder={t.find} autocomplete="off" spellcheck={false} />
          <span class="small soft" id="tt-search-count" role="status"></span>
          <button class="btn ghost only sm" type="button" id="tt-search-up" aria-label={t.findPrevious} title={t.findPrevious}>
            <Icon ui={ui} name="arrow-up" />
          </button>
          <button class="btn ghost only sm" type="button" id="tt-search-down" aria-label={t.findNext} title={t.findNext}>
            <Icon ui={ui} name="arrow-down" />
          </button>
          <button class="btn ghost only sm" type="button" id="tt-search-close" aria-label={t.findClose} title={t.findClose}>
            <Icon ui={ui} name="x" />
          </button>
        </div>
        <div class="tt-body" id="tt-body">
          <div class="tt-begin" id="tt-begin">
            <Start {...props} />
          </div>
        </div>
        <Keys ui={ui} />
        <footer class="tt-status" id="tt-status" hidden>
          <span id="tt-line" role="status"></span>
          <span class="desktop" id="tt-size"></span>
          <span class="tt-note" id="tt-read-only" hidden>
            <Icon ui={ui} name="eye" />
            {t.readOnly}
          </span>
          <span class="tt-note" id="tt-others" hidden></span>
          <span class="tt-note tt-rec" id="tt-rec" hidden>
            <span class="dot" data-state="fail"></span>
            {t.recording}
          </span>
          <span class="push desktop" id="tt-keeps">{t.keeps}</span>
        </footer>
      </div>
      <Dialogs ui={ui} />
      {ui.can('terminal.open') ? (
        <>
          <SnippetDialog ui={ui} />
          <BroadcastDialog ui={ui} />
        </>
      ) : null}
      <JsonScript id="tt-words" value={terminalWords(ui)} />
      <JsonScript id="tt-known" value={known} />
    </Layout>
  );
}

function Head({ ui }: { ui: Ui }) {
  const t = ui.t.terminal;
  return (
    <header class="tt-head">
      <h1 tabindex={-1}>
        {t.title}
      </h1>
      <nav class="tabs" id="tt-tabs" aria-label={t.tabs}></nav>
      <button class="btn ghost only sm" type="button" id="tt-new" aria-label={t.newTab} title={t.newTab}>
        <Icon ui={ui} name="plus" />
      </button>
      <div class="btns tight push" id="tt-tools" hidden>
        <button class="btn ghost only sm" type="button" data-tt="find" aria-label={t.find} title={`${t.find} (${TERMINAL_KEYS.find})`}>
          <Icon ui={ui} name="search" />
        </button>
        {ui.can('terminal.open') ? (
          <button class="btn ghost only sm" type="button" data-tt="snippets" aria-label={ui.t.snippets.pick} title={`${ui.t.snippets.pick} (${ui.t.snippets.pickHint})`}>
            <Icon ui={ui} name="code" />
          </button>
        ) : null}
        {ui.can('terminal.open') ? (
          <button class="btn ghost only sm desktop" type="button" data-tt="split-right" aria-label={t.splitRight} title={`${t.splitRight} (${TERMINAL_KEYS.splitRight})`}>
            <Icon ui={ui} name="split" />
          </button>
        ) : null}
        <MoreMenu ui={ui} />
      </div>
    </header>
  );
}

/** Keys that a phone has not. */
function Keys({ ui }: { ui: Ui }) {
  const t = ui.t.terminal;
  const { up, down, left, right, ...plain } = t.keyNames as Record<'up' | 'down' | 'left' | 'right' | 'esc' | 'tab' | 'ctrl' | 'alt' | 'paste', string>;
  const arrows = [['up', up, '↑'], ['down', down, '↓'], ['left', left, '←'], ['right', right, '→']] as const;
  return (
    <div class="tt-keys" id="tt-keys" role="toolbar" aria-label={t.keys} hidden>
      <button type="button" data-key="esc">{plain.esc}</button>
      <button type="button" data-key="tab">{plain.tab}</button>
      <button type="button" data-hold="ctrl" aria-pressed="false">{plain.ctrl}</button>
      <button type="button" data-hold="alt" aria-pressed="false">{plain.alt}</button>
      {arrows.map(([key, label, sign]) => (
        <button type="button" data-key={key} aria-label={label}>{sign}</button>
      ))}
      {['/', '-', '|', '~'].map((sign) => (
        <button type="button" data-text={sign}>{sign}</button>
      ))}
      <button type="button" data-tt="paste">{plain.paste}</button>
    </div>
  );
}
