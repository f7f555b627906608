import type { Log } from '../lib/log.ts';

/** What nobody caught is a bug, but no reason to take the panel away from everybody: it is logged. */
export function logFaults(log: Log): () => void {
  const uncaught = (error: unknown) => log.error('uncaught', { error: error as Error });
  const rejected = (error: unknown) => log.error('unhandled rejection', { error: error as Error });
  process.on('uncaughtException', uncaught);
  process.on('unhandledRejection', rejected);
  return () => {
    process.off('uncaughtException', uncaught);
    process.off('unhandledRejection', rejected);
  };
}
