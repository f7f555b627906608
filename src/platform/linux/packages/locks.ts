import { statSync } from 'node:fs';
import { readText } from '../text-file.ts';

/** Who holds the lock of a file is in /proc/locks, by inode: `2: POSIX  ADVISORY  WRITE 1234 fe:00:262151 0 EOF`. */
export function isLocked(...paths: string[]): boolean {
  const table = readText('/proc/locks') ?? '';
  return paths.some((path) => {
    const inode = statSync(path, { throwIfNoEntry: false })?.ino;
    return inode !== undefined && new RegExp(` WRITE -?\\d+ [\\da-f]+:[\\da-f]+:${inode} `).test(table);
  });
}
