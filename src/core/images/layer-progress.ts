import type { EngineLine } from './lines.ts';

export interface Layer {
  status: string;
  /** Bytes, as soon as they are known. */
  total: number | null;
}

/** How far a pull or a push is, from what the engine says of its layers. It never goes back. */
export abstract class LayerProgress<L extends Layer> {
  readonly #layers = new Map<string, L>();
  #shown = 0;

  /** One that nothing is known of. */
  protected abstract fresh(): L;
  /** Takes what is said of a layer. @param share 0 to 1, of what it does now; null: it does not say */
  protected abstract take(layer: L, status: string, share: number | null): void;
  /** How far a layer is, 0 to 1. */
  protected abstract doneOf(layer: L): number;
  /** Is this said of a layer? */
  protected isAbout(_status: string): boolean {
    return true;
  }

  /** @returns what is new for the log: a layer that does something else now, not each piece of it */
  read({ status = '', id, progressDetail }: EngineLine): string | null {
    if (id === undefined || !this.isAbout(status)) return status || null;
    const layer = this.#layers.get(id) ?? this.fresh();
    this.#layers.set(id, layer);
    const { current = 0, total } = progressDetail ?? {};
    if (total) layer.total ??= total;
    this.take(layer, status, total ? Math.min(1, current / total) : null);
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
    const done = layers.reduce((sum, layer) => sum + (layer.total ?? usual) * this.doneOf(layer), 0);
    this.#shown = Math.max(this.#shown, done / whole);
    return this.#shown;
  }
}
