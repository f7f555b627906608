import { statSync } from 'node:fs';
import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { indexCast } from '../../core/terminal/recordings/cast-index.ts';
import { getRecording, listRecordings, openRecording, RECORDING_SORTS, removeRecording } from '../../core/terminal/recordings/recordings.ts';
import { startRecording, stopRecording } from '../../core/terminal/recordings/record.ts';
import { searchRecordings } from '../../core/terminal/recordings/search.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { fileResponse, SANDBOX } from '../../http/file-response.ts';
import { policy } from '../../http/headers.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { Recently } from '../../lib/recently.ts';
import { Semaphore } from '../../lib/semaphore.ts';
import { RecordingListPage } from '../../views/terminal/recordings/list.tsx';
import { RecordingPage } from '../../views/terminal/recordings/page.tsx';
import { answered } from './terminal.tsx';

/** What a player asks for at once. */
const PART = 1 << 20;
/** Looking at the same recording again within this time is the same looking. */
const WATCH_MS = 3_600_000;

/** What to look for, and where the page before stopped. */
const found = { q: z.string().max(200).optional(), id: z.uuid().optional(), from: z.coerce.number().int().min(0).max(2 ** 40).optional() };
const ListQuery = z.object({ ...listFields(RECORDING_SORTS, '-startedAt'), ...found });
const PageQuery = z.object({ t: z.coerce.number().min(0).max(1e9).default(0), ...found });
const PartQuery = z.object({ from: z.coerce.number().int().min(0).max(2 ** 40).default(0) });

/** Recordings of terminals: begun and stopped, listed, searched, played, taken away, deleted. */
export function recordings(app: App) {
  const r = new Hono<Env>();
  const gate = new Semaphore(2, 8);
  const watching = new Recently(app.clock, WATCH_MS);

  /** Each who looks is in the audit log, once an hour. */
  const watch = (c: Context<Env>, id: string) => {
    const actor = actorOf(c);
    const key = `${actor.kind === 'user' ? actor.userId : actor.kind} ${id}`;
    const opened = openRecording(app, actor, id, watching.has(key) ? null : 'play');
    watching.add(key);
    return opened;
  };

  const search = async (c: Context<Env>, { q, id, from }: { q?: string | undefined; id?: string | undefined; from?: number | undefined }, only?: string) => {
    if (!q) return null;
    const after = id === undefined ? undefined : { id, from: from ?? 0 };
    return { text: q, ...(await searchRecordings(app, actorOf(c), { text: q, only, after })) };
  };

  r.get('/terminal/recordings', allow('recordings.read'), async (c) => {
    const query = readQuery(c, ListQuery);
    const list = listRecordings(app, actorOf(c), pageQuery(query));
    const next = writeCursor(list.next, query.sort);
    const hits = await search(c, query);
    return page(c, (
      <RecordingListPage ui={uiOf(c)} recordings={list.items} total={list.total} next={next} first={!query.cursor} days={getSetting(app, 'terminalRecordingDays')}
        removed={c.req.query('done') === 'removed'} found={hits} />
    ));
  });

  r.get('/terminal/recordings/:id', allow('recordings.read'), async (c) => {
    const query = readQuery(c, PageQuery);
    const row = getRecording(app, actorOf(c), c.req.param('id'));
    const ui = uiOf(c);
    const hits = await search(c, query, row.id);
    // As on the page of the terminals: xterm.js makes style elements of its own.
    c.header('content-security-policy', policy(ui.nonce, { 'style-src': `'nonce-${ui.nonce}'` }));
    return page(c, <RecordingPage ui={ui} row={row} at={query.t} found={hits} />);
  });

  /** How long it is, and from where it can be drawn. */
  r.get('/terminal/recordings/:id/index', allow('recordings.read'), async (c) => {
    const { path } = watch(c, c.req.param('id'));
    const done = await gate.run(() => indexCast(path));
    if (!done) throw new AppError('unavailable', (t) => t.recordings.busy, { retryAfter: 3 });
    return c.json(done.value);
  });

  /** A piece of the file as it is. */
  r.get('/terminal/recordings/:id/part', allow('recordings.read'), async (c) => {
    const { from } = readQuery(c, PartQuery);
    const { path } = watch(c, c.req.param('id'));
    const bytes = await Bun.file(path).slice(from, from + PART).arrayBuffer();
    return new Response(bytes, { headers: { 'content-type': 'application/octet-stream', 'content-disposition': 'attachment', 'content-security-policy': SANDBOX } });
  });

  r.get('/terminal/recordings/:id/download', allow('recordings.read'), (c) => {
    const { row, path } = openRecording(app, actorOf(c), c.req.param('id'), 'download');
    const day = new Date(row.startedAt).toISOString().slice(0, 16).replace(/[T:]/g, '-');
    // Nobody but the panel writes into that folder: the name stays what it is.
    return fileResponse(c, { real: path, at: path, stats: statSync(path), close: async () => {} }, { name: `${row.title.slice(0, 80)} ${day}.cast` });
  });

  r.post('/terminal/recordings/:id/remove', allow('recordings.write'), (c) => {
    removeRecording(app, actorOf(c), c.req.param('id'));
    return c.redirect('/terminal/recordings?done=removed', 303);
  });

  r.post('/terminal/:id/record', allow('terminal.open'), (c) =>
    answered(c, async () => {
      await startRecording(app, actorOf(c), c.req.param('id'));
      return { to: `/terminal?id=${c.req.param('id')}`, body: {} };
    }),
  );

  r.post('/terminal/:id/record-stop', allow('terminal.open'), (c) =>
    answered(c, async () => {
      await stopRecording(app, actorOf(c), c.req.param('id'));
      return { to: `/terminal?id=${c.req.param('id')}`, body: {} };
    }),
  );

  return r;
}
