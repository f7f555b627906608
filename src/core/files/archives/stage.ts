import { constants } from 'node:fs';
import { chmod, link, lutimes, mkdir, open, statfs, symlink, unlink, utimes } from 'node:fs/promises';
import { systemName } from '../../../lib/file-name.ts';
import { AppError } from '../../../lib/errors.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import { errnoOf } from '../faults.ts';
import type { PathKind } from '../paths.ts';
import { checkLink } from './entry-name.ts';
import { Refusal } from './refusal.ts';
import type { ArchiveEntry, ArchiveSource } from './source.ts';

export interface StageOptions {
  kind: PathKind;
  /** Keep setuid, setgid and sticky bits. */
  special: boolean;
  /** Also what unpacks to hundreds of times its size. */
  large: boolean;
  signal: AbortSignal;
  onBytes(bytes: number): void;
}

/** Bytes of a file, or of the whole, below which no ratio is suspicious. */
const RATIO_FROM = 64 << 20;
const RATIO_MOST = 200;
/** Of the disk stay free. */
const LEFT_SHARE = 0.02;
const LEFT_MOST = 1 << 30;

/**
 * The hidden folder that an archive is unpacked to. In it is nothing but folders and files that were made here: links are
 * made at the very end, so that no entry is ever written through one.
 */
export class Stage {
  written = 0;
  files = 0;
  #links = new Map<string, { parts: readonly string[]; target: string; modified: number | null }>();
  #folders = new Map<string, { mode: number | null; modified: number | null }>();
  #made = new Set<string>();
  #room: number;
  #packed = 0;

  private constructor(
    private readonly folder: PinnedFolder,
    private readonly source: Pick<ArchiveSource, 'streamed' | 'position'>,
    private readonly options: StageOptions,
    room: number,
  ) {
    this.#room = room;
  }

  static async open(folder: PinnedFolder, source: Pick<ArchiveSource, 'streamed' | 'position'>, options: StageOptions): Promise<Stage> {
    const { bavail, bsize, blocks } = await statfs(folder.at(''));
    return new Stage(folder, source, options, bavail * bsize - Math.min(LEFT_MOST, blocks * bsize * LEFT_SHARE));
  }

