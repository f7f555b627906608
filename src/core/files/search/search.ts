import { lstat, realpath } from 'node:fs/promises';
import { z } from 'zod';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { openFolder } from '../entry.ts';
import { FILE, FOLDER, KINDS, readNames } from '../listing/names.ts';
import { isInside, joinPath, normalPath } from '../paths.ts';
import { searchFile, type LineHit } from './contents.ts';
import { excludeTest, nameTest } from './names.ts';
import { compile, PATTERN_MOST, type Pattern } from './pattern.ts';

export const RESULTS_MOST = 10_000;
export const RESULTS_DEFAULT = 1000;
export const SECONDS_MOST = 600;
export const SECONDS_DEFAULT = 60;
/** Of one file: a word on every line of a log would leave no room for others. */
const PER_FILE = 100;
const DEPTH_MOST = 200;
/** Folders that are read at the same time, and files of each. */
const FOLDERS = 4;
const FILES = 8;
const TELL_MS = 250;
/** Names of one folder are looked at for so long before others get their turn. */
const TURN_MS = 25;

/** What is left out unless somebody asks for it. */
export const EXCLUDED = 'node_modules, .git';

/** Yes or no from a query or a form. */
const flag = z.enum(['on', 'off']);

/** Schema of page and API. `name` is about names, `text` about contents; at least one is given. */
export const SearchInput = z.object({
  path: z.string().max(300_000),
  name: z.string().max(PATTERN_MOST).default(''),
  text: z.string().max(PATTERN_MOST).default(''),
  regex: flag.default('off'),
  case: flag.default('off'),
  hidden: flag.default('off'),
  exclude: z.string().max(1000).default(EXCLUDED),
  mounts: flag.default('off'),
  limit: z.coerce.number().int().min(1).max(RESULTS_MOST).default(RESULTS_DEFAULT),
  seconds: z.coerce.number().int().min(1).max(SECONDS_MOST).default(SECONDS_DEFAULT),
});
export type SearchInput = z.output<typeof SearchInput>;

export interface Hit extends Partial<LineHit> {
  path: string;
  type: 'folder' | 'file' | 'link' | 'other';
  /** Of the file, when lines of it were found. */
  size?: number;
}

export interface Searched {
  folders: number;
  files: number;
  bytes: number;
  results: number;
}

export interface Ended extends Searched {
  /** all: everything was looked at · results, time: bounds were met · cancelled */
  end: 'all' | 'results' | 'time' | 'cancelled';
  /** Folders and files that could not be read. */
  refused: number;
  /** Files that were searched only as far as FILE_MOST. */
  partly: number;
}

export interface Listener {
  hit(hit: Hit): void;
  progress?(searched: Searched): void;
}

interface Waiting {
  /** Held while something below waits for it. */
  parent: { folder: PinnedFolder; waiting: number };
  name: string;
  path: string;
  depth: number;
}

/**
 * Looks through a folder and everything below it, and tells what it finds while it goes. Symlinks are not followed.
 * @throws AppError when the folder cannot be read, or the expression is none
 */
export async function search(app: App, actor: Actor, input: SearchInput, signal: AbortSignal, listener: Listener): Promise<Ended> {
  const pattern = input.text === '' ? null : compile({ text: input.text, regex: input.regex === 'on', exact: input.case === 'on' });
  const fits = input.name === '' ? () => true : nameTest({ text: input.name, regex: input.regex === 'on' && !pattern, exact: input.case === 'on' });
  const { kind } = app.host.files;
  const path = normalPath(kind, input.path);
  const root = await openFolder(app, actor, path);
  const own = await realpath(app.config.dataDir).catch(() => app.config.dataDir);
  const run = new Run({ app, input, pattern, fits, own, signal, listener });
  return run.all(root, path);
}

function typeOf(kind: number): Hit['type'] {
  if (kind === FOLDER) return 'folder';
  return kind === FILE ? 'file' : KINDS[kind] === 'link' ? 'link' : 'other';
}

interface Setup {
  app: App;
  input: SearchInput;
  pattern: Pattern | null;
  fits: (name: string) => boolean;
  own: string;
  signal: AbortSignal;
  listener: Listener;
}

class Run {
  readonly #set: Setup;
  readonly #left: (name: string) => boolean;
  readonly #until: number;
  readonly #waiting: Waiting[] = [];
  readonly #state: Ended = { folders: 0, files: 0, bytes: 0, results: 0, end: 'all', refused: 0, partly: 0 };
  #device = 0;
  #busy = 0;
  #told = 0;
  #idle: (() => void)[] = [];

  constructor(set: Setup) {
    this.#set = set;
    this.#left = excludeTest(set.input.exclude.split(',').map((glob) => glob.trim()).filter(Boolean));
    this.#until = performance.now() + set.input.seconds * 1000;
  }

