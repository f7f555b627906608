// The points of the charts, in columns, as the server sends them; all four charts share them.

/** Nobody watched: then samples are 10 s apart. More is a gap. The same as in src/views/dashboard/series.ts. */
const GAP_MS = 12_000;

export function createSeries({ columns, span, from, to, step }) {
  let data = columns;
  let window = { from, to };

  return {
    get columns() {
      return data;
    },
    get at() {
      return data.at;
    },
    /** Left and right end of the charts, ms. */
    get window() {
      return window;
    },
    replace(next) {
      data = next.columns;
      window = { from: next.from, to: next.to };
    },
    /** A live sample comes at the end; what has left the window goes. */
    push(sample) {
      const last = data.at.at(-1);
      if (last !== undefined && sample.at <= last) return;
      if (last !== undefined && sample.at - last > GAP_MS) append(data, { at: last + 1000 });
      append(data, {
        at: sample.at,
        cpu: sample.cpu,
        load1: sample.load?.[0],
        memoryUsed: sample.memory?.used,
        memoryCache: sample.memory?.cache,
        swapUsed: sample.memory?.swapUsed,
        netRx: sample.network?.rx,
        netTx: sample.network?.tx,
        diskRead: sample.disk?.read,
        diskWrite: sample.disk?.write,
      });
      window = { from: sample.at - span, to: sample.at };
      // One point before the window stays: the line enters from the left edge.
      let gone = 0;
      while (gone + 1 < data.at.length && data.at[gone + 1] < window.from) gone++;
      if (gone) for (const name in data) data[name].splice(0, gone);
    },
    step,
  };
}

function append(data, point) {
  for (const name in data) data[name].push(point[name] ?? null);
}
