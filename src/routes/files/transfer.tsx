import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import type { Counts, Policy } from '../../core/files/operations/run.ts';
import { transfer } from '../../core/files/operations/transfer.ts';
import { CONFLICT_POLICIES } from '../../db/schema/files.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { choosingOf } from '../../http/choosing.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readBody, readForm, type FormState } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { readSelection, type Selection } from '../../http/selection.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { label } from '../../views/files/label.ts';
import { CHOOSER_USES, FolderChooser } from '../../views/files/operations/chooser.tsx';
import { ConflictsPage, TransferPage } from '../../views/files/operations/transfer.tsx';
import type { Ui } from '../../views/ui.ts';
import { done } from './done.ts';

const To = z.object({ to: z.string().max(300_000).optional(), use: z.enum(CHOOSER_USES).default('transfer') });
const TransferForm = z.object({ to: z.string().max(300_000), conflict: z.enum(CONFLICT_POLICIES).default('ask') });

/** Copy, move and duplicate; the folder chooser of their dialog. */
export function transfers(app: App) {
  const r = new Hono<Env>();

  r.get('/files/folders', allow('files.read'), async (c) => {
    const { to = '/', use } = readQuery(c, To);
    return c.html(String(<FolderChooser ui={uiOf(c)} choosing={await choosingOf(c, to)} use={use} />));
  });

  for (const verb of ['copy', 'move'] as const) {
    r.get(`/files/${verb}`, allow('files.write'), async (c) => {
      const selection = await readSelection(c);
      const choosing = await choosingOf(c, c.req.query('to') ?? selection.folder);
      return page(c, <TransferPage ui={uiOf(c)} verb={verb} selection={selection} choosing={choosing} {...emptyForm} />);
    });
    r.post(`/files/${verb}`, allow('files.write'), (c) => post(c, verb));
  }

  r.post('/files/duplicate', allow('files.write'), async (c) => {
    const selection = await readSelection(c);
    const { folder, names } = selection;
    const outcome = await transfer(app, actorOf(c), { move: false, folder, names, to: folder, conflict: 'keep-both' });
    return told(c, 'copy', selection, outcome);
  });

  async function post(c: Context<Env>, verb: 'copy' | 'move') {
    const ui = uiOf(c);
    const selection = await readSelection(c);
    const form = await readForm(c, TransferForm, ui.t);
    const again = async (state: FormState) => {
      const choosing = await choosingOf(c, state.values.to ?? selection.folder);
      return page(c, <TransferPage ui={ui} verb={verb} selection={selection} choosing={choosing} {...state} />, 422);
    };
    if (!form.ok) return again(form.state);
    const { to, conflict } = form.input;
    try {
      const { folder, names } = selection;
      const outcome = await transfer(app, actorOf(c), { move: verb === 'move', folder, names, to, conflict, choices: await readChoices(c) });
      if (outcome.state === 'conflicts') return page(c, <ConflictsPage ui={ui} verb={verb} selection={selection} to={to} conflicts={outcome.conflicts} />, 409);
      return told(c, verb, selection, outcome);
    } catch (error) {
      if (error instanceof AppError && error.field === 'to') return again({ values: form.state.values, errors: { to: error.say(ui.t) } });
      return again(formRefusal(error, form.state, ui.t));
    }
  }

  return r;
}

function told(c: Context<Env>, verb: 'copy' | 'move', selection: Selection, outcome: { state: 'done'; counts: Counts } | { state: 'task'; id: string } | { state: 'conflicts' }) {
  const ui = uiOf(c);
  const t = ui.t.transfers;
  // Shown next is what was looked at: after a copy as before.
  const { folder } = selection;
  if (outcome.state === 'task') return done(c, { folder, text: verb === 'copy' ? t.copyStarted : t.moveStarted, task: outcome.id, cleared: verb === 'move' });
  if (outcome.state === 'conflicts') throw new AppError('conflict', (m) => m.files.errors.exists);
  return done(c, { folder, ...saidOf(ui, verb, selection, outcome.counts), cleared: verb === 'move' });
}

function saidOf(ui: Ui, verb: 'copy' | 'move', { names }: Selection, { entries, skipped }: Counts): { text: string; tone: 'ok' | 'warn' } {
  const t = ui.t.transfers;
  if (entries === 0) return { text: t.nothingDone, tone: 'warn' };
  const what = { n: names.length === 1 ? 1 : entries, name: names.length === 1 ? label(names[0]!) : '' };
  const text = verb === 'copy' ? t.copied(what) : t.moved(what);
  return skipped ? { text: `${text} ${t.skipped({ n: skipped })}`, tone: 'warn' } : { text, tone: 'ok' };
}

const ANSWERS = new Set<string>(['replace', 'keep-both', 'skip']);

/** `at` and `do` of each row of the conflicts, in order; an empty answer follows the one for all. */
export async function readChoices(c: Context<Env>): Promise<Record<string, Policy>> {
  const body = await readBody(c, { all: true });
  const [at, answers] = [body.at, body.do].map((value) => [value ?? []].flat().filter((item): item is string => typeof item === 'string'));
  return Object.fromEntries(at!.flatMap((path, i) => (ANSWERS.has(answers![i] ?? '') ? [[path, answers![i] as Policy]] : [])));
}
