import { appendFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findDataDir } from '../config/load.ts';
import { ptyDriver } from '../platform/pty/driver.ts';
import { ptyHostPlace } from '../platform/pty-host/place.ts';
import { servePtyHost } from '../platform/pty-host/serve.ts';
import type { Invocation } from './command.ts';
import { prepareDataDir } from './datadir.ts';
import { lockFile } from './lock.ts';

/** What is kept of its own faults. */
const LOG_MOST = 1 << 20;
/** How long one whose last shell has ended may take to go. */
const LEAVING_MS = 3000;

/** `mantou pty-host`: ends with the last shell. */
export async function ptyHost({ values, env }: Invocation): Promise<number> {
  const { dataDir } = findDataDir(values, env);
  await prepareDataDir(dataDir);
  const place = ptyHostPlace(dataDir);
  // Another one serves this panel already, or is about to: two would take each other's socket away.
  const lock = lockFile(place.lock, LEAVING_MS);
  if (!lock) return 0;
  // Of one that was killed.
  if (process.platform !== 'win32') rmSync(place.path, { force: true });
  const log = join(place.folder, 'host.log');
  const onFault = (error: unknown) => {
    const line = `${new Date().toISOString()} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
    try {
      if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) < LOG_MOST) appendFileSync(log, line, { mode: 0o600 });
    } catch {
      // A full disk is no reason to lose the shells.
    }
  };
  // One terminal's trouble must not end the others.
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  // Whoever started the panel leaves: the shells stay.
  for (const name of ['SIGHUP', 'SIGINT'] as const) process.on(name, () => {});
  // The machine goes down, or somebody ends it by hand: its shells are hung up on, as by any terminal that is closed.
  const ending = new AbortController();
  process.on('SIGTERM', () => ending.abort());
  await servePtyHost({ ...place, pty: ptyDriver(), onFault, signal: ending.signal });
  lock.close();
  return 0;
}
