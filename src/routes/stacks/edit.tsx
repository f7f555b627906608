import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { changeOf, createStack, NewStack, saveStack, tryChange, type Change } from '../../core/stacks/change.ts';
import { needCompose, needFiles } from '../../core/stacks/compose.ts';
import { deployStack, type Placed } from '../../core/stacks/deploy.ts';
import type { ComposeFault } from '../../core/stacks/fault.ts';
import { listStackFiles } from '../../core/stacks/files.ts';
import { besideOf, FilePath, pathBeside, readBeside } from '../../core/stacks/folder.ts';
import { listVersions, readVersion, VersionId } from '../../core/stacks/kept.ts';
import { expectedServices } from '../../core/stacks/rendered.ts';
import { addRunLines } from '../../core/stacks/run-lines.ts';
import { RUN_MOST } from '../../core/stacks/sizes.ts';
import { hasFiles, textPaths, type Stack } from '../../core/stacks/stack.ts';
import { getStack } from '../../core/stacks/stacks.ts';
import { readTracked } from '../../core/stacks/tracked.ts';
import { readTexts, type StackText } from '../../core/stacks/texts.ts';
import { StackFault } from '../../core/stacks/validate.ts';
import { WAIT } from '../../core/stacks/wait.ts';
import { AppError } from '../../lib/errors.ts';
import { hashOf } from '../../lib/text-hash.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readFields, readForm } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { EditStackPage, type EditModel, type FormText } from '../../views/stacks/edit.tsx';
import { BEGINNING, NewStackPage } from '../../views/stacks/new.tsx';
import { ReviewStackPage } from '../../views/stacks/review.tsx';
import { StackVersionsPage } from '../../views/stacks/versions.tsx';

const Query = z.object({ version: VersionId.optional() });
const Wait = z.coerce.number().int().min(WAIT.least).max(WAIT.most).catch(WAIT.usual);
const Edit = z.looseObject({ do: z.enum(['validate', 'review', 'save', 'deploy', 'back', 'convert']), wait: Wait });
/** Files beside those of the stack that lie open in the editor. */
const Open = z.array(FilePath).max(20);
const Run = z.string().max(RUN_MOST).default('');

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
    const asked = accept(Open, c.req.queries('file') ?? [], 'query').filter((path) => !textPaths(stack).includes(pathBeside(stack, path)));
    const kept = version?.texts.flatMap(({ path }) => besideOf(stack, path) ?? []) ?? [];
    const beside = await Promise.all([...new Set([...kept, ...asked])].map(async (path) => ({ path: pathBeside(stack, path), text: await readBeside(app, stack, path) })));
    const texts = formTexts(stack, [...(await readTexts(stack)), ...beside], version?.texts);
    const ui = uiOf(c);
    return editPage(app, c, { stack, texts, seconds: WAIT.usual, found: null, version: version && ui.fmt.dateTime(version.at), open: asked.at(-1) ?? null });
  });

  r.post('/stacks/:name/edit', allow('stacks.admin'), async (c) => edit(app, c));

  r.get('/stacks/:name/versions', allow('stacks.admin'), async (c) => {
    const stack = await getStack(app, actorOf(c), c.req.param('name'));
    const versions = await listVersions(app, stack.name);
    const now = hasFiles(stack) ? JSON.stringify(await readTracked(app, stack as Placed).catch(() => null)) : '';
    return page(c, <StackVersionsPage ui={uiOf(c)} stack={stack} versions={versions} now={versions.find(({ texts }) => JSON.stringify(texts) === now)?.id ?? null} />);
  });

  return r;
}

/** What is on the disk, or a version in its place, as the form shows it. */
function formTexts(stack: Stack, found: readonly StackText[], version: readonly StackText[] = []): FormText[] {
  const kept = new Map(version.map(({ path, text }) => [path, text]));
  return found.map(({ path, text }) => ({ path, beside: besideOf(stack, path), text: unixLines((kept.has(path) ? kept.get(path) : text) ?? ''), base: hashOf(text) }));
}

type Shown = Omit<EditModel, 'folder'>;

/** With what lies in the folder beside the texts. */
async function editPage(app: App, c: Context<Env>, model: Shown, status: 200 | 409 | 422 = 200) {
  const folder = await listStackFiles(app, actorOf(c), model.stack.name);
  return page(c, <EditStackPage ui={uiOf(c)} model={{ ...model, folder }} />, status);
}

