import { afterEach, expect, test } from 'bun:test';
import { manualClock } from '../lib/clock.ts';
import { onSignals } from './signals.ts';

afterEach(() => {
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal);
});

/** `process.emit` calls the listeners as the signal would, and ends nothing. */
const send = (signal: 'SIGTERM' | 'SIGINT') => process.emit(signal, signal);

function listen() {
  const seen: unknown[] = [];
  const clock = manualClock();
  onSignals(() => seen.push('stop'), (code) => seen.push(code), clock);
  return { seen, clock };
}

test('a stop that comes by two ways at once is one stop', () => {
  const { seen, clock } = listen();
  send('SIGTERM');
  send('SIGTERM');
  clock.advance(300);
  send('SIGINT');
  expect(seen).toEqual(['stop']);
});

test('one who asks again does not wait, and the shell sees by which signal', () => {
  const { seen, clock } = listen();
  send('SIGINT');
  clock.advance(301);
  send('SIGTERM');
  send('SIGINT');
  expect(seen).toEqual(['stop', 143, 130]);
});
