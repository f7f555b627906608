import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLog, type Log } from '../lib/log.ts';

const ROTATE_AT = 4 << 20;

const toConsole = (text: string) => void process.stderr.write(text);

/**
 * `logs/panel.log` has everything, `logs/error.log` what somebody must look at; errors are said on the console too.
 * Each file is put aside once as `.1` when it passes 4 MiB.
 */
export function openLog(dataDir: string, now: () => number, say: (text: string) => void = toConsole): Log {
  const folder = join(dataDir, 'logs');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return createLog(now, (level, line) => {
    append(join(folder, 'panel.log'), line, say);
    if (level !== 'error') return;
    append(join(folder, 'error.log'), line, say);
    say(line);
  });
}

function append(path: string, line: string, say: (text: string) => void) {
  try {
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > ROTATE_AT) renameSync(path, `${path}.1`);
    appendFileSync(path, line, { mode: 0o600 });
  } catch (error) {
    // A full disk must not take the panel down; the line still reaches whoever watches the console.
    say(`${line}(not written to ${path}: ${String((error as Error).message)})\n`);
  }
}
