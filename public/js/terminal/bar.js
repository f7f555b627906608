// The line at the bottom: is it connected, how large is it, who else looks.
import { fill } from '../text.js';
import { words } from './words.js';

const bar = document.getElementById('tt-status');
const part = (id) => document.getElementById(id);

const STATES = { connecting: 'busy', connected: 'ok', lost: 'warn', gone: 'off', ended: 'off' };

export function drawBar(pane) {
  bar.hidden = !pane;
  if (!pane) return;
  const dot = document.createElement('span');
  dot.className = 'dot';
  dot.dataset.state = STATES[pane.line] ?? 'off';
  part('tt-line').replaceChildren(dot, sentence(pane));
  part('tt-size').textContent = pane.size ? fill(pane.smaller ? words.sizeSmaller : words.size, pane.size) : '';
  part('tt-read-only').hidden = !pane.readOnly;
  const others = pane.viewers.length - 1;
  part('tt-others').hidden = others < 1;
  part('tt-others').textContent = fill(words.others, { n: pane.viewers.length });
  part('tt-others').title = pane.viewers.map(({ name }) => name).filter(Boolean).join(', ');
  part('tt-keeps')?.toggleAttribute('hidden', pane.line === 'ended' || pane.line === 'gone');
  part('tt-rec').hidden = pane.recording !== 'on';
}

function sentence({ line, ms }) {
  if (line === 'connected') return fill(words.connected, { ms: ms === null ? '–' : ms < 1 ? '<1' : Math.round(ms) });
  if (line === 'lost') return words.reconnecting;
  return line === 'connecting' ? words.connecting : words.over;
}
