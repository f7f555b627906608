// The pages of the machine itself: their forms open in a dialog, and what was done is shown when the page asks for itself again.
import { asksIn } from '../asked.js';
import { on } from '../dom.js';

asksIn('form-dialog', 'form-done');

// A box in the head of a table chooses all of its rows.
on('change', '[data-choose-all]', (event, box) => {
  for (const one of box.closest('table').querySelectorAll('tbody .check:not(:disabled)')) one.checked = box.checked;
});
