// Numbers as the server writes them, for figures that change in place. The same steps as src/i18n/format.ts: change both;
// format.test.ts holds them against each other.

const SIZES = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'];
const RATES = ['B/s', 'KB/s', 'MB/s', 'GB/s', 'TB/s', 'PB/s'];
const BITS = ['b/s', 'Kb/s', 'Mb/s', 'Gb/s', 'Tb/s', 'Pb/s'];

const digitsFor = (size) => {
  const n = Math.abs(size);
  return n === 0 ? 0 : n < 0.995 ? 2 : n < 99.95 ? 1 : 0;
};

function step(n, base) {
  let size = Math.abs(n);
  let i = 0;
  while (i < SIZES.length - 1 && size >= base - 0.5) {
    size /= base;
    i++;
  }
  return i;
}

/**
 * @param {string} lang language of the page
 * @param {string} [timeZone] of the server: its times are shown as it shows them
 * @param {object} [words] units of time; without them `duration` is not to be called
 */
export function createFormat(lang, timeZone, words) {
  const plain = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
  const tenths = new Intl.NumberFormat(lang, { maximumFractionDigits: 1 });
  const fixed = [0, 1, 2].map((d) => new Intl.NumberFormat(lang, { minimumFractionDigits: d, maximumFractionDigits: d, useGrouping: false }));
  const zone = timeZone ? { timeZone } : {};
  const clock = { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
  const minutes = new Intl.DateTimeFormat(lang, clock);
  const seconds = new Intl.DateTimeFormat(lang, { ...clock, second: '2-digit' });
  const days = new Intl.DateTimeFormat(lang, { ...clock, month: 'short', day: 'numeric' });

  const fix = (n, digits) => fixed[digits].format(n);
  const figure = (n, base, units) => {
    if (!Number.isFinite(n)) return { value: '–', unit: units[0] };
    const i = step(n, base);
    const size = n / base ** i;
    return { value: fix(size, i === 0 ? 0 : digitsFor(size)), unit: units[i] };
  };
  const pair = (used, total, base) => {
    const i = step(total, base);
    const size = (n) => (i === 0 ? fix(n, 0) : fix(n / base ** i, digitsFor(n / base ** i)));
    return { used: size(used), total: size(total), unit: SIZES[i] };
  };
  const join = ({ value, unit }) => `${value} ${unit}`;
  const n = (template, value) => template.replace('{n}', value);

  return {
    number: (value) => plain.format(value === 0 ? 0 : value),
    percent: (value) => `${plain.format(value === 0 ? 0 : value)}%`,
    bytes: (value) => join(figure(value, 1000, SIZES)),
    bytesPair: (used, total) => pair(used, total, 1000),
    memory: (value) => join(figure(value, 1024, SIZES)),
    memoryPair: (used, total) => pair(used, total, 1024),
    rate: (value) => join(figure(value, 1000, RATES)),
    rateFigure: (value) => figure(value, 1000, RATES),
    bits: (value) => join(figure(value * 8, 1000, BITS)),
    bitsFigure: (value) => figure(value * 8, 1000, BITS),
    time: (at) => minutes.format(at),
    timeSeconds: (at) => seconds.format(at),
    dayTime: (at) => days.format(at),
    duration(ms) {
      const s = Math.floor(ms / 1000);
      if (s < 10) return n(words.second, tenths.format(ms / 1000));
      const d = Math.floor(s / 86400);
      const h = Math.floor((s % 86400) / 3600);
      const m = Math.floor((s % 3600) / 60);
      const two = (a, count, b) => (count > 0 ? a + words.join + b : a);
      if (d > 0) return two(n(d === 1 ? words.day.one : words.day.other, d), h, n(words.hour, h));
      if (h > 0) return two(n(words.hour, h), m, n(words.minute, m));
      if (m > 0) return two(n(words.minute, m), s % 60, n(words.second, s % 60));
      return n(words.second, s);
    },
  };
}
