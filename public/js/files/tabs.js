// Several folders open at once: tabs of the page, kept in this browser tab. One alone is not shown as one.
import { icon, make, on } from '../dom.js';
import { fill } from '../text.js';
import { hrefOf, onShown, visit } from './navigate.js';
import { words } from './text.js';

const KEY = 'mantou-files-tabs';
const MOST = 20;

let tabs = [];
let current = 0;

function read() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    return Array.isArray(kept?.tabs) ? kept : null;
  } catch {
    return null;
  }
}

const keep = () => sessionStorage.setItem(KEY, JSON.stringify({ tabs, current }));
const now = () => ({ href: location.pathname + location.search, path: document.getElementById('contents')?.dataset.path ?? '/' });
const nameOf = ({ path }) => path.replace(/[\\/]+$/, '').split(/[\\/]/).at(-1) || path || '/';

/** A folder beside this one, in front. */
export function openTab(href, { front = true } = {}) {
  if (tabs.length >= MOST) return void visit(href);
  const path = new URL(href, location.href).searchParams.get('path') ?? '/';
  tabs.splice(current + 1, 0, { href, path });
  if (!front) return draw();
  current += 1;
  keep();
  void visit(href);
}

function choose(index) {
  if (index === current || !tabs[index]) return;
  current = index;
  keep();
  void visit(tabs[index].href);
}

function close(index) {
  tabs.splice(index, 1);
  const gone = index === current;
  if (index < current || current >= tabs.length) current = Math.max(0, current - 1);
  draw();
  if (gone) void visit(tabs[current].href);
}

function draw() {
  keep();
  const strip = document.getElementById('folder-tabs');
  if (!strip) return;
  strip.hidden = tabs.length < 2;
  strip.replaceChildren(
    ...tabs.map((tab, i) =>
      make(
        'span',
        { class: 'folder-tab', 'data-tab': i },
        make('a', { href: tab.href, 'aria-current': i === current ? 'page' : null, 'data-drop': tab.path, title: tab.path }, icon('folder'), make('bdi', { class: 'clip' }, nameOf(tab))),
        make('button', { class: 'btn ghost only sm', type: 'button', 'data-close-tab': i, 'aria-label': fill(words.closeTab, { name: nameOf(tab) }) }, icon('x')),
      ),
    ),
    make('button', { class: 'btn ghost only sm', type: 'button', 'data-new-tab': true, 'aria-label': words.newTab, title: words.newTab }, icon('plus')),
  );
}

on('click', '[data-tab] > a', (event, link) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(Number(link.parentElement.dataset.tab));
});
on('click', '[data-close-tab]', (_event, button) => close(Number(button.dataset.closeTab)));
on('click', '[data-new-tab]', () => openTab(now().href));

// The middle button: on a tab it closes, on a folder it opens one behind.
document.addEventListener('auxclick', (event) => {
  if (event.button !== 1 || !(event.target instanceof Element)) return;
  const tab = event.target.closest('[data-tab]');
  const link = event.target.closest('#files .words > a, #path .crumbs a, #places-menu a');
  const isFolder = link && new URL(link.href).pathname === '/files';
  if (!tab && !isFolder) return;
  event.preventDefault();
  if (tab) close(Number(tab.dataset.tab));
  else openTab(hrefOf(new URL(link.href).searchParams.get('path') ?? '/'), { front: false });
});

export function startTabs() {
  const kept = read();
  tabs = kept?.tabs.length ? kept.tabs.slice(0, MOST) : [now()];
  current = Math.min(kept?.current ?? 0, tabs.length - 1);
  tabs[current] = now();
  draw();
  onShown(() => {
    // Back and forward may come to a folder that another tab shows.
    const other = tabs.findIndex((tab) => tab.href === now().href);
    if (other >= 0 && tabs[current].href !== now().href && history.state?.tab === other) current = other;
    tabs[current] = now();
    history.replaceState({ ...history.state, tab: current }, '');
    draw();
  });
}
