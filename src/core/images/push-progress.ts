import { LayerProgress, type Layer } from './layer-progress.ts';

/** What ends the way of a layer: sent, there already, or taken over from another repository of the registry. */
const DONE = /^(Pushed|Layer already exists|Mounted from .+)$/;

interface PushedLayer extends Layer {
  /** 0 to 1. */
  sent: number;
}

export class PushProgress extends LayerProgress<PushedLayer> {
  protected fresh(): PushedLayer {
    return { status: '', total: null, sent: 0 };
  }

  protected take(layer: PushedLayer, status: string, share: number | null) {
    // The engine counts what it has packed, which may be more than it thought.
    if (share !== null) layer.sent = Math.max(layer.sent, share);
    if (DONE.test(status)) layer.sent = 1;
  }

  protected doneOf({ sent }: PushedLayer) {
    return sent;
  }
}
