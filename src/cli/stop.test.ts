import { afterEach, describe, expect, test } from 'bun:test';
import { testApp, type TestApp } from '../../test/support/app.ts';
import { turnedMs } from '../../test/support/turns.ts';
import { SYSTEM } from '../core/app.ts';
import { createTaskRunner } from '../core/tasks/runner.ts';
import { getTask } from '../core/tasks/tasks.ts';
import { en } from '../i18n/en.ts';
import type { RestartWay } from './restart.ts';
import { createStopper } from './stop.ts';

const open: TestApp[] = [];
afterEach(async () => {
  for (const panel of open.splice(0)) await panel.close();
});

function running(answered: Promise<unknown> = Promise.resolve()) {
  const panel = testApp();
  open.push(panel);
  const order: string[] = [];
  const closers = ['database', 'listener'].map((name) => () => void order.push(name));
  const stopper = createStopper({ t: en, print: (line) => void order.push(line), env: {} }, closers);
  const streams = { hold: () => () => {}, open: () => new Response(), count: () => 0, stop: (reason: string) => void order.push(`bye ${reason}`) };
  const listener = { port: 1, swap: async () => {}, renew: async () => {}, close: () => (order.push('close'), answered), abort: () => {} };
  stopper.arm({ app: panel.app, streams, listener });
  return { ...stopper, app: panel.app, order };
}

const way = (order: string[], ask?: () => Promise<void>): RestartWay => ({ command: '', replace: () => void order.push('replace'), ...(ask ? { ask } : {}) });

describe('stop', () => {
  test('no more connections, streams told, then closed in reverse; once', async () => {
    const { stop, stopped, order } = running();
    await Promise.all([stop('stop'), stop('stop')]);
    expect(await stopped.promise).toBe(0);
    expect(order).toEqual(['Stopping…', 'close', 'bye stop', 'listener', 'database']);
  });

  test('a task that ignores its signal and a request that never ends do not hold it longer than 5 s', async () => {
    const { stop, app } = running(new Promise(() => {}));
    const stubborn = app.tasks.start(SYSTEM, { kind: 'history.purge', key: 'stubborn', steps: [], run: () => new Promise(() => {}) });
    const polite = app.tasks.start(SYSTEM, {
      kind: 'history.purge', key: 'polite', steps: [], run: ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
    });
    const begin = turnedMs();
    await stop('stop');
    expect(turnedMs() - begin).toBeLessThan(5000);
    expect(getTask(app, SYSTEM, polite).state).toBe('interrupted');
    // The next start puts the other one right.
    createTaskRunner({ ...app, folder: `${app.config.dataDir}/tasks`, tell: (thrown) => ({ en: String(thrown) }) });
    expect(getTask(app, SYSTEM, stubborn).state).toBe('interrupted');
  });
});

describe('restart', () => {
  test('replaces the process when everything is closed', async () => {
    const { stop, order } = running();
    await stop('restart', way(order));
    expect(order).toEqual(['Stopping…', 'close', 'bye restart', 'listener', 'database', 'replace']);
  });

  test('leaves it to the service manager, which stops us by a signal', async () => {
    const { stop, order, stopped } = running();
    void stop('restart', way(order, async () => void stop('stop')));
    expect(await stopped.promise).toBe(0);
    expect(order).toContain('bye restart');
    expect(order).not.toContain('replace');
  });

  test('replaces the process when the service manager refuses', async () => {
    const { stop, order } = running();
    await stop('restart', way(order, () => Promise.reject(new Error('no'))));
    expect(order.at(-1)).toBe('replace');
  });
});