async function create(app: App, c: Context<Env>) {
  const ui = uiOf(c);
  const form = await readForm(c, NewStack.extend({ do: z.enum(['create', 'deploy']).default('create'), wait: Wait, run: Run }), ui.t);
  const again = (state: typeof form.state, seconds: number, fault: ComposeFault | null) => page(c, <NewStackPage ui={ui} model={{ state, seconds, fault }} />, 422);
  if (form.state.values['do'] === 'convert') return convertNew(c, form.state.values);
  if (!form.ok) return again(form.state, WAIT.usual, null);
  const { do: verb, wait, run: _, ...input } = form.input;
  try {
    await createStack(app, actorOf(c), { ...input, compose: unixLines(input.compose), env: unixLines(input.env) });
  } catch (error) {
    if (error instanceof StackFault) return again(form.state, wait, error.fault);
    return again(formRefusal(error, form.state, ui.t), wait, null);
  }
  if (verb === 'deploy') await deployStack(app, actorOf(c), input.name, null, wait);
  return go(c, `/stacks/${input.name}`);
}

/** Services of commands, in the file of the form; nothing is made yet, so nothing else of the form has to be right. */
function convertNew(c: Context<Env>, values: Record<string, string>) {
  const ui = uiOf(c);
  const wait = Wait.parse(values['wait']);
  // The example with which a new form begins is no service of anybody's.
  const compose = unixLines(values['compose'] ?? '');
  try {
    const made = addRunLines(compose === BEGINNING ? '' : compose, accept(Run, values['run'], 'body'), ui.t);
    return page(c, <NewStackPage ui={ui} model={{ state: { values: { ...values, compose: made.compose, run: '' }, errors: {} }, seconds: wait, fault: null, made: made.services }} />);
  } catch (error) {
    return page(c, <NewStackPage ui={ui} model={{ state: formRefusal(error, { values, errors: {} }, ui.t), seconds: wait, fault: null }} />, 422);
  }
}

/** What browsers send has CRLF in it (HTML, "newline normalization"). */
const unixLines = (text: string) => text.replaceAll('\r\n', '\n');

/** Texts of the form: those of the stack by their place, then files beside them, each with its path in `file<n>`. */
async function readTextForm(app: App, c: Context<Env>, stack: Placed, fields: Record<string, string>): Promise<{ form: FormText[]; found: StackText[] }> {
  const core = textPaths(stack);
  const numbers = Object.keys(fields).flatMap((key) => /^file(\d{1,4})$/.exec(key)?.[1] ?? []).map(Number).toSorted((a, b) => a - b);
  const paths = accept(Open, numbers.map((n) => fields[`file${n}`]), 'body');
  const { texts: found } = await changeOf(app, actorOf(c), stack.name, paths.map((path) => ({ path })));
  const at = new Map<string, number>([...core.map((path, i) => [path, i] as const), ...paths.map((path, i) => [pathBeside(stack, path), numbers[i]!] as const)]);
  // What was edited here before, and is not open now, stays as it is.
  const open = found.filter(({ path }) => at.has(path));
  const form = open.map(({ path, text }): FormText => {
    const n = at.get(path)!;
    return { path, beside: besideOf(stack, path), text: unixLines(fields[`text${n}`] ?? text ?? ''), base: fields[`base-text${n}`] ?? hashOf(text) };
  });
  return { form, found: open };
}

async function edit(app: App, c: Context<Env>) {
  const actor = actorOf(c);
  const ui = uiOf(c);
  const stack = await getStack(app, actor, c.req.param('name')!);
  needFiles(stack);
  const fields = await readFields(c);
  const { do: verb, wait } = accept(Edit, fields, 'body');
  const { form, found } = await readTextForm(app, c, stack, fields);
  const show = (answer: EditModel['found'], status: 200 | 409 | 422 = 200, texts = form) => editPage(app, c, { stack, texts, seconds: wait, found: answer, version: null, open: null, run: fields['run'] ?? '' }, status);
  try {
    if (verb === 'back') return show(null);
    if (verb === 'convert') {
      const made = addRunLines(form[0]!.text, accept(Run, fields['run'], 'body'), ui.t);
      return editPage(app, c, { stack, texts: form.map((one, i) => (i === 0 ? { ...one, text: made.compose } : one)), seconds: wait, found: { made: made.services }, version: null, open: null });
    }
    const change = changeFrom(found, form);
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
function changeFrom(found: readonly StackText[], form: readonly FormText[]): Change {
  const texts = found.map(({ path, text: before }, i): StackText => {
    const { text } = form[i]!;
    if (text === '' && before === null) return { path, text: null };
    return { path, text: before?.includes('\r\n') ? text.replaceAll('\n', '\r\n') : text };
  });
  return { texts, base: Object.fromEntries(form.map(({ path, base }) => [path, base])) };
}
