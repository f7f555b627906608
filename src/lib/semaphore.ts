/**
 * At most `limit` at once and at most `queue` waiting; the next one is refused by `undefined`.
 * Keeps expensive work (password hashing) from taking the whole machine.
 */
export class Semaphore {
  #running = 0;
  #waiting: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly queue: number,
  ) {}

  async run<T>(work: () => Promise<T>): Promise<{ value: T } | undefined> {
    if (this.#running >= this.limit) {
      if (this.#waiting.length >= this.queue) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      return { value: await work() };
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
