// What a container uses: four figures and their last five minutes, moved on once a second. The server drew them the same
// way (src/views/containers/usage.tsx).
import { createFormat } from '../dashboard/format.js';

const SPAN_MS = 300_000;
/** A pause that is longer is a gap in the line. */
const GAP_MS = 5000;
const LINES = { cpu: ['cpu'], memory: ['memory'], network: ['received', 'sent'], disk: ['read', 'written'] };

const fmt = createFormat(document.documentElement.lang);
const says = { cpu: fmt.percent, memory: fmt.memory, received: fmt.rate, sent: fmt.rate, read: fmt.rate, written: fmt.rate };
const id = document.getElementById('container')?.dataset.id;
let history = JSON.parse(document.getElementById('usage-history')?.textContent ?? '[]');

document.addEventListener('containers-used', ({ detail }) => {
  const fresh = detail.filter((use) => use.id === id);
  if (fresh.length === 0) return;
  history = [...history, ...fresh].filter(({ at }) => at > fresh.at(-1).at - SPAN_MS);
  draw();
});

function draw() {
  const last = history.at(-1);
  for (const [name, say] of Object.entries(says)) {
    const place = document.querySelector(`[data-figure=${name}]`);
    if (place) place.textContent = say(last[name]);
  }
  for (const [name, keys] of Object.entries(LINES)) {
    const figure = document.querySelector(`[data-usage=${name}]`);
    if (!figure) continue;
    const top = Math.max(1, ...history.flatMap((use) => keys.map((key) => use[key])));
    figure.querySelector('[data-top]').textContent = says[keys[0]](top);
    const [areas, lines] = [figure.querySelectorAll('.area'), figure.querySelectorAll('.line')];
    keys.forEach((key, i) => {
      const { line, area } = paths(key, last.at - SPAN_MS, top);
      areas[i].setAttribute('d', area);
      lines[i].setAttribute('d', line);
    });
  }
}

function paths(key, from, top) {
  const runs = [];
  let before = -Infinity;
  for (const use of history) {
    if (use.at - before > GAP_MS) runs.push([]);
    before = use.at;
    runs.at(-1).push([round((300 * (use.at - from)) / SPAN_MS), round(100 - (100 * use[key]) / top)]);
  }
  const joined = (run) => run.map((point) => point.join(' ')).join('L');
  return {
    line: runs.map((run) => `M${joined(run)}`).join(''),
    area: runs.map((run) => `M${run[0][0]} 100L${joined(run)}L${run.at(-1)[0]} 100z`).join(''),
  };
}

const round = (n) => Math.round(n * 10) / 10;
