import { AppError } from '../../lib/errors.ts';
import { createTurns } from '../../lib/turns.ts';
import type { LogEntry, LogFilter, LogPage, LogsState } from '../../platform/logs.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { openLogFile } from './files/folders.ts';
import { fits, placeOf, readFilePage, readLine, unpacked } from './files/read.ts';
import { linesOf, piecesOf } from './files/lines.ts';
import { filterOf, isFile, isIn, isPacked, patternOf, PRIORITIES, type LogQuery } from './query.ts';

/** Entries of a page. */
export const LOG_PAGE = 200;
/** ms that looking for something may take. */
const PATIENCE_MS = 10_000;

export interface LogPart extends LogPage {
  /** Where what follows goes on; null: from now on. */
  last: string | null;
}

/** The page of a journal that is not there says so; whoever asks for its entries is told. @throws AppError unsupported */
export async function needJournal(app: App): Promise<LogsState> {
  const state = await app.host.logs.state();
  if (state.kind === 'none') throw new AppError('unsupported', (t) => t.logs.noJournal);
  return state;
}

/**
 * A page of a log: from the newest, or on from an entry.
 * @throws AppError denied, invalid, not_found, unsupported, unavailable
 */
export async function readLogs(app: App, actor: Actor, query: LogQuery, wish: { from: string | null; to: 'older' | 'newer'; limit?: number; signal?: AbortSignal }): Promise<LogPart> {
  need(actor, 'logs.read');
  const pattern = patternOf(query);
  const filter = filterOf(query, pattern);
  const asked = { limit: LOG_PAGE, patience: PATIENCE_MS, ...wish };
  if (isFile(query.source)) {
    const source = await openLogFile(app, actor, query.source);
    try {
      const page = await readFilePage(source, query.source, filter, { ...asked, now: app.clock.now(), may: pattern ? (bytes) => isIn(pattern, bytes) : () => true });
      return { ...page, last: `${source.id}:${source.size}` };
    } finally {
      await source.close();
    }
  }
  await needJournal(app);
  // Asked for before a text is looked for: what comes meanwhile is told by who follows, and told twice rather than never.
  const newest = wish.from === null && pattern ? await newestCursor(app, filter) : null;
  const page = await app.host.logs.page(filter, asked);
  if (wish.from !== null || pattern || page.late) return { ...page, last: newest };
  return { ...page, last: page.entries.at(-1)?.cursor ?? (await newestCursor(app, {})) };
}

/** The last entry there is, whether or not it contains the text; of a filter that nothing fits, the last of the whole log. */
async function newestCursor(app: App, { unit, identifier, kernel, priority, boot }: LogFilter): Promise<string | null> {
  const wish = { from: null, to: 'older' as const, limit: 1, patience: PATIENCE_MS };
  const { entries } = await app.host.logs.page({ unit, identifier, kernel, priority, boot }, wish);
  return (entries[0] ?? (await app.host.logs.page({}, wish)).entries[0])?.cursor ?? null;
}

export interface WholeEntry {
  /** null: the log has nothing but the line. */
  fields: [name: string, value: string][];
  entry: LogEntry | null;
}

/** All that is known of one entry. @throws AppError denied, invalid, not_found, unsupported, unavailable */
export async function readEntry(app: App, actor: Actor, source: string, cursor: string): Promise<WholeEntry> {
  need(actor, 'logs.read');
  if (!isFile(source)) {
    await needJournal(app);
    const fields = await app.host.logs.fields(cursor);
    if (!fields) throw new AppError('not_found', (t) => t.logs.gone);
    return { fields, entry: null };
  }
  const file = await openLogFile(app, actor, source);
  try {
    const from = placeOf(cursor, file.id);
    const over = AbortSignal.timeout(PATIENCE_MS);
    const pieces = isPacked(source) ? unpacked(file, source) : piecesOf(file, from, file.size);
    for await (const lines of linesOf(pieces, isPacked(source) ? 0 : from)) {
      const line = lines.find((each) => each.from >= from);
      if (over.aborted) throw new AppError('unavailable', (t) => t.logs.stopped);
      if (!line) continue;
      const { entry, text } = readLine(file.id, line, app.clock.now());
      return { entry, fields: fieldsOf(entry, text) };
    }
    throw new AppError('not_found', (t) => t.logs.gone);
  } finally {
    await file.close();
  }
}

function fieldsOf({ at, priority, identifier, pid }: LogEntry, line: string): [string, string][] {
  const told: [string, string | null][] = [
    ['LINE', line], ['TIME', at === null ? null : new Date(at).toISOString()], ['PRIORITY', priority === null ? null : PRIORITIES[priority]!],
    ['IDENTIFIER', identifier], ['PID', pid === null ? null : String(pid)],
  ];
  return told.filter((field): field is [string, string] => field[1] !== null);
}

/**
 * All that fits, the oldest first, as fast as somebody takes it; written down, as logs tell secrets.
 * @throws AppError as readLogs
 */
export async function downloadLogs(app: App, actor: Actor, query: LogQuery, signal: AbortSignal): Promise<AsyncGenerator<LogEntry[]>> {
  need(actor, 'logs.read');
  const filter = filterOf(query);
  if (isFile(query.source)) {
    // Refused before anything is answered; held open only by who reads on: a download may be broken off before its first piece.
    await (await openLogFile(app, actor, query.source)).close();
    recordDownload(app, actor, query);
    return wholeFile(() => openLogFile(app, actor, query.source), query.source, filter, app.clock.now(), signal);
  }
  await needJournal(app);
  recordDownload(app, actor, query);
  return (async function* () {
    yield* app.host.logs.read(filter, signal);
  })();
}

function recordDownload(app: App, actor: Actor, { source, ...query }: LogQuery) {
  record(app, actor, { action: 'logs.download', target: source, params: Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined && value !== '' && value !== false)) });
}

async function* wholeFile(open: () => ReturnType<typeof openLogFile>, path: string, filter: LogFilter, now: number, signal: AbortSignal): AsyncGenerator<LogEntry[]> {
  const source = await open();
  const turn = createTurns();
  try {
    let at: number | null = null;
    for await (const lines of linesOf(isPacked(path) ? unpacked(source, path) : piecesOf(source, 0, source.size))) {
      if (signal.aborted) return;
      const entries: LogEntry[] = [];
      for (const line of lines) {
        if (await turn(signal)) return;
        const read = readLine(source.id, line, now);
        at = read.entry.at ?? at;
        if (fits(filter, read, at)) entries.push({ ...read.entry, message: read.text });
      }
      yield entries;
    }
  } finally {
    await source.close();
  }
}

/** An entry as a line of text, as journalctl's `short-iso-precise` has it; a line of a file is what it is. */
export function entryText({ at, identifier, unit, pid, message }: LogEntry, file: boolean): string {
  if (file) return `${message}\n`;
  return `${at === null ? '-' : new Date(at).toISOString()} ${identifier ?? unit ?? '-'}${pid === null ? '' : `[${pid}]`}: ${message}\n`;
}
