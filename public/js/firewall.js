// The firewall's page: its forms open in a dialog, and the page is asked for again when one has done something or a change
// was reverted.
import { asksIn } from './asked.js';

const ask = () => document.body.dispatchEvent(new CustomEvent('firewall-changed'));

asksIn('form-dialog', 'form-done');

// What is armed reverts by itself: the banner that tells it is replaced (armed.js).
const main = document.getElementById('main') ?? document.body;
const armedIds = () => [...document.querySelectorAll('#armed .banner')].map(({ id, dataset }) => `${id} ${dataset.tone}`).join();
let before = armedIds();
new MutationObserver(() => {
  const now = armedIds();
  if (now === before) return;
  before = now;
  ask();
}).observe(main.parentElement ?? main, { childList: true, subtree: true });
