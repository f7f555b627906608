import { AppError } from '../../../lib/errors.ts';
import { inspectContainer } from '../../containers/recreate/inspected.ts';
import { orMissing, tellDocker, type DockerApp } from '../../docker/ask.ts';
import type { Begun, Quiet } from './begun.ts';

/** Some take long to end well, and an answer that is not waited for would be one that is stopped afterwards. */
const STOP_MS = 900_000;

interface Telling {
  log(text: string): void;
  signal: AbortSignal;
}

/** Keeps the containers that use a volume from writing to it. Each is written down before it is touched. @throws AppError */
export async function hush(app: DockerApp, begun: Begun, how: Quiet, users: readonly { id: string; name: string; running: boolean }[], { log, signal }: Telling): Promise<void> {
  if (how === 'none') return;
  for (const { id, name } of users.filter(({ running }) => running)) {
    signal.throwIfAborted();
    const { State, HostConfig } = await inspectContainer(app, id);
    // One that somebody paused stays so; it does not write.
    if (!State.Running || (how === 'pause' && (State as { Paused?: boolean }).Paused)) continue;
    if (how === 'stop' && HostConfig.AutoRemove) throw new AppError('conflict', (t) => t.volumeBackups.removesItself({ name }));
    begun.note({ quiet: { how, ids: [...(begun.notes.quiet?.ids ?? []), id] } });
    log(`${how} ${name}`);
    await tellDocker(app, { path: `/containers/${id}/${how}`, timeout: STOP_MS });
  }
}

/** As they were: each is tried, whatever became of the others. @throws the first that could not be, when all were tried */
export async function wake(app: DockerApp, begun: Begun, log: (text: string) => void): Promise<void> {
  const { quiet } = begun.notes;
  if (!quiet) return;
  let failed: unknown;
  for (const id of quiet.ids.toReversed()) {
    try {
      const one = await orMissing(inspectContainer(app, id));
      if (!one) continue;
      const paused = (one.State as { Paused?: boolean }).Paused === true;
      if (quiet.how === 'pause' ? !paused : one.State.Running) continue;
      const verb = quiet.how === 'pause' ? 'unpause' : 'start';
      log(`${verb} ${one.Name.replace(/^\//, '')}`);
      await tellDocker(app, { path: `/containers/${id}/${verb}`, timeout: STOP_MS });
    } catch (error) {
      // Removed meanwhile: nothing has to run again.
      if (error instanceof AppError && error.code === 'not_found') continue;
      failed ??= error;
    }
  }
  if (failed) throw failed;
  begun.note({ quiet: null });
}
