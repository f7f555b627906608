import { afterEach, beforeEach, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../../test/support/app.ts';
import { en } from '../../i18n/en.ts';
import { AppError } from '../../lib/errors.ts';
import { SYSTEM } from '../app.ts';
import { startLoad } from './load.ts';

let panel: TestApp;
beforeEach(() => void (panel = testApp()));
afterEach(() => panel.close());

test('S22 no more archives than there is memory for are loaded at once', async () => {
  const start = () => startLoad(panel.app, SYSTEM, { body: new ReadableStream(), size: null, name: 'x' });
  const begun = Array.from({ length: 8 }, start);
  const ends = Promise.allSettled(begun.map(({ loaded }) => loaded));
  const refused = (() => {
    try {
      return start();
    } catch (error) {
      return error instanceof AppError && [error.code, error.say(en)];
    }
  })();
  expect(refused).toEqual(['conflict', '8 archives are being loaded already. Wait until one of them is done.']);
  for (const { task } of begun) panel.app.tasks.cancel(task);
  await ends;
  const again = start();
  panel.app.tasks.cancel(again.task);
  await again.loaded.catch(() => {});
});
