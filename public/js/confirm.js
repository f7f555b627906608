// Typed confirmation: the button of the form is armed by typing the name in `data-confirm`.
// Without JavaScript the input's pattern does the same when the form is sent.
import { on } from './dom.js';

const arm = (input) => {
  const button = input.form?.querySelector('[type=submit]');
  if (button) button.disabled = input.value !== input.dataset.confirm;
};
const armAll = (root) => root.querySelectorAll('[data-confirm]').forEach(arm);

on('input', '[data-confirm]', (_event, input) => arm(input));
on('reset', 'form', (_event, form) => setTimeout(() => armAll(form)));
document.addEventListener('htmx:after:swap', () => armAll(document));
armAll(document);
