// The page of one process: its forms open in a dialog, and when it has ended so has its page.
import { asksIn } from '../asked.js';
import { goElsewhere } from '../elsewhere.js';

asksIn('form-dialog', 'form-done');

document.addEventListener(
  'htmx:response:error',
  (event) => {
    const { response, sourceElement } = event.detail.ctx;
    if (response.status !== 404 || sourceElement?.id !== 'figures') return;
    // Nothing has failed.
    event.stopPropagation();
    goElsewhere(() => location.assign('/processes'));
  },
  { capture: true },
);
