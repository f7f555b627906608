import { LayerProgress, type Layer } from './layer-progress.ts';

/** Unpacking takes about as long as a fast line does: a third of the way. */
const DOWNLOAD_PART = 0.7;
const DONE = /^(Pull complete|Already exists)$/;

interface PulledLayer extends Layer {
  /** 0 to 1. */
  downloaded: number;
  unpacked: number;
}

export class PullProgress extends LayerProgress<PulledLayer> {
  protected fresh(): PulledLayer {
    return { status: '', total: null, downloaded: 0, unpacked: 0 };
  }

  /** The line `Pulling from library/redis` has the tag as its id. */
  protected override isAbout(status: string) {
    return !status.startsWith('Pulling from');
  }

  protected take(layer: PulledLayer, status: string, share: number | null) {
    if (share !== null && status === 'Downloading') layer.downloaded = share;
    if (share !== null && status === 'Extracting') layer.unpacked = share;
    if (/^(Download complete|Verifying Checksum|Extracting)$/.test(status)) layer.downloaded = 1;
    if (DONE.test(status)) Object.assign(layer, { downloaded: 1, unpacked: 1 });
  }

  protected doneOf({ downloaded, unpacked }: PulledLayer) {
    return DOWNLOAD_PART * downloaded + (1 - DOWNLOAD_PART) * unpacked;
  }
}
