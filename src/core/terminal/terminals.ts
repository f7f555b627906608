import { existsSync } from 'node:fs';
import { and, count, eq, inArray, lt, ne } from 'drizzle-orm';
import { z } from 'zod';
import { terminals, TERMINAL_COLOURS } from '../../db/schema/terminal.ts';
import { AppError } from '../../lib/errors.ts';
import { Recently } from '../../lib/recently.ts';
import { PtyHostError } from '../../platform/pty-host/client.ts';
import { cleanTitle } from '../../platform/pty-host/title.ts';
import type { TerminalState } from '../../platform/pty-host/protocol.ts';
import type { Launch } from '../../platform/shells.ts';
import { can, need } from '../access.ts';
import { actorName, SYSTEM, type Actor, type App } from '../app.ts';
import { record } from '../audit/audit.ts';
import { endInContainer } from '../containers/exec-end.ts';
import { getSetting } from '../settings/settings.ts';
import { dropRecording, insertRecording } from './recordings/recordings.ts';

export type TerminalRow = typeof terminals.$inferSelect;

/** A terminal as it is now; `live` is null once it has ended and been forgotten. */
export interface TerminalNow extends TerminalRow {
  live: TerminalState | null;
}

const Cols = z.coerce.number().int().min(2).max(1000);
const Rows = z.coerce.number().int().min(1).max(500);

export const NewTerminal = z.strictObject({
  /** One of the machine's choices; '' for the first. */
  shell: z.string().max(256).default(''),
  /** '' for the account's home. */
  folder: z.string().max(4096).default(''),
  cols: Cols.default(80),
  rows: Rows.default(24),
  /** From its first byte, where recording is asked for. A box that is not ticked sends nothing. */
  record: z.literal('on').optional(),
});

export const TerminalLooks = z.strictObject({
  /** '' shows what the program says. */
  name: z.string().max(100).transform(cleanTitle),
  colour: z.enum(TERMINAL_COLOURS),
});

export const TerminalSize = z.strictObject({ cols: Cols, rows: Rows });

/** What others see of a terminal: the given name, else what its program says, else what it runs. */
export const terminalTitle = ({ name, live, title, target }: TerminalNow) => name || live?.title || title || target;

/**
 * Opens a shell and returns it. It goes on until its program ends or somebody ends it, whoever looks.
 * @throws AppError denied, invalid, not_found (folder), conflict (too many), unavailable, unsupported
 */
export async function openTerminal(app: App, actor: Actor, input: z.output<typeof NewTerminal>): Promise<TerminalNow> {
  need(actor, 'terminal.open');
  const { shells } = app.host;
  const choice = input.shell || (await shells.choices())[0]?.id || '';
  const launch = await shells.launch(choice, input.folder || null);
  return start(app, actor, { ...input, launch, kind: 'shell', target: choice, hostId: null, record: input.record === 'on' });
}

interface Start {
  /** What it runs; of the id that the terminal will have, where that is to be known inside. */
  launch: Launch | ((id: string) => Launch);
  kind: TerminalRow['kind'];
  target: string;
  hostId: string | null;
  /** Of a container: its engine. */
  endpointId?: string | null;
  cols: number;
  rows: number;
  record?: boolean;
}

/** Starts what `launch` says in a new terminal. @throws AppError conflict (too many), unavailable */
export async function start(app: App, actor: Actor, { launch: given, kind, target, hostId, endpointId = null, cols, rows, record: asked = false }: Start): Promise<TerminalNow> {
  const most = getSetting(app, 'terminalsMost');
  const userId = actor.kind === 'user' ? actor.userId : '';
  const mine = app.db.select({ n: count() }).from(terminals).where(and(eq(terminals.state, 'running'), eq(terminals.userId, userId))).get()!.n;
  if (mine >= most) throw new AppError('conflict', (t) => t.terminal.tooMany({ n: most }));
  const id = app.random.id();
  const launch = typeof given === 'function' ? given(id) : given;
  const row: TerminalRow = {
    id, userId, openedBy: actorName(actor), kind, target, hostId, folder: launch.cwd, name: '', colour: '', title: launch.title, watchable: false,
    state: 'running', createdAt: app.clock.now(), endedAt: null, exitCode: null, exitSignal: null, endpointId,
  };
  // First the row: a shell that nobody knows of would be worse than a row without one.
  app.db.insert(terminals).values(row).run();
  let recorded: { id: string; path: string } | null = null;
  try {
    const policy = getSetting(app, 'terminalRecording');
    const by = policy === 'always' ? SYSTEM : policy === 'ask' && asked ? actor : null;
    if (by) recorded = insertRecording(app, { ...row, title: row.title || target }, { startedBy: actorName(by), policy: by === SYSTEM });
    const { argv, argv0, cwd, env, title } = launch;
    const live = await app.terminals.create({ id, argv, argv0, cwd, env, title, cols, rows, recordTo: recorded?.path });
    record(app, actor, { action: 'terminal.open', target, params: { id, folder: cwd }, commands: [argv.join(' ')] });
    if (recorded && by) record(app, by, { action: 'terminal.record', target, params: { id, recording: recorded.id } });
    return { ...row, live };
  } catch (error) {
    app.db.delete(terminals).where(eq(terminals.id, id)).run();
    if (recorded) dropRecording(app, recorded.id);
    record(app, actor, { action: 'terminal.open', target, result: 'failed', params: { folder: launch.cwd } });
    // It was not answered in time, and may yet start: nobody would know of it.
    if (error instanceof PtyHostError && error.code === 'silent') void app.terminals.ask('kill', { id }).catch(() => {});
    throw startRefusal(error, launch);
  }
}

