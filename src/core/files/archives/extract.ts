import { mkdir } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import { shownName } from '../../../lib/file-name.ts';
import type { PinnedFile, PinnedFolder } from '../../../platform/files.ts';
import { need } from '../../access.ts';
import type { Actor, App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { createFolderPart, openOwn, syncFolder, type FolderPart } from '../beside.ts';
import { openFile, openFolder } from '../entry.ts';
import { told } from '../faults.ts';
import { tellChanged } from '../operations/changed.ts';
import { isFatal } from '../operations/run.ts';
import { openGuard } from '../operations/guard.ts';
import { baseOf, normalName, normalPath } from '../paths.ts';
import { partsOf } from './entry-name.ts';
import { stemOf } from './formats.ts';
import { openArchive } from './open.ts';
import { placeAll, type PlacePolicy } from './place.ts';
import { Refusal } from './refusal.ts';
import { Stage } from './stage.ts';

export interface ExtractInput {
  /** The archive. */
  path: string;
  /** Folder that it goes to. */
  to: string;
  /** Name of a folder in it that everything goes into; '' for none. */
  into: string;
  conflict: PlacePolicy;
  password?: string | undefined;
  encoding?: string | undefined;
  /** Keep setuid, setgid and sticky bits. */
  special?: boolean | undefined;
  /** Also what unpacks to hundreds of times its size. */
  large?: boolean | undefined;
}

const ENTRIES_MOST = 1_000_000;
const LINES_MOST = 1000;

/**
 * Unpacks an archive as a task: into a hidden folder beside the target, and from there entry by entry to where it
 * belongs. What is refused is told in its log, and the rest is extracted.
 * @returns id of the task @throws AppError before it begins
 */
export async function extract(app: App, actor: Actor, input: ExtractInput): Promise<string> {
  const { kind } = app.host.files;
  const path = normalPath(kind, input.path);
  const into = input.into === '' ? '' : normalName(kind, input.into, 'into');
  // What is unpacked belongs to the panel's account: setuid on it is that account's rights for whoever runs it.
  if (input.special) need(actor, 'files.owner');
  const file = await openFile(app, actor, path);
  let target: PinnedFolder | undefined;
  try {
    target = await openFolder(app, actor, input.to, 'write');
    await checkNotOwn(app, actor, target);
    const held = { file, target };
    record(app, actor, { action: 'files.extract', target: path, params: { to: target.real, into, conflict: input.conflict } });
    return app.tasks.start(actor, {
      kind: 'files.extract', key: `files.extract:${target.real}`, params: { name: baseOf(kind, path), path: input.to }, steps: ['filesExtract', 'filesPlace'],
      run: (task) => told(path, () => run(app, task, { ...input, path, into }, held)).finally(() => close(held)),
    });
  } catch (error) {
    await file.close();
    await target?.close();
    throw error;
  }
}

interface Held {
  file: PinnedFile;
  target: PinnedFolder;
}

const close = async ({ file, target }: Held) => {
  await file.close();
  await target.close();
};

async function checkNotOwn(app: App, actor: Actor, target: PinnedFolder) {
  const guard = await openGuard(app, actor);
  if (guard.isOwn(target.real)) throw new AppError('denied', (t) => t.files.errors.ownFolder);
}

async function run(app: App, task: TaskContext, input: ExtractInput, { file, target }: Held) {
  const name = input.into || stemOf(baseOf(app.host.files.kind, input.path));
  const part = await createFolderPart(app, target, name);
  let scratch: FolderPart | undefined;
  try {
    // The tools of 7z and rar write for themselves: beside the folder that is put into place, not in it.
    scratch = await createFolderPart(app, target, name);
    const stage = await openOwn(target, part);
    const raw = await openOwn(target, scratch).catch((error: unknown) => stage.close().then(() => Promise.reject(error)));
    try {
      const report = createReport(task);
      await unpack(app, task, input, file, stage, raw.at('') as string, report);
      task.step('filesPlace');
      task.progress(null);
      await place(task, input, stage, target, report);
      report.end();
    } finally {
      await stage.close();
      await raw.close();
    }
  } finally {
    await scratch?.discard();
    await part.discard();
    tellChanged(app, target.real, input.to);
  }
}

async function unpack(app: App, task: TaskContext, input: ExtractInput, file: PinnedFile, folder: PinnedFolder, scratch: string, report: Report) {
  task.step('filesExtract');
  const { kind } = app.host.files;
  const { signal } = task;
  const archive = await openArchive(app, file, { password: input.password || undefined, encoding: input.encoding, scratch, signal });
  try {
    const stage = await Stage.open(folder, archive, {
      kind, special: input.special ?? false, large: input.large ?? false, signal,
      onBytes: () => task.progress(Math.min(0.98, archive.position() / (archive.size || 1))),
    });
    let seen = 0;
    for await (const entry of archive.entries()) {
      signal.throwIfAborted();
      if (++seen > ENTRIES_MOST) throw new AppError('invalid', (t) => t.archives.errors.entries({ most: ENTRIES_MOST }));
      try {
        const parts = partsOf(kind, entry.name);
        if (parts.length > 0) await stage.add(parts, entry);
      } catch (error) {
        report.refuse(entry.name, reasonOf(error));
      }
    }
    await stage.finish((path, why) => report.refuse(path, why));
    report.done = stage.files;
    task.log(`${stage.files} entries, ${stage.written} bytes unpacked`);
  } finally {
    await archive.close();
  }
}

/** A fault of this entry alone; everything else ends the task. */
function reasonOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isFatal(error) || !(error instanceof Error) || !('code' in error) || error instanceof AppError) throw error;
  return new Refusal('system');
}

async function place(task: TaskContext, input: ExtractInput, stage: PinnedFolder, target: PinnedFolder, report: Report) {
  const options = {
    policy: input.conflict, signal: task.signal,
    placed: () => {},
    skipped: (path: string) => report.skip(path),
    refused: (path: string) => report.refuse(path, new Refusal('inTheWay')),
  };
  if (!input.into) {
    await placeAll(stage, target, options);
    return syncFolder(target);
  }
  const into = await childOrNew(target, input.into);
  try {
    await placeAll(stage, into, options);
    await syncFolder(into);
  } finally {
    await into.close();
  }
}

async function childOrNew(target: PinnedFolder, name: string): Promise<PinnedFolder> {
  await mkdir(target.at(name), { mode: 0o755 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return target.child(name);
}

interface Report {
  done: number;
  refuse(name: string, why: Refusal): void;
  skip(path: string): void;
  /** @throws AppError that says what was left out, for the task's row */
  end(): void;
}

function createReport(task: TaskContext): Report {
  let refused = 0;
  let skipped = 0;
  let first: { name: string; why: Refusal } | undefined;
  // Control characters in a name must not draw over the log.
  const shown = (name: string) => JSON.stringify(shownName(name).slice(0, 300));
  const line = (text: string) => void (refused + skipped <= LINES_MOST && task.log(text));
  return {
    done: 0,
    refuse(name, why) {
      refused++;
      first ??= { name, why };
      line(`left out (${why.reason}): ${shown(name)}: ${task.tell(new AppError('invalid', (t) => t.archives.refused[why.reason]))}`);
    },
    skip(path) {
      skipped++;
      line(`skipped, it is there already: ${shown(path)}`);
    },
    end() {
      if (skipped) task.log(`${skipped} skipped`);
      if (!first) return;
      task.log(`${refused} left out`);
      const { name, why } = first;
      throw new AppError('invalid', (t) => t.archives.errors.leftOut({ refused, done: this.done, name: shown(name), why: t.archives.refused[why.reason] }));
    },
  };
}
