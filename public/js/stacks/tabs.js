// The files of the form as tabs: one is seen, all are sent.
import { icon, make } from '../dom.js';
import { stackWords as words } from './words.js';

/** @returns `draw(texts, active)`; `pick` and `close` are called with a text */
export function tabsIn(parent, { pick, close }) {
  const bar = make('nav', { class: 'tabs stack-tabs', 'aria-label': words.tabs });
  parent.prepend(bar);
  return (texts, active) => {
    const focused = bar.contains(document.activeElement);
    bar.replaceChildren(
      ...texts.map((text) => {
        const open = make('button', { type: 'button', class: 'ed-tab-name' }, icon('file-text'), text.label);
        if (text.faulty) open.append(make('span', { class: 'dot', 'data-state': 'fail' }));
        else if (text.dirty()) open.append(make('span', { class: 'dot', 'data-state': 'warn' }), make('span', { class: 'vh' }, words.unsaved));
        open.addEventListener('click', () => pick(text));
        const parts = [open];
        if (text.beside !== undefined) {
          const shut = make('button', { type: 'button', class: 'ed-tab-close', 'aria-label': `${words.closeTab}: ${text.label}` }, icon('x'));
          shut.addEventListener('click', () => close(text));
          parts.push(shut);
        }
        return make('span', { class: 'ed-tab', 'aria-current': text === active ? 'page' : null }, ...parts);
      }),
    );
    const current = bar.querySelector('[aria-current] button');
    current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (focused) current?.focus();
  };
}
