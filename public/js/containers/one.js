// The pages of one container: how it is, live, and the dialogs that change it.
import { asksIn } from '../asked.js';
import { leaveWhenGone } from '../elsewhere.js';
import { subscribe } from '../sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('containers-changed'));

subscribe('/containers/stream', {
  // What happened while nobody listened: since the page was drawn, or since the stream broke.
  open: ask,
  changed: ask,
  used: ({ uses }) => document.dispatchEvent(new CustomEvent('containers-used', { detail: uses })),
});

// It is there no longer: neither is its page. Somebody who had it made anew is on the way to what tells of that.
leaveWhenGone('container', '/containers');

asksIn('container-dialog', 'containers-done');
