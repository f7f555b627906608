// The page of one service: its forms open in a dialog, and it asks for itself again when the service is other than before.
import { asksIn } from '../asked.js';
import { subscribe } from '../sse.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('services-changed'));
const { name } = document.getElementById('service').dataset;

subscribe('/services/stream', {
  changed({ names }) {
    if (names.includes(name)) ask();
  },
});
asksIn('form-dialog', 'form-done');
