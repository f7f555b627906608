import type { EngineLine } from './lines.ts';

/** What ends the way of a layer: sent, there already, or taken over from another repository of the registry. */
const DONE = /^(Pushed|Layer already exists|Mounted from .+)$/;

interface Layer {
  status: string;
  /** Bytes, as soon as they are known. */
  total: number | null;
  /** 0 to 1. */
  sent: number;
}

/** How far a push is, from what the engine says of its layers. It never goes back. */
export class PushProgress {
  readonly #layers = new Map<string, Layer>();
  #shown = 0;

  /** @returns what is new for the log: a layer that does something else now, not each piece of it */
  read({ status = '', id, progressDetail }: EngineLine): string | null {
    if (id === undefined) return status || null;
    const layer = this.#layers.get(id) ?? { status: '', total: null, sent: 0 };
    this.#layers.set(id, layer);
    const { current = 0, total } = progressDetail ?? {};
    if (total) {
      layer.total ??= total;
      // The engine counts what it has packed, which may be more than it thought.
      layer.sent = Math.max(layer.sent, Math.min(1, current / total));
    }
    if (DONE.test(status)) layer.sent = 1;
    const said = layer.status === status ? null : `${id}: ${status}`;
    layer.status = status;
    return said;
  }

  /** 0 to 1; null while nothing is known. Layers of unknown size count as the middle of the others. */
  value(): number | null {
    const layers = [...this.#layers.values()];
    if (layers.length === 0) return null;
    const known = layers.flatMap(({ total }) => total ?? []);
    const usual = known.length ? known.reduce((sum, total) => sum + total, 0) / known.length : 1;
    const whole = layers.reduce((sum, { total }) => sum + (total ?? usual), 0);
    const done = layers.reduce((sum, { total, sent }) => sum + (total ?? usual) * sent, 0);
    this.#shown = Math.max(this.#shown, done / whole);
    return this.#shown;
  }
}
