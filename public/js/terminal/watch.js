// A terminal that is watched by a link: its screen, as large as it is, and nothing to type.
import { drawBar } from './bar.js';
import { createPane } from './pane.js';

const nothing = () => {};
const heading = document.querySelector('h1');
const pane = createPane(
  { id: '', title: heading.textContent, name: '', colour: '' },
  {
    change() {
      drawBar(pane);
      if (pane.title && !('named' in heading.dataset)) heading.textContent = pane.title;
    },
    focus: nothing, output: nothing, bell: nothing,
  },
  `${location.pathname}/socket?`,
);
document.getElementById('tt-body').append(pane.element);
pane.show();
new MutationObserver(() => pane.restyle()).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
