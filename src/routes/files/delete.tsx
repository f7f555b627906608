import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { deleteForGood } from '../../core/files/operations/delete.ts';
import { moveToTrash } from '../../core/files/trash/put.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm } from '../../http/form.ts';
import { isHtmx, page, trigger } from '../../http/respond.tsx';
import { readSelection, type Selection } from '../../http/selection.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { label } from '../../views/files/label.ts';
import { confirmWord, DeleteForGoodPage, DeletePage } from '../../views/files/operations/delete.tsx';
import { TrashedToast } from '../../views/files/trash/forms.tsx';
import { done } from './done.ts';

const DeleteForm = z.object({ forever: z.enum(['ask', 'on']).optional(), confirm: z.string().max(1000).default('') });
/** A notice carries what it would take back; more is restored on the page of the trash. */
const UNDO_MOST = 100;

/** To the trash, with the way back; for good only with a word typed. */
export function deletion(app: App) {
  const r = new Hono<Env>();

  r.get('/files/delete', allow('files.write'), async (c) => {
    const selection = await selected(c);
    const ui = uiOf(c);
    if (c.req.query('forever')) return page(c, <DeleteForGoodPage ui={ui} selection={selection} errors={{}} />);
    return page(c, <DeletePage ui={ui} selection={selection} days={getSetting(app, 'trashDays')} errors={{}} />);
  });

  r.post('/files/delete', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const selection = await selected(c);
    const form = await readForm(c, DeleteForm, ui.t);
    const { forever, confirm } = form.ok ? form.input : { forever: undefined, confirm: '' };
    const good = (errors: Record<string, string>, status: 200 | 422) => page(c, <DeleteForGoodPage ui={ui} selection={selection} errors={errors} />, status);
    if (forever === 'ask') return good({}, 200);
    if (!forever) return trashed(c, selection);
    const word = confirmWord(selection.names);
    if (confirm.trim() !== word) return good({ confirm: ui.t.transfers.errors.confirm({ word }) }, 422);
    try {
      return await goneForGood(c, selection);
    } catch (error) {
      return good(formRefusal(error, form.state, ui.t).errors, 422);
    }
  });

  async function trashed(c: Context<Env>, selection: Selection) {
    const ui = uiOf(c);
    const t = ui.t.transfers;
    const { folder, names } = selection;
    try {
      const found = await moveToTrash(app, actorOf(c), selection);
      if (found.state === 'task') return done(c, { folder, text: t.trashStarted, task: found.id, cleared: true });
      const text = t.trashed({ n: names.length === 1 ? 1 : found.counts.entries, name: label(names[0]!) });
      if (!isHtmx(c) || found.ids.length > UNDO_MOST) return done(c, { folder, text, cleared: true });
      trigger(c, { 'files-changed': { folder, cleared: true } });
      return c.html(String(<TrashedToast ui={ui} title={text} ids={found.ids} folder={folder} />), 200, { 'hx-reswap': 'none' });
    } catch (error) {
      // No trash here: the same things can be deleted for good, and it is said why.
      if (error instanceof AppError && error.field === 'trash') return page(c, <DeleteForGoodPage ui={ui} selection={selection} errors={{ '': error.say(ui.t) }} />, 422);
      const { errors } = formRefusal(error, emptyForm, ui.t);
      return page(c, <DeletePage ui={ui} selection={selection} days={getSetting(app, 'trashDays')} errors={errors} />, 422);
    }
  }

  async function goneForGood(c: Context<Env>, selection: Selection) {
    const t = uiOf(c).t.transfers;
    const { folder, names } = selection;
    const found = await deleteForGood(app, actorOf(c), selection);
    if (found.state === 'task') return done(c, { folder, text: t.deleteStarted, task: found.id, cleared: true });
    return done(c, { folder, text: t.deleted({ n: names.length === 1 ? 1 : found.counts.entries, name: label(names[0]!) }), cleared: true });
  }

  return r;
}

async function selected(c: Context<Env>): Promise<Selection> {
  const selection = await readSelection(c);
  if (selection.names.length === 0) throw new AppError('invalid', (t) => t.transfers.errors.nothing);
  return selection;
}
