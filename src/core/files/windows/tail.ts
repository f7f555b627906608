import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { looksOf, HEAD } from '../previews/kind.ts';
import { baseOf } from '../paths.ts';
import { decode, type TextEncoding } from '../text/encodings.ts';
import { wholeCharacters } from './bounds.ts';
import { openSource, type Source } from './source.ts';

/** What a reader sees of the past. */
const START = 64 << 10;
/** More than this at once is passed over: nobody reads a megabyte in a tenth of a second. */
const MOST = 512 << 10;
/** After a sign of life, so that a thousand small writes are one look. */
const SOON_MS = 100;
/** Without any sign: rotation tells nobody, and some file systems tell nothing. */
const POLL_MS = 1000;

/** What was appended. The text may end in the middle of a line: the next piece goes on there. */
export interface Piece {
  from: number;
  to: number;
  text: string;
  /** The file under this name is another one now, or was emptied: it begins again. */
  began?: 'rotated' | 'truncated';
  /** Bytes that came too fast and were passed over. */
  skipped?: number;
  id: string;
}

export interface TailInput {
  path: string;
  encoding?: TextEncoding | undefined;
  /** Where a reader that lost its connection goes on, if it is still the same file. */
  from?: number | undefined;
  id?: string | undefined;
}

export interface Tail {
  encoding: TextEncoding;
  /** Begins to tell. `gone`: it may not be read any more. Returns what ends it. */
  start(piece: (piece: Piece) => void, gone: () => void): void;
  stop(): void;
}

interface Reader {
  actor: Actor;
  piece(piece: Piece): void;
  gone(): void;
}

/** Files that are followed now, each by one watcher however many read: by real path and encoding. */
const followed = new WeakMap<App, Map<string, Followed>>();

/** How many files are watched: for tests of what is left behind. */
export const followedCount = (app: App) => followed.get(app)?.size ?? 0;

/**
 * Follows what is appended to a file, through rotation and truncation.
 * @param check throws for a file that lies elsewhere than it may; one that takes its name later lies where it did
 * @throws AppError
 */
export async function follow(app: App, actor: Actor, input: TailInput, check: (real: string) => void = () => {}): Promise<Tail> {
  const source = await openSource(app, actor, input.path);
  let file: Followed;
  try {
    check(source.real);
    if (source.virtual) throw new AppError('unsupported', (t) => t.view.errors.noTail);
    const encoding = input.encoding ?? looksOf(await source.read(0, HEAD), baseOf(app.host.files.kind, source.path)).encoding ?? 'utf-8';
    file = join(app, source, encoding);
  } catch (error) {
    await source.close();
    throw error;
  }
  // What the watcher does not keep is closed here.
  if (file.source !== source) await source.close();
  const waiting: Piece[] = [];
  let tell: ((piece: Piece) => void) | null = null;
  let gone: () => void = () => {};
  const reader: Reader = { actor, piece: (piece) => (tell ? tell(piece) : waiting.push(piece)), gone: () => gone() };
  file.readers.add(reader);
  const first = await file.past(input).catch((error: unknown) => {
    file.leave(reader);
    throw error;
  });
  return {
    encoding: file.encoding,
    start(piece, end) {
      gone = end;
      piece(first);
      for (const each of waiting.splice(0)) piece(each);
      tell = piece;
    },
    stop: () => file.leave(reader),
  };
}

function join(app: App, source: Source, encoding: TextEncoding): Followed {
  const mine = followed.get(app) ?? new Map<string, Followed>();
  followed.set(app, mine);
  const key = `${encoding} ${source.real}`;
  const found = mine.get(key);
  if (found) return found;
  const made = new Followed(app, source, encoding, () => mine.delete(key));
  mine.set(key, made);
  return made;
}

class Followed {
  readonly readers = new Set<Reader>();
  source: Source;
  readonly encoding: TextEncoding;
  readonly #app: App;
  readonly #left: () => void;
  #at: number;
  #watcher: FSWatcher | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking = false;
  #again = false;
  #over = false;

