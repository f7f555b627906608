// One terminal on the page: its screen, its line, and what is known about it.
import { isWriting, make } from '../dom.js';
import { fill } from '../text.js';
import { toast } from '../toast.js';
import { ask } from './ask.js';
import { copy } from './clipboard.js';
import { held, release } from './keys.js';
import { prefs } from './prefs.js';
import { scale } from './scale.js';
import { createScreen, restyle } from './screen.js';
import { connect } from './socket.js';
import { isReply, linesOf, shownText, withoutKeys } from './typed.js';
import { words } from './words.js';

/** Acknowledged at once after so much, else a moment later. */
const ACK_BYTES = 32 * 1024;
const ACK_MS = 40;
/** Letters of what is only watched are made smaller until all of it is seen, but no smaller than this, in px; a phone scrolls sooner. */
const SMALLEST = matchMedia('(pointer: coarse)').matches ? 9 : 6;

/** With Ctrl and Shift; views/terminal/shortcuts.tsx shows them. */
const COMMANDS = {
  KeyC: 'copy', KeyF: 'find', KeyL: 'snippets', KeyE: 'split-right', KeyO: 'split-down', ArrowLeft: 'previous', ArrowRight: 'next', ArrowUp: 'leave',
};

const encoder = new TextEncoder();

/**
 * @param facts what the panel said of it: id, title, name, colour
 * @param address where its socket is: what is asked for is put behind
 * @param on `change(pane)` its looks or its line, `focus(pane)`, `output(pane)`, `bell(pane)`, `close(pane)` it has ended and was put away (without it, it stays), `again(pane)` it has ended and is to be opened anew
 */
