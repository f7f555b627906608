import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { planRenames, renameMany, type Renaming } from '../../core/files/operations/rename-many.ts';
import { RenameRules } from '../../core/files/operations/rename-rules.ts';
import { renameEntry } from '../../core/files/operations/rename.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { page } from '../../http/respond.tsx';
import { readSelection, type Selection } from '../../http/selection.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { label } from '../../views/files/label.ts';
import { RenamePage } from '../../views/files/operations/rename.tsx';
import { RenameManyPage, RenamePreview } from '../../views/files/operations/rename-many.tsx';
import { done } from './done.ts';

const RenameForm = z.object({ to: z.string().max(1000) });
/** As drawn at first: nothing changes. */
const NOTHING = RenameRules.parse({});

/** One name, or many by rules with a preview. */
export function rename(app: App) {
  const r = new Hono<Env>();

  r.get('/files/rename', allow('files.write'), async (c) => {
    const selection = await readSelection(c);
    const { folder, names } = selection;
    if (names.length > 1) return showMany(c, selection);
    if (names.length === 0) throw new AppError('invalid', (t) => t.transfers.errors.nothing);
    return page(c, <RenamePage ui={uiOf(c)} folder={folder} name={names[0]!} {...emptyForm} />);
  });

  r.post('/files/rename', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const { folder, names } = await oneOf(c);
    const name = names[0]!;
    const form = await readForm(c, RenameForm, ui.t);
    const again = (state: FormState) => page(c, <RenamePage ui={ui} folder={folder} name={name} {...state} />, 422);
    if (!form.ok) return again(form.state);
    try {
      await renameEntry(app, actorOf(c), { folder, name, to: form.input.to });
    } catch (error) {
      return again(formRefusal(error, form.state, ui.t));
    }
    return done(c, { folder, text: ui.t.transfers.renamed({ from: label(name), to: label(form.input.to) }), cleared: true });
  });

  r.get('/files/rename-many', allow('files.write'), async (c) => showMany(c, await readSelection(c)));

  r.post('/files/rename-many', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const { selection, rules, state, plan, preview } = await readRules(c);
    const show = (now: FormState, status: 200 | 422) => page(c, <RenameManyPage ui={ui} selection={selection} plan={plan} {...now} />, status);
    if (preview && Object.keys(state.errors).length === 0) return show(state, 200);
    if (!rules) return show(state, 422);
    try {
      const n = await renameMany(app, actorOf(c), selection, rules);
      return done(c, { folder: selection.folder, text: n ? ui.t.transfers.many.done({ n }) : ui.t.transfers.many.none, cleared: n > 0 });
    } catch (error) {
      return show(formRefusal(error, state, ui.t), 422);
    }
  });

  r.post('/files/rename-many/preview', allow('files.write'), async (c) => {
    const { plan } = await readRules(c);
    return c.html(String(<RenamePreview ui={uiOf(c)} plan={plan} />));
  });

  async function showMany(c: Context<Env>, selection: Selection) {
    const plan = await planRenames(app, actorOf(c), selection, NOTHING);
    return page(c, <RenameManyPage ui={uiOf(c)} selection={selection} plan={plan} {...emptyForm} />);
  }

  /** The rules of the form and what they would do; with rules that are none, what is there now. */
  async function readRules(c: Context<Env>) {
    const selection = await readSelection(c);
    const { t } = uiOf(c);
    const form = await readForm(c, RenameRules.extend({ preview: z.literal('on').optional() }), t);
    const actor = actorOf(c);
    const asIs = () => planRenames(app, actor, selection, NOTHING);
    if (!form.ok) return { selection, rules: null, state: form.state, plan: await asIs(), preview: false };
    const { preview, ...rules } = form.input;
    try {
      const plan: Renaming[] = await planRenames(app, actor, selection, rules);
      return { selection, rules, state: form.state, plan, preview: preview === 'on' };
    } catch (error) {
      const state = formRefusal(error, form.state, t);
      return { selection, rules: null, state, plan: await asIs(), preview: false };
    }
  }

  return r;
}

async function oneOf(c: Context<Env>): Promise<Selection> {
  const selection = await readSelection(c);
  if (selection.names.length !== 1) throw new AppError('invalid', (t) => t.transfers.errors.nothing);
  return selection;
}
