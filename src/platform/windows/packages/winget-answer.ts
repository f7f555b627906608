import { AppError } from '../../../lib/errors.ts';
import type { Winget, WingetList } from './winget.ts';

/**
 * What winget said last. It goes online for each list (S19), so it is asked only in what an administrator started, and looking at
 * the page asks nobody.
 */
export function createWingetAnswer() {
  let said: WingetList | AppError | null = null;
  const kept = (error: unknown): never => {
    if (error instanceof AppError) said = error;
    throw error;
  };
  return {
    /** The list, or why there is none; null: it was not asked since the panel began. */
    last: () => said,
    /** @param before what must go well before it is asked. @throws AppError, which is kept as well */
    async ask(tool: Winget, signal: AbortSignal, before: () => Promise<void> = async () => {}): Promise<void> {
      await before().catch(kept);
      said = await tool.list(signal).catch(kept);
    },
    /** A pin is known without asking. */
    hold(name: string, to: boolean): void {
      if (!said || said instanceof AppError) return;
      const updates = said.updates.map((one) => (one.name === name ? { ...one, stays: to ? ('held' as const) : null } : one));
      said = { updates, held: [...said.held.filter((one) => one !== name), ...(to ? [name] : [])] };
    },
  };
}
