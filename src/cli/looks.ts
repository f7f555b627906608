import { AppError } from '../lib/errors.ts';
import type { App } from '../core/app.ts';

/**
 * Looks at once, and again every so many ms; a look that comes while another one works is none.
 * @param failed is told what a look threw
 */
export function lookEvery(ms: number, work: () => Promise<unknown>, failed: (error: unknown) => void): { look(): void; stop(): void } {
  let going = false;
  const look = () => {
    if (going) return;
    going = true;
    void Promise.try(work).catch(failed).finally(() => (going = false));
  };
  look();
  const timer = setInterval(look, ms);
  return { look, stop: () => clearInterval(timer) };
}

/** What stands on a page or in a task as well is a warning; everything else is a fault of ours. */
export const toLog = ({ log }: Pick<App, 'log'>, text: string) => (error: unknown) => (error instanceof AppError ? log.warn(text, { error }) : log.error(text, { error: error as Error }));
