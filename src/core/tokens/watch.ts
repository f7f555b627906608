import type { App } from '../app.ts';

/** Nobody says when a token is over, and what it has open must not outlive it for long (S10). */
const ASK_MS = 500;

/**
 * Asks again and again, and calls `gone` each time that it is not so any more.
 * @param still may the token still do what it does?
 * @returns what ends the watch
 */
export function watchToken(app: Pick<App, 'log'>, still: () => boolean, gone: () => void): () => void {
  const timer = setInterval(() => {
    try {
      if (!still()) gone();
    } catch (error) {
      // A database that does not answer is asked again in a moment.
      app.log.warn('token not asked for', { error: error as Error });
    }
  }, ASK_MS);
  return () => clearInterval(timer);
}
