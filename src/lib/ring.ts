/** A bounded list: pushing past `capacity` drops the oldest. */
export class Ring<T> {
  #items: T[] = [];
  #start = 0;

  constructor(readonly capacity: number) {}

  push(item: T) {
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#start] = item;
    this.#start = (this.#start + 1) % this.capacity;
  }

  /** Oldest first. */
  toArray(): T[] {
    return [...this.#items.slice(this.#start), ...this.#items.slice(0, this.#start)];
  }

  get last(): T | undefined {
    return this.#items.at(this.#start - 1);
  }

  get length() {
    return this.#items.length;
  }

  clear() {
    this.#items = [];
    this.#start = 0;
  }
}
