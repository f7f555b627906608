// Terminals: tabs of panes, each a screen with a line to a shell that goes on without it.
import { subscribe } from '../sse.js';
import { fill } from '../text.js';
import { toast } from '../toast.js';
import { drawBar } from './bar.js';
import { wireBroadcast } from './broadcast.js';
import { wireCommands } from './commands.js';
import { wireKeys } from './keys.js';
import { addOutline, addTab, findPane, layout, outline, panes, PANES_MOST, remember, remembered, removePane, replacePane, show, split, tabOf } from './layout.js';
import { askLooks, wireLooks } from './looks.js';
import { sayAllLeft, sayLeft } from './left.js';
import { createPane } from './pane.js';
import { prefs, setPref } from './prefs.js';
import { wireSearch } from './search.js';
import { wireSshHosts } from './ssh-hosts.js';
import { wireSnippets } from './snippets/picker.js';
import { send } from './server.js';
import { wireStart } from './start.js';
import { drawTabs } from './tabs.js';
import { known, words } from './words.js';

const root = document.getElementById('tt');
const body = document.getElementById('tt-body');
const startView = document.getElementById('tt-begin');
const tools = document.getElementById('tt-tools');
const keyBar = document.getElementById('tt-keys');
const newTab = document.getElementById('tt-new');

const active = () => layout.active?.active ?? null;

const events = {
  change: () => redraw(),
  focus(pane) {
    const tab = tabOf(pane);
    if (!tab || tab.active === pane) return;
    tab.active = pane;
    redraw();
  },
  output(pane) {
    const tab = tabOf(pane);
    if (!tab || tab === layout.active || tab.news) return;
    tab.news = 'output';
    redraw();
  },
  bell(pane) {
    if (prefs.bell) beep();
    const tab = tabOf(pane);
    if (!tab || tab === layout.active || tab.news === 'bell') return;
    tab.news = 'bell';
    redraw();
  },
  close: (pane) => detach(pane),
  again: (pane) => void again(pane),
  pasteAlways: () => setPref('pasteAsks', false),
  typed: (pane, text) => broadcast.typed(pane, text),
  pasted: (pane, text) => broadcast.pasted(pane, text),
  allBracketed: (pane) => broadcast.allBracketed(pane),
};

let drawing = false;

/** Once a frame, however much has changed. */
function redraw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    const pane = active();
    // First: it takes room from the tabs.
    tools.hidden = !pane;
    drawTabs({ pick, close: (tab) => leaveRunning(...tab.panes) });
    for (const each of panes()) each.element.toggleAttribute('data-active', each === pane);
    drawBar(pane);
    broadcast.draw();
    root.dataset.drawn = '';
    if (pane) newTab.removeAttribute('aria-current');
    else newTab.setAttribute('aria-current', 'page');
    keyBar.hidden = !pane;
    document.title = document.title.replace(/^.*?(?= · )/, () => pane?.shownTitle || words.title);
  });
}

/** Shows a tab; null: what can be opened. */
function pick(tab) {
  layout.active = tab;
  startView.hidden = tab !== null;
  for (const each of layout.tabs) each.element.hidden = each !== tab;
  if (tab) {
    tab.news = '';
    show(tab);
    tab.active.focus();
  } else {
    changed();
  }
  history.replaceState(null, '', tab ? `/terminal?id=${tab.active.id}` : '/terminal');
  remember();
  redraw();
}

const changed = () => document.dispatchEvent(new CustomEvent('terminals-changed'));

const factsOf = (id) => known.find((each) => each.id === id) ?? { id, title: '', name: '', colour: '' };
const paneOf = (facts) => createPane({ title: '', name: '', colour: '', ...facts }, events);

function attach(id) {
  const there = findPane(id);
  if (there) tabOf(there).active = there;
  pick(there ? tabOf(there) : addTab(paneOf(factsOf(id))));
}

/** Leaves a terminal: it goes on, unless it has ended. */
function detach(pane) {
  const left = removePane(pane);
  pane.detach();
  pick(left ?? layout.active);
}

/** The same by a person who may have meant to end them: it is said that they go on. */
function leaveRunning(...left) {
  const on = left.filter((pane) => !pane.ended && !pane.readOnly);
  const again = outline(tabOf(left[0]));
  left.forEach(detach);
  if (!layout.active) focusStart();
  if (on.length === 1) sayLeft(on[0], () => attach(on[0].id));
  else if (on.length > 1) sayAllLeft(on.length, () => pick(addOutline(again, (id) => (findPane(id) ? null : paneOf(factsOf(id)))) ?? layout.active));
}

