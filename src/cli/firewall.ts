import type { App } from '../core/app.ts';
import { tendBlocks } from '../core/blocks/apply.ts';
import { lookEvery } from './looks.ts';

const LOOK_MS = 15_000;

/** What is blocked is dropped from the start on; what has ended is let go, and what somebody took away is put back. */
export function keepBlocks(app: App, work: (app: App) => Promise<void> = tendBlocks): () => void {
  let failing = false;
  const done = () => void (failing = false);
  const { look, stop } = lookEvery(LOOK_MS, () => work(app).then(done), (error) => {
    // The page says it as well; once is enough for the log.
    if (!failing) app.log.warn('addresses are not blocked as they should be', { error: error as Error });
    failing = true;
  });
  // What takes back a change of the firewall may take all of it back to what it was before, blocks and all.
  const off = app.bus.on('armed.changed', look);
  return () => {
    off();
    stop();
  };
}
