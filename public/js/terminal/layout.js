// Tabs, and the panes that each shows beside and below each other; remembered in this browser, so a reload finds them again.
import { make } from '../dom.js';

const KEY = 'mantou-terminal-tabs';
export const PANES_MOST = 4;

/**
 * A tab is `{ tree, active, news, element }`. Its tree is a pane, or `{ dir: 'row' | 'column', kids, grow }` with two trees or
 * more; `grow` of each kid is its share of the room. `panes` are the leaves, in reading order.
 */
export const layout = { tabs: [], active: null };

export const panes = () => layout.tabs.flatMap((tab) => tab.panes);
export const tabOf = (pane) => layout.tabs.find((tab) => tab.panes.includes(pane));
export const findPane = (id) => panes().find((pane) => pane.id === id);

const body = document.getElementById('tt-body');
const leaves = (node) => (node.kids ? node.kids.flatMap(leaves) : [node]);

/** @param tree a pane, or a tree of them */
export function addTab(tree) {
  const tab = {
    tree, active: leaves(tree)[0], news: '', element: make('div', { class: 'tt-tab', hidden: true }),
    get panes() {
      return tab.tree ? leaves(tab.tree) : [];
    },
  };
  arrange(tab);
  body.append(tab.element);
  layout.tabs.push(tab);
  return tab;
}

/** What a pane or a line of panes lies in; null for the whole of a tab. */
const parentOf = (node, wanted) => (node.kids?.includes(wanted) ? node : (node.kids ?? []).map((kid) => parentOf(kid, wanted)).find(Boolean) ?? null);

/** Puts something else in the place of a part of a tab. */
function replace(tab, node, other) {
  const parent = parentOf(tab.tree, node);
  other.grow = node.grow;
  if (parent) parent.kids.splice(parent.kids.indexOf(node), 1, other);
  else tab.tree = other;
}

/** Puts a pane beside (row) or below (column) the active one. */
export function split(tab, pane, dir) {
  const beside = tab.active;
  let parent = parentOf(tab.tree, beside);
  if (parent?.dir !== dir) {
    parent = { dir, kids: [beside] };
    replace(tab, beside, parent);
    beside.grow = 1;
  }
  pane.grow = parent.kids.reduce((sum, { grow }) => sum + grow, 0) / parent.kids.length;
  parent.kids.splice(parent.kids.indexOf(beside) + 1, 0, pane);
  tab.active = pane;
  arrange(tab);
}

/** Puts another pane in the place of one. */
export function replacePane(pane, other) {
  const tab = tabOf(pane);
  replace(tab, pane, other);
  tab.active = other;
  arrange(tab);
}

export function removePane(pane) {
  const tab = tabOf(pane);
  if (!tab) return null;
  const at = tab.panes.indexOf(pane);
  const parent = parentOf(tab.tree, pane);
  if (parent) {
    parent.kids.splice(parent.kids.indexOf(pane), 1);
    if (parent.kids.length === 1) replace(tab, parent, parent.kids[0]);
    if (tab.active === pane) tab.active = tab.panes[Math.max(0, at - 1)];
    arrange(tab);
    return tab;
  }
  tab.tree = null;
  const place = layout.tabs.indexOf(tab);
  layout.tabs.splice(place, 1);
  tab.element.remove();
  if (layout.active === tab) layout.active = layout.tabs[Math.max(0, place - 1)] ?? null;
  return null;
}

/** Lays the panes of a tab out; which of them has the focus, the caller decides. */
function arrange(tab) {
  tab.element.replaceChildren(draw(tab.tree));
  tab.element.firstChild.style.flexGrow = '1';
}

/** Connects what has not been shown yet, and takes the room that there is now. Call it when the tab is seen. */
export function show(tab) {
  for (const pane of tab.panes) pane.show();
}

/** Shares below one in all would leave room over (CSS Flexbox 9.7). */
const flexGrow = ({ grow = 1 }) => String(grow * 100);

