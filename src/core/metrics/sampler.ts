import type { Db } from '../../db/open.ts';
import type { Bus } from '../../lib/bus.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { Ring } from '../../lib/ring.ts';
import type { Host } from '../../platform/host.ts';
import type { Reading } from '../../platform/metrics.ts';
import type { Events } from '../events.ts';
import { createProcessLooks, topProcesses, type Look, type TopProcesses } from '../processes/looks.ts';
import { createMinutes } from '../processes/minutes.ts';
import { shownNames } from './choice.ts';
import { createMountLooks } from './mount-looks.ts';
import type { MountUse } from './mounts.ts';
import { createRecorder } from './recorder.ts';
import { toSample, type Sample, type Shown } from './sample.ts';

/** The one reader of the machine: 10 s apart while nobody looks, 1 s while someone does. */
export interface Sampler {
  start(): void;
  /** Ends the reading and writes what is only in memory. */
  stop(): void;
  /** Someone looks: a sample comes at once and then every second. Call the returned function when they stop. */
  watch(): () => void;
  latest(): Sample | undefined;
  /** What is in memory, oldest first: the last 6 min when someone looked all the time, else up to an hour. */
  recent(): Sample[];
  /** Samples of before this start, oldest first: the made-up past of a demo. */
  remember(past: readonly Sample[]): void;
  /** File systems that are shown, at most 15 s old. */
  mounts(): Promise<MountUse[]>;
  /** Processes, at most `maxAge` ms old (2 s when left out); `disks`: with what each reads and writes. */
  processes(maxAge?: number, disks?: boolean): Promise<Look>;
  topProcesses(): Promise<TopProcesses>;
  /** Every name that the machine has now, for choosing. */
  names(): { interfaces: string[]; disks: string[]; mounts: string[] };
  /** The person chose anew, or the settings were changed. */
  forgetChoice(): void;
  /** Reads now, and does what is due by the clock. The timer calls it, and so do tests. */
  tick(): Promise<void>;
  watchers(): number;
}

interface Needs {
  host: Host;
  db: Db;
  bus: Bus<Events>;
  clock: Clock;
  log: Log;
  /** Runs `run` after `ms`, returns how to call it off; tests bring their own. */
  later?: (run: () => void, ms: number) => () => void;
}

const WATCHED = 1000;
const ALONE = 10_000;
/** So close to the last reading there is nothing new to see. */
const TOO_SOON = 250;
const RING = 360;
/** Settings are read again this often: the command line may have changed them. */
const CHOICE_MS = 10_000;
/** ms that a timer may be early. */
const EARLY = 20;
const MOUNTS_WATCHED = 15_000;
const MOUNTS_ALONE = 60_000;
const PROCESSES_WATCHED = 2000;
const PROCESSES_ALONE = 60_000;
const PROCESSES_MAX = 10_000;
/** A look at thousands of processes is taken less often: it may use this share of the time. */
const PROCESSES_SHARE = 1 / 600;

const byTimeout = (run: () => void, ms: number) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

