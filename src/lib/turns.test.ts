import { expect, test } from 'bun:test';
import { createTurns } from './turns.ts';

const busy = (ms: number) => {
  for (const until = performance.now() + ms; performance.now() < until; );
};

test('others have their turn while work goes on, and it ends when it is told to', async () => {
  let others = 0;
  const over = new AbortController();
  const timer = setInterval(() => ++others > 2 && over.abort(), 1);
  const turn = createTurns();
  let pieces = 0;
  while (pieces < 1000 && !(await turn(over.signal))) {
    busy(5);
    pieces++;
  }
  clearInterval(timer);
  expect([others > 2, pieces < 500]).toEqual([true, true]);
});

test('short work is not held up', () => {
  expect(createTurns()(new AbortController().signal)).toBe(false);
});
