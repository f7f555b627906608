// Questions: a dialog of the page (src/views/terminal/dialogs.tsx) that is answered with yes or left.

/** What is still to be told to whoever asked, by dialog. */
const waiting = new Map();

/** @returns is it yes? `shown`: what it is about, as it is; `title` replaces the heading; `always` is told when that box is ticked. */
export function ask(id, { title, shown, always } = {}) {
  const dialog = document.getElementById(id);
  // Two programs may ask at the same time: the first question stands.
  if (dialog.open) return Promise.resolve(false);
  // The browser tells of a dialog's end a little later: the answer before this question is not the one to it.
  waiting.get(id)?.();
  if (title) dialog.querySelector('h2').textContent = title;
  const place = dialog.querySelector('.tt-shown');
  if (place) place.textContent = shown ?? '';
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    const answered = () => {
      if (dialog.open) return;
      waiting.delete(id);
      dialog.removeEventListener('close', answered, true);
      const yes = dialog.returnValue === 'yes';
      if (yes && dialog.querySelector('[name=always]')?.checked) always?.();
      resolve(yes);
    };
    waiting.set(id, answered);
    // Before the form of a dialog that was left is emptied (dialog.js).
    dialog.addEventListener('close', answered, true);
  });
}