function draw(node) {
  const element = node.kids ? make('div', { class: 'tt-split', 'data-dir': node.dir }) : node.element;
  element.style.flexGrow = flexGrow(node);
  if (node.kids) element.append(...node.kids.flatMap((kid, n) => (n === 0 ? [draw(kid)] : [divider(node, n), draw(kid)])));
  return element;
}

/** The line between two parts can be dragged, and moved by arrow keys; twice pressed, both are the same size. */
function divider(node, n) {
  const across = node.dir === 'row';
  const line = make('div', { class: 'tt-divider', role: 'separator', tabindex: '0', 'aria-orientation': across ? 'vertical' : 'horizontal' });
  const [first, second] = [node.kids[n - 1], node.kids[n]];
  const sides = () => [line.previousElementSibling, line.nextElementSibling];
  const sizeOf = (element) => (across ? element.offsetWidth : element.offsetHeight);
  const share = (part) => {
    const both = first.grow + second.grow;
    first.grow = both * part;
    second.grow = both - first.grow;
    sides().forEach((side, at) => (side.style.flexGrow = flexGrow([first, second][at])));
    line.setAttribute('aria-valuenow', String(Math.round(part * 100)));
  };
  const move = (by) => {
    const [a, b] = sides().map(sizeOf);
    share(Math.min(a + b - 80, Math.max(80, a + by)) / (a + b));
  };
  line.setAttribute('aria-valuenow', String(Math.round((100 * first.grow) / (first.grow + second.grow))));
  line.addEventListener('pointerdown', (down) => {
    line.setPointerCapture(down.pointerId);
    let at = across ? down.clientX : down.clientY;
    const drag = (event) => {
      const to = across ? event.clientX : event.clientY;
      move(to - at);
      at = to;
    };
    line.addEventListener('pointermove', drag);
    line.addEventListener('lostpointercapture', () => {
      line.removeEventListener('pointermove', drag);
      remember();
    }, { once: true });
  });
  // The terminal keeps the keyboard.
  line.addEventListener('mousedown', (event) => event.preventDefault());
  line.addEventListener('dblclick', () => {
    share(0.5);
    remember();
  });
  line.addEventListener('keydown', (event) => {
    const by = { ArrowLeft: -20, ArrowUp: -20, ArrowRight: 20, ArrowDown: 20 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(by);
    remember();
  });
  return line;
}

/** A tree whose leaves are what `leaf` makes of them, without those of which it makes nothing; null when none is left. */
function grown(node, leaf) {
  if (!node.kids) {
    const made = leaf(node);
    return made && Object.assign(made, { grow: node.grow ?? 1 });
  }
  const kids = node.kids.map((kid) => grown(kid, leaf)).filter(Boolean);
  if (kids.length < 2) return kids[0] ? Object.assign(kids[0], { grow: node.grow ?? 1 }) : null;
  return { dir: node.dir === 'column' ? 'column' : 'row', kids, grow: node.grow ?? 1 };
}

/** What a tab can be made of again; null when all in it has ended. */
export const outline = ({ tree }) => grown(tree, ({ id, ended }) => (ended ? null : { id }));

export function remember() {
  try {
    localStorage.setItem(KEY, JSON.stringify({ trees: layout.tabs.map(outline).filter(Boolean), active: layout.active?.active?.id ?? null }));
  } catch {
    // Storage is full or forbidden: the list shows what runs.
  }
}

/** A tab with the panes of an outline. @param paneOf makes a pane of an id, or null of one that is not wanted. @returns null when there are none */
export function addOutline(tree, paneOf) {
  const made = grown(tree, ({ id }) => paneOf(id));
  return made && addTab(made);
}

/** What was open here: `{ trees, active }` */
export function remembered() {
  try {
    const { trees, active } = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return { trees: trees.filter((tree) => tree.id || Array.isArray(tree.kids)), active };
  } catch {
    return { trees: [], active: null };
  }
}
