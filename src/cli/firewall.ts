import type { App } from '../core/app.ts';
import { tendBlocks } from '../core/blocks/apply.ts';

const LOOK_MS = 15_000;

/** What is blocked is dropped from the start on; what has ended is let go, and what somebody took away is put back. */
export function keepBlocks(app: App, work: (app: App) => Promise<void> = tendBlocks): () => void {
  let failing = false;
  let going = false;
  const look = async () => {
    if (going) return;
    going = true;
    try {
      await work(app);
      failing = false;
    } catch (error) {
      // The page says it as well; once is enough for the log.
      if (!failing) app.log.warn('addresses are not blocked as they should be', { error: error as Error });
      failing = true;
    } finally {
      going = false;
    }
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  return () => clearInterval(timer);
}
