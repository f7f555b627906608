// The page that compares two texts.
import { on } from '../../dom.js';
import { showDiff } from './diff.js';
import { count, words } from './words.js';

const page = document.getElementById('compare');
const [a, b] = JSON.parse(document.getElementById('compare-texts').textContent);
const labels = [...document.querySelectorAll('.ed-sides b')].map((side) => side.textContent);
const shown = await showDiff(document.getElementById('ed-pane'), { a, b, labels, path: labels[1], name: page.dataset.name });

document.getElementById('compare-facts').textContent = count(words.diff.changes, shown.changes());
page.dataset.ready = '';
on('click', '[data-step]', (_event, button) => (button.dataset.step === '1' ? shown.next() : shown.previous()));