export function createSampler(needs: Needs): Sampler {
  const { host, db, bus, clock, log, later = byTimeout } = needs;
  const ring = new Ring<Sample>(RING);
  const recorder = createRecorder(needs);
  const minutes = createMinutes(db, log);
  const looks = createProcessLooks(host.processes, clock, (look, since) => minutes.add(look, since));
  let before: Reading | undefined;
  let watching = 0;
  let stopped = true;
  let cancel: (() => void) | undefined;
  let failing = false;
  let shown: Shown | undefined;
  let shownAt = 0;
  let mountsAt = -Infinity;
  let processesAt = -Infinity;
  const running = new Set<string>();
  const mountLooks = createMountLooks({ host, db, clock });

  function choice(): Shown {
    if (!shown || clock.monotonic() - shownAt >= CHOICE_MS) {
      shown = shownNames({ db });
      shownAt = clock.monotonic();
    }
    return shown;
  }

  /** One at a time of each kind; a fault is told once and the next round tries again. */
  async function alone(kind: string, work: () => Promise<void>) {
    if (running.has(kind)) return;
    running.add(kind);
    try {
      await work();
      failing = false;
    } catch (error) {
      if (!failing) log.error('the machine could not be read', { what: kind, error: error as Error });
      failing = true;
    } finally {
      running.delete(kind);
    }
  }

  async function readSample() {
    if (before && ring.last && clock.monotonic() - before.at < TOO_SOON) return bus.emit('metrics.sample', ring.last);
    const after = await host.metrics.read();
    const old = before;
    before = after;
    if (!old || after.at <= old.at) return;
    const sample = toSample(old, after, clock.now(), choice(), ring.last);
    ring.push(sample);
    // A row never says that it saw more than the time between two readings.
    recorder.add(sample, Math.min(ALONE, after.at - old.at) / 1000);
    bus.emit('metrics.sample', sample);
  }

  async function readProcesses() {
    const due = watching ? Math.min(PROCESSES_MAX, Math.max(PROCESSES_WATCHED, (looks.cost() ?? 0) / PROCESSES_SHARE)) : PROCESSES_ALONE;
    // A little early rather than a whole round late.
    if (clock.monotonic() - processesAt < due - 50) return;
    processesAt = clock.monotonic();
    const look = await looks.look(0);
    if (watching) bus.emit('metrics.processes', topProcesses(look));
  }

  async function readMounts() {
    if (clock.monotonic() - mountsAt < (watching ? MOUNTS_WATCHED : MOUNTS_ALONE) - 50) return;
    mountsAt = clock.monotonic();
    const mounts = await mountLooks.read();
    recorder.noteMounts(mountLooks.forHistory());
    if (watching) bus.emit('metrics.mounts', { at: clock.now(), mounts });
  }

  async function tick() {
    await alone('sample', readSample);
    if (ring.length === 0) return;
    await Promise.all([alone('processes', readProcesses), alone('mounts', readMounts)]);
  }

  function schedule(ms: number) {
    cancel?.();
    cancel = undefined;
    if (stopped) return;
    cancel = later(() => {
      // Not awaited: a slow file server or a thousand processes do not hold up the next sample.
      void tick();
      schedule(untilNext());
    }, ms);
  }
  /** To the next whole second of the monotonic clock, so that what a round costs does not add up. */
  function untilNext() {
    const every = watching || ring.length === 0 ? WATCHED : ALONE;
    const left = every - (clock.monotonic() % every);
    // A timer may fire a moment early: then the second that is about to begin has been served already.
    return left < EARLY ? left + every : left;
  }

  return {
    start() {
      if (!stopped) return;
      stopped = false;
      schedule(0);
    },
    stop() {
      if (stopped) return;
      stopped = true;
      cancel?.();
      cancel = undefined;
      recorder.flush();
      minutes.flush();
    },
    watch() {
      if (watching++ === 0) {
        mountsAt = processesAt = -Infinity;
        schedule(0);
      }
      let held = true;
      return () => {
        if (held && --watching === 0) schedule(untilNext());
        held = false;
      };
    },
    remember(past) {
      for (const sample of past) ring.push(sample);
    },
    latest: () => ring.last,
    recent: () => ring.toArray(),
    mounts: () => mountLooks.recent(MOUNTS_WATCHED),
    processes: (maxAge = PROCESSES_WATCHED, disks = false) => looks.look(maxAge, disks),
    topProcesses: async () => topProcesses(await looks.look(PROCESSES_WATCHED)),
    names: () => ({
      interfaces: (before?.interfaces ?? []).map(({ name }) => name),
      disks: (before?.disks ?? []).map(({ name }) => name),
      mounts: mountLooks.paths(),
    }),
    forgetChoice() {
      shown = undefined;
      mountLooks.forget();
    },
    tick,
    watchers: () => watching,
  };
}