  constructor(app: App, source: Source, encoding: TextEncoding, left: () => void) {
    this.#app = app;
    this.source = source;
    this.encoding = encoding;
    this.#left = left;
    this.#at = source.size;
    this.#watch();
    this.#later(POLL_MS);
  }

  /** What stands before the place that all readers are at. Nothing may be awaited before that place is taken. */
  async past({ from, id }: TailInput): Promise<Piece> {
    const { source } = this;
    const to = this.#at;
    const same = id === source.id && from !== undefined && from <= to && to - from <= MOST;
    const start = same ? from : Math.max(0, to - START);
    const bytes = await source.read(start, to - start);
    // From the first whole line on.
    const cut = same || start === 0 ? 0 : bytes.indexOf(10) + 1;
    return { from: start + cut, to, text: decode(bytes.subarray(cut), this.encoding).text, id: source.id };
  }

  leave(reader: Reader) {
    this.readers.delete(reader);
    if (this.readers.size > 0 || this.#over) return;
    this.#over = true;
    this.#left();
    clearTimeout(this.#timer);
    this.#watcher?.close();
    // A look that is under way closes it itself.
    if (!this.#looking) void this.source.close();
  }

  #watch() {
    this.#watcher?.close();
    this.#watcher = null;
    const name = systemName(this.source.real);
    if (typeof name !== 'string') return;
    try {
      this.#watcher = watch(name, { persistent: false }, () => this.#later(SOON_MS));
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      // Out of watches, or a file system without: polled all the same.
    }
  }

  #due = Infinity;

  #later(ms: number) {
    if (this.#looking) return void (this.#again ||= ms < POLL_MS);
    const due = performance.now() + ms;
    if (this.#over || due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => void this.#look(), ms);
  }

  async #look() {
    this.#due = Infinity;
    this.#looking = true;
    this.#again = false;
    try {
      await this.#appended();
      await this.#rotated();
    } catch (error) {
      this.#app.log.warn('a followed file cannot be read', { path: this.source.real, error: error as Error });
    }
    this.#looking = false;
    if (this.#over) return void this.source.close();
    this.#later(this.#again ? SOON_MS : POLL_MS);
  }

  async #appended() {
    const size = await this.source.sizeNow();
    const began = size < this.#at ? 'truncated' : undefined;
    if (began) this.#at = 0;
    if (size === this.#at && !began) return;
    await this.#send(size, began);
  }

  async #send(size: number, began?: Piece['began']) {
    const skipped = Math.max(0, size - this.#at - MOST);
    const from = this.#at + skipped;
    const read = await this.source.read(from, size - from);
    const bytes = read.subarray(0, wholeCharacters(read, this.encoding));
    this.#at = from + bytes.length;
    const piece: Piece = { from, to: this.#at, text: decode(bytes, this.encoding).text, id: this.source.id, ...(began ? { began } : {}), ...(skipped ? { skipped } : {}) };
    for (const reader of [...this.readers]) reader.piece(piece);
  }

  /** Another file under the same name: everybody must be allowed to read that one too. */
  async #rotated() {
    const { source } = this;
    // While there is none, what is still written to the old one counts.
    const now = await stat(systemName(source.real)).catch(() => null);
    if (!now || `${now.dev}:${now.ino}` === source.id) return;
    // What came into the old one since it was looked at: nobody would look again.
    await this.#appended();
    let next: Source | null = null;
    for (const reader of [...this.readers]) {
      const opened = await openSource(this.#app, reader.actor, source.real).catch(() => null);
      if (!opened || opened.real !== source.real || opened.virtual) reader.gone();
      if (next || !opened || opened.real !== source.real) await opened?.close();
      else next = opened;
    }
    if (!next) return;
    this.source = next;
    await source.close();
    this.#at = 0;
    this.#watch();
    await this.#send(await next.sizeNow(), 'rotated');
  }
}
