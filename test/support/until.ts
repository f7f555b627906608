/** Asks until it is so. Playwright's own waitForFunction evaluates strings, which the page's policy refuses. */
export async function until(ask: () => unknown, ms = 30_000): Promise<void> {
  const end = performance.now() + ms;
  while (!(await ask())) {
    if (performance.now() > end) throw new Error(`it never came true: ${ask}`);
    await Bun.sleep(25);
  }
}
