import type { Clock } from './clock.ts';

/** What was added within the last so many ms, however often it comes again: for what is to be told once. */
export class Recently {
  readonly #since = new Map<string, number>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly ms: number,
  ) {}

  has(key: string): boolean {
    const now = this.clock.monotonic();
    for (const [each, at] of this.#since) if (now - at > this.ms) this.#since.delete(each);
    return this.#since.has(key);
  }

  add(key: string) {
    if (!this.has(key)) this.#since.set(key, this.clock.monotonic());
  }
}
