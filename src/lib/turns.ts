/** ms that work may take before others have their turn. */
const MOST_MS = 20;

/**
 * For work of many small pieces, such as an expression on many lines: asked before each, it lets others have their turn when they
 * have waited long enough. By time and not by number: one line may take a microsecond or ten milliseconds.
 * @returns is it over?
 */
export function createTurns(): (signal?: AbortSignal) => Promise<boolean> | boolean {
  let begun = performance.now();
  return (signal) => {
    if (performance.now() - begun < MOST_MS) return false;
    // Timers have their turn then, too: a patience is one.
    return Bun.sleep(0).then(() => {
      begun = performance.now();
      return signal?.aborted ?? false;
    });
  };
}
