/**
 * At most `limit` at once and at most `queue` waiting; the next one is refused by `undefined`.
 * Keeps expensive work (password hashing) from taking the whole machine. Who is `first` waits in a row of their own,
 * which goes before the other: strangers who fill theirs keep nobody out of it.
 */
export class Semaphore {
  #running = 0;
  #first: (() => void)[] = [];
  #others: (() => void)[] = [];

  constructor(
    private readonly limit: number,
    private readonly queue: number,
  ) {}

  async run<T>(work: () => Promise<T>, first = false): Promise<{ value: T } | undefined> {
    if (this.#running >= this.limit) {
      const row = first ? this.#first : this.#others;
      if (row.length >= this.queue) return undefined;
      await new Promise<void>((resolve) => row.push(resolve));
    } else this.#running++;
    try {
      return { value: await work() };
    } finally {
      const next = this.#first.shift() ?? this.#others.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
