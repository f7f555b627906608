/** Time as an argument. `now` is wall time in ms since 1970; `monotonic` is ms that never go back. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};

/** A clock for tests and for simulated samples: both readings move only by `advance`; `set` jumps the wall clock. */
export function manualClock(start = 1_767_225_600_000): Clock & { advance(ms: number): void; set(ms: number): void } {
  let wall = start;
  let mono = 0;
  return {
    now: () => wall,
    monotonic: () => mono,
    advance(ms) {
      wall += ms;
      mono += ms;
    },
    set(ms) {
      wall = ms;
    },
  };
}
