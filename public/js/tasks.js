// The list of tasks asks for itself again when one of them has changed.
import { subscribe } from './sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('tasks-changed'));
let opened = false;

subscribe('/tasks/stream', {
  open() {
    // What happened while nobody listened.
    if (opened) ask();
    opened = true;
  },
  changed: ask,
});
