/** A smooth made-up figure: a base and some waves over it. */
export interface Wave {
  base: number;
  /** Height, length in s, and where in its length it begins (0 to 1). */
  waves: readonly (readonly [height: number, length: number, phase: number])[];
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
