import type { PinnedFolder } from '../../files.ts';

/**
 * What is held open, as a path that a child process may take: `/proc/self` would be the child's own. The kernel goes on from
 * the descriptor, so that nothing can be swapped in between, and no name ever looks like an option.
 */
export const ofPanel = (at: string) => at.replace(/^\/proc\/self\//, `/proc/${process.pid}/`);

/**
 * A path below a held folder for tools that refuse to follow a link: the last part is the entry itself, which they open
 * without following. null: the name is no text, and an argument cannot carry it.
 */
export function entryOfPanel(folder: PinnedFolder, name: string): string | null {
  if (name === '') return `${ofPanel(folder.at('') as string)}/.`;
  const at = folder.at(name);
  return typeof at === 'string' ? ofPanel(at) : null;
}
