// The row of tabs: one for each tab of the layout, drawn again when something of it changes.
import { icon, make } from '../dom.js';
import { fill } from '../text.js';
import { layout } from './layout.js';
import { words } from './words.js';

const row = document.getElementById('tt-tabs');

/** The terminal whose tab was brought into sight last: where somebody scrolled to afterwards is theirs. */
let shown = null;

/** Each title once: `root@vm (3)` for three shells of one account. */
function titleOf({ panes }) {
  const titles = [...new Set(panes.map(({ shownTitle }) => shownTitle))];
  return titles.join(' · ') + (titles.length < panes.length ? ` (${panes.length})` : '');
}

/** What stands for each tab: it stays as long as the tab does, so that whoever took the focus from it, such as a dialog, can give it back. */
const heads = new WeakMap();

/** `pick(tab)` shows one, `close(tab)` leaves it: what runs goes on. */
export function drawTabs({ pick, close }) {
  const focused = row.contains(document.activeElement) ? document.activeElement.dataset.tab : null;
  const wanted = layout.tabs.map((tab) => draw(tab, heads.get(tab) ?? begin(tab, pick, close)));
  if (wanted.length !== row.children.length || wanted.some((head, i) => head !== row.children[i])) row.replaceChildren(...wanted);
  const now = layout.active?.active.id ?? null;
  if (now !== shown) row.querySelector('[data-selected]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  shown = now;
  if (focused) row.querySelector(`[data-tab="${focused}"]`)?.focus();
}

function begin(tab, pick, close) {
  const button = make('button', { type: 'button', class: 'tt-tab-open' });
  button.addEventListener('click', () => pick(tab));
  // As in browsers: the middle button closes.
  button.addEventListener('auxclick', (event) => event.button === 1 && close(tab));
  const cross = make('button', { type: 'button', class: 'tt-close', title: words.close }, icon('x'));
  cross.addEventListener('click', () => close(tab));
  const head = make('span', { class: 'tt-tab-head' }, button, cross);
  heads.set(tab, head);
  return head;
}

function draw(tab, head) {
  const [button, cross] = head.children;
  const title = titleOf(tab);
  const selected = layout.active === tab;
  const { colour } = tab.panes[0];
  head.toggleAttribute('data-selected', selected);
  if (selected) button.setAttribute('aria-current', 'page');
  else button.removeAttribute('aria-current');
  button.dataset.tab = tab.panes[0].id;
  button.title = title;
  button.replaceChildren(colour ? make('span', { class: `tt-dot tt-c-${colour}` }) : icon('terminal'), make('span', { class: 'tt-name' }, title));
  if (tab.news && !selected) button.append(make('span', { class: 'dot', 'data-state': tab.news === 'bell' ? 'warn' : 'busy' }), make('span', { class: 'vh' }, tab.news === 'bell' ? words.bellRang : words.newOutput));
  cross.setAttribute('aria-label', fill(words.closeTab, { name: title }));
  return head;
}

// A wheel turns one way only.
row.addEventListener('wheel', (event) => {
  if (event.deltaX === 0) row.scrollLeft += event.deltaY;
}, { passive: true });

row.addEventListener('keydown', (event) => {
  if (event.key === 'ArrowDown' && layout.active) {
    event.preventDefault();
    return layout.active.active.focus();
  }
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by === undefined) return;
  const all = [...row.querySelectorAll('.tt-tab-open')];
  const at = all.indexOf(document.activeElement);
  if (at >= 0) all[(at + by + all.length) % all.length].focus();
});
