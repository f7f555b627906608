import { closeSync, openSync, writeSync } from 'node:fs';

/** A file of so many bytes that no file system and no line can compress away. */
export function writeSource(path: string, size: number): string {
  const block = Buffer.concat(Array.from({ length: 64 }, () => crypto.getRandomValues(new Uint8Array(65_536))));
  const file = openSync(path, 'w');
  for (let at = 0; at < size; at += block.length) writeSync(file, block);
  closeSync(file);
  return path;
}
