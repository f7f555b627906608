// The list of image updates: asks for itself again when a container has changed, or when registries have answered.
import { subscribe } from '../sse.js';
import { clear, count } from './selection.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('containers-changed'));

// `open`: what happened while nobody listened, since the page was drawn or since the stream broke.
subscribe('/containers/stream', { open: ask, changed: ask });

document.addEventListener('htmx:after:swap', count);
document.addEventListener('form-done', clear);
