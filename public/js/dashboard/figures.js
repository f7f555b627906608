// The figures of the newest sample, in place and without animation.
import { fmt } from './numbers.js';
import { state, words } from './state.js';

const SVG_WIDTH = 300;
const places = new Map();
for (const element of document.querySelectorAll('[data-live]')) places.set(element.dataset.live, element);

function put(name, text) {
  const element = places.get(name);
  if (element && element.textContent !== text) element.textContent = text;
}

export function showSample(sample) {
  if (sample.cpu !== null) put('cpu', fmt.number(sample.cpu));
  if (sample.load) put('load', sample.load.map((n) => n.toFixed(2)).join(' · '));
  if (sample.memory) {
    const { used, total, unit } = fmt.memoryPair(sample.memory.used, sample.memory.total);
    put('memory', used);
    put('memory-total', `${total} ${unit}`);
    put('cache', fmt.memory(sample.memory.cache));
    put('swap', fmt.memory(sample.memory.swapUsed));
  }
  if (sample.network) {
    rate('rx', fmt.bitsFigure(sample.network.rx));
    rate('tx', fmt.bitsFigure(sample.network.tx));
  }
  if (sample.disk) {
    rate('read', fmt.rateFigure(sample.disk.read));
    rate('write', fmt.rateFigure(sample.disk.write));
  }
  const up = fmt.duration(sample.at - state.bootedAt);
  put('up', words.up.replace('{time}', up));
  put('uptime', up);
  sensors(sample.sensors);
  cores(sample.cores, sample.at);
}

function rate(name, { value, unit }) {
  put(name, value);
  put(`${name}-unit`, unit);
}

const celsius = (degrees) => `${fmt.number(degrees)} °C`;

function sensors(list) {
  if (!list.length) return;
  put('hottest', celsius(Math.max(...list.map((sensor) => sensor.celsius))));
  for (const sensor of list) {
    const cell = document.querySelector(`[data-sensor="${CSS.escape(sensor.name)}"]`);
    if (cell) cell.textContent = celsius(sensor.celsius);
  }
}

const coreList = document.getElementById('core-list');
const history = state.cores;
const times = state.coreTimes;

function cores(loads, at) {
  // A machine that got or lost a core shows it after the next load of the page.
  if (!coreList || loads.length !== Number(coreList.dataset.cores)) return;
  if (loads.length >= state.heatFrom) return heat(loads);
  times.push(at);
  while (times[0] < at - state.coreSpan) {
    times.shift();
    for (const values of history) values.shift();
  }
  const places = times.map((time) => (SVG_WIDTH * (1 - (at - time) / state.coreSpan)).toFixed(1));
  loads.forEach((load, i) => {
    const values = (history[i] ??= []);
    values.push(load);
    const item = coreList.children[i];
    item.querySelector('b').textContent = fmt.percent(load);
    const [area, line] = item.querySelectorAll('path');
    const points = values.map((value, n) => `${places[n]} ${(100 - value).toFixed(1)}`).join('L');
    line.setAttribute('d', `M${points}`);
    area.setAttribute('d', `M${places[0]} 100L${points}L${SVG_WIDTH} 100z`);
  });
}

function heat(loads) {
  let most = 0;
  loads.forEach((load, i) => {
    if (load > loads[most]) most = i;
    const cell = coreList.children[i];
    const level = String(Math.max(0, Math.min(5, Math.ceil(load / 20))));
    if (cell.dataset.level !== level) cell.dataset.level = level;
    const text = fmt.percent(load);
    const figure = cell.lastElementChild;
    if (figure.textContent !== text) figure.textContent = text;
  });
  put('busiest', words.busiest.replace('{core}', most).replace('{load}', fmt.percent(loads[most])));
}
