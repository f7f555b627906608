/** An archive that is read from its beginning to its end. */
export interface ArchiveSource {
  /** Each entry is done with before the next is asked for. */
  entries(): AsyncGenerator<ArchiveEntry>;
  /** Bytes of the archive that are read, of `size`: for progress and for telling bombs. */
  position(): number;
  readonly size: number;
  /** All entries are one packed stream. */
  readonly streamed: boolean;
  close(): Promise<void>;
}

export type ArchiveEntryType = 'file' | 'folder' | 'link' | 'hard-link' | 'special';

export interface ArchiveEntry {
  /** As it is written in the archive, as `lib/file-name.ts` writes names: nothing about it can be trusted. */
  name: string;
  type: ArchiveEntryType;
  /** Bytes that it says it has. */
  size: number;
  /** Bytes in the archive; null where nobody can tell. */
  packed: number | null;
  /** Permission bits; null where the archive has none. */
  mode: number | null;
  /** ms since 1970. */
  modified: number | null;
  /** Where a link leads; '' until `target` is asked. */
  target(): Promise<string>;
  encrypted: boolean;
  /** Gives the bytes of a file, piece by piece. */
  read(take: (piece: Uint8Array) => Promise<void>): Promise<void>;
}

/** Longest target of a symlink (PATH_MAX). */
export const TARGET_MOST = 4096;

export interface OpenOptions {
  password?: string | undefined;
  /** Of names that are not UTF-8. */
  encoding?: string | undefined;
  signal: AbortSignal;
}
