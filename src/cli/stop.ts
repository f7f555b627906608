import type { App } from '../core/app.ts';
import type { Streams } from '../http/sse.ts';
import type { Listener } from './listen.ts';
import type { Surroundings } from './panel.ts';
import type { RestartWay } from './restart.ts';

/** Answers under way get this long, then tasks; together under the 5 s that a stop may take. */
const ANSWERS_MS = 500;
const TASKS_MS = 3000;
/** Whatever hangs, the rest is closed after this. */
const ALL_MS = 4000;
/** How long the service manager may take to stop us after it was asked to restart. */
const ASKED_MS = 10_000;

interface Running {
  app: App;
  streams: Streams;
  listener: Listener;
}

export interface Stopper {
  /** Once; further calls change nothing. `way`: start again afterwards. */
  stop(reason: 'stop' | 'restart', way?: RestartWay): Promise<void>;
  stopped: PromiseWithResolvers<number>;
  /** What there is to stop, as soon as there is. */
  arm(running: Running): void;
}

/** Stops accepting, says good-bye to streams, lets tasks end, then closes what was opened, last first. */
export function createStopper({ t, print }: Surroundings, closers: (() => void)[]): Stopper {
  const stopped = Promise.withResolvers<number>();
  let running: Running | undefined;
  let stopping = false;
  let restarting = false;

  async function stop(reason: 'stop' | 'restart', way?: RestartWay) {
    if (stopping || !running) return;
    if (way?.ask && !restarting) {
      restarting = true;
      // It answers at once and stops us by SIGTERM; if neither comes, we replace ourselves.
      const refused = (error: unknown) => running?.app.log.warn('service manager refused', { error });
      await way.ask().then(() => Bun.sleep(ASKED_MS), refused);
      if (stopping) return;
    }
    stopping = true;
    print(t.start.stopping);
    await Promise.race([quiet(running, restarting ? 'restart' : reason), Bun.sleep(ALL_MS)]);
    running.app.log.info('stopped', { reason: restarting ? 'restart' : reason });
    for (const close of closers.reverse()) attempt(close);
    way?.replace();
    stopped.resolve(0);
  }

  return { stop, stopped, arm: (all) => void (running = all) };
}

async function quiet({ app, streams, listener }: Running, reason: 'stop' | 'restart') {
  app.bus.emit('panel.stopping', { reason });
  const answered = listener.close();
  streams.stop(reason);
  // A page that keeps its connection open does not hold the exit.
  await Promise.race([answered, Bun.sleep(ANSWERS_MS)]);
  await app.tasks.stop(TASKS_MS);
}

function attempt(close: () => void) {
  try {
    close();
  } catch (error) {
    process.stderr.write(`${String((error as Error).message)}\n`);
  }
}
