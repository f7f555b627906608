// Stacks ask for themselves again when a container has changed.
import { subscribe } from '../sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('stacks-changed'));

// `open`: what happened while nobody listened, since the page was drawn or since the stream broke.
subscribe('/containers/stream', { open: ask, changed: ask });
