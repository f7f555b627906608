import { readdir } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { nameOf, shownName } from '../../../lib/file-name.ts';
import { giveBack } from '../../../lib/pieces.ts';
import type { Messages } from '../../../i18n/en.ts';
import type { PinnedFolder } from '../../../platform/files.ts';
import type { Actor, App } from '../../app.ts';
import { openFolder } from '../entry.ts';
import { errnoOf, fileFault } from '../faults.ts';
import { baseOf, normalName } from '../paths.ts';
import { writeTar } from './tar.ts';
import { walkTree, type TreeFaults } from './tree.ts';
import { writeZip } from './zip.ts';

export const ARCHIVE_FORMATS = ['zip', 'tar'] as const;
export type ArchiveFormat = (typeof ARCHIVE_FORMATS)[number];

/** In the archive, when something could not be put into it. */
const NOTE = 'mantou-left-out.txt';
/** Lines of that text; the rest is counted. */
const NOTE_LINES = 10_000;

export interface ArchiveInput {
  folder: string;
  /** Entries of the folder; none: the folder itself with all that is in it. */
  names: readonly string[];
  format: ArchiveFormat;
  /** Symlinks as such, unless they are left out: where they lead is nobody else's business. */
  links?: 'keep' | 'leave';
  /** Names that begin with a dot are left out. */
  hidden?: 'keep' | 'leave';
}

export interface ArchiveStream {
  /** "photos.zip" */
  name: string;
  body: ReadableStream<Uint8Array>;
}

/**
 * Entries of a folder as an archive that is made while it is read: no more of it is in memory than the reader has not
 * taken yet, and nothing on the disk. Ends, and closes what it holds, when the reader cancels, `signal` aborts or the
 * session that asked is over.
 * @throws AppError before the first byte; what fails after that is told in a text at the end of the archive
 */
export async function archiveOf(app: App, actor: Actor, input: ArchiveInput, t: Messages, signal: AbortSignal): Promise<ArchiveStream> {
  // Before anything is held.
  for (const name of input.names) normalName(app.host.files.kind, name);
  return archiveFolder(app, actor, await openFolder(app, actor, input.folder), input, t, signal);
}

/** The same of a folder that is held already, which it takes over. */
export async function archiveFolder(app: App, actor: Actor, folder: PinnedFolder, input: ArchiveInput, t: Messages, signal: AbortSignal): Promise<ArchiveStream> {
  const own = baseOf(app.host.files.kind, folder.real) || app.host.system.hostname();
  const only = input.names.length === 1 ? input.names[0]! : own;
  const names = input.names.length ? input.names : await everything(folder);
  const abort = new AbortController();
  const end = () => abort.abort();
  signal.addEventListener('abort', end, { once: true });
  const off = app.bus.on('sessions.ended', ({ ids }) => {
    if (actor.kind === 'user' && actor.sessionId && ids.includes(actor.sessionId)) end();
  });
  const release = async () => {
    off();
    signal.removeEventListener('abort', end);
    await folder.close();
  };
  const faults = collectFaults(t);
  const entries = walkTree(app, folder, names, faults, abort.signal, { links: input.links !== 'leave', hidden: input.hidden !== 'leave' });
  const pieces = input.format === 'zip' ? zipPieces(entries, faults) : writeTar(entries, faults, faults.note);
  return { name: `${shownName(only)}.${input.format}`, body: breakable(pieces, abort, release) };
}

async function everything(folder: PinnedFolder): Promise<string[]> {
  try {
    return (await readdir(folder.at(''), { encoding: 'buffer' })).map(nameOf);
  } catch (error) {
    await folder.close();
    throw fileFault(error, folder.real);
  }
}

async function* zipPieces(entries: ReturnType<typeof walkTree>, faults: Faults): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const written = writeZip(entries, writable, faults, faults.note).catch((error: unknown) => writable.abort(error).catch(() => {}));
  try {
    yield* readable;
  } finally {
    await readable.cancel().catch(() => {});
    await written;
    await entries.return(undefined).catch(() => {});
  }
}

/**
 * A reader that goes away ends the work behind it, and so does an abort, which breaks the stream: nobody takes half an
 * archive for a whole one. A direct stream has copied what was written (Bun, "Streams"), so that each piece is free at once.
 */
function breakable(pieces: AsyncGenerator<Uint8Array>, abort: AbortController, release: () => Promise<void>): ReadableStream<Uint8Array> {
  let over = false;
  let broken = () => {};
  const finish = async () => {
    if (over) return;
    over = true;
    await pieces.return(undefined).catch(() => {});
    await release();
  };
  const ended = () => new AppError('unavailable', (t) => t.downloads.ended);
  abort.signal.addEventListener('abort', () => {
    if (!over) broken();
    void finish();
  }, { once: true });
  return new ReadableStream({
    type: 'direct',
    async pull(controller) {
      if (over) throw ended();
      broken = () => controller.close(ended());
      try {
        for (let next = await pieces.next(); !next.done && !over; next = await pieces.next()) {
          await controller.write(next.value as Uint8Array<ArrayBuffer>);
          giveBack(next.value);
        }
        if (!over) controller.close();
      } finally {
        await finish();
      }
    },
    async cancel() {
      abort.abort();
      await finish();
    },
  });
}

interface Faults extends TreeFaults {
  note(): { name: string; text: string } | null;
}

function collectFaults(t: Messages): Faults {
  const lines: string[] = [];
  let more = 0;
  const reasonOf = (error: unknown): string => {
    const code = errnoOf(error);
    if (code === 'EOWN') return t.downloads.leftOwn;
    if (code === 'EMADEUP') return t.downloads.leftMadeUp;
    if (code === 'ESPECIAL') return t.files.errors.special;
    if (code === 'ECHANGED') return t.downloads.leftChanged;
    const told = fileFault(error, '');
    return told instanceof AppError ? told.say(t) : String((error as Error)?.message ?? error);
  };
  return {
    add(path, error) {
      if (lines.length < NOTE_LINES) lines.push(`${path}: ${reasonOf(error)}`);
      else more++;
    },
    note: () => (lines.length ? { name: NOTE, text: `${t.downloads.leftTitle}\n\n${lines.join('\n')}\n${more ? `${t.downloads.leftMore({ n: more })}\n` : ''}` } : null),
  };
}
