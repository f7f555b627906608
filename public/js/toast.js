// Words in the corner: 6 s, 20 s with something to press, longer while the pointer or the focus is on them; errors stay
// until dismissed, and what is said again about the same thing takes the place of what was said before.
// They come from other scripts, in fragments (ToastFragment), or in a header: HX-Trigger: {"toast": {"tone", "text"}}.
import { icon, make, on } from './dom.js';
import { text } from './text.js';

const STAYS_MS = 6000;
const STAYS_TO_PRESS_MS = 20_000;
const MOST = 4;
const ICONS = { ok: 'check', warn: 'warning', danger: 'alert' };
const corner = document.getElementById('toasts');

/** `title` is the sentence; `detail` a quieter second line. Returns the element. */
export function toast({ tone = 'ok', title, text: sentence, detail }) {
  const element = make(
    'div',
    { class: 'toast', 'data-tone': tone, role: tone === 'danger' ? 'alert' : null },
    icon(ICONS[tone] ?? 'info'),
    make('p', { class: 'grow' }, title ?? sentence ?? '', detail ? make('small', {}, detail) : null),
    make(
      'button',
      { class: 'btn ghost only sm', type: 'button', 'data-dismiss': true, 'aria-label': text.dismiss },
      icon('x'),
    ),
  );
  corner?.append(element);
  return element;
}

function watch(element) {
  if (element.dataset.tone === 'danger' || 'watched' in element.dataset) return;
  element.dataset.watched = '';
  const { about } = element.dataset;
  for (const other of corner.querySelectorAll('.toast[data-about]')) if (other !== element && other.dataset.about === about) other.remove();
  let timer;
  const stays = element.querySelector('form, .btn:not([data-dismiss])') ? STAYS_TO_PRESS_MS : STAYS_MS;
  const start = () => {
    timer = setTimeout(() => element.remove(), stays);
  };
  const stop = () => clearTimeout(timer);
  for (const type of ['pointerenter', 'focusin']) element.addEventListener(type, stop);
  for (const type of ['pointerleave', 'focusout']) {
    element.addEventListener(type, () => {
      stop();
      start();
    });
  }
  start();
}

if (corner) {
  new MutationObserver(() => {
    for (const element of corner.querySelectorAll('.toast')) watch(element);
    const all = corner.querySelectorAll('.toast');
    for (const old of [...all].slice(0, Math.max(0, all.length - MOST))) old.remove();
  }).observe(corner, { childList: true, subtree: true });
  for (const element of corner.querySelectorAll('.toast')) watch(element);
}

on('click', '[data-dismiss]', (_event, button) => button.closest('.toast, .banner')?.remove());
document.addEventListener('toast', (event) => toast(event.detail));
