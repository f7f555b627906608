// The four charts together: one crosshair, one zoom, one set of points.
import { onColors } from './colors.js';
import { say } from './kinds.js';
import { fmt } from './numbers.js';
import { createPlot } from './plot.js';
import { createSeries } from './series.js';
import { isLive, state, words } from './state.js';

const DAY = 86_400_000;

export function createCharts({ pick }) {
  const series = createSeries(state);
  const whole = document.getElementById('whole-range');
  let zoom = null;

  const shared = {
    canZoom: !isLive,
    series: () => series,
    window: () => (zoom ? [zoom.from, zoom.to] : [series.window.from, series.window.to]),
    zoomed: () => zoom !== null,
    when,
    zoom(from, to) {
      if (to - from < 3 * series.step) return;
      setZoom({ from, to });
    },
    reset: () => setZoom(null),
    pick: (at) => (isLive ? undefined : pick(at)),
    onPeak,
  };

  const plots = [...document.querySelectorAll('figure[data-chart]')].map((figure) => createPlot(figure, shared));
  const update = () => plots.forEach((plot) => plot.update());

  function setZoom(next) {
    if (!next && !zoom) return;
    zoom = next;
    // Whoever pressed the button is not left without a focus.
    if (whole && !zoom && document.activeElement === whole) document.getElementById('main').focus();
    if (whole) whole.hidden = !zoom;
    for (const end of document.querySelectorAll('figure[data-chart] [data-axis=from]')) end.textContent = zoom ? moment(zoom.from) : words.ago[state.range];
    for (const end of document.querySelectorAll('figure[data-chart] [data-axis=to]')) end.textContent = zoom ? moment(zoom.to) : words.now;
    update();
  }

  whole?.addEventListener('click', () => setZoom(null));
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && zoom && !document.querySelector('dialog[open], :popover-open')) setZoom(null);
  });
  onColors(() => plots.forEach((plot) => plot.redraw()));

  return {
    push: (sample) => series.push(sample),
    update,
    newest: () => series.at.at(-1) ?? 0,
    replace(next) {
      series.replace(next);
      update();
    },
    zoomed: () => zoom !== null,
  };
}

const moment = (at) => (state.span > DAY ? fmt.dayTime(at) : fmt.time(at));

/** `−190 s` while live; in history the minute, with its day where the range is longer than one. */
function when(at) {
  if (!isLive) return state.span >= DAY ? fmt.dayTime(at) : fmt.time(at);
  return `−${Math.max(0, Math.round((Date.now() + drift - at) / 1000))} s`;
}

/** The server's clock against this one: samples carry the server's time. */
let drift = 0;
export function clockIs(at) {
  drift = at - Date.now();
}
clockIs(state.now);

/** Below the chart: the highest value of what is shown; in history it leads to what ran then. */
function onPeak(name, figure, peak) {
  const element = figure.querySelector('[data-axis=peak]');
  if (!element) return;
  const text = peak.value === null ? '' : words.peak.replace('{value}', say(name, peak.value));
  if (element.textContent !== text) element.textContent = text;
  if (element instanceof HTMLAnchorElement && peak.at !== null) {
    element.href = `/dashboard/processes?at=${peak.at}`;
    element.removeAttribute('title');
  }
}
