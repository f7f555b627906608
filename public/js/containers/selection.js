// How many rows of a list are selected.
import { on } from '../dom.js';
import { fill } from '../text.js';

const boxes = (which = '') => document.querySelectorAll(`main .pick input:not(.pick-all)${which}`);

export function count() {
  const place = document.querySelector('[data-selected]');
  if (!place) return;
  const n = boxes(':checked').length;
  place.textContent = n === 1 ? place.dataset.one : fill(place.dataset.many, { n });
}

/** What was asked for has been done: nothing is selected any longer. */
export function clear() {
  for (const box of document.querySelectorAll('main .pick input:checked')) box.checked = false;
  count();
}

on('change', '.pick input', count);
