// Terminals were left: they go on, which in other terminals they do not. Said in the corner, with the way back.
import { make } from '../dom.js';
import { fill } from '../text.js';
import { toast } from '../toast.js';
import { endTerminal } from './end.js';
import { words } from './words.js';

export function sayLeft({ id, shownTitle }, open) {
  const element = toast({ tone: 'ok', title: fill(words.left, { name: shownTitle }) });
  offer(element, words.leftOpen, open);
  offer(element, words.leftEnd, () => void endTerminal(id, shownTitle));
}

export function sayAllLeft(n, open) {
  offer(toast({ tone: 'ok', title: fill(words.leftAll, { n }) }), words.leftOpen, open);
}

function offer(element, label, run) {
  const button = make('button', { type: 'button', class: 'btn sm' }, label);
  button.addEventListener('click', () => {
    element.remove();
    run();
  });
  element.querySelector('[data-dismiss]').before(button);
}
