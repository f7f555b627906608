/** Events inside this process: one writer says a thing once, many listen. `Events` maps a name to its payload. */
export class Bus<Events extends object> {
  #listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  constructor(private readonly onError: (error: unknown) => void) {}

  on<K extends keyof Events>(name: K, listener: (payload: Events[K]) => void): () => void {
    let set = this.#listeners.get(name);
    if (!set) this.#listeners.set(name, (set = new Set()));
    set.add(listener);
    return () => void set.delete(listener);
  }

  emit<K extends keyof Events>(name: K, payload: Events[K]) {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as (payload: Events[K]) => void)(payload);
      } catch (error) {
        // One broken listener must not keep the others from hearing.
        this.onError(error);
      }
    }
  }

  count(name: keyof Events) {
    return this.#listeners.get(name)?.size ?? 0;
  }
}
