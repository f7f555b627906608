import { AppError } from '../../../lib/errors.ts';
import { converse, type Exec } from '../../exec.ts';
import type { LogEntry } from '../../logs.ts';
import { createLineCutter } from './lines.ts';
import { FIELDS, parseEntry } from './parse.ts';

const TOOL = 'journalctl';
/** As it says under LC_ALL=C: “No journal files were opened due to insufficient permissions.” */
const NO_FILES = /No journal files were (found|opened)/;

/** @throws AppError unsupported */
export function journalctl(exec: Exec): string {
  const path = exec.which(TOOL);
  if (!path) throw new AppError('unsupported', (t) => t.logs.noJournal);
  return path;
}

/**
 * What journalctl says, in portions as its pipe gives them, until it ends or the signal does; whoever stops reading ends it.
 * `--all`: without it, what is longer than 4 KiB is not told at all.
 * @throws AppError unavailable with its own words when it gives up by itself
 */
export async function* entriesOf(exec: Exec, argv: readonly string[], signal: AbortSignal): AsyncGenerator<LogEntry[]> {
  if (signal.aborted) return;
  const child = converse([journalctl(exec), '--output=json', '--all', '--quiet', '--no-pager', `--output-fields=${FIELDS.join(',')}`, ...argv]);
  // Nobody has anything to say to it; one that ended at once has closed its side already.
  void Promise.resolve(child.stdin.end()).catch(() => {});
  const stop = () => child.end();
  signal.addEventListener('abort', stop, { once: true });
  const cut = createLineCutter();
  let ended = false;
  try {
    for await (const bytes of child.stdout) {
      if (signal.aborted) return;
      const entries = cut(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).flatMap((line) => parseEntry(line) ?? []);
      if (entries.length) yield entries;
    }
    const code = await child.exited;
    ended = true;
    const said = child.complaints().trim();
    // 1 without a word: nothing has matched. An account that may read no journal at all has none; `state` says why.
    if (code !== 0 && said && !signal.aborted && !NO_FILES.test(said)) throw new AppError('unavailable', (t) => t.errors.toolFailed({ tool: TOOL, code }), { detail: said.split('\n').slice(-8).join('\n') });
  } finally {
    signal.removeEventListener('abort', stop);
    if (!ended) child.end();
  }
}