/** What kept a shell from starting, in words; anything unknown passes unchanged. */
function startRefusal(error: unknown, { argv: [path], cwd }: Launch): unknown {
  if (!(error instanceof PtyHostError)) return error;
  // Which of the two it was, the system does not tell: the folder was there a moment ago.
  if (error.code === 'ENOENT' && !existsSync(cwd)) return new AppError('not_found', (t) => t.terminal.noFolder({ path: cwd }), { field: 'folder', cause: error });
  if (['ENOENT', 'EACCES', 'ENOEXEC', 'ENOTDIR'].includes(error.code)) return new AppError('unavailable', (t) => t.terminal.noShell({ path }), { cause: error });
  if (['EAGAIN', 'ENOMEM', 'EMFILE', 'ENFILE', 'ENOSPC'].includes(error.code)) return new AppError('unavailable', (t) => t.terminal.noRoom({ code: error.code }), { cause: error });
  return new AppError('unavailable', (t) => t.terminal.noHost, { cause: error });
}

/**
 * Those that run, the oldest first, and those that were lost and nobody has taken note of; to who may only look, those that
 * may be looked at.
 */
export async function listTerminals(app: App, actor: Actor): Promise<TerminalNow[]> {
  need(actor, 'terminal.view');
  const live = new Map((await states(app)).map((state) => [state.id, state]));
  const shown = can(actor, 'terminal.open') ? inArray(terminals.state, ['running', 'lost']) : and(eq(terminals.state, 'running'), eq(terminals.watchable, true));
  const rows = app.db.select().from(terminals).where(shown).orderBy(terminals.createdAt, terminals.id).all();
  return rows.map((row) => ({ ...row, live: live.get(row.id) ?? null }));
}

const states = async (app: App): Promise<TerminalState[]> => (await app.terminals.ask('list', {})) ?? [];

/** @throws AppError denied, not_found */
export async function getTerminal(app: App, actor: Actor, id: string): Promise<TerminalNow> {
  const row = terminalRow(app, actor, id);
  return { ...row, live: (await states(app)).find((state) => state.id === id) ?? null };
}

/** Its row, for who may look at it (S12). @throws AppError denied, not_found */
export function terminalRow(app: App, actor: Actor, id: string): TerminalRow {
  need(actor, 'terminal.view');
  const row = app.db.select().from(terminals).where(eq(terminals.id, id)).get();
  if (!row || !(row.watchable || can(actor, 'terminal.open'))) throw new AppError('not_found', (t) => t.terminal.notFound);
  return row;
}

/** Is it still theirs to look at, now that something about it has changed? One that has ended is: they see how. */
export function mayStillView(app: App, actor: Actor, id: string): boolean {
  if (can(actor, 'terminal.open')) return true;
  return app.db.select({ watchable: terminals.watchable }).from(terminals).where(eq(terminals.id, id)).get()?.watchable ?? false;
}

/** Somebody begins to look: at another's terminal, that is recorded. @returns who, as others see them. @throws AppError not_found */
export function joinTerminal(app: App, actor: Actor, id: string): { name: string } {
  const row = terminalRow(app, actor, id);
  const own = actor.kind === 'user' && actor.userId === row.userId;
  if (!own) record(app, actor, { action: 'terminal.join', target: row.target, params: { id, openedBy: row.openedBy } });
  return { name: actorName(actor) };
}

/** Asking for output and typing by single requests is one looking, as long as it goes on like that. */
const CALLS_MS = 3_600_000;
/** Who looks at what. */
const joined = new WeakMap<App['db'], Recently>();

/** Like joinTerminal, for who asks again and again instead of staying: written down once an hour. @throws AppError denied, not_found */
export function joinByCalls(app: App, actor: Actor, id: string): TerminalRow {
  const row = terminalRow(app, actor, id);
  const seen = joined.get(app.db) ?? new Recently(app.clock, CALLS_MS);
  joined.set(app.db, seen);
  const key = `${actor.kind === 'user' ? `${actor.userId} ${actor.tokenId ?? ''}` : actor.kind} ${id}`;
  if (!seen.has(key)) joinTerminal(app, actor, id);
  seen.add(key);
  return row;
}