export function createPane(facts, on, address = `/terminal/socket?id=${facts.id}`) {
  const host = make('div', { class: 'tt-screen' });
  const note = make('div', { class: 'tt-over', role: 'status', hidden: true });
  const element = make('div', { class: 'tt-pane', 'data-id': facts.id }, host, note);
  const pane = {
    ...facts, element, line: 'connecting', ms: null, viewers: [], recording: 'off', readOnly: false, ended: false, size: null, smaller: false, screen: null,
    focus: () => pane.screen?.term.focus(),
    show, fit, restyle: () => pane.screen && (restyle(pane.screen.term), fit()), detach, type, paste, insert, follow: (text) => able() && send(encoder.encode(text)), pasteAlong: (text) => able() && pasteText(text),
    get shownTitle() {
      return pane.name || pane.title;
    },
  };
  let socket = null;
  let received = 0;
  let drawn = 0;
  let acked = 0;
  /** What the program asked before this byte, another screen has answered, or this one before a reload. */
  let answered = 0;
  let ackTimer;
  let asked = '';
  let pasting = false;
  /** What says that typed letters went nowhere: once, however many they are. */
  let notSent = null;
  /** Is what is drawn now said again? Then the screen neither answers nor asks. */
  const isOld = () => drawn < answered;
  const able = () => Boolean(pane.screen) && !pane.readOnly && !pane.ended;

  /** The first time that it is seen: only then its room is known. */
  function show() {
    if (pane.screen) return fit();
    pane.screen = createScreen(host, { readOnly: false, quiet: isOld });
    const { term } = pane.screen;
    wire(term);
    const room = pane.screen.fit.proposeDimensions() ?? { cols: 80, rows: 24 };
    term.resize(room.cols, room.rows);
    new ResizeObserver(() => fit()).observe(host);
    socket = connect(() => {
      const now = pane.screen.fit.proposeDimensions() ?? room;
      asked = `${now.cols}x${now.rows}`;
      return `${location.origin.replace(/^http/, 'ws')}${address}&cols=${now.cols}&rows=${now.rows}${received > 0 ? `&from=${received}` : ''}`;
    }, {
      attached(state) {
        pane.readOnly = state.readOnly;
        answered = state.answered ?? 0;
        term.options.disableStdin = state.readOnly;
        presence(state);
        resized(state.cols, state.rows);
        // While the line was made, the room may have changed.
        fit();
      },
      restart(offset, modes) {
        term.reset();
        if (modes.length) term.write(modes);
        received = drawn = acked = offset;
      },
      output(bytes) {
        const old = Math.min(bytes.length, Math.max(0, answered - received));
        received += bytes.length;
        // In two pieces, so that with each it is known which it is.
        if (old > 0) draw(bytes.subarray(0, old));
        if (old < bytes.length) draw(bytes.subarray(old));
        on.output(pane);
      },
      size: resized,
      presence,
      exit: ended,
      line(state, ms) {
        if (state === 'gone' && !pane.ended) over(words.gone);
        pane.line = pane.ended ? 'ended' : state;
        if (ms !== undefined) pane.ms = ms;
        on.change(pane);
      },
    });
  }

  /** What a screen reader says of it, with the way out: Tab is the program's. */
  function named() {
    pane.screen.term.textarea.setAttribute('aria-label', fill(words.inputLabel, { name: pane.shownTitle }));
  }

  function draw(bytes) {
    pane.screen.term.write(bytes, () => {
      drawn += bytes.length;
      if (drawn - acked >= ACK_BYTES) acknowledge();
      else ackTimer ??= setTimeout(acknowledge, ACK_MS);
    });
  }

  function acknowledge() {
    clearTimeout(ackTimer);
    ackTimer = undefined;
    acked = drawn;
    socket.ack(drawn);
  }

  function wire(term) {
    term.onData((data) => (isOld() && isReply(data)) || type(data));
    term.onBinary((data) => send(Uint8Array.from(data, (char) => char.charCodeAt(0))));
    term.onTitleChange((title) => {
      if (!title) return;
      pane.title = title.slice(0, 200);
      named();
      on.change(pane);
    });
    term.onBell(() => on.bell(pane));
    term.onSelectionChange(() => {
      const text = term.getSelection();
      // Not by the old command: it would take the focus while somebody still selects.
      if (prefs.copyOnSelect && text) void navigator.clipboard?.writeText(text).catch(() => {});
    });
    term.textarea.addEventListener('focus', () => on.focus(pane));
    named();
    // Before xterm.js sees it: many lines at once may be many commands at once.
    host.addEventListener('paste', (event) => {
      const text = event.clipboardData?.getData('text/plain') ?? '';
      event.preventDefault();
      event.stopPropagation();
      void paste(text);
    }, true);
    term.attachCustomKeyEventHandler((event) => keys(event, term));
  }

  /** Keys of the terminal itself, as in other terminals; all others are the program's. The browser pastes, and the paste is looked at above. */
  function keys(event, term) {
    const shifted = event.ctrlKey && event.shiftKey && !event.altKey && !event.metaKey;
    const command = shifted && COMMANDS[event.code];
    if (command && event.type === 'keydown') {
      event.preventDefault();
      if (command !== 'copy') element.dispatchEvent(new CustomEvent('tt-command', { bubbles: true, detail: command }));
      else if (term.hasSelection()) void copy(term.getSelection());
    }
    return !command && !(shifted && event.code === 'KeyV');
  }

  function type(data) {
    if (pane.ended) {
      if (data === '\r') on.close?.(pane);
      return;
    }
    give(held(data));
    release();
  }

  /** To the program, and to the others that are typed into at the same time; what is pasted, each takes in its own way. */
  function give(text) {
    send(encoder.encode(text));
    if (!pasting && able()) on.typed?.(pane, text);
  }

  function send(bytes) {
    if (pane.readOnly || pane.ended) return;
    if (socket?.input(bytes) || notSent?.isConnected) return;
    notSent = toast({ tone: 'warn', title: words.notSent });
  }

  async function paste(given) {
    const text = withoutKeys(given);
    const lines = linesOf(text);
    // A shell that takes pastes as one piece (bracketed paste) runs nothing by itself; others that get it as well may.
    const careful = lines > 1 && prefs.pasteAsks && !(pane.screen.term.modes.bracketedPasteMode && (on.allBracketed?.(pane) ?? true));
    if (careful && !(await ask('tt-paste', { title: fill(words.pasteTitle, { n: lines }), shown: shownText(text, 4000), always: () => on.pasteAlways?.() }))) {
      pane.focus();
      return false;
    }
    pasteText(text);
    if (able()) on.pasted?.(pane, text);
    pane.focus();
    return true;
  }

  function pasteText(text) {
    pasting = true;
    pane.screen.term.paste(text);
    pasting = false;
  }

  /** Types a text, and Enter after it when it is to run. */
  async function insert(text, run) {
    if (able() && (await paste(text)) && run) give('\r');
  }

  function resized(cols, rows) {
    pane.size = { cols, rows };
    if (pane.screen.term.cols !== cols || pane.screen.term.rows !== rows) pane.screen.term.resize(cols, rows);
    if (pane.readOnly) fit();
    const room = pane.screen.fit.proposeDimensions();
    pane.smaller = !pane.readOnly && Boolean(room) && (cols < room.cols - 1 || rows < room.rows - 1);
    on.change(pane);
  }

  /** Asks for the room that there is; the panel answers with what all who look have room for. */
  function fit() {
    if (!pane.screen || !element.checkVisibility()) return;
    if (pane.readOnly) return scale(pane.screen.term, pane.screen.fit, { least: SMALLEST, most: prefs.size });
    if (pane.ended) return;
    const room = pane.screen.fit.proposeDimensions();
    if (!room || `${room.cols}x${room.rows}` === asked) return;
    if (socket?.size(room.cols, room.rows)) asked = `${room.cols}x${room.rows}`;
  }

  function presence({ title, viewers, recording }) {
    pane.title = title || pane.title;
    pane.viewers = viewers;
    if (recording !== pane.recording && recording === 'failed') toast({ tone: 'danger', title: words.recordingFailed });
    if (recording !== pane.recording && recording === 'full') toast({ tone: 'warn', title: words.recordingFull });
    pane.recording = recording;
    on.change(pane);
  }

  function ended({ code, signal }) {
    over(signal ? fill(words.killedBy, { signal }) : code === 0 ? words.over : fill(words.exited, { code }));
  }

  function over(sentence) {
    pane.ended = true;
    pane.line = 'ended';
    note.replaceChildren(make('p', {}, sentence));
    note.hidden = false;
    if (on.close) {
      const close = make('button', { type: 'button', class: 'btn sm' }, words.close);
      close.addEventListener('click', () => on.close(pane));
      if (on.again && !pane.readOnly) {
        const again = make('button', { type: 'button', class: 'btn sm' }, words.again);
        again.addEventListener('click', () => on.again(pane));
        note.append(again);
      }
      note.append(close);
      if (!isWriting(document.activeElement) || host.contains(document.activeElement)) close.focus({ preventScroll: true });
    }
    on.change(pane);
  }

  function detach() {
    socket?.close();
    clearTimeout(ackTimer);
    pane.screen?.term.dispose();
    element.remove();
  }

  return pane;
}
