import type { App } from './app.ts';

interface Answer<T> {
  answer: Promise<T>;
  /** When it was answered, by the clock that never goes back; null: it is being asked. */
  at: number | null;
}

/** Keeps what `read` answered for `ms`, for each machine by itself; asked twice at once, it reads once. */
export function kept<T>(ms: number, read: (app: Pick<App, 'host'>) => Promise<T>) {
  const answers = new WeakMap<object, Answer<T>>();
  const ask = async ({ host, clock }: Pick<App, 'host' | 'clock'>): Promise<T> => {
    const known = answers.get(host);
    if (known && (known.at === null || clock.monotonic() - known.at < ms)) return known.answer;
    const asking: Answer<T> = { answer: read({ host }), at: null };
    answers.set(host, asking);
    try {
      const answer = await asking.answer;
      asking.at = clock.monotonic();
      return answer;
    } catch (error) {
      // A fault is not kept; but what somebody asked for meanwhile is.
      if (answers.get(host) === asking) answers.delete(host);
      throw error;
    }
  };
  return Object.assign(ask, { forget: (app: Pick<App, 'host'>) => void answers.delete(app.host) });
}
