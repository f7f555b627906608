// A page that could not be shown, as the engine was away: it is loaded again when that is back.
import { goElsewhere } from '../elsewhere.js';
import { subscribe } from '../sse.js';

let waiting = null;

subscribe('/containers/stream', {
  changed({ up }) {
    // Once, and not at once: one that is back is still busy with itself.
    if (up) waiting ??= setTimeout(goElsewhere, 1000, () => location.reload());
  },
});
