import { describe, expect, test } from 'bun:test';
import { createFormat } from './format.ts';
import { preferredLang } from './languages.ts';

const en = createFormat('en', 'UTC');
const zh = createFormat('zh-CN', 'Asia/Shanghai');
const at = Date.UTC(2026, 10, 22, 21, 24, 48);

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [999_600, '1.0 MB'],
    [4_200_000, '4.2 MB'],
    [62_400_000_000, '62.4 GB'],
    [412e9, '412 GB'],
    [2e12, '2.0 TB'],
    [3e21, '3000000 PB'],
  ])('%p bytes are %p', (n, text) => expect(en.bytes(n)).toBe(text));

  test('a pair is told in the unit of its total', () => {
    expect(en.bytesPair(310e9, 2e12)).toEqual({ used: '0.31', total: '2.0', unit: 'TB' });
    expect(en.memoryPair(9.8 * 2 ** 30, 15.6 * 2 ** 30)).toEqual({ used: '9.8', total: '15.6', unit: 'GB' });
    expect(en.bytesPair(0, 0)).toEqual({ used: '0', total: '0', unit: 'B' });
  });

  test('networks count bits, disks count bytes, memory counts in powers of two', () => {
    expect(en.bits(1_550_000)).toBe('12.4 Mb/s');
    expect(en.rate(18_600_000)).toBe('18.6 MB/s');
    expect(en.memory(612 * 2 ** 20)).toBe('612 MB');
    expect(en.rateFigure(0)).toEqual({ value: '0', unit: 'B/s' });
    expect(en.bytes(Number.NaN)).toBe('– B');
  });
});

test('numbers and percentages', () => {
  expect(en.number(1234567)).toBe('1,234,567');
  expect(en.number(-0)).toBe('0');
  expect(en.percent(23.4)).toBe('23%');
  expect(en.percent(23.46, 1)).toBe('23.5%');
});

describe('times', () => {
  test.each([
    [350, '350 ms'],
    [1_500, '1.5 s'],
    [320_000, '5 min 20 s'],
    [3_600_000, '1 h'],
    [41 * 86_400_000 + 6 * 3_600_000, '41 days 6 h'],
  ])('%p ms last %p', (ms, text) => expect(en.duration(ms)).toBe(text));

  test('relative under a day, then the date, with the year when it is another', () => {
    expect(en.relative(at - 20_000, at)).toBe('just now');
    expect(en.relative(at - 12 * 60_000, at)).toBe('12 min ago');
    expect(en.relative(at + 5 * 60_000, at)).toBe('in 5 min');
    expect(en.relative(at - 3 * 3_600_000, at)).toBe('3 h ago');
    expect(en.relative(at - 3 * 86_400_000, at)).toBe('Nov 19');
    expect(en.relative(at - 400 * 86_400_000, at)).toBe('Oct 18, 2025');
    expect(zh.relative(at - 12 * 60_000, at)).toBe('12 分钟前');
  });

  test('always 24 hours, in the zone asked for', () => {
    expect(en.time(at)).toBe('21:24');
    expect(en.full(at)).toBe('Nov 22, 2026, 21:24:48 UTC');
    expect(zh.dateTime(at)).toBe('2026年11月23日 05:24');
    expect(zh.duration(41 * 86_400_000 + 6 * 3_600_000)).toBe('41 天 6 小时');
  });
});

test('the language is chosen by Accept-Language, English when nothing is known', () => {
  expect(preferredLang('zh-TW,zh;q=0.9,en;q=0.8')).toBe('zh-CN');
  expect(preferredLang('de-DE,de;q=0.9,en;q=0.5,zh;q=0.6')).toBe('zh-CN');
  expect(preferredLang('fr')).toBe('en');
  expect(preferredLang('en;q=0, zh;q=bogus')).toBe('en');
  expect(preferredLang(null)).toBe('en');
});
