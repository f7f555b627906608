import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { createStack, NewStack, saveStack, tryChange, type Change } from '../../core/stacks/change.ts';
import { needCompose, needFiles } from '../../core/stacks/compose.ts';
import { deployStack } from '../../core/stacks/deploy.ts';
import type { ComposeFault } from '../../core/stacks/fault.ts';
import { listVersions, readVersion, VersionId } from '../../core/stacks/kept.ts';
import { expectedServices } from '../../core/stacks/rendered.ts';
import { getStack } from '../../core/stacks/stacks.ts';
import { hashOf, readTexts, type StackText } from '../../core/stacks/texts.ts';
import { StackFault } from '../../core/stacks/validate.ts';
import { WAIT } from '../../core/stacks/wait.ts';
import { AppError } from '../../lib/errors.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readFields, readForm } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { EditStackPage, type EditModel, type FormText } from '../../views/stacks/edit.tsx';
import { NewStackPage } from '../../views/stacks/new.tsx';
import { ReviewStackPage } from '../../views/stacks/review.tsx';
import { StackVersionsPage } from '../../views/stacks/versions.tsx';

const Query = z.object({ version: VersionId.optional() });
const Wait = z.coerce.number().int().min(WAIT.least).max(WAIT.most).catch(WAIT.usual);
const Edit = z.looseObject({ do: z.enum(['validate', 'review', 'save', 'deploy', 'back']), wait: Wait });

/** Files of stacks: new ones, changes to those that are there, and what they were before. */
export function stackFiles(app: App) {
  const r = new Hono<Env>();

  r.get('/stacks/new', allow('stacks.admin'), async (c) => {
    await needCompose(app);
    return page(c, <NewStackPage ui={uiOf(c)} model={{ state: emptyForm, seconds: WAIT.usual, fault: null }} />);
  });

  r.post('/stacks', allow('stacks.admin'), async (c) => create(app, c));

  r.get('/stacks/:name/edit', allow('stacks.admin'), async (c) => {
    const stack = await getStack(app, actorOf(c), c.req.param('name'));
    needFiles(stack);
    const { version: id } = readQuery(c, Query);
    const version = id ? await readVersion(app, stack.name, id) : null;
    if (id && !version) throw new AppError('not_found', (t) => t.editor.errors.noVersion);
    const texts = formTexts(await readTexts(stack), version?.texts);
    const ui = uiOf(c);
    return page(c, <EditStackPage ui={ui} model={{ stack, texts, seconds: WAIT.usual, found: null, version: version && ui.fmt.dateTime(version.at) }} />);
  });

  r.post('/stacks/:name/edit', allow('stacks.admin'), async (c) => edit(app, c));

  r.get('/stacks/:name/versions', allow('stacks.admin'), async (c) => {
    const stack = await getStack(app, actorOf(c), c.req.param('name'));
    const versions = await listVersions(app, stack.name);
    const now = JSON.stringify(await readTexts(stack).catch(() => null));
    return page(c, <StackVersionsPage ui={uiOf(c)} stack={stack} versions={versions} now={versions.find(({ texts }) => JSON.stringify(texts) === now)?.id ?? null} />);
  });

  return r;
}

/** What is on the disk, or a version in its place, as the form shows it. */
function formTexts(found: readonly StackText[], version: readonly StackText[] = []): FormText[] {
  const kept = new Map(version.map(({ path, text }) => [path, text]));
  return found.map(({ path, text }) => ({ path, text: unixLines((kept.has(path) ? kept.get(path) : text) ?? ''), base: hashOf(text) }));
}

async function create(app: App, c: Context<Env>) {
  const ui = uiOf(c);
  const form = await readForm(c, NewStack.extend({ do: z.enum(['create', 'deploy']).default('create'), wait: Wait }), ui.t);
  const again = (state: typeof form.state, seconds: number, fault: ComposeFault | null) => page(c, <NewStackPage ui={ui} model={{ state, seconds, fault }} />, 422);
  if (!form.ok) return again(form.state, WAIT.usual, null);
  const { do: verb, wait, ...input } = form.input;
  try {
    await createStack(app, actorOf(c), { ...input, compose: unixLines(input.compose), env: unixLines(input.env) });
  } catch (error) {
    if (error instanceof StackFault) return again(form.state, wait, error.fault);
    return again(formRefusal(error, form.state, ui.t), wait, null);
  }
  if (verb === 'deploy') await deployStack(app, actorOf(c), input.name, null, wait);
  return go(c, `/stacks/${input.name}`);
}

/** What browsers send has CRLF in it (HTML, "newline normalization"). */
const unixLines = (text: string) => text.replaceAll('\r\n', '\n');

async function edit(app: App, c: Context<Env>) {
  const actor = actorOf(c);
  const ui = uiOf(c);
  const stack = await getStack(app, actor, c.req.param('name')!);
  needFiles(stack);
  const fields = await readFields(c);
  const { do: verb, wait } = accept(Edit, fields, 'body');
  const found = await readTexts(stack);
  const form = found.map(({ path, text }, i): FormText => ({ path, text: unixLines(fields[`text${i}`] ?? text ?? ''), base: fields[`base-text${i}`] ?? hashOf(text) }));
  const change = changeOf(found, form);
  const show = (answer: EditModel['found'], status: 200 | 409 | 422 = 200) => page(c, <EditStackPage ui={ui} model={{ stack, texts: form, seconds: wait, found: answer, version: null }} />, status);
  try {
    if (verb === 'back') return show(null);
    if (verb === 'save') await saveStack(app, actor, stack.name, change);
    if (verb === 'deploy') await deployStack(app, actor, stack.name, change, wait);
    if (verb === 'save' || verb === 'deploy') return go(c, `/stacks/${stack.name}`);
    const { rendered, warnings } = await tryChange(app, actor, stack.name, change.texts);
    const services = expectedServices(rendered);
    if (verb === 'validate') return show({ services, warnings });
    return page(c, <ReviewStackPage ui={ui} model={{ stack, texts: form.map((one, i) => ({ ...one, before: found[i]!.text && unixLines(found[i]!.text) })), seconds: wait, services, warnings }} />);
  } catch (error) {
    if (error instanceof StackFault) return show({ fault: error.fault }, 422);
    if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.code)) throw error;
    return show({ error: error.say(ui.t) }, error.code === 'conflict' ? 409 : 422);
  }
}

/** What the form says of the files: their own line ends are kept, and an empty field is no file where none was. */
function changeOf(found: readonly StackText[], form: readonly FormText[]): Change {
  const texts = found.map(({ path, text: before }, i): StackText => {
    const { text } = form[i]!;
    if (text === '' && before === null) return { path, text: null };
    return { path, text: before?.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text };
  });
  return { texts, base: Object.fromEntries(form.map(({ path, base }) => [path, base])) };
}
