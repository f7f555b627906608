// The list of tasks asks for itself again when one of them has changed.
import { subscribe } from './sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('tasks-changed'));

subscribe('/tasks/stream', {
  // What happened while nobody listened: since the page was drawn, or since the stream broke.
  open: ask,
  changed: ask,
});
