// What is drawn when. The screen sets the pace: time waits for a screen that is behind, and for what has yet to come.

const TICK_MS = 33;
/** What the screen may have to draw yet. */
const BEHIND = 512 * 1024;
/** A longer pause is passed over. */
export const IDLE_SECONDS = 2;
/** What is drawn again to get anywhere: as much as a terminal keeps. */
const REPLAY = 4 << 20;

/** From which of its points (`[seconds, byte, cols, rows, modes]`) a recording is drawn to get to a second. */
export function pointFor(points, seconds) {
  const before = points.findLast(([at]) => at <= seconds) ?? points[0];
  return points.findLast(([, byte]) => byte <= before[1] - REPLAY) ?? points[0];
}

/** `132x43` of an event of size; null when it is none. */
export function sizeOf(text) {
  const found = /^(\d{1,4})x(\d{1,4})$/.exec(text);
  return found && { cols: Math.min(1000, Math.max(2, Number(found[1]))), rows: Math.min(500, Math.max(1, Number(found[2]))) };
}

/**
 * @param screen `write(text, done)`, `resize(cols, rows)`, `reset()`
 * @param source source.js
 * @param index of the panel: `seconds`, `points`
 * @param on `change()` something of `state`, `fault(error)`
 */
export function createPlayer({ screen, source, index, on, clock = () => performance.now() }) {
  const state = { at: 0, total: index.seconds, playing: false, seeking: false, speed: 1, skipIdle: true };
  let pending = 0;
  /** Second of the last event that was drawn. */
  let last = -1;
  let timer = null;
  let tickAt = 0;
  let turn = 0;

  const drained = () => new Promise((resolve) => screen.write('', resolve));

  function apply({ seconds, kind, text }) {
    last = seconds;
    if (kind === 'o') {
      pending += text.length;
      screen.write(text, () => (pending -= text.length));
    } else if (kind === 'r') {
      const size = sizeOf(text);
      // In its turn: what was written before is drawn at the size before.
      if (size) screen.write('', () => screen.resize(size.cols, size.rows));
    }
  }

  function tick() {
    const now = clock();
    const passed = ((now - tickAt) / 1000) * state.speed;
    tickAt = now;
    if (state.seeking || pending > BEHIND) return;
    if (source.isLow) source.load().catch(fault);
    let event = source.next();
    if (!event) return source.over() ? finish() : undefined;
    let to = state.at + passed;
    if (state.skipIdle && event.seconds - last > IDLE_SECONDS && to - last > IDLE_SECONDS) to = Math.max(to, event.seconds);
    let room = BEHIND;
    while (event && event.seconds <= to && room > 0) {
      room -= event.text.length;
      apply(source.take());
      event = source.next();
    }
    // Held back by what is drawn, or has yet to come.
    state.at = event && event.seconds > to ? to : Math.max(state.at, last);
    on.change();
  }

  function finish() {
    state.at = state.total;
    pause();
  }

  function fault(error) {
    pause();
    on.fault(error);
  }

  function play() {
    if (state.playing) return;
    state.playing = true;
    tickAt = clock();
    timer = setInterval(tick, TICK_MS);
    on.change();
    if (state.at >= state.total) void seek(0);
  }

  function pause() {
    clearInterval(timer);
    state.playing = false;
    on.change();
  }

  /** Draws what was there at a second. The last who asks is the one who gets it. */
  async function seek(seconds) {
    const to = Math.min(state.total, Math.max(0, seconds));
    const mine = ++turn;
    state.seeking = true;
    state.at = to;
    on.change();
    try {
      const point = pointFor(index.points, to);
      // What lies ahead, and not far, is simply drawn.
      if (to < last || last < 0 || source.byte() < point[1]) await begin(point, mine);
      while (mine === turn) {
        const event = source.next();
        if (!event && source.over()) break;
        if (!event) await source.load();
        else if (event.seconds > to) break;
        else apply(source.take());
        if (pending > BEHIND) await drained();
      }
      if (mine === turn) await drained();
    } catch (error) {
      if (mine === turn) fault(error);
    }
    if (mine !== turn) return;
    state.seeking = false;
    tickAt = clock();
    on.change();
  }

  async function begin([seconds, byte, cols, rows, modes], mine) {
    await drained();
    if (mine !== turn) return;
    screen.reset();
    screen.resize(cols, rows);
    if (modes) screen.write(modes);
    source.seek(byte);
    last = seconds;
  }

  return { state, play, pause, seek, toggle: () => (state.playing ? pause() : play()) };
}
