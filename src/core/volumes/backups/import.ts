import { createReadStream } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import { actorName, type Actor, type App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { openFile } from '../../files/entry.ts';
import { told } from '../../files/faults.ts';
import { baseOf } from '../../files/paths.ts';
import { watchActor } from '../../files/uploads/watch.ts';
import { VolumeName } from '../volume.ts';
import { volumeKey, withBegun } from './backup.ts';
import { backupsFolder, begin, type Begun } from './begun.ts';
import { keepBackup, newBackupFile } from './kept.ts';
import { unpacked } from './read.ts';
import { undo } from './settle.ts';
import { mib, teller, writeCompressed } from './write.ts';

/** A tar of this machine becomes a backup of a volume, which need not be there. */
export const ImportInput = z.strictObject({ name: VolumeName, path: z.string().min(1).max(300_000) });

/** @returns the task @throws AppError denied, not_found, invalid */
export async function startImport(app: App, actor: Actor, { name, path }: z.output<typeof ImportInput>): Promise<string> {
  need(actor, 'volumes.write');
  const file = await openFile(app, actor, path);
  const from = baseOf(app.host.files.kind, file.real);
  try {
    const task = app.tasks.start(actor, {
      kind: 'volumes.import', key: volumeKey(name), params: { name, from }, steps: ['volumesTake'],
      run: (context) => withBegun(app, context, async (begun) => {
        context.step('volumesTake');
        let read = 0;
        const tell = teller(context, 'read', file.stats.size);
        const source = piecesOf(file.at, (bytes) => void (read += bytes));
        await told(path, () => take(app, actor, begun, name, from, source, { signal: context.signal, progress: () => tell(read), log: context.log }));
      }).finally(() => file.close()),
    });
    record(app, actor, { action: 'volumes.import', target: name, params: { task, path: file.real } });
    return task;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * A file from its first byte to its last, opened when the first piece is asked for. Whoever listened to a stream's `data` beside
 * reading it would take what comes before the reading begins.
 */
export async function* piecesOf(path: string, heard: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    heard(piece.length);
    yield piece;
  }
}

/** So little is not asked about beforehand. */
const LITTLE = 1 << 20;
/** A sender that says nothing for so long has gone: as long as something comes, no other engine can be chosen. */
const QUIET_MS = 60_000;

interface Upload {
  size: number | null;
  from: string;
  signal: AbortSignal;
  quietMs?: number;
}

/**
 * The same of what a browser or a program sends, as it comes. @returns id of the backup
 * @throws AppError denied, invalid when it is no whole tar, unavailable when the disk is full
 */
export async function importUpload(app: App, actor: Actor, name: string, body: ReadableStream<Uint8Array> | null, { size, from, signal, quietMs = QUIET_MS }: Upload): Promise<string> {
  need(actor, 'volumes.write');
  if (!body) throw new AppError('invalid', (t) => t.volumeBackups.noTar);
  const room = size !== null && size > LITTLE ? await statfs(app.config.dataDir).catch(() => null) : null;
  if (room && room.bavail * room.bsize < size!) throw new AppError('unavailable', (t) => t.volumeBackups.full);
  const begun = begin(app);
  const over = new AbortController();
  const end = () => over.abort(new AppError('unavailable', (t) => t.volumeBackups.stopped));
  const leave = [watchActor(app, actor, end, 'volumes.write'), app.bus.on('panel.stopping', end), () => clearTimeout(timer)];
  let timer = setTimeout(end, quietMs);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(end, quietMs);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const id = await take(app, actor, begun, name, from, coming(body, over.signal, heard), { signal: over.signal, progress: heard, log: () => {} });
    record(app, actor, { action: 'volumes.import', target: name, params: { backup: id } });
    return id;
  } finally {
    for (const each of leave) each();
    signal.removeEventListener('abort', end);
    await undo(app, begun, () => {});
  }
}

/** What is sent, until it ends or is ended: whoever waits for a sender that says nothing is let go of as well. */
async function* coming(body: ReadableStream<Uint8Array>, signal: AbortSignal, heard: () => void): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      heard();
      yield next.value;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
  }
}

interface Taking {
  signal: AbortSignal;
  progress(bytes: number): void;
  log(text: string): void;
}

async function take(app: App, actor: Actor, begun: Begun, name: string, from: string, source: AsyncIterable<Uint8Array>, { signal, progress, log }: Taking): Promise<string> {
  const file = await newBackupFile(app, name);
  begun.note({ part: file.part });
  const { sha256, bytes, entries, size } = await writeCompressed(unpacked(source), file.part, { strict: true, signal, progress });
  await keepBackup(app, name, file, { at: app.clock.now(), by: actorName(actor), sha256, bytes, entries, quiet: null, from: from.slice(0, 255) });
  begun.note({ part: null });
  log(`${entries} entries, ${mib(bytes)}, compressed ${mib(size)}\nSHA-256 ${sha256}`);
  return file.id;
}

/** Where backups lie, for pages that tell it. */
export const backupsPlace = (app: App) => backupsFolder(app);
