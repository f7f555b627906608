import { Hono, type Context } from 'hono';
import type { App } from '../../core/app.ts';
import { changeModes, type Outcome } from '../../core/files/modes/change.ts';
import { commandsOf } from '../../core/files/modes/commands.ts';
import { planOf } from '../../core/files/modes/plan.ts';
import { createScans } from '../../core/files/modes/scans.ts';
import { modesOf } from '../../core/files/modes/state.ts';
import { createUndos } from '../../core/files/modes/undo.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, type FormState } from '../../http/form.ts';
import { isHtmx, page, trigger } from '../../http/respond.tsx';
import { readSelection, type Selection } from '../../http/selection.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { ModePreview } from '../../views/files/modes/preview.tsx';
import { ModeSheet } from '../../views/files/modes/sheet.tsx';
import { ToastFragment } from '../../views/parts/toast.tsx';
import { UndoToast } from '../../views/files/modes/undo.tsx';
import { aclPage } from './acl.tsx';
import { done } from './done.ts';
import { chosen, fieldsOf, kept, readAsked } from './mode-form.ts';

/** A count that is over within this is shown at once. */
const PREVIEW_MS = 700;

/** Modes and owners: the sheet, its preview, and taking a small change back. */
export function mode(app: App) {
  const r = new Hono<Env>();
  const scans = createScans(app);
  const undos = createUndos(app);

  const sheet = async (c: Context<Env>, selection: Selection, { values, errors }: FormState = emptyForm, commands: string[] = []) => {
    const state = await modesOf(app, actorOf(c), selection);
    const accounts = await app.host.files.accounts();
    const failed = Object.keys(errors).length > 0;
    return page(c, <ModeSheet ui={uiOf(c)} selection={selection} state={state} accounts={accounts} values={values} errors={errors} commands={commands} />, failed ? 422 : 200);
  };

  r.get('/files/mode', allow('files.read'), async (c) => {
    const selection = chosen(await readSelection(c));
    return app.host.files.kind === 'windows' ? aclPage(app, c, selection) : sheet(c, selection);
  });

  r.get('/files/mode/preview', allow('files.write'), async (c) => {
    const id = c.req.query('scan') ?? '';
    const { count, drawn } = await scans.look(actorOf(c), id, PREVIEW_MS);
    return page(c, <ModePreview ui={uiOf(c)} {...drawn} scan={id} count={count} />);
  });

  r.post('/files/mode', allow('files.write'), async (c) => {
    const actor = actorOf(c);
    const ui = uiOf(c);
    const selection = chosen(await readSelection(c));
    const fields = await fieldsOf(c);
    const form = { values: fields, errors: {} };
    try {
      const { now, inside } = readAsked(fields, ui.t);
      const deep = inside ? await planOf(app, actor, inside) : null;
      const direct = now ? await planOf(app, actor, now) : null;
      if (!deep && !direct) throw new AppError('invalid', (t) => t.modes.errors.nothing);
      const commands = [direct, deep].flatMap((plan) => (plan ? commandsOf(app, selection, plan) : []));
      if (fields.step === 'commands') return await sheet(c, selection, form, commands);
      if (deep && fields.step !== 'apply') {
        const drawn = { selection, fields: kept(fields), commands };
        const { id, count } = await scans.start(actor, deep, drawn, PREVIEW_MS);
        return page(c, <ModePreview ui={ui} {...drawn} scan={id} count={count} />);
      }
      const first = now ? await changeModes(app, actor, selection, now) : null;
      const outcome = inside ? await changeModes(app, actor, selection, inside) : first!;
      return answer(c, selection, outcome, Boolean(fields.owner || fields.group));
    } catch (error) {
      return sheet(c, selection, formRefusal(error, form, ui.t));
    }
  });

  const answer = (c: Context<Env>, { folder }: Selection, outcome: Outcome, owns: boolean) => {
    const ui = uiOf(c);
    const t = ui.t.modes;
    if (outcome.task !== null) return done(c, { folder, text: t.started, task: outcome.task });
    const { changed, failed, before } = outcome;
    const first = failed[0];
    if (first) return done(c, { folder, tone: 'warn', text: t.someFailed({ failed: failed.length, changed, first: `${first.name}: ${first.say(ui.t)}` }) });
    if (changed === 0) return done(c, { folder, text: t.nothingChanged });
    const undo = undos.keep(actorOf(c), folder, before, owns);
    if (!undo || !isHtmx(c)) return done(c, { folder, text: t.saved({ n: changed }) });
    trigger(c, { 'files-changed': { folder } });
    return c.html(String(<UndoToast ui={ui} id={undo} text={t.saved({ n: changed })} />), 200, { 'hx-reswap': 'none' });
  };

  r.post('/files/mode/undo', allow('files.write'), async (c) => {
    const { id = '' } = await fieldsOf(c);
    const { folder, changed } = await undos.undo(actorOf(c), id);
    const text = uiOf(c).t.modes.undone({ n: changed });
    if (!isHtmx(c)) return done(c, { folder, text });
    trigger(c, { 'files-changed': { folder } });
    return c.html(String(<ToastFragment ui={uiOf(c)} about="/files/mode" title={text} />), 200, { 'hx-reswap': 'none' });
  });

  return r;
}
