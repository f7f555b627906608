import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import {
  createKey, CreateInput, FileInput, importFile, ImportInput, NameInput, planImport, planUndo, removeKey, RemoveInput, removeValue, renameKey, RenameInput, setValue, undoChange, ValueInput,
} from '../core/registry/change.ts';
import { listChanges } from '../core/registry/journal.ts';
import { careOf, joinPath, nameOf, parentOf, PlaceInput } from '../core/registry/place.ts';
import { exportKey, KeyQuery, readKey, readValue, registryRoots } from '../core/registry/read.ts';
import { decodeReg } from '../core/registry/reg-file.ts';
import { RegistrySearch, searchRegistry, SEARCH_IN } from '../core/registry/search.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import { formDone } from '../http/form-done.ts';
import type { Env } from '../http/env.ts';
import { dispositionOf } from '../http/file-response.ts';
import { emptyForm, formRefusal, readBody, readForm, type FormState } from '../http/form.ts';
import { accept, readQuery } from '../http/list.ts';
import { go, page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { AppError } from '../lib/errors.ts';
import type { RegistryPlace } from '../platform/registry.ts';
import { ChangesPage } from '../views/registry/changes.tsx';
import { NewKeyPage, RemoveKeyPage, RemoveValuePage, RenameKeyPage, ValuePage } from '../views/registry/forms.tsx';
import { placeHref } from '../views/registry/href.ts';
import { importFields, ImportPage, PlanPage, undoTitle } from '../views/registry/import.tsx';
import { NoRegistryPage, RegistryPage } from '../views/registry/page.tsx';
import { RegistrySearchPage } from '../views/registry/search.tsx';

const ticked = z.literal('on').optional();
const SearchQuery = PlaceInput.extend({ q: RegistrySearch.shape.q, after: RegistrySearch.shape.after, keys: ticked, names: ticked, values: ticked });
const ValueQuery = PlaceInput.extend({ name: NameInput.shape.name.default('') });
const EditQuery = z.object({ edit: ticked });
const Confirm = ImportInput.pick({ digest: true });

/** A page of the registry is drawn again with what was wrong, or the list that lies open says what was done. */
export function registry(app: App) {
  const r = new Hono<Env>();
  const place = ({ key, view }: z.output<typeof PlaceInput>): RegistryPlace => ({ path: key, view });
  const statusOf = (state: FormState) => (state === emptyForm ? 200 : 422);
  const done = (c: Context<Env>, at: RegistryPlace, text: string) => formDone(c, { list: '/registry', page: placeHref(at), text });

  /** Reads a form, does it, and leads back; what does not fit is drawn again. */
  async function take<S extends z.ZodObject<typeof PlaceInput.shape>>(c: Context<Env>, schema: S, draw: (at: RegistryPlace, state: FormState) => Response | Promise<Response>, work: (input: z.output<S>) => Promise<Response>) {
    const { t } = uiOf(c);
    const form = await readForm(c, schema, t);
    const at = place(accept(PlaceInput, { key: form.ok ? form.input.key : form.state.values.key, view: form.ok ? form.input.view : (form.state.values.view ?? 64) }, 'body'));
    if (!form.ok) return draw(at, form.state);
    try {
      return await work(form.input);
    } catch (error) {
      return draw(at, formRefusal(error, form.state, t));
    }
  }

  r.get('/registry', allow('registry.read'), async (c) => {
    const ui = uiOf(c);
    const refusal = app.host.registry.refusal();
    if (refusal) return page(c, <NoRegistryPage ui={ui} text={refusal(ui.t)} />);
    const { key, view, q } = readQuery(c, KeyQuery);
    const open = key === undefined ? null : await readKey(app, actorOf(c), { path: key, view }, q);
    return page(c, <RegistryPage ui={ui} roots={registryRoots()} view={view} open={open} q={q} />);
  });

  r.get('/registry/search', allow('registry.read'), async (c) => {
    const { key, view, q, after, keys, names, values } = readQuery(c, SearchQuery);
    const chosen = SEARCH_IN.filter((name) => ({ keys, names, values })[name] === 'on');
    const found = await searchRegistry(app, actorOf(c), { key, view, q, after, in: chosen.length ? chosen : [...SEARCH_IN] });
    return page(c, <RegistrySearchPage ui={uiOf(c)} place={{ path: key, view }} q={q} found={found} />);
  });

  r.get('/registry/export', allow('registry.read'), async (c) => {
    const at = place(readQuery(c, PlaceInput));
    const bytes = await exportKey(app, actorOf(c), at);
    return new Response(Uint8Array.from(bytes), { headers: { 'content-type': 'application/octet-stream', 'content-disposition': dispositionOf(`${nameOf(at.path)}.reg`) } });
  });

  const showValue = async (c: Context<Env>, at: RegistryPlace, name: string | null, state: FormState) =>
    page(c, <ValuePage ui={uiOf(c)} place={at} value={name === null ? null : await readValue(app, actorOf(c), at, name)} {...state} />, statusOf(state));

  r.get('/registry/value/new', allow('registry.write'), (c) => showValue(c, place(readQuery(c, PlaceInput)), null, emptyForm));
  r.get('/registry/value/edit', allow('registry.read'), (c) => {
    const query = readQuery(c, ValueQuery);
    return showValue(c, place(query), query.name, emptyForm);
  });
  r.post('/registry/value', allow('registry.write'), (c) => {
    const { edit } = readQuery(c, EditQuery);
    const { t } = uiOf(c);
    return take(c, ValueInput, (at, state) => showValue(c, at, edit ? (state.values.name ?? '') : null, state), async (input) => {
      await setValue(app, actorOf(c), input);
      return done(c, place(input), t.registry.saved({ name: input.name || t.registry.standard }));
    });
  });

  r.get('/registry/value/remove', allow('registry.write'), (c) => {
    const query = readQuery(c, ValueQuery);
    return page(c, <RemoveValuePage ui={uiOf(c)} place={place(query)} name={query.name} {...emptyForm} />);
  });
  r.post('/registry/value/remove', allow('registry.write'), (c) => {
    const ui = uiOf(c);
    return take(c, NameInput, (at, state) => page(c, <RemoveValuePage ui={ui} place={at} name={state.values.name ?? ''} {...state} />, 422), async (input) => {
      await removeValue(app, actorOf(c), input);
      return done(c, place(input), ui.t.registry.removed({ name: input.name || ui.t.registry.standard }));
    });
  });

  const showNew = (c: Context<Env>, at: RegistryPlace, state: FormState) => page(c, <NewKeyPage ui={uiOf(c)} place={at} {...state} />, statusOf(state));
  r.get('/registry/key/new', allow('registry.write'), (c) => showNew(c, place(readQuery(c, PlaceInput)), emptyForm));
  r.post('/registry/key', allow('registry.write'), (c) => take(c, CreateInput, (at, state) => showNew(c, at, state), async (input) => {
    await createKey(app, actorOf(c), input);
    return done(c, place(input), uiOf(c).t.registry.created({ name: input.name }));
  }));

  const showRename = (c: Context<Env>, at: RegistryPlace, state: FormState) => page(c, <RenameKeyPage ui={uiOf(c)} place={at} {...state} />, statusOf(state));
  r.get('/registry/key/rename', allow('registry.write'), (c) => showRename(c, place(readQuery(c, PlaceInput)), emptyForm));
  // The page that lies open is about a key that is no more: the browser is led to the new one.
  r.post('/registry/key/rename', allow('registry.write'), (c) => take(c, RenameInput, (at, state) => showRename(c, at, state), async (input) => {
    await renameKey(app, actorOf(c), input);
    return go(c, placeHref({ path: joinPath(parentOf(input.key)!, input.name), view: input.view }));
  }));

  const showRemove = (c: Context<Env>, at: RegistryPlace, state: FormState) => page(c, <RemoveKeyPage ui={uiOf(c)} place={at} delicate={careOf(at.path) === 'delicate'} {...state} />, statusOf(state));
  r.get('/registry/key/remove', allow('registry.write'), (c) => showRemove(c, place(readQuery(c, PlaceInput)), emptyForm));
  r.post('/registry/key/remove', allow('registry.write'), (c) => take(c, RemoveInput, (at, state) => showRemove(c, at, state), async (input) => {
    await removeKey(app, actorOf(c), input);
    return go(c, placeHref({ path: parentOf(input.key)!, view: input.view }));
  }));

  r.get('/registry/import', allow('registry.write'), (c) => page(c, <ImportPage ui={uiOf(c)} />));
  r.post('/registry/import/plan', allow('registry.write'), async (c) => {
    const ui = uiOf(c);
    const { file, view, text } = await readUpload(c);
    try {
      // As UTF-8 it is half as long in the page that asks whether it may be done.
      const given = accept(FileInput, { file: Buffer.from(decodeReg(file)).toString('base64'), view }, 'body');
      const plan = await planImport(app, actorOf(c), given);
      return page(c, <PlanPage ui={ui} title={ui.t.registry.importTitle} plan={plan} action="/registry/import" submit={ui.t.registry.importSubmit} back="/registry/import" fields={importFields(given.file, given.view)} />);
    } catch (error) {
      return page(c, <ImportPage ui={ui} text={text} errors={formRefusal(error, { values: {}, errors: {} }, ui.t).errors} />, 422);
    }
  });
  r.post('/registry/import', allow('registry.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, ImportInput, ui.t);
    if (!form.ok) throw new AppError('invalid', (t) => t.errors.badRequest);
    try {
      await importFile(app, actorOf(c), form.input);
      return go(c, '/registry/changes');
    } catch (error) {
      const { errors } = formRefusal(error, form.state, ui.t);
      const plan = await planImport(app, actorOf(c), form.input);
      return page(c, <PlanPage ui={ui} title={ui.t.registry.importTitle} plan={plan} action="/registry/import" submit={ui.t.registry.importSubmit} back="/registry/import" fields={importFields(form.input.file, form.input.view)} error={Object.values(errors)[0] ?? ''} />, 409);
    }
  });

  r.get('/registry/changes', allow('registry.read'), (c) => page(c, <ChangesPage ui={uiOf(c)} changes={listChanges(app, actorOf(c))} />));
  const showUndo = async (c: Context<Env>, id: string, error?: string) => {
    const ui = uiOf(c);
    const { change, plan } = await planUndo(app, actorOf(c), id);
    const props = { ui, title: undoTitle(ui, change), lead: ui.t.registry.undoText, plan, action: `/registry/changes/${id}/undo`, submit: ui.t.registry.undo, back: '/registry/changes', fields: {} };
    return error === undefined ? page(c, <PlanPage {...props} />) : page(c, <PlanPage {...props} error={error} />, 409);
  };
  r.get('/registry/changes/:id/undo', allow('registry.write'), (c) => showUndo(c, c.req.param('id')));
  r.post('/registry/changes/:id/undo', allow('registry.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, Confirm, t);
    if (!form.ok) throw new AppError('invalid', (m) => m.errors.badRequest);
    try {
      await undoChange(app, actorOf(c), c.req.param('id'), form.input.digest);
      return go(c, '/registry/changes');
    } catch (error) {
      return showUndo(c, c.req.param('id'), Object.values(formRefusal(error, form.state, t).errors)[0] ?? '');
    }
  });

  return r;
}

/** A file that was chosen, or the text that was pasted. */
async function readUpload(c: Context<Env>): Promise<{ file: Uint8Array; view: string; text: string }> {
  const { file, text, view } = await readBody(c);
  const pasted = typeof text === 'string' ? text : '';
  const bytes = file instanceof File && file.size ? new Uint8Array(await file.arrayBuffer()) : new TextEncoder().encode(pasted);
  return { file: bytes, view: typeof view === 'string' ? view : '64', text: pasted };
}
