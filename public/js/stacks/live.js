// Stacks ask for themselves again when a container has changed.
import { on } from '../dom.js';
import { subscribe } from '../sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('stacks-changed'));

// `open`: what happened while nobody listened, since the page was drawn or since the stream broke.
subscribe('/containers/stream', { open: ask, changed: ask });

// How many somebody means to have stays typed when the list is drawn anew with how many there are.
on('input', '.scale input', (_event, field) => field.toggleAttribute('hx-morph-skip', field.value !== field.defaultValue));
