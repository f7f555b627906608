// What the browser repeats of the server must say the same: these load the page's own modules.
import { describe, expect, test } from 'bun:test';
import { createFormat } from '../../i18n/format.ts';
import { messages } from '../../i18n/languages.ts';
import { roundTop } from './series.ts';

const load = (name: string) => import(`../../../public/js/dashboard/${name}`);
const SIZES = [0, 1, 7, 512, 999, 999.6, 1000, 1023, 1024, 1500, 62_400, 999_499, 999_500, 1_048_576, 4.2e6, 18.6e6, 99.94e6, 99.96e6, 1e9, 1.05e9, 62.4e9, 2e12, 5e15];

describe.each(['en', 'zh-CN'] as const)('numbers in %s', (lang) => {
  const server = createFormat(lang, 'Asia/Shanghai');
  const { time } = messages(lang).parts;
  const words = {
    day: { one: time.day({ n: 1 }), other: time.day({ n: '{n}' as unknown as number }) },
    hour: time.hour({ n: '{n}' as unknown as number }), minute: time.minute({ n: '{n}' as unknown as number }),
    second: time.second({ n: '{n}' }), join: time.join,
  };

  test('sizes, rates and shares', async () => {
    const { createFormat: create } = await load('format.js');
    const browser = create(lang, 'Asia/Shanghai', words);
    for (const n of SIZES) {
      for (const name of ['memory', 'rate', 'bits', 'rateFigure', 'bitsFigure', 'number', 'percent'] as const) {
        expect([name, n, browser[name](n)]).toEqual([name, n, server[name](n)]);
      }
      for (const name of ['bytesPair', 'memoryPair'] as const) expect(browser[name](n, 2e9)).toEqual(server[name](n, 2e9));
    }
  });

  test('times are those of the server, durations too', async () => {
    const { createFormat: create } = await load('format.js');
    const browser = create(lang, 'Asia/Shanghai', words);
    const at = Date.UTC(2026, 10, 22, 21, 24, 48);
    expect(browser.time(at)).toBe(server.time(at));
    expect(browser.timeSeconds(at)).toBe(server.time(at, true));
    for (const ms of [3000, 12_000, 60_000, 61_000, 3_600_000, 3_660_000, 86_400_000, 90_000_000, 41 * 86_400_000 + 6 * 3_600_000]) {
      expect(browser.duration(ms)).toBe(server.duration(ms));
    }
  });
});

test('tops of axes', async () => {
  const { roundTop: browser } = await load('scale.js');
  for (let n = 1; n < 1e12; n *= 1.37) expect(browser(n, 1000)).toBe(roundTop(n, 1000));
});

test('points are pushed, leave on the left, and a long silence is a gap', async () => {
  const { createSeries } = await load('series.js');
  const columns = { at: [0], cpu: [1], load1: [0], memoryUsed: [1], memoryCache: [1], swapUsed: [0], netRx: [null], netTx: [null], diskRead: [null], diskWrite: [null] };
  const series = createSeries({ columns, span: 300_000, from: -300_000, to: 0, step: 1000 });
  const sample = (at: number, cpu: number) => ({ at, cpu, load: null, memory: null, network: { rx: 5, tx: 6 }, disk: null });
  series.push(sample(1000, 2));
  series.push(sample(1000, 3)); // the same moment twice: the stream repeats the newest when it opens
  expect(series.columns.cpu).toEqual([1, 2]);
  series.push(sample(61_000, 4));
  expect(series.columns.cpu).toEqual([1, 2, null, 4]);
  expect(series.columns.netTx).toEqual([null, 6, null, 6]);
  for (let at = 62_000; at <= 400_000; at += 1000) series.push(sample(at, 9));
  expect(series.window).toEqual({ from: 100_000, to: 400_000 });
  expect(series.columns.at.length).toBe(302);
  expect(series.columns.at[0]).toBeLessThan(100_000);
});
