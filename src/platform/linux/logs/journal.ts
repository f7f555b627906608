import { AppError } from '../../../lib/errors.ts';
import { createTurns } from '../../../lib/turns.ts';
import type { Exec } from '../../exec.ts';
import type { LogEntry, LogFilter, LogPage, PageWish } from '../../logs.ts';
import { checkCursor, filterArguments, literalPattern } from './arguments.ts';
import { entriesOf } from './run.ts';

/** Letters of a page: entries may be long, and a page is not the place for all of them. */
const LETTERS_MOST = 1 << 20;

/** Can journalctl look for text itself? It says so among its features: `… +PCRE2 …`. */
export async function hasPattern(exec: Exec, tool: string): Promise<boolean> {
  const { stdout } = await exec.run([tool, '--version'], { timeout: 5000 });
  return /(^|\s)\+PCRE2(\s|$)/.test(stdout);
}

const patternArguments = ({ match }: LogFilter): string[] =>
  match ? [`--grep=${match.regex ? match.text : literalPattern(match.text)}`, '--case-sensitive=false'] : [];

/**
 * A page of the journal. Its index finds an entry by its cursor at once; looking for a text reads everything on the way, so that
 * is ended when patience is.
 *
 * A cursor is given with `--cursor`, which includes its entry: that is dropped here. `--after-cursor` drops the first entry that
 * fits whether or not it is the one, so one is lost when the entry itself has been vacuumed. And a cursor excludes `--since`
 * (systemd 252: "Please specify only one of …"), which is therefore looked at here.
 */
export async function readPage(exec: Exec, filter: LogFilter, wish: PageWish, native: boolean): Promise<LogPage> {
  const { from, to, limit, patience, signal } = wish;
  const older = to === 'older';
  const { since, until, match } = filter;
  const argv = [
    ...(older ? ['--reverse'] : []),
    ...(native ? patternArguments(filter) : []),
    // With the one that it goes on from, and one to see that there are more. Forwards the number would count from the end.
    ...(older && (native || !match) ? [`--lines=${limit + 2}`] : []),
    ...(from === null ? [] : [`--cursor=${checkCursor(from)}`]),
    ...filterArguments({ ...filter, since: from === null ? since : undefined, until: from === null || !older ? until : undefined }),
  ];
  const over = AbortSignal.timeout(patience);
  const all = signal ? AbortSignal.any([signal, over]) : over;
  const found: LogEntry[] = [];
  let letters = 0;
  let more = false;
  const turn = createTurns();
  reading: for await (const entries of entriesOf(exec, argv, all)) {
    for (const entry of entries) {
      if (await turn(all)) break reading;
      if (entry.cursor === from) continue;
      if (since !== undefined && entry.at !== null && entry.at < since) break reading;
      if (match && !native && !match.test(entry.message)) continue;
      if (found.length === limit || letters > LETTERS_MOST) {
        more = true;
        break reading;
      }
      found.push(entry);
      letters += entry.message.length;
    }
  }
  if (signal?.aborted) throw new AppError('unavailable', (t) => t.logs.stopped);
  const late = over.aborted && !more;
  return { entries: older ? found.toReversed() : found, more: more || late, late };
}

/** What comes from now on, or after an entry: that one is dropped here, as in a page. */
export async function* followJournal(exec: Exec, filter: LogFilter, after: string | null, signal: AbortSignal): AsyncGenerator<LogEntry[]> {
  const from = after === null ? ['--lines=0'] : ['--no-tail', `--cursor=${checkCursor(after)}`];
  // A journal that is quiet says nothing, and neither does one whose entry is the last.
  let first = after;
  for await (const entries of entriesOf(exec, ['--follow', ...from, ...filterArguments({ ...filter, since: undefined, until: undefined })], signal)) {
    const fresh = first !== null && entries[0]!.cursor === first ? entries.slice(1) : entries;
    first = null;
    if (fresh.length) yield fresh;
  }
}

/** All of it, the oldest first. */
export async function* readJournal(exec: Exec, filter: LogFilter, signal: AbortSignal, native: boolean): AsyncGenerator<LogEntry[]> {
  const { match } = filter;
  const turn = createTurns();
  for await (const entries of entriesOf(exec, [...(native ? patternArguments(filter) : []), ...filterArguments(filter)], signal)) {
    const wanted: LogEntry[] = [];
    for (const entry of entries) {
      if (match && !native && (await turn(signal))) return;
      if (!match || native || match.test(entry.message)) wanted.push(entry);
    }
    if (wanted.length) yield wanted;
  }
}