  /** Puts one entry there. @throws Refusal for this one only; AppError when nothing more fits */
  async add(parts: readonly string[], entry: ArchiveEntry): Promise<void> {
    const path = parts.join('/');
    if (entry.type === 'special') throw new Refusal('special');
    if (this.#links.has(path) || (entry.type !== 'folder' && this.#folders.has(path))) throw new Refusal('twice');
    await this.#parents(parts);
    if (entry.type === 'folder') await this.#folder(path, entry);
    else if (entry.type === 'link') this.#links.set(path, { parts, target: await entry.target(), modified: entry.modified });
    else if (entry.type === 'hard-link') await this.#hardLink(path, await entry.target());
    else await this.#file(path, entry);
  }

  /** Links, then modes and times of folders, deepest first. `refuse` is told of links that are not made. */
  async finish(refuse: (path: string, why: Refusal) => void): Promise<void> {
    const names = new Set(this.#links.keys());
    for (const [path, { parts, target, modified }] of this.#links) {
      try {
        checkLink(parts, target, names);
        await this.#once(() => symlink(systemName(target), this.#at(path)));
        if (modified !== null) await lutimes(this.#at(path), modified / 1000, modified / 1000).catch(() => {});
        this.files++;
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refuse(path, error);
      }
    }
    const deepest = [...this.#folders].sort(([a], [b]) => b.length - a.length);
    for (const [path, { mode, modified }] of deepest) {
      await chmod(this.#at(path), this.#mode(mode, 0o755));
      if (modified !== null) await utimes(this.#at(path), modified / 1000, modified / 1000);
    }
  }

  #at(path: string): string | Buffer {
    // Only folders that were made here lie on the way.
    return this.folder.at(this.options.kind === 'windows' ? path.replaceAll('/', '\\') : path);
  }

  #mode = (mode: number | null, usual: number) => (mode === null ? usual : mode & (this.options.special ? 0o7777 : 0o777));

  async #parents(parts: readonly string[]) {
    for (let i = 1; i < parts.length; i++) {
      const path = parts.slice(0, i).join('/');
      if (this.#made.has(path)) continue;
      if (this.#links.has(path)) throw new Refusal('linkThrough');
      await this.#makeFolder(path);
    }
  }

  async #makeFolder(path: string) {
    if (this.#made.has(path)) return;
    // EEXIST: a file, or one that differs in case only, where that makes no difference.
    await this.#once(() => mkdir(this.#at(path), { mode: 0o700 }));
    this.#made.add(path);
    this.#folders.set(path, { mode: null, modified: null });
  }

  async #folder(path: string, { mode, modified }: ArchiveEntry) {
    await this.#makeFolder(path);
    this.#folders.set(path, { mode, modified });
    this.files++;
  }

  async #hardLink(path: string, target: string) {
    const clean = target.replace(/^\.\//, '');
    if (clean.split('/').includes('..') || clean.startsWith('/') || this.#links.has(clean) || this.#folders.has(clean)) throw new Refusal('linkOutside');
    try {
      await this.#once(() => link(this.#at(clean), this.#at(path)));
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') throw new Refusal('linkOutside');
      throw error;
    }
    this.files++;
  }

  async #file(path: string, entry: ArchiveEntry) {
    this.#suspect(entry.size, entry.packed);
    const at = this.#at(path);
    const handle = await this.#once(() => open(at, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0), 0o600));
    let size = 0;
    try {
      await entry.read(async (piece) => {
        this.options.signal.throwIfAborted();
        size += piece.length;
        if (size > entry.size) throw new Refusal('lies');
        this.#take(piece.length);
        await handle.write(piece);
      });
      if (size !== entry.size) throw new Refusal('damaged');
      await handle.chmod(this.#mode(entry.mode, 0o644));
      if (entry.modified !== null) await handle.utimes(entry.modified / 1000, entry.modified / 1000);
      await handle.close();
      this.files++;
    } catch (error) {
      await handle.close().catch(() => {});
      await unlink(at).catch(() => {});
      this.written -= size;
      throw error;
    }
  }

  #suspect(size: number, packed: number | null) {
    if (!Number.isSafeInteger(size) || size < 0) throw new Refusal('lies');
    if (size > this.#room - this.written) throw new Refusal('room');
    if (packed === null || this.options.large) return;
    if (size > RATIO_FROM && size > packed * RATIO_MOST) throw new Refusal('bomb');
    // Many that are small enough each.
    if (this.written + size > 4 * RATIO_FROM && this.written + size > (this.#packed + packed) * RATIO_MOST) throw new Refusal('bomb');
    this.#packed += packed;
  }

  #take(bytes: number) {
    this.written += bytes;
    this.options.onBytes(bytes);
    if (this.written > this.#room) throw new AppError('unavailable', (t) => t.archives.errors.room);
    // One stream for all entries: nothing behind the bomb can be reached without unpacking it.
    if (this.source.streamed && !this.options.large && this.written > 4 * RATIO_FROM && this.written > this.source.position() * RATIO_MOST) {
      throw new AppError('invalid', (t) => t.archives.errors.bomb);
    }
  }

  async #once<T>(make: () => Promise<T>): Promise<T> {
    try {
      return await make();
    } catch (error) {
      if (['EEXIST', 'EISDIR', 'ENOTDIR'].includes(errnoOf(error))) throw new Refusal('twice');
      if (['ENAMETOOLONG', 'EILSEQ', 'EINVAL'].includes(errnoOf(error))) throw new Refusal('name');
      throw error;
    }
  }
}
