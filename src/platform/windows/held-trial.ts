import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { HeldError, holdFolder, type HeldFolder } from './held-folder.ts';
import { othersWhoWrite } from './rights.ts';
import { ownSid } from './security.ts';

/**
 * Does with a folder of its own all that is done with folders of accounts: makes one, writes a file twice, reads it, and is
 * refused by a junction. @param parent empty, and the panel's @returns what is not as it should be; null: nothing
 */
export function tryHeldFolders(parent: string): string | null {
  const own = ownSid();
  const rights = (flags: string) => `D:P(A;${flags};FA;;;SY)(A;${flags};FA;;;BA)(A;${flags};FA;;;${own})`;
  return using(holdFolder(parent), (folder) => {
    if (!refusal(() => folder.folder('.ssh'), 'missing')) return 'a folder that is not there';
    const wrong = using(folder.makeFolder('.ssh', rights('OICI')), (inner) => {
      if (!refusal(() => inner.read('keys', 100), 'missing')) return 'a file that is not there';
      for (const text of ['first and longer', 'second']) {
        inner.write('keys', new TextEncoder().encode(text), rights(''));
        const found = inner.read('keys', 100);
        if (new TextDecoder().decode(found.bytes) !== text) return `the text of “${text}”`;
        if (found.links !== 1) return 'the number of names';
      }
      if (!refusal(() => inner.read('keys', 3), 'link')) return 'a file that is too long';
      return refusal(() => inner.folder('keys'), 'link') ? null : 'a file in place of a folder';
    });
    if (wrong) return wrong;
    mkdirSync(join(parent, 'elsewhere'));
    if (makeJunction(join(parent, 'elsewhere'), join(parent, 'junction')) && !refusal(() => folder.folder('junction'), 'link')) return 'a junction';
    // Last, as Wine keeps others.
    const found = using(folder.folder('.ssh'), (inner) => inner.read('keys', 100).rights);
    return othersWhoWrite(found, own).length === 0 && /D:P/.test(found) ? null : 'the rights of a file';
  });
}

/** @returns false where there are none, as in Wine */
function makeJunction(target: string, path: string): boolean {
  try {
    symlinkSync(target, path, 'junction');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTSUP') return false;
    throw error;
  }
}

function using<T>(folder: HeldFolder, work: (folder: HeldFolder) => T): T {
  try {
    return work(folder);
  } finally {
    folder.close();
  }
}

function refusal(work: () => unknown, why: HeldError['why']): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (error instanceof HeldError) return error.why === why;
    throw error;
  }
}
