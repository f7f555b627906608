import { open } from 'node:fs/promises';
import { and, count, eq } from 'drizzle-orm';
import { z } from 'zod';
import { tasks } from '../../db/schema/tasks.ts';
import { AppError } from '../../lib/errors.ts';
import { streamOf } from '../../lib/stream-of.ts';
import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { streamDocker } from '../docker/ask.ts';
import { openFile } from '../files/entry.ts';
import { baseOf } from '../files/paths.ts';
import { watchActor } from '../files/uploads/watch.ts';
import type { TaskContext } from '../tasks/runner.ts';
import { followLines } from './lines.ts';
import { needArchive, unpacked, type Bytes } from './load-source.ts';

export const LoadFileInput = z.strictObject({ path: z.string().min(1).max(300_000) });

/** An engine unpacks all that there is before its first word. */
const BEGIN_MS = 24 * 3_600_000;
const PIECE = 256 << 10;
/** Names in the audit log of an archive that holds many. */
const NAMES_MOST = 50;

/** What came out: `redis:7`, or `sha256:…` of an image without a name. */
type Loaded = string[];

/** Unpacking one takes up to 128 MiB (zstd's window), whoever sends it and however little they send (S22). */
const LOADS_MOST = 8;

/** @throws AppError conflict */
function refuseTooMany({ db }: Pick<App, 'db'>) {
  const { n } = db.select({ n: count() }).from(tasks).where(and(eq(tasks.kind, 'images.load'), eq(tasks.state, 'running'))).get()!;
  if (n >= LOADS_MOST) throw new AppError('conflict', (t) => t.imageLoad.tooMany({ n: LOADS_MOST }), { retryAfter: 10 });
}

/** Loads what `docker save` wrote, as it comes over the line. Ends when its sender may not any more (S10). @returns the task, and what it loaded, which throws why it did not @throws AppError denied, conflict (too many at once) */
export function startLoad(app: App, actor: Actor, { body, size, name }: { body: Bytes; size: number | null; name: string }): { task: string; loaded: Promise<Loaded> } {
  need(actor, 'images.admin');
  refuseTooMany(app);
  const gone = new AbortController();
  const leave = watchActor(app, actor, () => gone.abort(new AppError('denied', (t) => t.errors.denied)), 'images.admin');
  let outcome: { images: Loaded } | { error: unknown } | undefined;
  const task = app.tasks.start(actor, {
    kind: 'images.load', key: `images.load ${app.random.id()}`, params: { name }, steps: ['imageLoad'],
    async run(context) {
      try {
        outcome = { images: await load(app, actor, context, { body, size, signal: AbortSignal.any([context.signal, gone.signal]), name, quietMs: QUIET_MS }) };
      } catch (error) {
        outcome = { error: gone.signal.aborted ? gone.signal.reason : error };
        throw outcome.error;
      }
    },
  });
  const loaded = app.tasks.settled(task).then(() => {
    leave();
    if (outcome && 'images' in outcome) return outcome.images;
    throw outcome?.error instanceof Error ? outcome.error : new AppError('conflict', (t) => t.imageLoad.cancelled);
  });
  return { task, loaded };
}

/** A sender that says nothing for so long has gone. */
const QUIET_MS = 60_000;

/** The same of a file on this machine that the person may read. @returns the task @throws AppError denied, not_found, invalid for what is no archive */
export async function startLoadFile(app: App, actor: Actor, { path }: z.output<typeof LoadFileInput>): Promise<string> {
  need(actor, 'images.admin');
  const file = await openFile(app, actor, path);
  const { real, stats } = file;
  await file.close();
  const name = baseOf(app.host.files.kind, real);
  refuseTooMany(app);
  return app.tasks.start(actor, {
    kind: 'images.load', key: `images.load ${real}`, params: { name }, steps: ['imageLoad'],
    async run(context) {
      // Asked for again: it may lead elsewhere by now.
      const held = await openFile(app, actor, path);
      try {
        await load(app, actor, context, { body: streamOf(bytesOf(held.at, context.signal)), size: stats.size, signal: context.signal, name, quietMs: null });
      } finally {
        await held.close();
      }
    },
  });
}

async function* bytesOf(at: string, signal: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const handle = await open(at, 'r');
  try {
    for (let place = 0; ; ) {
      signal.throwIfAborted();
      const piece = new Uint8Array(PIECE);
      const { bytesRead } = await handle.read(piece, 0, PIECE, place);
      if (bytesRead === 0) return;
      place += bytesRead;
      yield piece.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

interface Loading {
  body: Bytes;
  /** Bytes of it; null: nobody has said. */
  size: number | null;
  signal: AbortSignal;
  name: string;
  /** ms without a byte after which its sender has gone; null: it is a file. */
  quietMs: number | null;
}

async function load(app: App, actor: Actor, task: TaskContext, { body, size, signal, name, quietMs }: Loading): Promise<Loaded> {
  task.step('imageLoad');
  const { pieces, format } = await needArchive(body, { quietMs, signal });
  let came = 0;
  // The rest is for the engine to unpack.
  const seen = (bytes: number) => void ((came += bytes), size && task.progress(Math.min(1, came / size) * 0.9));
  const source = unpacked(pieces, format, seen);
  const found: Loaded = [];
  try {
    const stream = await streamDocker(app, { method: 'POST', path: '/images/load', query: { quiet: false }, content: { type: 'application/x-tar', data: source.data }, signal, timeout: BEGIN_MS });
    let last = '';
    await followLines(stream, ({ stream: said = '', status = '', id = '' }) => {
      for (const [, image] of said.matchAll(/^Loaded image(?: ID)?: (.+)$/gm)) found.push(image!);
      // Of a layer that is unpacked there is a line for each piece.
      const text = said || (status && id ? `${id}: ${status}\n` : status);
      if (text !== last) task.log(text);
      last = text;
    });
  } catch (error) {
    signal.throwIfAborted();
    // That the line broke, or the packing, is the reason; what the engine says of half an archive is not.
    throw source.fault() ?? error;
  }
  signal.throwIfAborted();
  const fault = source.fault();
  if (fault) throw fault;
  if (found.length === 0) throw new AppError('invalid', (t) => t.imageLoad.nothing);
  record(app, actor, { action: 'images.load', target: found.slice(0, NAMES_MOST).join(', '), params: { from: name, task: task.id } });
  return found;
}
