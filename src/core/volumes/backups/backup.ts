import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { tasks } from '../../../db/schema/tasks.ts';
import { AppError } from '../../../lib/errors.ts';
import { need } from '../../access.ts';
import { actorName, type Actor, type App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import type { TaskContext } from '../../tasks/runner.ts';
import { knownSizes } from '../sizes.ts';
import { getVolume } from '../volumes.ts';
import { begin, QUIETS, type Begun } from './begun.ts';
import { makeCarrier, readCarrier } from './carrier.ts';
import { keepBackup, newBackupFile } from './kept.ts';
import { hush, wake } from './quiet.ts';
import { settleVolumes, undo } from './settle.ts';
import { mib, teller, writeCompressed } from './write.ts';

export const BackupInput = z.strictObject({ quiet: z.enum(QUIETS).default('none') });

/** One run at a time on each volume. */
export const volumeKey = (name: string) => `volumes ${name}`;

/**
 * A volume that another run makes is nobody else's until it is whole: to the engine, making it twice is making it once, and
 * the run that fails would take away what the other one made. Nothing may be waited for between this and the start of the task.
 * @throws AppError conflict
 */
export function refuseBeingMade(app: Pick<App, 'db'>, name: string): void {
  const running = app.db.select({ kind: tasks.kind, key: tasks.key, params: tasks.params }).from(tasks).where(eq(tasks.state, 'running')).all();
  if (running.some(({ kind, key, params }) => key === volumeKey(name) || (kind === 'volumes.clone' && params.to === name))) throw new AppError('conflict', (t) => t.tasks.alreadyRunning);
}

/**
 * Runs with notes of what must be undone, and undoes it: when it is done, when it fails, and when it is cancelled. What
 * cannot be undone now is tried again for a while, and at the panel's next start.
 */
export async function withBegun(app: App, task: Pick<TaskContext, 'log' | 'tell'>, work: (begun: Begun) => Promise<void>): Promise<void> {
  const begun = begin(app);
  let failed: unknown;
  try {
    await work(begun);
  } catch (error) {
    failed = error ?? new Error('it failed');
  }
  try {
    await undo(app, begun, task.log);
  } catch (error) {
    task.log(task.tell(error));
    failed ??= error;
    // An engine that went away comes back: nothing waits for the panel's next start.
    void settleVolumes(app).catch((fault: unknown) => app.log.error('volumes not settled', { error: fault as Error }));
  }
  // Pages that lie open show what there is now.
  app.bus.emit('containers.changed', { up: true });
  if (failed) throw failed;
}

/** What is in a volume now as a compressed tar that the panel keeps. @returns the task @throws AppError denied, not_found, conflict */
export async function startBackup(app: App, actor: Actor, name: string, { quiet }: z.output<typeof BackupInput>): Promise<string> {
  need(actor, 'volumes.write');
  await getVolume(app, actor, name);
  const id = app.tasks.start(actor, {
    kind: 'volumes.backup', key: volumeKey(name), params: { name }, steps: [...(quiet === 'none' ? [] : ['volumesQuiet']), 'volumesRead'],
    run: (task) => withBegun(app, task, async (begun) => {
      // Who uses it may be another by now.
      const { usedBy } = await getVolume(app, actor, name);
      const carrier = await makeCarrier(app, begun, name);
      if (quiet !== 'none') task.step('volumesQuiet');
      await hush(app, begun, quiet, usedBy, task);
      task.step('volumesRead');
      const file = await newBackupFile(app, name);
      begun.note({ part: file.part });
      const at = app.clock.now();
      const tar = await readCarrier(app, carrier, task.signal);
      const written = await writeCompressed(tar, file.part, { signal: task.signal, progress: teller(task, 'read', knownSizes(app).sizes?.get(name) ?? null) });
      // Nothing is read from the volume any more: whoever waits may go on.
      await wake(app, begun, task.log).catch((error: unknown) => task.log(task.tell(error)));
      const { sha256, bytes, entries, size } = written;
      await keepBackup(app, name, file, { at, by: actorName(actor), sha256, bytes, entries, quiet, from: null });
      begun.note({ part: null });
      task.log(`${entries} entries, ${mib(bytes)}, compressed ${mib(size)}\nSHA-256 ${sha256}`);
    }),
  });
  record(app, actor, { action: 'volumes.backup', target: name, params: { task: id, quiet } });
  return id;
}

/** The same straight to whoever asked, and kept nowhere. Ends what it holds when the reader has gone. @throws AppError not_found */
export async function downloadVolume(app: App, actor: Actor, name: string, signal: AbortSignal): Promise<{ name: string; body: AsyncIterable<Buffer> }> {
  need(actor, 'volumes.write');
  await getVolume(app, actor, name);
  const begun = begin(app);
  const log = (text: string) => app.log.info('download of a volume', { volume: name, text });
  try {
    const tar = await readCarrier(app, await makeCarrier(app, begun, name), signal);
    record(app, actor, { action: 'volumes.download', target: name });
    return { name: `${name}.tar.zst`, body: compressed(tar, () => undo(app, begun, log).catch((error: unknown) => app.log.warn('a download of a volume is not tidied up yet', { error: error as Error })), signal) };
  } catch (error) {
    await undo(app, begun, log).catch((fault: unknown) => fault instanceof AppError || Promise.reject(fault));
    throw error;
  }
}

/** Whoever stops taking it, at whatever moment, ends what is held; a generator that nobody began would not hear of it. */
function compressed(tar: AsyncIterable<Buffer> & { destroy(): void }, release: () => Promise<void>, signal: AbortSignal): AsyncIterable<Buffer> {
  const source = Readable.from(tar, { objectMode: false });
  const packed = source.pipe(createZstdCompress());
  source.on('error', (error) => packed.destroy(error));
  let ending: Promise<void> | undefined;
  const end = () => {
    signal.removeEventListener('abort', end);
    source.destroy();
    packed.destroy();
    tar.destroy();
    return (ending ??= release());
  };
  signal.addEventListener('abort', end, { once: true });
  const pieces = packed[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        try {
          const next = await pieces.next();
          if (next.done) await end();
          return next;
        } catch (error) {
          await end();
          throw error;
        }
      },
      async return() {
        await end();
        return { done: true, value: undefined };
      },
    }),
  };
}
