import { z } from 'zod';

/** A line of POST /images/create: `{"status":"Downloading","progressDetail":{"current":1,"total":9},"id":"ab12"}`. */
export const PullLine = z.object({
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).nullish(),
  error: z.string().optional(),
});

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
  read({ status = '', id, progressDetail }: z.output<typeof PullLine>): string | null {
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
