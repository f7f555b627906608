// The dashboard: the server has drawn it whole; from here on it lives. One stream feeds everything.
import { goElsewhere } from '../elsewhere.js';
import { subscribe } from '../sse.js';
import { clockIs, createCharts } from './charts.js';
import { showSample } from './figures.js';
import { openMinute } from './minute.js';
import { showMounts } from './mounts.js';
import './power.js';
import { isLive, state } from './state.js';
import { showProcesses } from './top.js';

const charts = createCharts({ pick: (at) => void openMinute(at) });

/** What the panel did not know when it drew this page: it may not have looked at the machine twice. Loaded anew, it is as it is. */
const unknown = performance.getEntriesByType('navigation')[0]?.type === 'reload' ? [] : [...document.querySelectorAll('[data-unknown]')].map((one) => one.dataset.unknown);
const wasTooEarly = (next) => next.cpu !== null && unknown.some((name) => next[name] != null && next[name].length !== 0);

function sample(next) {
  if (wasTooEarly(next)) return goElsewhere(() => location.reload());
  clockIs(next.at);
  showSample(next);
  if (!isLive) return;
  charts.push(next);
  charts.update();
}

/** What happened while the page was hidden or the panel away, as far as the panel still knows. */
function missed(list) {
  if (isLive) for (const one of list) charts.push(one);
  const last = list.at(-1);
  if (last) sample(last);
}

// Asked for anew at each connection: the page says what it has seen last.
const url = { toString: () => `/dashboard/stream?since=${charts.newest()}` };
subscribe(url, { sample, missed, processes: showProcesses, mounts: showMounts });

if (!isLive) {
  // A range that stays open grows at its right end.
  setInterval(async () => {
    if (document.hidden || charts.zoomed()) return;
    try {
      const answer = await fetch(`/dashboard/history?range=${state.range}`);
      if (answer.ok) charts.replace(await answer.json());
    } catch {
      // The banner of the stream already says that the panel is away.
    }
  }, Math.max(30_000, state.step));
}

// On a phone the ranges scroll sideways: the one that is on is in sight.
const ranges = document.querySelector('.page-head .seg');
const on = ranges?.querySelector('[aria-current]');
if (on) ranges.scrollLeft = on.offsetLeft - ranges.offsetLeft - 40;
