import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { deleteFromTrash } from '../../core/files/trash/empty.ts';
import { allTrash, listTrash, TRASH_FIELDS } from '../../core/files/trash/list.ts';
import { restoreFromTrash } from '../../core/files/trash/restore.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { CONFLICT_POLICIES } from '../../db/schema/files.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readBody, readForm } from '../../http/form.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import type { Messages } from '../../i18n/en.ts';
import { EmptyTrashPage, RestoreConflictsPage, RestoreMissingPage } from '../../views/files/trash/forms.tsx';
import { TrashPage } from '../../views/files/trash/list.tsx';
import { done } from './done.ts';
import { readChoices } from './transfer.tsx';

const ListQuery = z.object({ ...listFields(TRASH_FIELDS, '-deletedAt'), done: z.string().max(20).optional(), n: z.coerce.number().int().min(0).max(1e9).default(0) });
const RestoreForm = z.object({ conflict: z.enum(CONFLICT_POLICIES).default('ask'), recreate: z.literal('on').optional() });
const ConfirmForm = z.object({ confirm: z.string().max(100).default('') });
const UndoForm = z.object({ folder: z.string().max(300_000) });
/** Ids in one form. */
const IDS_MOST = 1000;

/** What a page may be told has just been done. */
const DONE: Record<string, (t: Messages['trash'], n: number) => string> = {
  restored: (t, n) => t.restored({ n }),
  restoring: (t) => t.restoreStarted,
  emptied: (t, n) => t.emptied({ n }),
  emptying: (t) => t.emptyStarted,
};

/** The trash of all file systems: restore, delete, empty. */
export function trash(app: App) {
  const r = new Hono<Env>();
  const back = (c: Context<Env>, key: keyof typeof DONE & string, n: number) => c.redirect(`/files/trash?done=${key}&n=${n}`, 303);

  r.get('/files/trash', allow('files.read'), async (c) => {
    const ui = uiOf(c);
    const query = readQuery(c, ListQuery);
    const found = await listTrash(app, actorOf(c), pageQuery(query));
    const said = query.done !== undefined && Object.hasOwn(DONE, query.done) ? DONE[query.done]!(ui.t.trash, query.n) : undefined;
    return page(c, (
      <TrashPage ui={ui} rows={found.items} total={found.total} next={writeCursor(found.next, query.sort)} first={!query.cursor} sort={query.sort} days={getSetting(app, 'trashDays')} done={said} />
    ));
  });

  r.post('/files/trash/restore', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const ids = await readIds(c);
    const form = await readForm(c, RestoreForm, ui.t);
    const { conflict, recreate } = form.ok ? form.input : { conflict: 'ask' as const, recreate: undefined };
    if (ids.length === 0) return c.redirect('/files/trash', 303);
    const found = await restoreFromTrash(app, actorOf(c), { ids, conflict, recreate: recreate === 'on', choices: await readChoices(c) });
    if (found.state === 'conflicts') return page(c, <RestoreConflictsPage ui={ui} ids={ids} recreate={recreate === 'on'} conflicts={found.conflicts} more={found.more} />, 409);
    if (found.state === 'missing') return page(c, <RestoreMissingPage ui={ui} ids={ids} folders={found.folders} />, 409);
    return found.state === 'task' ? back(c, 'restoring', 0) : back(c, 'restored', ids.length - found.counts.skipped);
  });

  // The notice after something went to the trash: back to where it was, beside what has taken its place meanwhile.
  r.post('/files/trash/undo', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const ids = await readIds(c);
    const form = await readForm(c, UndoForm, ui.t);
    const found = await restoreFromTrash(app, actorOf(c), { ids, conflict: 'keep-both', recreate: true });
    const folder = form.ok ? form.input.folder : '/';
    return done(c, { folder, text: ui.t.trash.restored({ n: ids.length }), ...(found.state === 'task' ? { task: found.id } : {}) });
  });

  r.get('/files/trash/delete', allow('files.write'), (c) => {
    const ids = (c.req.queries('id') ?? []).slice(0, IDS_MOST);
    if (ids.length === 0) return c.redirect('/files/trash', 303);
    return page(c, <EmptyTrashPage ui={uiOf(c)} ids={ids} count={ids.length} />);
  });

  r.post('/files/trash/delete', allow('files.write'), async (c) => {
    const ids = await readIds(c);
    if (ids.length === 0) return c.redirect('/files/trash', 303);
    return remove(c, ids, ids);
  });

  r.get('/files/trash/empty', allow('files.write'), async (c) => {
    const rows = await allTrash(app, actorOf(c));
    if (rows.length === 0) return c.redirect('/files/trash', 303);
    return page(c, <EmptyTrashPage ui={uiOf(c)} ids={[]} count={rows.length} />);
  });

  r.post('/files/trash/empty', allow('files.write'), async (c) => {
    const rows = await allTrash(app, actorOf(c));
    if (rows.length === 0) return c.redirect('/files/trash', 303);
    return remove(c, rows.map((row) => row.id), []);
  });

  /** `shown`: the ids that the form carries; none for everything. */
  async function remove(c: Context<Env>, ids: readonly string[], shown: readonly string[]) {
    const ui = uiOf(c);
    const form = await readForm(c, ConfirmForm, ui.t);
    const word = String(ids.length);
    if (!form.ok || form.input.confirm.trim() !== word) {
      return page(c, <EmptyTrashPage ui={ui} ids={shown} count={ids.length} errors={{ confirm: ui.t.transfers.errors.confirm({ word }) }} />, 422);
    }
    const found = await deleteFromTrash(app, actorOf(c), ids);
    return found.state === 'task' ? back(c, 'emptying', 0) : back(c, 'emptied', found.counts.entries);
  }

  return r;
}

async function readIds(c: Context<Env>): Promise<string[]> {
  const { id } = await readBody(c, { all: true });
  return [...new Set([id ?? []].flat().filter((value): value is string => typeof value === 'string'))].slice(0, IDS_MOST);
}