  async all(root: PinnedFolder, path: string): Promise<Ended> {
    this.#device = (await lstat(root.at(''))).dev;
    await this.#folder(root, path, 0);
    await Promise.all(Array.from({ length: FOLDERS }, () => this.#work()));
    return this.#state;
  }

  /** Takes folders that wait, the last first: so few are held open, however wide the tree is. */
  async #work() {
    for (;;) {
      const next = this.#waiting.pop();
      if (next) {
        this.#busy += 1;
        await this.#enter(next).finally(() => (this.#busy -= 1));
        for (const wake of this.#idle.splice(0)) wake();
      } else if (this.#busy === 0) {
        return;
      } else {
        await new Promise<void>((resolve) => this.#idle.push(resolve));
      }
    }
  }

  async #enter({ parent, name, path, depth }: Waiting) {
    const folder = this.#go() ? await parent.folder.child(name).catch(() => this.#refused()) : null;
    if (--parent.waiting === 0) await parent.folder.close();
    if (!folder) return;
    const { app, input, own } = this.#set;
    const ours = isInside(app.host.files.kind, own, folder.real) && !app.config.demo;
    const device = input.mounts === 'on' ? this.#device : (await lstat(folder.at('')).catch(() => null))?.dev;
    if (ours || device !== this.#device) return folder.close();
    await this.#folder(folder, path, depth);
  }

  async #folder(folder: PinnedFolder, path: string, depth: number) {
    this.#state.folders += 1;
    const { app, input, fits, pattern, listener } = this.#set;
    const entries = (await readNames(folder).catch(() => this.#refused())) ?? { names: [], kinds: new Uint8Array() };
    const files: string[] = [];
    const parent = { folder, waiting: 0 };
    let since = performance.now();
    for (const [i, name] of entries.names.entries()) {
      if (performance.now() - since > TURN_MS) {
        await new Promise<void>((resolve) => setImmediate(resolve));
        if (!this.#go()) break;
        since = performance.now();
      }
      if ((input.hidden === 'off' && name.startsWith('.')) || this.#left(name)) continue;
      const type = typeOf(entries.kinds[i]!);
      const at = joinPath(app.host.files.kind, path, name);
      if (type === 'folder' && depth < DEPTH_MOST) {
        parent.waiting += 1;
        this.#waiting.push({ parent, name, path: at, depth: depth + 1 });
      }
      if (!pattern && fits(name) && this.#go()) {
        this.#state.results += 1;
        listener.hit({ path: at, type });
      } else if (pattern && type === 'file' && fits(name)) files.push(name);
      if (!pattern && type !== 'folder') this.#state.files += 1;
    }
    if (pattern) await this.#files(folder, path, files, pattern);
    if (parent.waiting === 0) await folder.close();
    this.#tell();
    for (const wake of this.#idle.splice(0)) wake();
  }

  async #files(folder: PinnedFolder, path: string, names: string[], pattern: Pattern) {
    let next = 0;
    const one = async () => {
      while (next < names.length && this.#go()) {
        const name = names[next++]!;
        await this.#file(folder.at(name), joinPath(this.#set.app.host.files.kind, path, name), pattern).catch(() => this.#refused());
        this.#tell();
      }
    };
    await Promise.all(Array.from({ length: Math.min(FILES, names.length) }, one));
  }

  async #file(at: string | Buffer, path: string, pattern: Pattern) {
    const stats = await lstat(at);
    this.#state.files += 1;
    // Files of /proc have no size, and some of them wait or do something when they are read.
    if (!stats.isFile() || stats.size === 0) return;
    let mine = 0;
    const found = await searchFile(at, stats.size, pattern, {
      more: () => mine < PER_FILE && this.#go(),
      hit: (hit) => {
        mine += 1;
        this.#state.results += 1;
        this.#set.listener.hit({ path, type: 'file', size: stats.size, ...hit });
      },
    });
    this.#state.bytes += found.bytes;
    if (!found.whole) this.#state.partly += 1;
  }

  /** False once a bound is met or nobody waits any more. */
  #go(): boolean {
    const { input, signal } = this.#set;
    const state = this.#state;
    if (state.end !== 'all') return false;
    if (signal.aborted) state.end = 'cancelled';
    else if (state.results >= input.limit) state.end = 'results';
    else if (performance.now() > this.#until) state.end = 'time';
    return state.end === 'all';
  }

  #refused(): null {
    this.#state.refused += 1;
    return null;
  }

  #tell() {
    const now = performance.now();
    if (now - this.#told < TELL_MS) return;
    this.#told = now;
    const { folders, files, bytes, results } = this.#state;
    this.#set.listener.progress?.({ folders, files, bytes, results });
  }
}
