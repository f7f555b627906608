import type { Db } from '../../db/open.ts';
import type { Bus } from '../../lib/bus.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { Ring } from '../../lib/ring.ts';
import type { Host } from '../../platform/host.ts';
import type { Reading } from '../../platform/metrics.ts';
import type { Events } from '../events.ts';
import { createProcessLooks, topProcesses, type Look, type TopProcesses } from '../processes/looks.ts';
import { shownNames } from './choice.ts';
import type { MountUse } from './mounts.ts';
import { toSample, type Sample } from './sample.ts';

/** The one reader of the machine: 10 s apart while nobody looks, 1 s while someone does. */
export interface Sampler {
  start(): void;
  stop(): void;
  /** Someone looks; call the returned function when they stop. */
  watch(): () => void;
  latest(): Sample | undefined;
  /** What is in memory, oldest first: 6 min while someone looks, more while nobody does. */
  recent(): Sample[];
  /** File systems, at most 15 s old. */
  mounts(): Promise<MountUse[]>;
  /** Processes, at most 2 s old. */
  processes(): Promise<Look>;
  topProcesses(): Promise<TopProcesses>;
  /** Reads at once what is due by the clock; the timer calls it, and so do tests. */
  tick(): Promise<void>;
  watchers(): number;
}

interface Needs {
  host: Host;
  db: Db;
  bus: Bus<Events>;
  clock: Clock;
  log: Log;
}

const WATCHED = 1000;
const ALONE = 10_000;

export function createSampler(needs: Needs): Sampler {
  const { host, db, bus, clock } = needs;
  const ring = new Ring<Sample>(360);
  const looks = createProcessLooks(host.processes, clock, () => {});
  let before: Reading | undefined;
  let watching = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = true;

  async function tick() {
    const after = await host.metrics.read();
    if (before) {
      const sample = toSample(before, after, clock.now(), shownNames({ db }), ring.last);
      ring.push(sample);
      bus.emit('metrics.sample', sample);
    }
    before = after;
    if (watching) {
      bus.emit('metrics.processes', topProcesses(await looks.look(2000)));
      bus.emit('metrics.mounts', { at: clock.now(), mounts: await mounts() });
    }
  }
  const mounts = async () => (await host.metrics.mounts()).map((mount) => ({ ...mount, fullInDays: null }));
  function schedule(ms: number) {
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(() => void tick().finally(() => schedule(watching ? WATCHED : ALONE)), ms);
  }

  return {
    start() {
      stopped = false;
      schedule(0);
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
    watch() {
      if (watching++ === 0) schedule(0);
      let held = true;
      return () => {
        if (held) watching--;
        held = false;
      };
    },
    latest: () => ring.last,
    recent: () => ring.toArray(),
    mounts,
    processes: () => looks.look(2000),
    topProcesses: async () => topProcesses(await looks.look(2000)),
    tick,
    watchers: () => watching,
  };
}
