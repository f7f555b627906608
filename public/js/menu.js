// Menus are popovers and open by themselves; here come the arrow keys, and a place where anchors are unknown.
import { on } from './dom.js';

const items = (menu) =>
  [...menu.querySelectorAll('a[href], button:not(:disabled)')].filter((item) => item.checkVisibility());
const anchored = CSS.supports('position-area: block-end');

// `toggle` does not bubble, but it is captured.
document.addEventListener(
  'toggle',
  (event) => {
    const menu = event.target;
    if (!(menu instanceof Element) || !menu.matches('.menu') || event.newState !== 'open') return;
    items(menu)[0]?.focus();
  },
  true,
);

document.addEventListener(
  'beforetoggle',
  (event) => {
    const menu = event.target;
    if (anchored || !menu.matches?.('.menu') || event.newState !== 'open') return;
    const button = document.querySelector(`[popovertarget="${menu.id}"]`)?.getBoundingClientRect();
    if (!button) return;
    const up = menu.matches('.up');
    menu.style.setProperty('--x', `${Math.max(8, Math.min(button.left, innerWidth - 220))}px`);
    menu.style.setProperty(up ? '--y-end' : '--y', `${up ? innerHeight - button.top : button.bottom}px`);
  },
  true,
);

on('keydown', '.menu', (event, menu) => {
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || all.length === 0) return;
  event.preventDefault();
  all[(to + all.length) % all.length].focus();
});

// A command was chosen: the menu has done its work. The theme stays to be tried.
on('click', '.menu :is(a, button)', (_event, item) => {
  if (!item.closest('[data-theme-form]')) item.closest('.menu').hidePopover();
});