/** Enter opens another. */
const focusStart = () => document.querySelector('#tt-open-form [type=submit]')?.focus();

/** How many columns and rows a whole tab has, before there is a screen to ask: near enough, it is asked again at once. */
function room() {
  const box = body.getBoundingClientRect();
  return { cols: Math.max(20, Math.floor(box.width / (prefs.size * 0.61)) - 2), rows: Math.max(5, Math.floor(box.height / (prefs.size * 1.4)) - 1) };
}

/** Another terminal like the active one, in the folder where that is now. */
async function splitActive(dir) {
  const tab = layout.active;
  if (!tab) return;
  if (tab.panes.length >= PANES_MOST) return void toast({ tone: 'warn', title: fill(words.panesMost, { n: PANES_MOST }) });
  const made = await openLike(tab.active);
  if (!made) return;
  split(tab, made, dir);
  pick(tab);
}

/** The same again, in the place of one that has ended. */
async function again(pane) {
  const made = await openLike(pane);
  if (!made) return;
  replacePane(pane, made);
  pane.detach();
  pick(tabOf(made));
}

/** @returns the pane of a new terminal, or null after a refusal, or while the key of a host, or of one on the way, is looked at first */
async function openLike({ id }) {
  const made = await send(`/terminal/${id}/beside`, room());
  if (made?.to) location.href = made.to;
  return made && !made.to ? paneOf(made) : null;
}

/** The next or the one before, through the panes of a tab and on to those of the next. */
function step(by) {
  const all = panes();
  const at = all.indexOf(active());
  if (at >= 0) attach(all[(at + by + all.length) % all.length].id);
}

/** Out of the terminal by keyboard: to its tab, and from there with Tab. */
const leave = () => document.querySelector('#tt-tabs [aria-current]')?.focus();

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = new GainNode(audio, { gain: 0.08 });
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.09);
  tone.onended = () => void audio.close();
}

/** Connects the terminals of a tab that has not been shown yet, at the size that they will have. */
function wake(tab) {
  if (tab.panes.every(({ screen }) => screen)) return;
  for (const each of layout.tabs) each.element.hidden = each !== tab;
  show(tab);
  for (const each of layout.tabs) each.element.hidden = each !== layout.active;
}

const find = wireSearch(active);
const broadcast = wireBroadcast({ active, wake, redraw });
const openSnippets = wireSnippets(active);
const restyle = () => panes().forEach((pane) => pane.restyle());
wireStart({ opened: (made) => pick(addTab(paneOf(made))), attach, room });
wireSshHosts({ opened: (made) => pick(addTab(paneOf(made))), room });
wireKeys(active);
wireLooks(() => redraw());
wireCommands({ active, find, restyle, step, leave, several: () => panes().length > 1, split: splitActive, detach: leaveRunning, askLooks, broadcast: broadcast.open, snippets: openSnippets, recordingPolicy: root.dataset.recording });
newTab.addEventListener('click', () => {
  pick(null);
  focusStart();
});
new MutationObserver(restyle).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', restyle);

// The keyboard of a phone lies over the page; the last line and the keys stay above it.
window.visualViewport?.addEventListener('resize', () => {
  const { height, scale } = window.visualViewport;
  if (scale > 1.01) return;
  root.style.setProperty('--visible', `${height}px`);
  scrollTo(0, 0);
});

// Terminals that are opened and ended elsewhere.
let soon;
subscribe('/terminal/stream', {
  changed() {
    clearTimeout(soon);
    soon = setTimeout(changed, 300);
  },
});

const before = remembered();
const runs = (id) => known.some((each) => each.id === id && each.state === 'running');
for (const tree of before.trees) addOutline(tree, (id) => (runs(id) ? paneOf(factsOf(id)) : null));
const wanted = root.dataset.open;
const back = before.active && findPane(before.active);
if (wanted && runs(wanted)) attach(wanted);
else if (wanted) pick(null);
else if ('begin' in root.dataset) {
  pick(null);
  document.getElementById('tt-open-form')?.requestSubmit();
} else if (back && !location.search) attach(before.active);
else pick(null);
