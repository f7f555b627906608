// Questions: a dialog of the page that says by its `returnValue` how it was left.

/** What is still to be told to whoever asked, by dialog. */
const waiting = new Map();

/**
 * Shows the dialog, which is not open.
 * @param told what is made of it when it was left, before its form is emptied (dialog.js): the promise holds that
 */
export function question(dialog, told = () => dialog.returnValue) {
  // The browser tells of a dialog's end a little later: the answer before this question is not the one to it.
  waiting.get(dialog)?.();
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    const answered = ({ target } = { target: dialog }) => {
      if (target !== dialog || dialog.open) return;
      waiting.delete(dialog);
      removeEventListener('close', answered, true);
      resolve(told());
    };
    waiting.set(dialog, answered);
    addEventListener('close', answered, true);
  });
}
