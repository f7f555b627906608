import { rm } from 'node:fs/promises';
import { AppError } from '../../../lib/errors.ts';
import type { App } from '../../app.ts';
import { orMissing, tellDocker, type DockerApp } from '../../docker/ask.ts';
import { leave, takeBegun, type Begun } from './begun.ts';
import { removeCarrier, removeCarrierImage } from './carrier.ts';
import { wake } from './quiet.ts';
import { endSwap } from './swap.ts';

const REMOVE_MS = 60_000;

/**
 * Takes back all that a run did beside its result: containers run again, what only carried is gone. Each part is tried,
 * whatever became of the others. @throws the first fault; then the notes stay for the next who settles
 */
export async function undo(app: App, begun: Begun, log: (text: string) => void): Promise<void> {
  let failed: unknown;
  const there = engineOf(app, begun);
  const attempt = async (work: () => Promise<unknown> | unknown) => {
    try {
      await work();
    } catch (error) {
      failed ??= error;
    }
  };
  const { carriers, volumes, part, at } = begun.notes;
  await attempt(() => endSwap(begun));
  const swapped = failed === undefined;
  for (const name of carriers) await attempt(() => removeCarrier(there, name));
  // A volume that is half exchanged is no place to write to.
  if (swapped) await attempt(() => wake(there, begun, log));
  // What is in it may be all that is left of the old contents; and where the endpoint leads to another machine by now, a volume
  // of this name is somebody's.
  if (swapped && (at === null || at === there.host.docker.endpoint())) for (const name of volumes) await attempt(() => orMissing(tellDocker(there, { method: 'DELETE', path: `/volumes/${name}`, timeout: REMOVE_MS })));
  if (part) await attempt(() => rm(part, { force: true }));
  if (carriers.length) await attempt(() => removeCarrierImage(there));
  if (failed === undefined) return begun.end();
  leave(app, begun);
  throw failed;
}

/**
 * That of the run. While it is waited for another one may be chosen, and what is called the same there is somebody's.
 * @throws AppError not_found when it is saved no more
 */
function engineOf(app: App, begun: Begun): DockerApp {
  try {
    return app.engines.on(begun.notes.endpoint);
  } catch (error) {
    leave(app, begun);
    throw error;
  }
}

/** The engine may start after the panel, as both do when a machine boots. */
const PATIENCE_MS = 600_000;
const AGAIN_MS = 3000;

/** At the start of the panel: what one that was killed had begun is settled, as soon as the engine answers. */
export async function settleVolumes(app: App): Promise<void> {
  for (const begun of takeBegun(app)) {
    const end = performance.now() + PATIENCE_MS;
    for (;;) {
      // Another engine was chosen meanwhile: what was begun on this one waits until it is chosen again.
      if (begun.notes.endpoint !== app.engines.chosen()) {
        leave(app, begun);
        break;
      }
      try {
        await undo(app, begun, (text) => app.log.info('a run about a volume is settled', { text }));
        break;
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (error.code !== 'unavailable' || performance.now() > end) {
          app.log.warn('a run about a volume is not settled', { id: begun.id, error });
          break;
        }
        await Bun.sleep(AGAIN_MS);
      }
    }
  }
}
