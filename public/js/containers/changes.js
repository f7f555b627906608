// Lists of images, volumes and networks: they ask for themselves again when the engine says that something changed, and
// their forms open in a dialog.
import { openDialog } from '../dialog.js';
import { on } from '../dom.js';
import { subscribe } from '../sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('containers-changed'));

// `open`: what happened while nobody listened, since the page was drawn or since the stream broke.
subscribe('/containers/stream', { open: ask, changed: ask });

document.addEventListener('htmx:after:swap', (event) => {
  const target = event.detail.ctx?.target ?? event.target;
  if (target?.id === 'docker-dialog') openDialog('docker-dialog');
});
document.addEventListener('docker-done', () => document.getElementById('docker-dialog')?.close());
on('click', '#docker-dialog a[data-close]', (event) => event.preventDefault());
