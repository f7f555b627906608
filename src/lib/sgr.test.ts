import { expect, test } from 'bun:test';
import { segmentsOf } from './sgr.ts';

test('colours and weights become pieces, and everything else of a terminal goes', () => {
  expect(segmentsOf('plain')).toEqual([['plain', '']]);
  expect(segmentsOf('\x1b[32mINFO\x1b[0m started \x1b[1;31mnow\x1b[22m!\x1b[m')).toEqual([['INFO', 'a2'], [' started ', ''], ['now', 'a1 bold'], ['!', 'a1']]);
  expect(segmentsOf('\x1b[38;5;196mred\x1b[48;2;0;0;255mblue\x1b[39;49mx')).toEqual([['red', 'a1'], ['blue', 'a1 z4'], ['x', '']]);
  expect(segmentsOf('\x1b]0;title\x07a\x1b[2Kb\x1b(B\x07c')).toEqual([['abc', '']]);
  expect(segmentsOf('10%\r20%\r100%')).toEqual([['100%', '']]);
  expect(segmentsOf('')).toEqual([['', '']]);
});

test('what is broken is text, or nothing', () => {
  expect(segmentsOf('\x1b[999;38;5mx')).toEqual([['x', 'a0']]);
  expect(segmentsOf('<script>\x1b[31m<b>')).toEqual([['<script>', ''], ['<b>', 'a1']]);
});
