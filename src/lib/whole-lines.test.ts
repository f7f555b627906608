import { expect, test } from 'bun:test';
import { wholeLines } from './whole-lines.ts';

test('lines that come in pieces are handed on whole', () => {
  const said: string[] = [];
  const { add, end } = wholeLines((text) => void said.push(text));
  for (const piece of ['Setti', 'ng up x', ' (2.0)\nSetting up y\nand', ' more', '', '\n', 'last']) add(piece);
  expect(said).toEqual(['Setting up x (2.0)\nSetting up y\n', 'and more\n']);
  end();
  end();
  expect(said.slice(2)).toEqual(['last']);
});

test('a line without an end is not kept for ever', () => {
  const said: string[] = [];
  const { add } = wholeLines((text) => void said.push(text));
  for (let n = 0; n < 100; n++) add('x'.repeat(1000));
  expect(said.map((text) => text.length)).toEqual([66_000]);
});
