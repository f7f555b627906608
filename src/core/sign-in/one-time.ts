import type { Clock } from '../../lib/clock.ts';
import type { Random } from '../../lib/random.ts';

interface Entry<T> {
  value: T;
  owner: string;
  until: number;
}

/**
 * What is good once and for minutes: challenges, half-done sign-ins. In memory, because after a restart asking again is
 * right, and because a stranger who asks for many must not fill the disk. Both one owner and all together are bounded.
 */
export class OneTime<T> {
  #entries = new Map<string, Entry<T>>();

  constructor(
    private readonly from: { clock: Clock; random: Random },
    private readonly limits: { ms: number; perOwner: number; total: number } = { ms: 5 * 60_000, perOwner: 16, total: 4096 },
  ) {}

  /** Keeps the value and returns the token that stands for it; the owner's oldest makes room. */
  put(owner: string, value: T): string {
    this.#drop(owner);
    const token = this.from.random.token();
    this.#entries.set(token, { value, owner, until: this.from.clock.now() + this.limits.ms });
    return token;
  }

  /** The value while it is good, without using it up. */
  peek(token: string): T | undefined {
    const entry = this.#entries.get(token);
    return entry && entry.until > this.from.clock.now() ? entry.value : undefined;
  }

  /** The value, once. */
  take(token: string): T | undefined {
    const value = this.peek(token);
    this.#entries.delete(token);
    return value;
  }

  get size() {
    return this.#entries.size;
  }

  #drop(owner: string) {
    const now = this.from.clock.now();
    const mine: string[] = [];
    // A Map keeps the order of arrival: the first are the oldest.
    for (const [token, entry] of this.#entries) {
      if (entry.until <= now) this.#entries.delete(token);
      else if (entry.owner === owner) mine.push(token);
    }
    for (const token of mine.slice(0, Math.max(0, mine.length - this.limits.perOwner + 1))) this.#entries.delete(token);
    for (const token of this.#entries.keys()) {
      if (this.#entries.size < this.limits.total) break;
      this.#entries.delete(token);
    }
  }
}
