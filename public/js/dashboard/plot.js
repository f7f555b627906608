// One chart on a canvas: uPlot with our lines, gridlines and tip. It takes the place of the drawing that the server made.
import { make } from '../dom.js';
import { colors } from './colors.js';
import { linesOf, say, sayPoint, topOf } from './kinds.js';

// A classic script of the page's head, which runs before any module.
const { uPlot } = globalThis;

/** px between the crosshair and the point that its tip speaks of, at most. */
const FAR = 24;

/**
 * @param {HTMLElement} figure `figure[data-chart]`
 * @param {object} shared series(), window(), when(i): the moment of a point in words, hover(i|null), zoom(from, to), reset(), pick(i), canZoom
 */
export function createPlot(figure, shared) {
  const name = figure.dataset.chart;
  const place = figure.querySelector('.plot');
  const tip = figure.querySelector('.tip');
  const top = { value: 1 };
  const label = place.querySelector('svg').getAttribute('aria-label');

  const plot = new uPlot(options(), columnsOf(), mount);

  function mount(self, init) {
    place.replaceChildren(self.root);
    init();
  }

  function options() {
    return {
      width: place.clientWidth,
      height: place.clientHeight,
      // The line may touch the edges without being cut in half.
      padding: [1, 0, 1, 0],
      legend: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: {
        x: { time: false, range: () => shared.window() },
        y: { range: () => [0, top.value] },
      },
      series: [{}, ...linesOf(name).map((_, i) => seriesOptions(i))],
      cursor: {
        y: false,
        points: { size: 6, width: 0 },
        hover: { prox: FAR },
        sync: { key: 'dashboard', scales: ['x', null], filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' } },
        // What is a click is decided below: uPlot takes any half pixel for a drag.
        drag: { x: shared.canZoom, y: false, setScale: false, dist: 6, click() {} },
        bind: { dblclick: () => () => shared.reset() },
      },
      hooks: {
        drawClear: [rules],
        setCursor: [moved],
        setSelect: [selected],
      },
    };
  }

  function seriesOptions(i) {
    const color = `d${i + 1}`;
    return {
      stroke: () => colors[color],
      fill: () => colors[`${color}-area`],
      width: 1.5,
      spanGaps: false,
      // A point alone between two gaps has no line: it gets a dot.
      points: { show: true, size: 3, width: 0, fill: () => colors[color], filter: lonely },
    };
  }

  function lonely(self, index) {
    const values = self.data[index];
    const found = [];
    for (let i = 0; i < values.length; i++) if (values[i] !== null && values[i - 1] == null && values[i + 1] == null) found.push(i);
    return found;
  }

  function rules(self) {
    const { ctx, bbox } = self;
    const line = (share, color) => {
      const y = Math.round(bbox.top + bbox.height * share) + 0.5;
      ctx.strokeStyle = color;
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
    };
    ctx.save();
    line(0, colors['line-faint']);
    line(0.5, colors['line-faint']);
    line(1, colors.line);
    ctx.restore();
  }

  function moved(self) {
    const { left } = self.cursor;
    const idx = left >= 0 && self.data[0].length ? self.posToIdx(left) : -1;
    const at = self.data[0][idx];
    const x = at === undefined ? NaN : self.valToPos(at, 'x');
    // A moment of which nothing is known says nothing; the nearest point may be far away.
    const shown = left >= 0 && Math.abs(x - left) < FAR;
    figure.classList.toggle('is-hover', shown);
    if (!shown) return;
    const { value, more } = sayPoint(name, shared.series().columns, idx);
    tip.replaceChildren(make('b', {}, value), ...more.map((text) => make('span', {}, text)), make('span', {}, shared.when(at)));
    // Kept inside of the chart: measured after the text is in.
    const half = tip.offsetWidth / 2;
    const width = place.clientWidth;
    tip.style.setProperty('--x', `${Math.round(Math.min(Math.max(x, half), Math.max(half, width - half)))}px`);
  }

  function selected(self) {
    const { left, width } = self.select;
    if (width < 6) return;
    self.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    shared.zoom(self.posToVal(left, 'x'), self.posToVal(left + width, 'x'));
  }

  /** Peak of what is in the window now. */
  function peakNow() {
    const [from, to] = shared.window();
    const { at } = shared.series();
    const found = { value: null, at: null };
    for (const column of columnsOf().slice(1)) {
      for (let i = 0; i < at.length; i++) {
        if (column[i] === null || at[i] < from || at[i] > to) continue;
        if (found.value === null || column[i] > found.value) Object.assign(found, { value: column[i], at: at[i] });
      }
    }
    return found;
  }

  function columnsOf() {
    const { columns } = shared.series();
    return [columns.at, ...linesOf(name).map((line) => columns[line])];
  }

  function put(selector, text) {
    const element = figure.querySelector(selector);
    if (element && element.textContent !== text) element.textContent = text;
  }

  function update() {
    const peak = peakNow();
    top.value = topOf(name, peak.value ?? 0);
    put('.ymax', say(name, top.value));
    put('.yhalf', say(name, top.value / 2));
    shared.onPeak(name, figure, peak);
    plot.setData(columnsOf());
    // The crosshair stays where it is; what it speaks of has moved on.
    if (figure.classList.contains('is-hover')) plot.setCursor({ left: plot.cursor.left, top: plot.cursor.top }, true, false);
  }

  keys(place, plot, shared, name, label);
  clicks(plot, shared);
  new ResizeObserver(() => {
    if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: place.clientHeight });
  }).observe(place);
  update();

  return { update, redraw: () => plot.redraw(false), plot };
}

