import { eq } from 'drizzle-orm';
import { tasks } from '../../db/schema/tasks.ts';
import type { App } from '../app.ts';
import { readTaskLog, type LogPiece } from './log.ts';
import type { TaskRow } from './tasks.ts';

/** Between two looks at a task that says a lot: ten a second are as live as anyone can read. */
const PAUSE_MS = 100;

export interface Follower {
  output(piece: LogPiece): void;
  /** State, step or progress are others now. */
  state(row: TaskRow): void;
  /** Everything has been said. */
  end(row: TaskRow | undefined): void;
}

/** Tells what a task writes from byte `offset` on, and how it goes, until it has ended or the returned function is called. */
export function followTask(app: App, id: string, offset: number, follower: Follower): () => void {
  const path = app.tasks.logPath(id);
  let at = offset;
  let shown = '';
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let again = false;

  async function look() {
    timer = undefined;
    if (looking) return void (again = true);
    looking = true;
    again = false;
    // The row before the log: what has ended has written everything by then.
    const row = app.db.select().from(tasks).where(eq(tasks.id, id)).get();
    const piece = await readTaskLog(path, at);
    looking = false;
    if (over) return;
    if (piece.text) follower.output(piece);
    // An offset past the end (a log that was purged, a number made up) goes back to where it ends.
    const moved = piece.next > at;
    at = piece.next;
    const now = row ? JSON.stringify([row.state, row.progress, row.steps]) : '';
    if (row && now !== shown) follower.state(row);
    shown = now;
    if (moved && at < piece.size) return soon();
    if (row?.state !== 'running') {
      stop();
      return follower.end(row);
    }
    if (again) soon();
  }

  const soon = () => void (timer ??= setTimeout(look, PAUSE_MS));
  const heard = (event: { id: string }) => void (event.id === id && !over && (looking ? (again = true) : soon()));
  const offs = [app.bus.on('tasks.output', heard), app.bus.on('tasks.changed', heard)];
  function stop() {
    over = true;
    clearTimeout(timer);
    for (const off of offs) off();
  }
  void look();
  return stop;
}
