// The page of one process: its forms open in a dialog, and when it has ended so has its page.
import { openDialog } from '../dialog.js';
import { on } from '../dom.js';

document.addEventListener('htmx:after:swap', (event) => {
  const target = event.detail.ctx?.target ?? event.target;
  if (target?.id === 'docker-dialog') openDialog('docker-dialog');
});
on('click', '#docker-dialog a[data-close]', (event) => event.preventDefault());

document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
  if (ctx.response.status === 404 && ctx.sourceElement?.id === 'figures') location.href = '/processes';
});
