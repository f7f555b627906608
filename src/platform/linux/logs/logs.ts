import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../lib/errors.ts';
import type { Exec } from '../../exec.ts';
import type { Boot, LogFilter, LogsDriver, LogsState } from '../../logs.ts';
import { checkCursor } from './arguments.ts';
import { followJournal, hasPattern, readJournal, readPage } from './journal.ts';
import { parseBoots, parseBootTable, textOf } from './parse.ts';
import { journalctl } from './run.ts';

/** Kept, and until the next start. */
const JOURNALS = ['/var/log/journal', '/run/log/journal'];
/** Units and starts change seldom, and with a large journal it takes a moment to ask. */
const KEPT_MS = 20_000;
/** Of one field, in the list of all of them. */
const VALUE_MOST = 256 << 10;
const FIELDS_CAP = 8 << 20;
const ASK_MS = 10_000;

export function createLinuxLogs(exec: Exec, places: readonly string[] = JOURNALS): LogsDriver {
  let pattern: Promise<boolean> | undefined;
  const native = (filter: LogFilter) => (filter.match ? (pattern ??= hasPattern(exec, journalctl(exec))) : Promise.resolve(false));
  const units = kept(async () => (await ask(exec, ['--field=_SYSTEMD_UNIT'])).split('\n').filter(Boolean).toSorted());
  const boots = kept(() => listBoots(exec));

  return {
    folders: ['/var/log'],
    state: () => readState(exec, places),
    units, boots,
    async page(filter, wish) {
      const quick = await native(filter);
      try {
        return await readPage(exec, filter, wish, quick);
      } catch (error) {
        // PCRE gives up an expression that goes through its text again and again ("match limit exceeded"): then it is looked for here.
        if (!quick || !(error instanceof AppError) || !/pattern/i.test(error.detail ?? '')) throw error;
        return readPage(exec, filter, wish, false);
      }
    },
    follow: (filter, after, signal) => followJournal(exec, filter, after, signal),
    async *read(filter, signal) {
      yield* readJournal(exec, filter, signal, !filter.match?.regex && (await native(filter)));
    },
    async fields(cursor) {
      const { stdout, truncated } = await exec.run([journalctl(exec), '--output=json', '--all', '--quiet', '--no-pager', '--lines=1', `--cursor=${checkCursor(cursor)}`], { timeout: ASK_MS, cap: FIELDS_CAP });
      if (truncated) throw new AppError('unsupported', (t) => t.logs.tooLong);
      return parseFields(stdout, cursor);
    },
  };
}

function parseFields(text: string, cursor: string): [string, string][] | null {
  try {
    const fields = JSON.parse(text.split('\n')[0]!) as Record<string, unknown>;
    // The one at this place is another one: its own is gone.
    if (fields.__CURSOR !== cursor) return null;
    const values = (value: unknown) => (Array.isArray(value) && typeof value[0] !== 'number' ? value : [value]);
    return Object.entries(fields).flatMap(([name, value]) => values(value).map((each): [string, string] => [name.slice(0, 100), textOf(each).slice(0, VALUE_MOST).toWellFormed()]))
      .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  } catch {
    return null;
  }
}

async function ask(exec: Exec, argv: readonly string[]): Promise<string> {
  const { stdout } = await exec.run([journalctl(exec), '--quiet', '--no-pager', ...argv], { timeout: ASK_MS, cap: 4 << 20 });
  return stdout;
}

async function listBoots(exec: Exec): Promise<Boot[]> {
  // Before systemd 252 it is a table, whatever is asked for.
  const text = await ask(exec, ['--list-boots', '--output=json', '--utc']);
  return parseBoots(text) ?? parseBootTable(text);
}

/** journald without files, and files without the tool, are no journal. Whoever is neither root nor in its group sees their own entries only. */
async function readState(exec: Exec, places: readonly string[]): Promise<LogsState> {
  if (!exec.which('journalctl')) return { kind: 'none', partial: false };
  const folders = (await Promise.all(places.map(async (place) => (await readdir(place).catch(() => [])).filter((name) => /^[0-9a-f]{32}(\.\w+)?$/.test(name)).map((name) => join(place, name))))).flat();
  if (folders.length === 0) return { kind: 'none', partial: false };
  const readable = await Promise.all(folders.map((folder) => access(join(folder, 'system.journal'), constants.R_OK).then(() => true, () => false)));
  return { kind: 'journald', partial: !readable.some(Boolean) };
}

/** Asked again when what was told is old; what was refused is asked again at once. */
function kept<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { at: number; value: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (last && now - last.at < KEPT_MS) return last.value;
    const value = read();
    const mine = (last = { at: now, value });
    value.catch(() => {
      if (last === mine) last = undefined;
    });
    return value;
  };
}
