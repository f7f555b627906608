// Typing into several terminals: what is typed in one of them goes to all of them. Never to one that is only watched.
import { openDialog } from '../dialog.js';
import { make } from '../dom.js';
import { fill } from '../text.js';
import { layout, panes, tabOf } from './layout.js';
import { isReply, translated } from './typed.js';
import { words } from './words.js';

const part = (id) => document.getElementById(`tt-broadcast${id}`);

/** @param page `active()` the pane with the focus, `wake(tab)` connects one that was not shown yet, `redraw()` */
export function wireBroadcast({ active, wake, redraw }) {
  const banner = part('');
  const form = part('-form');
  const list = part('-list');
  /** null: off; else which. */
  let mode = null;
  if (!form) return { typed() {}, pasted() {}, allBracketed: () => true, draw() {}, open() {} };

  const able = (pane) => !pane.readOnly && !pane.ended;
  const isIn = (pane, { scope, tab, picked }) => scope === 'all' || (scope === 'tab' ? tabOf(pane) === tab : picked.has(pane));
  const targets = (which) => panes().filter((pane) => able(pane) && isIn(pane, which));
  const others = (pane) => {
    if (!mode) return [];
    const all = targets(mode);
    return all.includes(pane) ? all.filter((each) => each !== pane) : [];
  };

  function stop() {
    mode = null;
    redraw();
    active()?.focus();
  }

  function choice() {
    const picked = new Set([...list.querySelectorAll('input:checked')].map((box) => panes().find(({ id }) => id === box.value)));
    return { scope: form.elements.scope.value, tab: layout.active, picked };
  }

  function look() {
    list.hidden = form.elements.scope.value !== 'picked';
    part('-few').hidden = true;
  }

  function open() {
    // Only a terminal that is connected says whether it may be typed into.
    layout.tabs.forEach(wake);
    list.replaceChildren(list.querySelector('legend'), ...panes().map((pane) => make(
      'label', { class: 'option' },
      make('input', { class: 'check', type: 'checkbox', name: 'pane', value: pane.id, checked: able(pane) && (mode ? isIn(pane, mode) : tabOf(pane) === layout.active), disabled: !able(pane) }),
      make('span', {}, pane.shownTitle || pane.id.slice(0, 8), pane.readOnly ? make('small', {}, words.broadcastWatchedOnly) : null),
    )));
    const scope = mode?.scope ?? (layout.active?.panes.length > 1 ? 'tab' : 'all');
    for (const radio of form.querySelectorAll('[name=scope]')) radio.checked = radio.value === scope;
    look();
    openDialog('tt-broadcast-ask');
  }

  form.addEventListener('change', look);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const wanted = choice();
    if (targets(wanted).length < 2) return void (part('-few').hidden = false);
    mode = wanted;
    form.closest('dialog').close();
    redraw();
    const all = targets(mode);
    (all.includes(active()) ? active() : all[0]).focus();
  });
  part('-stop').addEventListener('click', stop);
  part('-change').addEventListener('click', open);

  return {
    open,
    typed(pane, text) {
      if (isReply(text)) return;
      for (const other of others(pane)) other.follow(translated(text, other.screen.term.modes.applicationCursorKeysMode));
    },
    pasted(pane, text) {
      for (const other of others(pane)) other.pasteAlong(text);
    },
    /** Would all others take a paste as one piece, too? */
    allBracketed: (pane) => others(pane).every((other) => other.screen.term.modes.bracketedPasteMode),
    /** Says which, as long as there are several. */
    draw() {
      const all = mode ? targets(mode) : [];
      if (mode && all.length < 2) mode = null;
      const shown = mode ? all : [];
      for (const pane of panes()) pane.element.toggleAttribute('data-broadcast', shown.includes(pane));
      banner.hidden = !mode;
      if (!mode) return;
      const sentence = fill(words.broadcastOn, { n: all.length, names: all.map((pane) => pane.shownTitle).join(', ') });
      if (part('-text').textContent !== sentence) part('-text').textContent = sentence;
    },
  };
}
