// What each chart draws and how its values are said.
import { fmt } from './numbers.js';
import { roundTop } from './scale.js';
import { state, words } from './state.js';

const LEAST = { network: 8000, disk: 1000 };
export const NAMES = Object.keys(state.lines);
export const linesOf = (name) => state.lines[name];

export function say(name, value) {
  if (value === null || value === undefined) return words.noValue;
  if (name === 'cpu') return fmt.percent(value);
  if (name === 'memory') return fmt.percent(state.memoryTotal ? (100 * value) / state.memoryTotal : 0);
  return name === 'network' ? fmt.bits(value) : fmt.rate(value);
}

/** The top of the axis for a highest value. */
export function topOf(name, peak) {
  if (name === 'cpu') return 100;
  if (name === 'memory') return state.memoryTotal || 1;
  return name === 'network' ? roundTop(peak * 8, LEAST.network) / 8 : roundTop(peak, LEAST.disk);
}

/** All that is known of one moment, for the tip: the drawn values, then what belongs to them. */
export function sayPoint(name, columns, i) {
  const values = linesOf(name).map((line) => columns[line][i] ?? null);
  if (values.every((value) => value === null)) return { value: words.noValue, more: [] };
  if (name === 'cpu') {
    const load = columns.load1[i] ?? null;
    return { value: say(name, values[0]), more: load === null ? [] : [`${words.load} ${load.toFixed(2)}`] };
  }
  if (name === 'memory') {
    const extra = (word, column) => (columns[column][i] ? [`${word} ${fmt.memory(columns[column][i])}`] : []);
    return { value: fmt.memory(values[0]), more: [...extra(words.cache, 'memoryCache'), ...extra(words.swap, 'swapUsed')] };
  }
  return { value: values.map((value) => say(name, value)).join(' / '), more: [] };
}
