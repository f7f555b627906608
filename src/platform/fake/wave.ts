/** A smooth made-up figure: a base and some waves over it. */
export interface Wave {
  base: number;
  /** Height, length in s, and where in its length it begins (0 to 1). */
  waves: readonly (readonly [height: number, length: number, phase: number])[];
}

/**
 * A figure as a machine at work has it: a day's rhythm, and swings of ever shorter length that never line up, so that no
 * range of the charts shows a pattern. `swing` is the sum of all heights; below `base`, the figure stays above 0.
 */
export function busy(base: number, swing: number, seed = 0): Wave {
  const lengths = [86_400, 19_031, 6_311, 2_087, 761, 263, 97, 37, 13.7, 5.3];
  const shares = [0.2, 0.14, 0.13, 0.12, 0.11, 0.1, 0.08, 0.06, 0.04, 0.02];
  // The golden ratio spreads the beginnings evenly, whatever the seed.
  const phase = (i: number) => ((i + 1) * (seed + 1) * 0.618_033_988_7) % 1;
  return { base, waves: lengths.map((length, i) => [swing * shares[i]!, length, i === 0 ? 0.58 : phase(i)]) };
}

const turn = 2 * Math.PI;

/** The figure at `t` s. */
export function value({ base, waves }: Wave, t: number): number {
  return waves.reduce((sum, [height, length, phase]) => sum + height * Math.sin(turn * (t / length + phase)), base);
}

/** Its integral from 0 to `t`: what a counter shows when the figure is a rate. Never falls while the figure stays above 0. */
export function total({ base, waves }: Wave, t: number): number {
  return waves.reduce((sum, [height, length, phase]) => {
    const reach = (height * length) / turn;
    return sum + reach * (Math.cos(turn * phase) - Math.cos(turn * (t / length + phase)));
  }, base * t);
}
