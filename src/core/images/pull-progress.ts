import type { EngineLine } from './lines.ts';

/** Unpacking takes about as long as a fast line does: a third of the way. */
const DOWNLOAD_PART = 0.7;
const DONE = /^(Pull complete|Already exists)$/;

interface Layer {
  status: string;
  /** Bytes, as soon as they are known. */
  total: number | null;
  /** 0 to 1. */
  downloaded: number;
  unpacked: number;
}

/** How far a pull is, from what the engine says of its layers. It never goes back. */
export class PullProgress {
  readonly #layers = new Map<string, Layer>();
  #shown = 0;

  /** @returns what is new for the log: a layer that does something else now, not each piece of it */
  read({ status = '', id, progressDetail }: EngineLine): string | null {
    // The line `Pulling from library/redis` has the tag as its id.
    if (id === undefined || status.startsWith('Pulling from')) return status || null;
    const layer = this.#layers.get(id) ?? { status: '', total: null, downloaded: 0, unpacked: 0 };
    this.#layers.set(id, layer);
    const { current = 0, total } = progressDetail ?? {};
    if (total) {
      layer.total ??= total;
      if (status === 'Downloading') layer.downloaded = Math.min(1, current / total);
      if (status === 'Extracting') layer.unpacked = Math.min(1, current / total);
    }
    if (/^(Download complete|Verifying Checksum|Extracting)$/.test(status)) layer.downloaded = 1;
    if (DONE.test(status)) Object.assign(layer, { downloaded: 1, unpacked: 1 });
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
    let whole = 0;
    let done = 0;
    for (const { total, downloaded, unpacked } of layers) {
      whole += total ?? usual;
      done += (total ?? usual) * (DOWNLOAD_PART * downloaded + (1 - DOWNLOAD_PART) * unpacked);
    }
    this.#shown = Math.max(this.#shown, done / whole);
    return this.#shown;
  }
}
