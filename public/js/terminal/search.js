// Finding text in what the screen still has.
import { fill } from '../text.js';
import { prefs } from './prefs.js';
import { words } from './words.js';

const bar = document.getElementById('tt-search');
const field = document.getElementById('tt-search-text');
const count = document.getElementById('tt-search-count');
/** On the dark screen, and on the light one. xterm.js takes colours as #RRGGBB only. */
const MARKS = {
  dark: { matchBackground: '#5b4a1c', activeMatchBackground: '#8f7a2a', matchOverviewRuler: '#8f7a2a', activeMatchColorOverviewRuler: '#d9c35c' },
  paper: { matchBackground: '#f3e3ad', activeMatchBackground: '#e6c75a', matchOverviewRuler: '#c9a93c', activeMatchColorOverviewRuler: '#7a6212' },
};
const watched = new WeakSet();

/** @param active gives the pane that has the focus */
export function wireSearch(active) {
  const find = (back) => {
    const pane = active();
    if (!pane?.screen) return;
    watch(pane);
    const run = back ? 'findPrevious' : 'findNext';
    if (!field.value) return clear(pane);
    pane.screen.search[run](field.value, { decorations: prefs.paper ? MARKS.paper : MARKS.dark, incremental: false });
  };
  const close = () => {
    bar.hidden = true;
    const pane = active();
    if (pane?.screen) clear(pane);
    pane?.focus();
  };
  field.addEventListener('input', () => find(true));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    find(!event.shiftKey);
    event.preventDefault();
  });
  bar.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    close();
    event.preventDefault();
  });
  document.getElementById('tt-search-up').addEventListener('click', () => find(true));
  document.getElementById('tt-search-down').addEventListener('click', () => find(false));
  document.getElementById('tt-search-close').addEventListener('click', close);
  return function open() {
    bar.hidden = false;
    field.focus();
    field.select();
  };
}

function watch(pane) {
  if (watched.has(pane)) return;
  watched.add(pane);
  pane.screen.search.onDidChangeResults(({ resultIndex, resultCount }) => {
    if (!field.value) count.textContent = '';
    else if (resultCount === 0) count.textContent = words.findNone;
    else count.textContent = resultIndex < 0 ? String(resultCount) : fill(words.findCount, { n: resultIndex + 1, total: resultCount });
  });
}

function clear(pane) {
  pane.screen.search.clearDecorations();
  count.textContent = '';
}
