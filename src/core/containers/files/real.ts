import { nameOf, systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { App } from '../../app.ts';
import { baseOf, joinPath, parentOf } from '../../files/paths.ts';
import { ranIn, spelled, unspell } from '../run-in.ts';
import { headAt } from './archive.ts';
import { pathIn, type Place } from './place.ts';

/** As many as the kernel follows (path_resolution(7)). */
const LINKS_MOST = 40;

const REAL = [unspell('p', 1), '[ -e "$p" ] || [ -L "$p" ] || exit 3', 'r=$(readlink -f "$p" && printf .) || exit 4', 'printf %s "${r%??}"'].join('\n');

/**
 * A path without links in it, as they lead inside of the container: what is mounted where counts only then.
 * @throws AppError not_found, unavailable
 */
export async function realPath(app: App, place: Place, path: string): Promise<string> {
  if (place.running) {
    const { code, out } = await ranIn(app, place.id, REAL, [spelled(systemName(path))]).catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'conflict') return { code: -1, out: Buffer.alloc(0) };
      throw error;
    });
    if (code === 3) throw new AppError('not_found', (t) => t.containerFiles.errors.noFile);
    const said = nameOf(out);
    if (code === 0 && said.startsWith('/')) return said;
  }
  return bySteps(app, place, path);
}

/** Where there is no shell to ask: each part by the archive of the engine. */
async function bySteps(app: App, place: Place, path: string): Promise<string> {
  let links = 0;
  let at = '/';
  const parts = path.split('/').filter(Boolean);
  while (parts.length) {
    const part = parts.shift()!;
    if (part === '.') continue;
    if (part === '..') {
      at = parentOf('posix', at);
      continue;
    }
    const next = joinPath('posix', at, part);
    const head = await headAt(app, place.id, next);
    if (head.type !== 'link') {
      at = next;
      continue;
    }
    if (++links > LINKS_MOST) throw new AppError('invalid', (t) => t.containerFiles.errors.links);
    const target = nameOf(head.target);
    if (target.startsWith('/')) at = '/';
    parts.unshift(...target.split('/').filter(Boolean));
  }
  return at;
}

/** The same of a thing's folder; the last part stays as it is, and need not be there. */
export async function realIn(app: App, place: Place, input: string): Promise<{ path: string; folder: string; name: string }> {
  const path = pathIn(input);
  const name = baseOf('posix', path);
  if (name === '') throw new AppError('invalid', (t) => t.containerFiles.errors.root);
  const folder = await realPath(app, place, parentOf('posix', path));
  return { path: joinPath('posix', folder, name), folder, name };
}