/** Ends a shell and everything it started; one that has ended, or was lost, is taken off the list. @throws AppError denied, not_found */
export async function killTerminal(app: App, actor: Actor, id: string, why: Record<string, unknown> = {}): Promise<void> {
  need(actor, 'terminal.open');
  const row = terminalRow(app, actor, id);
  if (row.state === 'lost') app.db.update(terminals).set({ state: 'killed' }).where(eq(terminals.id, id)).run();
  if (row.state === 'running') {
    // Before it ends: what ended it is known then.
    app.db.update(terminals).set({ state: 'killed', endedAt: app.clock.now() }).where(eq(terminals.id, id)).run();
    record(app, actor, { action: 'terminal.kill', target: row.target, params: { id, ...why } });
  }
  await app.terminals.ask('kill', { id }).catch(unlessGone);
  app.bus.emit('terminals.changed', { id });
}

const unlessGone = (error: unknown) => {
  if (!(error instanceof PtyHostError) || !['not_found', 'gone'].includes(error.code)) throw error;
};

export function changeLooks(app: App, actor: Actor, id: string, looks: z.output<typeof TerminalLooks>): void {
  need(actor, 'terminal.open');
  terminalRow(app, actor, id);
  app.db.update(terminals).set(looks).where(eq(terminals.id, id)).run();
  app.bus.emit('terminals.changed', { id });
}

/** May those who cannot open terminals look at this one? @throws AppError denied, not_found */
export function setWatchable(app: App, actor: Actor, id: string, watchable: boolean): void {
  need(actor, 'terminal.open');
  const { target } = terminalRow(app, actor, id);
  app.db.update(terminals).set({ watchable }).where(eq(terminals.id, id)).run();
  record(app, actor, { action: 'terminal.watchable', target, params: { id, watchable } });
  app.bus.emit('terminals.changed', { id });
}

/** @returns the size it has now; a viewer with less room makes it smaller again. @throws AppError not_found */
export async function resizeTerminal(app: App, actor: Actor, id: string, size: z.output<typeof TerminalSize>) {
  need(actor, 'terminal.open');
  terminalRow(app, actor, id);
  return (await app.terminals.ask('resize', { id, ...size }).catch(notFound)) ?? size;
}

export const notFound = (error: unknown): never => {
  throw error instanceof PtyHostError && ['not_found', 'gone'].includes(error.code) ? new AppError('not_found', (t) => t.terminal.notFound) : error;
};

/** On the engine that it was opened on, which need not be the one that is chosen now. */
async function endIn(app: App, row: TerminalRow): Promise<void> {
  await endInContainer(app.engines.on(row.endpointId), row);
}

/** Makes the rows follow what happens to the shells. Call once. */
export function followTerminals(app: App): void {
  app.terminals.onEvent((event) => {
    if (event.kind === 'ended') {
      const { code, signal } = event.exit;
      const ended = { title: event.title, endedAt: app.clock.now(), exitCode: code, exitSignal: signal };
      app.db.update(terminals).set(ended).where(eq(terminals.id, event.id)).run();
      const row = app.db.select().from(terminals).where(eq(terminals.id, event.id)).get();
      if (row?.kind === 'container') void endIn(app, row).catch((error: unknown) => app.log.warn('shell in a container not ended', { id: event.id, error: error as Error }));
      app.db.update(terminals).set({ state: 'ended' }).where(and(eq(terminals.id, event.id), eq(terminals.state, 'running'))).run();
    }
    app.bus.emit('terminals.changed', { id: event.id });
  });
  app.terminals.onLost(() => void settleTerminals(app).catch((error: unknown) => app.log.error('terminals not settled', { error: error as Error })));
}

/** Rows that say `running` without a shell behind them: it is lost. After a start, and when the shells' process has gone. */
export async function settleTerminals(app: App): Promise<void> {
  // Those that are just being opened may be opened by the process after the one that has gone.
  const opening = new Set(app.terminals.opening);
  const rows = app.db.select({ id: terminals.id }).from(terminals).where(eq(terminals.state, 'running')).all().filter(({ id }) => !opening.has(id));
  if (rows.length === 0) return;
  const live = new Map((await states(app)).map((state) => [state.id, state]));
  for (const { id } of rows) {
    const state = live.get(id);
    if (state && !state.exit) continue;
    const exit = state?.exit ?? null;
    const end = { state: exit ? 'ended' : 'lost', endedAt: app.clock.now(), exitCode: exit?.code ?? null, exitSignal: exit?.signal ?? null } as const;
    app.db.update(terminals).set(end).where(eq(terminals.id, id)).run();
    app.bus.emit('terminals.changed', { id });
  }
}

/** Housekeeping: those that ended before this moment. */
export function dropOldTerminals(app: Pick<App, 'db'>, before: number) {
  app.db.delete(terminals).where(and(ne(terminals.state, 'running'), lt(terminals.endedAt, before))).run();
}
