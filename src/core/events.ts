import type { ContainerUse } from './containers/stats.ts';
import type { MountUse } from './metrics/mounts.ts';
import type { Sample } from './metrics/sample.ts';
import type { TopProcesses } from './processes/looks.ts';

/** What the parts of the panel tell each other. */
export interface Events {
  /** Sessions that have just ended; their streams and sockets close at once. */
  'sessions.ended': { ids: string[] };
  /** Another process (the command line) may have changed the database: whoever caches asks again. */
  'database.changed': Record<string, never>;
  /** Somebody failed to sign in to the panel. */
  'sign_in.failed': { ip: string; what: string };
  /** The guard is to work otherwise from now on. */
  'guard.changed': Record<string, never>;
  /** One of the machine, however many watch: every second while someone does, else every 10 s. */
  'metrics.sample': Sample;
  /** While someone watches: every 2 s at most, and every 15 s. */
  'metrics.processes': TopProcesses;
  'metrics.mounts': { at: number; mounts: MountUse[] };
  /** A service was started, stopped or set up through the panel. */
  'services.changed': Record<string, never>;
  /** A task's row changed: state, step or progress. */
  'tasks.changed': { id: string };
  /** A task wrote to its log. */
  'tasks.output': { id: string; size: number };
  /** A terminal was opened, ended, or looks different. */
  'terminals.changed': { id: string };
  /** Containers, images, volumes or networks are others than before, or the engine came or went. */
  'containers.changed': { up: boolean };
  /** The panel works on another container engine from now on. */
  'docker.switched': Record<string, never>;
  /** What containers used in the last second, while somebody looks. */
  'containers.used': { uses: ContainerUse[] };
  /** What lies in this folder (its real path) changed through the panel. */
  'files.changed': { folder: string };
  /** A change was armed, kept or reverted. */
  'armed.changed': Record<string, never>;
  /** The panel is about to stop: streams say so to their pages. */
  'panel.stopping': { reason: 'stop' | 'restart' };
}
