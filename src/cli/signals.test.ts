import { afterEach, expect, test } from 'bun:test';
import { onSignals } from './signals.ts';

afterEach(() => {
  for (const signal of ['SIGTERM', 'SIGINT']) process.removeAllListeners(signal);
});

/** `process.emit` calls the listeners as the signal would, and ends nothing. */
const send = (signal: 'SIGTERM' | 'SIGINT') => process.emit(signal, signal);

test('a stop that comes by two ways at once is one stop', async () => {
  const seen: unknown[] = [];
  onSignals(() => seen.push('stop'), (code) => seen.push(code));
  send('SIGTERM');
  send('SIGTERM');
  await Bun.sleep(50);
  send('SIGINT');
  expect(seen).toEqual(['stop']);
});

test('one who asks again does not wait, and the shell sees by which signal', async () => {
  const seen: unknown[] = [];
  onSignals(() => seen.push('stop'), (code) => seen.push(code));
  send('SIGINT');
  await Bun.sleep(320);
  send('SIGTERM');
  send('SIGINT');
  expect(seen).toEqual(['stop', 143, 130]);
});
