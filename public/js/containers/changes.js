// Lists of images, volumes and networks: they ask for themselves again when the engine says that something changed, and
// their forms open in a dialog.
import { asksIn } from '../asked.js';
import { subscribe } from '../sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('containers-changed'));

// `open`: what happened while nobody listened, since the page was drawn or since the stream broke.
subscribe('/containers/stream', { open: ask, changed: ask });

asksIn('form-dialog', 'form-done');
