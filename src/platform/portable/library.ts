import type { Exec } from '../exec.ts';

export type Library = typeof import('systeminformation');

/**
 * systeminformation, loaded when first needed. On Windows it asks PowerShell and, where that cannot be started (Wine, a
 * locked-down server), lets an `error` event go unheard, which would end the panel: so PowerShell is tried first.
 * @returns null where it would not work; the caller then has what node:os tells.
 */
export function createLibrary(exec: Exec, platform: NodeJS.Platform = process.platform) {
  let loading: Promise<Library | null> | undefined;
  async function load(): Promise<Library | null> {
    if (platform === 'win32' && !(await powerShellWorks(exec))) return null;
    const library = await import('systeminformation');
    // One PowerShell that stays, instead of one start of half a second for every question.
    if (platform === 'win32') library.powerShellStart();
    return library;
  }
  return () => (loading ??= load().catch(() => null));
}

async function powerShellWorks(exec: Exec): Promise<boolean> {
  const shell = exec.which('powershell');
  if (!shell) return false;
  try {
    const { stdout } = await exec.run([shell, '-NoProfile', '-NonInteractive', '-Command', 'Write-Output (6*7)'], { timeout: 30_000 });
    return stdout.trim() === '42';
  } catch {
    return false;
  }
}
