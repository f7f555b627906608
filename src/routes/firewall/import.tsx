import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { readBlockList } from '../../core/blocks/blocks.ts';
import { importList, ImportInput, previewImport, type ImportPreview } from '../../core/blocks/import.ts';
import { TEXT_MOST } from '../../core/blocks/parse-list.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, issueText, readBody, type FormState } from '../../http/form.ts';
import { readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import type { Messages } from '../../i18n/en.ts';
import { ImportPage } from '../../views/firewall/blocks/import.tsx';
import { lasts } from './blocks.tsx';

const Query = z.object({ list: z.string().max(64).optional() });

/** What was typed, with the lines of a file in their place. A file is read no further than a text may be. */
async function readValues(c: Context<Env>): Promise<Record<string, string>> {
  const body = await readBody(c);
  const file = body.file instanceof File && body.file.size > 0 ? await body.file.slice(0, TEXT_MOST + 1).text() : null;
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
  return { name: text('name'), text: file ?? text('text'), lasts: text('lasts'), replace: text('replace'), step: text('step') };
}

/** Lists of addresses: checked first, then brought in. */
export function blocksImport(app: App) {
  const r = new Hono<Env>();
  const Form = z.object({
    name: ImportInput.shape.name, text: ImportInput.shape.text, lasts: lasts(app),
    replace: z.enum(['', 'on']).transform((value) => value === 'on'), step: z.enum(['', 'check', 'import']),
  });

  const show = (c: Context<Env>, preview: ImportPreview | null, state: FormState) =>
    page(c, <ImportPage ui={uiOf(c)} preview={preview} {...state} />, Object.keys(state.errors).length ? 422 : 200);

  r.get('/firewall/blocks/import', allow('blocks.write'), (c) => {
    const { list } = readQuery(c, Query);
    const values: Record<string, string> = list ? { name: readBlockList(app, actorOf(c), list).name, replace: 'on' } : {};
    return page(c, <ImportPage ui={uiOf(c)} preview={null} values={values} errors={emptyForm.errors} />);
  });

  r.post('/firewall/blocks/import', allow('blocks.write'), async (c) => {
    const { t } = uiOf(c);
    const values = await readValues(c);
    const parsed = Form.safeParse(values);
    if (!parsed.success) return show(c, null, { values, errors: errorsOf(parsed.error, t) });
    const { lasts: until, step, ...input } = parsed.data;
    try {
      if (step !== 'import') return show(c, await previewImport(app, actorOf(c), { ...input, until }), { values, errors: {} });
      const { id, added } = await importList(app, actorOf(c), { ...input, until });
      return go(c, `/firewall/blocks?list=${id}&added=${added}`);
    } catch (error) {
      return show(c, null, formRefusal(error, { values, errors: {} }, t));
    }
  });

  return r;
}

function errorsOf(error: z.ZodError, t: Messages): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of error.issues) errors[String(issue.path[0] ?? '')] ??= issueText(issue.message, t);
  return errors;
}
