import { AppError } from '../../../lib/errors.ts';
import type { LogFilter } from '../../../platform/logs.ts';
import type { Actor, App } from '../../app.ts';
import { follow, type Piece } from '../../files/windows/tail.ts';
import { insideLogs, openLogFile } from './folders.ts';
import { LINE_MOST } from './lines.ts';
import { isPacked } from '../query.ts';
import { fits, readLine, type ReadLine } from './read.ts';

export interface FileListener {
  lines(lines: ReadLine[]): void;
  end(error: unknown): void;
}

/** What is appended to a file, through rotation, whatever text is looked for; its bytes are read once for all (core/files/windows/tail.ts). */
export async function followFile(app: App, actor: Actor, path: string, filter: LogFilter, after: string | null, listener: FileListener, signal: AbortSignal): Promise<void> {
  if (isPacked(path)) throw new AppError('unsupported', (t) => t.logs.packed);
  // Refused in the words of this page.
  await (await openLogFile(app, actor, path)).close();
  // The end of what a page has read, or the last entry that it has: that one is read again, and left out.
  const found = /^(?:f:)?(\d{1,20}:\d{1,20}):(\d{1,15})$/.exec(after ?? '');
  const tail = await follow(app, actor, { path, encoding: 'utf-8', ...(found ? { id: found[1], from: Number(found[2]) } : {}) }, await insideLogs(app));
  if (signal.aborted) return tail.stop();
  signal.addEventListener('abort', () => tail.stop(), { once: true });
  const lines = createLines(filter, () => app.clock.now());
  let first = true;
  tail.start((piece) => {
    // Without a place to go on from, the end of the past comes first.
    const past = first && !found;
    first = false;
    const read = lines(piece);
    if (!past) listener.lines(read[0]?.entry.cursor === after ? read.slice(1) : read);
  }, () => listener.end(new AppError('not_found', (t) => t.view.tail.gone)));
}

/** Makes entries of pieces; the last line of one may go on in the next. */
function createLines(filter: LogFilter, now: () => number): (piece: Piece) => ReadLine[] {
  let rest = '';
  let from = 0;
  let at: number | null = null;
  return (piece) => {
    if (piece.began || piece.skipped) rest = '';
    if (rest === '') from = piece.from;
    const parts = (rest + piece.text).split('\n');
    const last = parts.pop()!;
    const found: ReadLine[] = [];
    for (const text of parts) {
      const bytes = Buffer.from(text);
      const read = readLine(piece.id, { from, to: from + bytes.length + 1, bytes, cut: false }, now());
      from += bytes.length + 1;
      at = read.entry.at ?? at;
      if (fits({ ...filter, match: undefined, since: undefined, until: undefined }, read, at)) found.push(read);
    }
    rest = last.slice(0, LINE_MOST);
    return found;
  };
}
