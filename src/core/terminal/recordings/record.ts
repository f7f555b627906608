import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { and, eq, gt } from 'drizzle-orm';
import { recordings } from '../../../db/schema/recordings.ts';
import { terminals } from '../../../db/schema/terminal.ts';
import { AppError } from '../../../lib/errors.ts';
import { PtyHostError } from '../../../platform/pty-host/client.ts';
import type { TerminalState } from '../../../platform/pty-host/protocol.ts';
import { need } from '../../access.ts';
import { actorName, SYSTEM, type Actor, type App } from '../../app.ts';
import { record } from '../../audit/audit.ts';
import { getSetting } from '../../settings/settings.ts';
import { getTerminal, notFound, terminalTitle, type TerminalNow } from '../terminals.ts';
import { castEnd } from './cast.ts';
import { dropRecording, insertRecording, recordingPath, runningRecording, type RecordingRow } from './recordings.ts';
import { fitRecordings } from './sweep.ts';

/** A disk that took no more is not tried again before. */
const AGAIN_MS = 600_000;
/** The shells' process may have to start before it makes the file. */
const BEGIN_MS = 30_000;

/** Begins to record a terminal, from now on. @throws AppError denied, not_found, conflict, unavailable when the file cannot be made */
export async function startRecording(app: App, actor: Actor, terminalId: string): Promise<{ id: string }> {
  need(actor, 'terminal.open');
  if (getSetting(app, 'terminalRecording') === 'off') throw new AppError('conflict', (t) => t.recordings.off);
  const terminal = await getTerminal(app, actor, terminalId);
  if (terminal.state !== 'running' || !terminal.live || terminal.live.exit) throw new AppError('not_found', (t) => t.terminal.notFound);
  return { id: await begin(app, actor, terminal, false) };
}

async function begin(app: App, actor: Actor, terminal: TerminalNow, policy: boolean): Promise<string> {
  const { id: terminalId, target, openedBy } = terminal;
  const { id, path } = insertRecording(app, { id: terminalId, title: terminalTitle(terminal), target, openedBy }, { startedBy: actorName(actor), policy });
  try {
    if (!(await app.terminals.ask('record', { id: terminalId, path }))) throw new PtyHostError('gone');
  } catch (error) {
    dropRecording(app, id);
    if (!policy) record(app, actor, { action: 'terminal.record', target, result: 'failed', params: { id: terminalId } });
    throw writeRefusal(error);
  }
  record(app, actor, { action: 'terminal.record', target, params: { id: terminalId, recording: id, ...(policy ? { policy } : {}) } });
  return id;
}

function writeRefusal(error: unknown): unknown {
  if (!(error instanceof PtyHostError)) return error;
  if (/^E[A-Z]+$/.test(error.code)) return new AppError('unavailable', (t) => t.recordings.cannotWrite({ code: error.code }), { cause: error });
  try {
    return notFound(error);
  } catch (thrown) {
    return thrown;
  }
}

/** @throws AppError denied, not_found, conflict when it is not recorded, or everything is */
export async function stopRecording(app: App, actor: Actor, terminalId: string): Promise<void> {
  need(actor, 'terminal.open');
  const { target } = await getTerminal(app, actor, terminalId);
  const running = runningRecording(app, terminalId);
  if (!running) throw new AppError('conflict', (t) => t.recordings.notOn);
  if (getSetting(app, 'terminalRecording') === 'always') throw new AppError('conflict', (t) => t.recordings.always);
  // Its end is told by the process that writes it, and so the row follows (`followRecordings`).
  if (!(await app.terminals.ask('record', { id: terminalId, path: null }).catch(notFound))) await settleRecordings(app);
  record(app, actor, { action: 'terminal.record_stop', target, params: { id: terminalId, recording: running.id } });
}

/** Makes the rows follow what happens to the files. Call once. */
export function followRecordings(app: App): void {
  const failed = (error: unknown) => app.log.error('recordings not settled', { error: error as Error });
  app.terminals.onEvent((event) => {
    if (event.kind === 'recorded') void settle(app, basename(event.path, '.cast'), event.state).catch(failed);
  });
  app.terminals.onLost(() => void settleRecordings(app).catch(failed));
}

const ENDS = { off: 'done', full: 'full', failed: 'failed' } as const;

async function settle(app: App, id: string, state: keyof typeof ENDS): Promise<void> {
  const row = app.db.select().from(recordings).where(and(eq(recordings.id, id), eq(recordings.state, 'on'))).get();
  if (!row) return;
  const live = (await app.terminals.ask('list', {}).catch(() => null))?.find((one) => one.id === row.terminalId);
  await close(app, row, ENDS[state], live);
  // What fills a recording up does not get rid of the next.
  if (state === 'full') await recordAll(app);
}

async function close(app: App, row: RecordingRow, state: RecordingRow['state'], live?: TerminalState): Promise<void> {
  const end = await castEnd(recordingPath(app, row.id));
  // Asked for, and never begun.
  if (!end) return dropRecording(app, row.id);
  const name = app.db.select({ name: terminals.name }).from(terminals).where(eq(terminals.id, row.terminalId)).get()?.name;
  const title = name || live?.title || row.title;
  app.db.update(recordings).set({ ...end, title, state, endedAt: app.clock.now() }).where(and(eq(recordings.id, row.id), eq(recordings.state, 'on'))).run();
  if (state === 'failed') record(app, SYSTEM, { action: 'terminal.record', target: row.target, result: 'failed', params: { id: row.terminalId, recording: row.id } });
  fitRecordings(app);
  app.bus.emit('terminals.changed', { id: row.terminalId });
}

/**
 * Rows that say `on` while nothing is written any more: after a start, when the shells' process has gone, and now and then.
 * First the files, then the question: what has a file by now, its writer knows. What has none may yet begin.
 */
export async function settleRecordings(app: App): Promise<void> {
  const late = app.clock.now() - BEGIN_MS;
  const on = app.db.select().from(recordings).where(eq(recordings.state, 'on')).all();
  const rows = on.filter(({ id, startedAt }) => startedAt < late || existsSync(recordingPath(app, id)));
  if (rows.length === 0) return;
  const live = await app.terminals.ask('list', {});
  for (const row of rows) {
    const terminal = live?.find(({ id }) => id === row.terminalId);
    if (terminal?.recording === 'on') continue;
    // It lets go of what has ended in good order; if it has gone itself, nobody knows.
    const state = terminal ? ENDS[terminal.recording as keyof typeof ENDS] : live ? 'done' : 'lost';
    await close(app, row, state, terminal);
  }
}

/** Where everything is recorded: what is not, is from now on. */
export async function recordAll(app: App): Promise<void> {
  if (getSetting(app, 'terminalRecording') !== 'always') return;
  const live = (await app.terminals.ask('list', {})) ?? [];
  for (const state of live) {
    const row = app.db.select().from(terminals).where(and(eq(terminals.id, state.id), eq(terminals.state, 'running'))).get();
    if (!row || state.exit || state.recording === 'on' || runningRecording(app, row.id) || failedLately(app, row.id)) continue;
    await begin(app, SYSTEM, { ...row, live: state }, true).catch((error: unknown) => app.log.warn('a terminal is not recorded', { id: row.id, error: error as Error }));
  }
}

const failedLately = (app: App, terminalId: string) =>
  app.db.select().from(recordings).where(and(eq(recordings.terminalId, terminalId), eq(recordings.state, 'failed'), gt(recordings.endedAt, app.clock.now() - AGAIN_MS))).get() !== undefined;
