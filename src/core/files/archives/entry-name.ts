import { nameBytes } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import { NAME_MOST, normalName, type PathKind } from '../paths.ts';
import { Refusal } from './refusal.ts';

/** Bytes of a whole path in an archive: with the folder that it goes to it stays below what the kernel takes. */
const PATH_MOST = 3000;
const LEVELS_MOST = 200;

/**
 * Names of the folders of an entry and its own. [] is the archive's own top ("./").
 * Nothing that could lead out of the folder is put right: whoever writes such a name means no good (S4).
 * @throws Refusal
 */
export function partsOf(kind: PathKind, name: string): string[] {
  if (/[\x00-\x1f\x7f]/.test(name)) throw new Refusal('control');
  if (name.startsWith('/') || name.startsWith('\\')) throw new Refusal('absolute');
  if (/^[A-Za-z]:/.test(name)) throw new Refusal('drive');
  // Also for who reads a backslash as a name: the next program may not.
  if (name.split(/[/\\]/).includes('..')) throw new Refusal('up');
  const parts = name.split(kind === 'windows' ? /[/\\]/ : '/').filter((part) => part !== '' && part !== '.');
  if (nameBytes(name) > PATH_MOST || parts.length > LEVELS_MOST) throw new Refusal('long');
  for (const part of parts) check(kind, part);
  return parts;
}

function check(kind: PathKind, part: string) {
  if (nameBytes(part) > NAME_MOST) throw new Refusal('long');
  try {
    normalName(kind, part);
  } catch (error) {
    if (error instanceof AppError) throw new Refusal('name');
    throw error;
  }
}

/**
 * May a symlink at `parts` lead to `target`? Only to something in the archive's own folder, and not through another
 * link of it: two harmless ones together can lead anywhere.
 * @throws Refusal
 */
export function checkLink(parts: readonly string[], target: string, links: ReadonlySet<string>): void {
  if (target === '' || /^[/\\]|^[A-Za-z]:|[\x00-\x1f]/.test(target)) throw new Refusal('linkOutside');
  const at = parts.slice(0, -1);
  const steps = target.split(/[/\\]/).filter((step) => step !== '' && step !== '.');
  steps.forEach((step, i) => {
    if (step === '..') {
      if (at.pop() === undefined) throw new Refusal('linkOutside');
      return;
    }
    at.push(step);
    if (i < steps.length - 1 && links.has(at.join('/'))) throw new Refusal('linkThrough');
  });
}
