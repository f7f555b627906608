// The page of one process: its forms open in a dialog, and when it has ended so has its page.
import { asksIn } from '../asked.js';
import { goElsewhere } from '../elsewhere.js';

asksIn('form-dialog', 'form-done');

document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
  if (ctx.response.status === 404 && ctx.sourceElement?.id === 'figures') goElsewhere(() => location.assign('/processes'));
});
