import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { readContents } from '../../core/files/archives/contents.ts';
import { createArchive, ENCRYPTIONS } from '../../core/files/archives/create.ts';
import { extract } from '../../core/files/archives/extract.ts';
import { ARCHIVE_FORMATS, formatOf, stemOf, toolFor } from '../../core/files/archives/formats.ts';
import { NAME_ENCODINGS } from '../../core/files/archives/names.ts';
import { openFolder } from '../../core/files/entry.ts';
import { baseOf, joinPath, normalPath, parentOf } from '../../core/files/paths.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { readSelection } from '../../http/selection.ts';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { ContentsPage } from '../../views/files/archives/contents.tsx';
import { CreatePage } from '../../views/files/archives/create.tsx';
import { ExtractPage, PLACES } from '../../views/files/archives/extract.tsx';
import { label } from '../../views/files/label.ts';
import { done } from './done.ts';

const Path = z.string().min(1).max(300_000);
const Password = z.string().max(1000).default('');
const CreateForm = z.object({ archive: z.string().min(1).max(1000), format: z.enum(ARCHIVE_FORMATS), password: Password, encryption: z.enum(ENCRYPTIONS).default('aes') });
const ExtractForm = z.object({
  path: Path, to: Path, into: z.string().max(1000).default(''), conflict: z.enum(PLACES), password: Password,
  encoding: z.enum(NAME_ENCODINGS).default('auto'), special: z.literal('on').optional(), large: z.literal('on').optional(),
});
const ContentsQuery = z.object({ path: Path, encoding: z.enum(NAME_ENCODINGS).default('auto') });

/** Making, looking into and extracting archives. */
export function archives(app: App) {
  const r = new Hono<Env>();
  const { kind } = app.host.files;

  r.get('/files/archive', allow('files.write'), async (c) => {
    const selection = await readSelection(c);
    if (selection.names.length === 0) throw new AppError('invalid', (t) => t.archives.errors.nothing);
    return page(c, <CreatePage ui={uiOf(c)} selection={selection} stem={stemFor(selection)} {...emptyForm} />);
  });

  r.post('/files/archive', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const selection = await readSelection(c);
    const form = await readForm(c, CreateForm, ui.t);
    const again = (state: FormState) => page(c, <CreatePage ui={ui} selection={selection} stem={stemFor(selection)} {...state} />, 422);
    if (!form.ok) return again(form.state);
    const { archive, format, password, encryption } = form.input;
    const name = archive.toLowerCase().endsWith(`.${format}`) ? archive : `${archive}.${format}`;
    try {
      const task = await createArchive(app, actorOf(c), { ...selection, name, format, password, encryption });
      return done(c, { folder: selection.folder, text: ui.t.archives.create.started({ name: label(name) }), task });
    } catch (error) {
      return again(formRefusal(error, form.state, ui.t));
    }
  });

  r.get('/files/extract', allow('files.write'), async (c) => extractPage(c, await archivePath(c), emptyForm));

  r.post('/files/extract', allow('files.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, ExtractForm, ui.t);
    const path = normalPath(kind, form.state.values.path ?? '');
    if (!form.ok) return extractPage(c, path, form.state, 422);
    const { special, large, ...input } = form.input;
    try {
      const task = await extract(app, actorOf(c), { ...input, path, special: special === 'on', large: large === 'on' });
      return done(c, { folder: normalPath(kind, input.to), text: ui.t.archives.extract.started({ name: label(baseOf(kind, path)) }), task });
    } catch (error) {
      return extractPage(c, path, formRefusal(error, form.state, ui.t), 422);
    }
  });

  r.get('/files/archive/contents', allow('files.read'), async (c) => {
    const path = await archivePath(c);
    const { encoding } = readQuery(c, ContentsQuery.partial({ path: true }));
    const contents = await readContents(app, actorOf(c), path, { encoding, signal: c.req.raw.signal });
    return page(c, <ContentsPage ui={uiOf(c)} folder={parentOf(kind, path)} name={baseOf(kind, path)} path={path} contents={contents} encoding={encoding} />);
  });

  async function extractPage(c: Context<Env>, path: string, state: FormState, status: 200 | 422 = 200) {
    const name = baseOf(kind, path);
    const folder = parentOf(kind, path);
    // Who may not write there sees why before filling in a form.
    await (await openFolder(app, actorOf(c), folder)).close();
    const format = formatOf(name);
    const missing = (format === '7z' || format === 'rar') && !(await toolFor(app, format)) ? format : null;
    return page(c, <ExtractPage ui={uiOf(c)} folder={folder} name={name} path={path} stem={stemOf(name)} missing={missing} {...state} />, status);
  }

  /** `path`, or the one entry that is selected. */
  async function archivePath(c: Context<Env>): Promise<string> {
    const path = c.req.query('path');
    if (path) return normalPath(kind, path);
    const { folder, names } = await readSelection(c);
    if (names.length !== 1) throw new AppError('invalid', (t) => t.archives.errors.nothing);
    return joinPath(kind, folder, names[0]!);
  }

  const stemFor = ({ folder, names }: { folder: string; names: readonly string[] }) =>
    label(names.length === 1 ? names[0]!.replace(/(?<=.)\.[^.]{1,8}$/, '') : baseOf(kind, folder) || 'archive').slice(0, 200);

  return r;
}
