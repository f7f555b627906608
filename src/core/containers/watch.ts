import { z } from 'zod';
import type { Bus } from '../../lib/bus.ts';
import type { Log } from '../../lib/log.ts';
import { DockerError, type DockerDriver } from '../../platform/docker.ts';
import type { Host } from '../../platform/host.ts';
import { jsonLines } from '../docker/json-lines.ts';
import type { Events } from '../events.ts';
import { Statistics, useOf, type ContainerUse } from './stats.ts';

/** An engine that went is asked again so soon, and so seldom in the end. */
const RETRY_LEAST_MS = 500;
const RETRY_MOST_MS = 5000;
/** What containers used is told to everybody at once. */
const TELL_MS = 1000;
/** Kept of each: five minutes. */
const KEPT = 300;

const Event = z.object({ Type: z.string(), Action: z.string().catch(''), Actor: z.object({ ID: z.string().catch('') }).nullish() });
const Ids = z.array(z.object({ Id: z.string() }));

/** Follows the engine while somebody looks: one stream of events, and one of statistics for each container that runs, for all who look. */
export interface ContainerWatch {
  /** @returns what to call when one looks no longer */
  look(): () => void;
  /** What it used last, of the seconds that somebody looked; oldest first. */
  history(id: string): readonly ContainerUse[];
  /** Ends everything. */
  stop(): void;
}

interface Needs {
  host: Host;
  bus: Bus<Events>;
  log: Log;
}

/** An event that says nothing new: a health check that ran, a process that looked into a container. */
const isNoise = ({ Type, Action }: z.output<typeof Event>) => Type === 'container' && /^(exec_|top|resize|attach|export|archive-path|extract-to-dir)/.test(Action);

export function createContainerWatch({ host, bus, log }: Needs): ContainerWatch {
  let looking = 0;
  let over: AbortController | null = null;
  const histories = new Map<string, ContainerUse[]>();
  const streams = new Map<string, AbortController>();
  let fresh: ContainerUse[] = [];

  async function follow(signal: AbortSignal) {
    const { docker } = host;
    let wait = RETRY_LEAST_MS;
    let known: boolean | undefined;
    while (!signal.aborted) {
      try {
        const events = await docker.stream({ path: '/events', signal });
        // Before the first line: it may have changed while nobody listened.
        bus.emit('containers.changed', { up: true });
        known = true;
        wait = RETRY_LEAST_MS;
        await settle(docker, signal);
        for await (const value of jsonLines(events)) {
          const event = Event.safeParse(value).data;
          if (!event || isNoise(event)) continue;
          if (event.Type === 'container' && /^(start|die|destroy|unpause)$/.test(event.Action)) await settle(docker, signal);
          bus.emit('containers.changed', { up: true });
        }
      } catch (error) {
        const away = error instanceof DockerError && typeof error.status !== 'number';
        if (!signal.aborted && known !== false && !away) log.warn('engine not followed', { error: error as Error });
      }
      if (signal.aborted) return;
      if (known !== false) bus.emit('containers.changed', { up: false });
      known = false;
      end();
      await Bun.sleep(wait);
      wait = Math.min(RETRY_MOST_MS, wait * 2);
    }
  }

  /** A stream for each that runs, none for any other. */
  async function settle(docker: DockerDriver, signal: AbortSignal) {
    const running = new Set(Ids.parse(await docker.ask({ path: '/containers/json', signal })).map(({ Id }) => Id));
    for (const [id, stream] of streams) if (!running.has(id)) drop(id, stream);
    for (const id of running) if (!streams.has(id)) void measure(docker, id, signal);
    for (const id of histories.keys()) if (!running.has(id)) histories.delete(id);
  }

  async function measure(docker: DockerDriver, id: string, signal: AbortSignal) {
    const mine = new AbortController();
    streams.set(id, mine);
    let before: Statistics | null = null;
    try {
      for await (const value of jsonLines(await docker.stream({ path: `/containers/${id}/stats`, query: { stream: true }, signal: AbortSignal.any([signal, mine.signal]) }))) {
        const now = Statistics.safeParse(value).data;
        if (!now) continue;
        const use = useOf(id, before, now);
        before = now;
        if (!use) continue;
        const history = histories.get(id) ?? [];
        histories.set(id, history);
        history.push(use);
        if (history.length > KEPT) history.shift();
        fresh.push(use);
      }
    } catch (error) {
      // One that was removed a moment ago is not there to be measured, and an engine that went is told above.
      if (!signal.aborted && !mine.signal.aborted && !(error instanceof DockerError)) log.warn('container not measured', { id, error: error as Error });
    }
    if (streams.get(id) === mine) streams.delete(id);
  }

  const drop = (id: string, stream: AbortController) => {
    streams.delete(id);
    stream.abort();
  };

  const end = () => {
    for (const [id, stream] of streams) drop(id, stream);
    fresh = [];
  };

  const tell = () => {
    if (fresh.length) bus.emit('containers.used', { uses: fresh });
    fresh = [];
  };

  let timer: ReturnType<typeof setInterval> | undefined;
  const begin = () => {
    over = new AbortController();
    timer = setInterval(tell, TELL_MS);
    void follow(over.signal);
  };
  const stop = () => {
    clearInterval(timer);
    over?.abort();
    over = null;
    end();
  };
  // Another engine has other containers; what they used is not asked for again.
  bus.on('docker.switched', () => {
    stop();
    histories.clear();
    if (looking > 0) begin();
  });

  return {
    look() {
      if (looking++ === 0) begin();
      let gone = false;
      return () => {
        if (gone) return;
        gone = true;
        if (--looking === 0) stop();
      };
    },
    history: (id) => histories.get(id) ?? [],
    stop,
  };
}
