import type { App } from '../core/app.ts';
import { belongingsOf } from '../core/processes/belongs.ts';
import { withTraffic } from '../core/processes/rows.ts';
import { patchOf } from '../core/processes/wire.ts';
import type { ProcessRow, Traffic } from '../platform/processes.ts';
import { frame, type Stream } from './sse.ts';

/** How often a look is taken while somebody sees the list, and the share of a core that these looks may use. */
const EVERY_MS = 1000;
const SHARE = 1 / 50;
/** A busy machine takes its time for a look, and is the one that is looked at. */
const SELDOM_MS = 4000;
/** Who waits on which port is asked for less often: it means reading what every process has open. */
const BELONGINGS_MS = 5000;

/** What goes over the network is asked for less often, too, and only while somebody sees it. */
const TRAFFIC_MS = 3000;
const FAULT_MS = 60_000;
const NO_TRAFFIC: ReadonlyMap<number, Traffic> = new Map();

/** Everyone who sees the list of processes. */
export interface ProcessesFeed {
  /** It is told all of them first, then what moves; with `traffic` also what each carries over the network. */
  join(stream: Stream, wants?: { traffic: boolean }): void;
}

/** One look for all pages; what moved is encoded once and the same bytes go to every stream. */
export function createProcessesFeed(app: App): ProcessesFeed {
  const streams = new Set<Stream>();
  const wanting = new Set<Stream>();
  let traffic = NO_TRAFFIC;
  let trafficDue = -Infinity;
  let rows = new Map<number, ProcessRow>();
  let belongings = '';
  let belongingsAt = -Infinity;
  let going = false;
  let failing = false;

  const tell = (event: string, payload: string) => {
    const bytes = frame(event, payload);
    for (const stream of streams) stream.sendFrame(bytes);
  };

  /** Beside the looks: the first one takes half a second. */
  async function lookAtTraffic() {
    const { traffic: driver } = app.host.processes;
    if (wanting.size === 0) traffic = NO_TRAFFIC;
    if (!driver || wanting.size === 0 || app.clock.monotonic() < trafficDue) return;
    trafficDue = app.clock.monotonic() + TRAFFIC_MS;
    try {
      // It looks once for all who ask, and rests by itself when looking costs much.
      traffic = await driver();
    } catch (error) {
      app.log.error('what processes carry over the network could not be read', { error: error as Error });
      trafficDue = app.clock.monotonic() + FAULT_MS;
    }
  }

  async function look(): Promise<number> {
    void lookAtTraffic();
    const { rows: seen, at, cost } = await app.sampler.processes(EVERY_MS / 2, true);
    const found = traffic.size ? withTraffic(seen, traffic) : seen;
    const patch = patchOf(rows, found, at);
    rows = new Map(found.map((row) => [row.pid, row]));
    if (patch) tell('patch', JSON.stringify(patch));
    if (app.clock.monotonic() - belongingsAt >= BELONGINGS_MS) {
      belongingsAt = app.clock.monotonic();
      const next = JSON.stringify(await belongingsOf(app, new Set(found.flatMap(({ container }) => container ?? []))));
      if (next !== belongings) tell('belongings', (belongings = next));
    }
    return cost;
  }

  async function round() {
    if (streams.size === 0) {
      going = false;
      rows = new Map();
      belongings = '';
      belongingsAt = -Infinity;
      return;
    }
    let cost = 0;
    try {
      cost = await look();
      failing = false;
    } catch (error) {
      if (!failing) app.log.error('the processes could not be read', { error: error as Error });
      failing = true;
    }
    setTimeout(() => void round(), Math.min(SELDOM_MS, Math.max(EVERY_MS, cost / SHARE)));
  }

  return {
    join(stream, wants) {
      if (rows.size) stream.send('patch', JSON.stringify(patchOf(new Map(), [...rows.values()], app.clock.now())));
      if (belongings) stream.send('belongings', belongings);
      streams.add(stream);
      if (wants?.traffic) wanting.add(stream);
      stream.onEnd(() => {
        streams.delete(stream);
        wanting.delete(stream);
      });
      if (going) return;
      going = true;
      void round();
    },
  };
}
