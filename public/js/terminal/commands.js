// What the buttons and the menu do with the terminal that has the focus.
import { make, on } from '../dom.js';
import { fill, text } from '../text.js';
import { toast } from '../toast.js';
import { copy, pasted } from './clipboard.js';
import { endTerminal } from './end.js';
import { prefs, setPref, SIZES } from './prefs.js';
import { send } from './server.js';
import { words } from './words.js';

/** @param page what the parts of the page share: main.js */
export function wireCommands(page) {
  const size = (by) => {
    setPref('size', Math.min(SIZES.most, Math.max(SIZES.least, prefs.size + by)));
    page.restyle();
  };
  const commands = {
    find: () => page.find(),
    'split-right': () => page.split('row'),
    'split-down': () => page.split('column'),
    rename: (pane) => page.askLooks(pane),
    share: (pane) => (location.href = `/terminal/${pane.id}/share`),
    async 'copy-all'({ screen: { term } }) {
      term.selectAll();
      const everything = term.getSelection();
      term.clearSelection();
      if (await copy(everything)) toast({ tone: 'ok', title: text.copied });
    },
    async 'save-html'({ shownTitle, screen: { term } }) {
      const { SerializeAddon } = await import('@xterm/addon-serialize');
      const addon = new SerializeAddon();
      term.loadAddon(addon);
      download(`${shownTitle}.html`, new Blob(['<!doctype html><meta charset="utf-8">', addon.serializeAsHTML({ includeGlobalBackground: true })], { type: 'text/html' }));
      addon.dispose();
    },
    clear: ({ screen: { term } }) => term.clear(),
    larger: () => size(1),
    smaller: () => size(-1),
    'copy-on-select': () => setPref('copyOnSelect', !prefs.copyOnSelect),
    bell: () => setPref('bell', !prefs.bell),
    paper: () => {
      setPref('paper', !prefs.paper);
      page.restyle();
    },
    'full-screen': () => void (document.fullscreenElement ? document.exitFullscreen() : document.getElementById('tt').requestFullscreen().catch(() => {})),
    async paste(pane) {
      const value = await pasted();
      if (value === null) toast({ tone: 'warn', title: words.pasteRefused });
      else await pane.paste(value);
    },
    reader: () => {
      setPref('reader', !prefs.reader);
      page.restyle();
    },
    next: () => page.step(1),
    previous: () => page.step(-1),
    leave: () => page.leave(),
    detach: (pane) => page.detach(pane),
    snippets: () => page.snippets(),
    broadcast: () => page.broadcast(),
    async record(pane) {
      if (await send(`/terminal/${pane.id}/record`)) toast({ tone: 'ok', title: words.recordStarted });
    },
    async 'record-stop'(pane) {
      if (await send(`/terminal/${pane.id}/record-stop`)) toast({ tone: 'ok', title: words.recordStopped });
    },
    kill: (pane) => endTerminal(pane.id, pane.shownTitle),
  };
  const run = (name) => {
    const pane = page.active();
    if (pane?.screen) void commands[name]?.(pane);
  };
  on('click', '[data-tt]', (_event, { dataset: { tt: name } }) => {
    run(name);
    if (!['find', 'rename', 'kill', 'snippets', 'broadcast'].includes(name)) page.active()?.focus();
  });
  document.getElementById('tt').addEventListener('tt-command', ({ detail }) => run(detail));
  // From a question, whoever asked for it goes on typing.
  document.addEventListener('close', ({ target }) => target.id.startsWith('tt-') && page.active()?.focus(), true);
  // What is on is ticked when the menu opens.
  document.getElementById('tt-more').addEventListener('beforetoggle', () => {
    const pane = page.active();
    const state = { 'copy-on-select': prefs.copyOnSelect, bell: prefs.bell, paper: prefs.paper, reader: prefs.reader };
    const records = pane?.recording === 'on';
    const shown = { next: page.several(), record: !records && page.recordingPolicy !== 'off', 'record-stop': records && page.recordingPolicy !== 'always' };
    for (const [name, value] of Object.entries(shown)) document.querySelector(`#tt-more [data-tt="${name}"]`)?.toggleAttribute('hidden', !value);
    for (const [name, value] of Object.entries(state)) document.querySelector(`#tt-more [data-tt="${name}"]`)?.setAttribute('aria-pressed', String(Boolean(value)));
  });
}

function download(name, blob) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name.replace(/[\\/:*?"<>|]/g, '_') });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