/** The chart as a slider over time: arrows move the crosshair, Enter picks the moment. */
function keys(place, plot, shared, name, label) {
  place.tabIndex = 0;
  place.setAttribute('role', 'slider');
  place.setAttribute('aria-label', label);
  let at = null;
  const tell = () => {
    const { at: times, columns } = shared.series();
    const i = at ?? times.length - 1;
    place.setAttribute('aria-valuemin', '0');
    place.setAttribute('aria-valuemax', String(Math.max(0, times.length - 1)));
    place.setAttribute('aria-valuenow', String(Math.max(0, i)));
    place.setAttribute('aria-valuetext', times.length ? `${shared.when(times[i])}: ${[sayPoint(name, columns, i)].map(({ value, more }) => [value, ...more].join(', '))}` : '');
  };
  const move = (i) => {
    const { at: times } = shared.series();
    if (!times.length) return;
    at = Math.max(0, Math.min(times.length - 1, i));
    plot.setCursor({ left: plot.valToPos(times[at], 'x'), top: 1 }, true, true);
    tell();
  };
  const leave = () => {
    // The mouse has a crosshair of its own: it stays when a click takes the focus from another chart.
    if (at === null) return;
    at = null;
    plot.setCursor({ left: -10, top: -10 }, true, true);
  };
  place.addEventListener('focus', tell);
  place.addEventListener('blur', leave);
  place.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = shared.series().at.length - 1;
    const from = at ?? last;
    const step = event.shiftKey ? 10 : 1;
    const to = { ArrowLeft: from - step, ArrowRight: from + step, PageDown: from - 10, PageUp: from + 10, Home: 0, End: last }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      move(to);
    } else if (event.key === 'Enter' && at !== null) {
      shared.pick(shared.series().at[at]);
    } else if (event.key === 'Escape') {
      leave();
    }
  });
  tell();
}

/** As long as systems wait for the second click of two. */
const DOUBLE_MS = 500;

/** A click without a drag picks the moment; where a double click means something, it is waited for. */
function clicks(plot, shared) {
  let downAt = 0;
  let timer;
  plot.over.addEventListener('pointerdown', (event) => (downAt = event.clientX));
  plot.over.addEventListener('dblclick', () => clearTimeout(timer));
  plot.over.addEventListener('click', (event) => {
    const { left } = plot.cursor;
    const moment = plot.data[0][plot.posToIdx(left)];
    if (Math.abs(event.clientX - downAt) > 4 || moment === undefined || Math.abs(plot.valToPos(moment, 'x') - left) > FAR) return;
    clearTimeout(timer);
    if (shared.zoomed()) timer = setTimeout(() => shared.pick(moment), DOUBLE_MS);
    else shared.pick(moment);
  });
}
