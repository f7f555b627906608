import type { App } from '../core/app.ts';
import type { Events } from '../core/events.ts';
import { frame, type Stream } from './sse.ts';

/** Everyone who watches the machine. */
export interface MetricsFeed {
  /** @param since ms since 1970: what the page has seen last; samples after it that are still in memory come first. */
  join(stream: Stream, since: number | null): void;
  watching(): number;
}

/** Bus event → name on the wire. */
const EVENTS = { 'metrics.sample': 'sample', 'metrics.processes': 'processes', 'metrics.mounts': 'mounts' } as const;

/**
 * One listener on the bus for all pages: each event is encoded once and the same bytes go to every stream, so a
 * further page costs one write a second. While nobody watches there is no listener, and the sampler is left alone.
 */
export function createMetricsFeed(app: App): MetricsFeed {
  const streams = new Set<Stream>();
  let leave: (() => void) | undefined;

  const send = (event: string, payload: unknown) => {
    const bytes = frame(event, JSON.stringify(payload));
    for (const stream of streams) stream.sendFrame(bytes);
  };
  const begin = () => {
    const offs = (Object.keys(EVENTS) as (keyof typeof EVENTS)[]).map((name) =>
      app.bus.on(name, (payload: Events[typeof name]) => send(EVENTS[name], payload)),
    );
    const release = app.sampler.watch();
    leave = () => {
      for (const off of offs) off();
      release();
    };
  };

  return {
    watching: () => streams.size,
    join(stream, since) {
      if (since !== null) {
        const missed = app.sampler.recent().filter((sample) => sample.at > since);
        if (missed.length) stream.send('missed', JSON.stringify(missed));
      }
      streams.add(stream);
      if (streams.size === 1) begin();
      stream.onEnd(() => {
        streams.delete(stream);
        if (streams.size === 0) {
          leave?.();
          leave = undefined;
        }
      });
    },
  };
}
