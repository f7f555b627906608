/** Numbers of the signals that end a process (signal(7)): a shell sees 128 + number. */
const ENDING = { SIGINT: 2, SIGTERM: 15 } as const;

/**
 * The first Ctrl-C or SIGTERM stops in order, a second one at once.
 * `now` is told the exit code of a process that such a signal ended.
 */
export function onSignals(stop: () => void, now: (code: number) => void): () => void {
  let asked = false;
  const listeners = Object.entries(ENDING).map(([signal, number]) => {
    const listener = () => {
      if (asked) return now(128 + number);
      asked = true;
      stop();
    };
    process.on(signal as keyof typeof ENDING, listener);
    return () => void process.off(signal, listener);
  });
  return () => listeners.forEach((off) => off());
}
