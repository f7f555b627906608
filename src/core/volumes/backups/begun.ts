import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { App } from '../../app.ts';

export type Keeps = Pick<App, 'config' | 'random' | 'log' | 'tasks' | 'engines'>;

/** Where everything about backups of volumes lies; a folder per volume below it. */
export const backupsFolder = (app: Pick<App, 'config'>, ...more: string[]) => join(app.config.dataDir, 'backups', 'volumes', ...more);

/** Which way of keeping containers still was chosen. */
export const QUIETS = ['none', 'pause', 'stop'] as const;
export type Quiet = (typeof QUIETS)[number];

const Swap = z.object({
  /** Folders of three volumes on this machine: what is replaced, what replaces it, and where the old goes meanwhile. */
  target: z.string(), fresh: z.string(), aside: z.string(),
  /** The old is on its way out, the new on its way in; given up, the new is on its way out again, and the old on its way home. */
  phase: z.enum(['aside', 'in', 'back', 'home']),
});
export type Swap = z.output<typeof Swap>;

/** What a run has done to the engine and must be undone, should the panel be killed in the middle. */
const Notes = z.object({
  /** Id of the engine that it was about; null: the one of this machine. */
  endpoint: z.string().nullable().default(null),
  /** Where that was then; null: notes of before this was written down. */
  at: z.string().nullable().default(null),
  /** Names of containers that only lend their mounts. */
  carriers: z.array(z.string()).default([]),
  /** Volumes that are removed in the end. */
  volumes: z.array(z.string()).default([]),
  /** Containers that are still, in the order in which they became so. */
  quiet: z.object({ how: z.enum(['pause', 'stop']), ids: z.array(z.string()) }).nullable().default(null),
  swap: Swap.nullable().default(null),
  /** A file that is being written. */
  part: z.string().nullable().default(null),
});
export type Notes = z.output<typeof Notes>;

export interface Begun {
  readonly id: string;
  readonly notes: Readonly<Notes>;
  /** On the disk when it returns. */
  note(change: Partial<Notes>): void;
  /** Nothing is left to be undone. */
  end(): void;
}

const FOLDER = '.begun';

/** Those that this process itself is busy with: nobody else undoes what they do. */
const busy = new WeakMap<App['tasks'], Set<string>>();
const busyOf = (app: Keeps) => busy.get(app.tasks) ?? busy.set(app.tasks, new Set()).get(app.tasks)!;

export function begin(app: Keeps): Begun {
  const id = app.random.id();
  busyOf(app).add(id);
  return open(app, id, Notes.parse({ endpoint: app.engines.chosen(), at: app.engines.current().endpoint() }));
}

function open(app: Keeps, id: string, notes: Notes): Begun {
  const folder = backupsFolder(app, FOLDER);
  const path = join(folder, `${id}.json`);
  let now = notes;
  return {
    id,
    get notes() {
      return now;
    },
    note(change) {
      now = { ...now, ...change };
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const part = `${path}.part`;
      const fd = openSync(part, 'w', 0o600);
      try {
        writeSync(fd, JSON.stringify(now));
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(part, path);
    },
    end() {
      rmSync(path, { force: true });
      busyOf(app).delete(id);
    },
  };
}

/** It could not be undone now: whoever settles next tries again. */
export const leave = (app: Keeps, begun: Begun) => void busyOf(app).delete(begun.id);

/** What was begun on the engine that is chosen by a panel that is gone, or could not be undone; the oldest first. From now on it is the caller's. */
export function takeBegun(app: Keeps): Begun[] {
  const mine = busyOf(app);
  return list(backupsFolder(app, FOLDER)).flatMap((file) => {
    const id = /^([0-9a-f-]{36})\.json$/.exec(file)?.[1];
    if (!id || mine.has(id)) return [];
    try {
      const notes = Notes.parse(JSON.parse(readFileSync(backupsFolder(app, FOLDER, file), 'utf8')));
      if (notes.endpoint !== app.engines.chosen()) return [];
      mine.add(id);
      return [open(app, id, notes)];
    } catch (error) {
      app.log.warn('notes of a run about a volume cannot be read', { file, error: error as Error });
      return [];
    }
  });
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
