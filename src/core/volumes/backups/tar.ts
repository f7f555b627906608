import { Transform } from 'node:stream';
import { extract, pack, type Extract, type Header } from 'tar-stream';
import { AppError } from '../../../lib/errors.ts';

/** Two blocks of zeros: how every tar ends. */
const END = 1024;
export const emptyTar = () => new Uint8Array(END);

/** The folder itself, as the first entry of its own archive says it. */
export type RootEntry = Pick<Header, 'mode' | 'uid' | 'gid' | 'mtime'>;

export interface TarFacts {
  /** Bytes of the tar, and how many things are in it. */
  bytes: number;
  entries: number;
  root: RootEntry | null;
}

/** Why an entry that others wrote is not taken; null: it is. What the engine would do with it does not matter then. */
function hostile({ name, type, linkname }: Header): 'outside' | 'device' | null {
  const leaves = (path: string) => path.split(/[\\/]/).includes('..') || /^([\\/]|[a-z]:)/i.test(path);
  if (leaves(name) || name.includes('\0')) return 'outside';
  // A symlink may lead anywhere, as it did where it came from; a hard link is one of two names inside.
  if (type === 'link' && leaves(linkname ?? '')) return 'outside';
  return type === 'block-device' || type === 'character-device' ? 'device' : null;
}

/**
 * Lets a tar through as it is and reads along: that it is one, whole to its last block. An engine that cannot go on while it
 * writes one ends it as if it were done.
 * @param strict also refuses what only somebody else would put into one: names that lead out, devices
 */
export function tarCheck({ strict = false } = {}): { through: Transform; facts: TarFacts } {
  const facts: TarFacts = { bytes: 0, entries: 0, root: null };
  const reader = extract() as Extract & { destroy(error?: Error): void };
  let tail: Buffer = Buffer.alloc(0);
  let fault: Error | null = null;
  reader.on('entry', (header, entry, next) => {
    const why = strict ? hostile(header) : null;
    if (why) fault ??= new AppError('invalid', (t) => t.volumeBackups.hostile[why]({ name: header.name.slice(0, 200) }));
    if (facts.entries++ === 0 && header.type === 'directory' && /^\.?\/?$/.test(header.name)) facts.root = { mode: header.mode, uid: header.uid, gid: header.gid, mtime: header.mtime };
    // What is wrong with it is heard of the whole.
    entry.on('error', () => {});
    entry.on('end', next);
    entry.resume();
  });
  reader.on('error', (error: Error) => (fault ??= error));
  const broken = (cause: unknown) => (cause instanceof AppError ? cause : new AppError('invalid', (t) => t.volumeBackups.broken, { cause, detail: String((cause as Error | null)?.message ?? '') }));
  const through = new Transform({
    transform(piece: Buffer, _encoding, done) {
      if (fault) return done(broken(fault));
      facts.bytes += piece.length;
      tail = piece.length >= END ? piece.subarray(piece.length - END) : Buffer.concat([tail, piece]).subarray(-END);
      const over = () => done(fault ? broken(fault) : null, piece);
      if (reader.write(piece)) return over();
      const go = () => {
        reader.off('drain', go).off('close', go);
        over();
      };
      reader.on('drain', go).on('close', go);
    },
    flush(done) {
      if (fault) return done(broken(fault));
      if (facts.bytes % 512 !== 0 || tail.length < END || tail.some((byte) => byte !== 0)) return done(broken(new Error('it ends too early')));
      reader.on('close', () => done(fault ? broken(fault) : null));
      reader.on('finish', () => reader.destroy());
      reader.end(undefined);
    },
  });
  return { through, facts };
}

/** A tar that holds nothing but that folder. */
export const rootTar = (name: string, root: RootEntry) => tarOf({ name, type: 'directory', ...root });

/** A tar that holds an empty file. */
export const singleTar = (name: string) => tarOf({ name, size: 0, mode: 0o600 });

async function tarOf(entry: Partial<Header> & { name: string }): Promise<Uint8Array<ArrayBuffer>> {
  const tar = pack();
  tar.entry(entry as Header, '');
  tar.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of tar) pieces.push(piece as Buffer);
  return new Uint8Array(Buffer.concat(pieces));
}
