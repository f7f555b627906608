import { need } from '../access.ts';
import type { Actor, App } from '../app.ts';
import type { Container } from '../containers/container.ts';
import type { LogLine } from '../containers/log-lines.ts';
import { followLog } from '../containers/log-follow.ts';
import { LOG_SHOWN, newestOf, readLog, type LogQuery } from '../containers/logs.ts';
import { AppError } from '../../lib/errors.ts';
import { getStack, readStack } from './stacks.ts';

/** A line of a stack, and which of its containers wrote it. */
export interface StackLine extends LogLine {
  service: string;
  container: string;
}

export interface StackLog {
  /** In order of time. */
  lines: StackLine[];
  /** Lines before that match and are not shown. */
  left: number;
  last: string | null;
  late: boolean;
}

/** More are not read at once: a page has room for no more, and the engine reads each from the disk. */
const CONTAINERS_MOST = 40;

const wanted = (containers: readonly Container[], services: readonly string[]) =>
  containers.filter(({ service }) => services.length === 0 || services.includes(service ?? '')).slice(0, CONTAINERS_MOST);

const named = (one: Container) => (line: LogLine): StackLine => ({ ...line, service: one.service ?? '', container: one.name });

/** The end of what all services say, as one. @param services only these; none: all @throws AppError denied, not_found, unavailable */
export async function readStackLog(app: App, actor: Actor, name: string, query: LogQuery, services: readonly string[] = []): Promise<StackLog> {
  need(actor, 'containers.inspect');
  const { containers } = await getStack(app, actor, name);
  const parts = await Promise.all(wanted(containers, services).map(async (one) => {
    const part = await readLog(app, actor, one.id, query).catch((error: unknown) => {
      // Removed meanwhile, or with a driver of logs that keeps nothing: the others have something to say.
      if (error instanceof AppError && ['not_found', 'unavailable', 'conflict', 'unsupported'].includes(error.code)) return { lines: [], left: 0, last: null, late: false };
      throw error;
    });
    return { ...part, lines: part.lines.map(named(one)) };
  }));
  const most = Math.min(LOG_SHOWN, query.tail === 'all' ? LOG_SHOWN : query.tail);
  const all = inOrder(parts.flatMap(({ lines }) => lines));
  const lines = newestOf(all, most);
  return {
    lines, left: parts.reduce((sum, { left }) => sum + left, 0) + all.length - lines.length, late: parts.some(({ late }) => late),
    last: parts.flatMap(({ last }) => last ?? []).toSorted().at(-1) ?? null,
  };
}

/** Times are of one form and zone, so letters sort them; a line without one stays after the line that it followed. */
function inOrder(lines: StackLine[]): StackLine[] {
  let before = '';
  return lines.map((line) => ({ line, at: (before = line.time ?? before) })).toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ line }) => line);
}

export interface StackLogFollower {
  lines(lines: StackLine[], left: number): void;
  /** Has it taken what it was told before? */
  ready(): boolean;
}

/**
 * Tells what all services write, also of containers that come later: a deployment makes new ones.
 * @returns what ends it
 */
export function followStackLog(app: App, actor: Actor, name: string, query: LogQuery, services: readonly string[], follower: StackLogFollower): () => void {
  need(actor, 'containers.inspect');
  const followed = new Map<string, () => void>();
  /** Of each container the time of its last line: one that is started again goes on after it. */
  const seen = new Map<string, string>();
  let over = false;
  const settle = async (more: Partial<LogQuery>) => {
    const stack = await readStack(app, name).catch((error: unknown) => {
      if (error instanceof AppError) return null;
      throw error;
    });
    for (const one of wanted(stack?.containers ?? [], services)) {
      if (over || one.state !== 'running' || followed.has(one.id)) continue;
      const after = seen.get(one.id);
      followed.set(one.id, followLog(app, actor, one.id, { ...query, ...more, ...(after ? { after, since: undefined, tail: 'all' } : {}) }, {
        lines(lines, left) {
          const last = lines.findLast(({ time }) => time !== null)?.time;
          if (last) seen.set(one.id, last);
          follower.lines(lines.map(named(one)), left);
        },
        ready: () => follower.ready(),
        // It may be started again.
        end: () => void followed.delete(one.id),
      }));
    }
  };
  const watch = (more: Partial<LogQuery>) => void settle(more).catch((error: unknown) => app.log.warn('log of a stack not followed', { name, error: error as Error }));
  watch({});
  const offs = [app.bus.on('containers.changed', () => watch({ after: undefined, since: app.clock.now() - 2000, tail: 'all' })), app.containers.look()];
  return () => {
    over = true;
    for (const off of [...offs, ...followed.values()]) off();
  };
}
