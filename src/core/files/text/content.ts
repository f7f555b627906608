import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { getSetting } from '../../settings/settings.ts';
import { told } from '../faults.ts';
import { watchActor } from '../uploads/watch.ts';
import { replace, withTarget, writeAll, type Target } from './replace.ts';

/** What the writer knows of the file: nothing is written over by accident. */
export type Expected =
  /** There must be nothing yet. */
  | 'nothing'
  /** Whatever it is, but there must be something. */
  | 'anything'
  /** SHA-256 of what is there, hex, or what a caller of the web tells one state of a file by. */
  | { sha256: string }
  | { matches(stats: Stats): boolean };

export interface Written {
  path: string;
  size: number;
  sha256: string;
  stats: Stats;
}

const GIB = 2 ** 30;

/**
 * The whole contents of a file, as they come: into a part beside it, which takes its place when all is there. Ends with
 * the rights of who sends it (S10).
 * @throws AppError conflict when the file is not what was expected; invalid when the body breaks off or is too large
 */
export async function writeContent(app: App, actor: Actor, path: string, expected: Expected, body: ReadableStream<Uint8Array> | null): Promise<Written> {
  return withTarget(app, actor, path, async (target) => {
    if (!(await isExpected(target, expected))) throw mismatch();
    const hash = createHash('sha256');
    let size = 0;
    const { stats } = await replace(app, target, async (handle) => {
      for await (const piece of piecesOf(app, actor, body)) {
        if (size + piece.length > mostBytes(app)) throw new AppError('invalid', (t) => t.editor.errors.needsLength);
        await told(target.real, () => writeAll(handle, piece, size));
        hash.update(piece);
        size += piece.length;
      }
    });
    record(app, actor, { action: 'files.write', target: target.real, params: { bytes: size } });
    app.bus.emit('files.changed', { folder: target.folder.real });
    return { path: target.real, size, sha256: hash.digest('hex'), stats };
  }, { alone: false });
}

const mismatch = () => new AppError('conflict', (t) => t.editor.errors.ifMatch, { field: 'if-match' });

const mostBytes = (app: App) => getSetting(app, 'uploadGiB') * GIB || Infinity;

async function isExpected(target: Target, expected: Expected): Promise<boolean> {
  const { stats } = target;
  if (expected === 'nothing' || !stats) return expected === 'nothing' && !stats;
  if (expected === 'anything') return true;
  return 'sha256' in expected ? (await hashOf(target)) === expected.sha256 : expected.matches(stats);
}

async function hashOf({ at }: Target): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(at, constants.O_RDONLY);
  try {
    for await (const piece of handle.createReadStream({ autoClose: false })) hash.update(piece as Buffer);
  } finally {
    await handle.close();
  }
  return hash.digest('hex');
}

/** The body, until it ends or its sender may send no more. */
export async function* piecesOf(app: App, actor: Actor, body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const reader = body.getReader();
  let denied: AppError | null = null;
  // A promise to race against would hold every piece that ever won the race, until the last has come.
  const leave = watchActor(app, actor, () => {
    denied = new AppError('denied', (t) => t.errors.denied);
    void reader.cancel().catch(() => {});
  });
  try {
    for (;;) {
      const next = await reader.read().catch((cause: unknown) => Promise.reject(denied ?? new AppError('invalid', (t) => t.editor.errors.broken, { cause })));
      if (denied) throw denied;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    leave();
    void reader.cancel().catch(() => {});
  }
}
