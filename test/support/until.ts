const LEAST_MS = 5;
const MOST_MS = 250;
/** Nobody waits for what comes true, however slow the machine; only what never comes true takes as long. */
export const PATIENCE_MS = 5 * 60_000;

/** Asks until it is so. Playwright's own waitForFunction evaluates strings, which the page's policy refuses. */
export async function until(ask: () => unknown, ms = PATIENCE_MS): Promise<void> {
  const end = performance.now() + ms;
  for (;;) {
    const begun = performance.now();
    if (await ask()) return;
    const now = performance.now();
    if (now > end) throw new Error(`it never came true: ${ask}`);
    // By what an answer takes: a moment is not missed, and who asks a machine by a program each time leaves it the time to get there.
    await Bun.sleep(Math.min(MOST_MS, Math.max(LEAST_MS, 4 * (now - begun))));
  }
}
