import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where services run from: only administrators write there (S20). */
export const installedExecutable = () => join(process.env.ProgramFiles ?? 'C:\\Program Files', 'Mantou', 'mantou.exe');

/**
 * Puts the running executable to its place, whole or not at all. Windows does not replace what runs, but lets it be renamed:
 * services that run from it go on with the old one until they are started again.
 * @returns false when it already runs from there
 */
export function placeExecutable(running: string, place = installedExecutable()): boolean {
  if (running.toLowerCase() === place.toLowerCase()) return false;
  const folder = dirname(place);
  mkdirSync(folder, { recursive: true });
  sweep(folder);
  copyFileSync(running, `${place}.new`);
  const old = `${place}.old-${Date.now().toString(36)}`;
  const replaces = existsSync(place);
  if (replaces) renameSync(place, old);
  try {
    renameSync(`${place}.new`, place);
  } catch (error) {
    if (replaces) renameSync(old, place);
    throw error;
  }
  sweep(folder);
  return true;
}

/** Is the one in its place another version, or not there? */
export const differs = (running: string, place = installedExecutable()) =>
  running.toLowerCase() !== place.toLowerCase() && statSync(place, { throwIfNoEntry: false })?.size !== statSync(running).size;

/** Those that nothing runs from any more. */
function sweep(folder: string) {
  for (const name of readdirSync(folder).filter((each) => each.includes('.exe.old-'))) {
    try {
      unlinkSync(join(folder, name));
    } catch {
      // Something still does.
    }
  }
}
