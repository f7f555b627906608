// Questions of the terminal: a dialog of the page (src/views/terminal/dialogs.tsx) that is answered with yes or left.
import { question } from '../question.js';

/** @returns is it yes? `shown`: what it is about, as it is; `title` replaces the heading; `always` is told when that box is ticked. */
export function ask(id, { title, shown, always } = {}) {
  const dialog = document.getElementById(id);
  // Two programs may ask at the same time: the first question stands.
  if (dialog.open) return Promise.resolve(false);
  const asked = question(dialog, () => {
    const yes = dialog.returnValue === 'yes';
    if (yes && dialog.querySelector('[name=always]')?.checked) always?.();
    return yes;
  });
  if (title) dialog.querySelector('h2').textContent = title;
  const place = dialog.querySelector('.tt-shown');
  if (place) place.textContent = shown ?? '';
  return asked;
}
