import { AppError, type Say } from '../../../lib/errors.ts';
import type { PowerShell } from '../powershell/powershell.ts';

/** Why the panel can show this at most, and not change it; null when it can. */
export async function noRights(shell: PowerShell): Promise<Say | null> {
  if (shell.missing()) return (t) => t.powershell.unavailable;
  try {
    const { elevated } = await shell.greeting();
    return elevated ? null : (t) => t.system.notElevated;
  } catch (error) {
    if (error instanceof AppError) return error.say;
    throw error;
  }
}

/** What the machine tells, or, where PowerShell cannot be asked, what Bun knows by itself. */
export async function orElse<T>(shell: PowerShell, ask: () => Promise<T>, known: () => Promise<T>): Promise<T> {
  if (shell.missing()) return known();
  try {
    return await ask();
  } catch (error) {
    if (error instanceof AppError && (error.code === 'unavailable' || error.code === 'unsupported')) return known();
    throw error;
  }
}
