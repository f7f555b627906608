import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import type { z } from 'zod';
import { sealOf } from '../core/seal.ts';
import { AppError } from '../lib/errors.ts';
import type { Plan } from '../platform/plan.ts';
import { PlannedPage } from '../views/system/planned.tsx';
import { formDone } from './form-done.ts';
import type { Env } from './env.ts';
import { checkForm, emptyForm, formRefusal, readFields, type FormState } from './form.ts';
import { go, page } from './respond.tsx';
import { uiOf } from './ui.ts';

/** A change of the machine in two steps: what it is, then what that will run. The second is sent with the seal of what was shown. */
export interface PlannedForm<S extends z.ZodType> {
  schema: S;
  title: string;
  submit: string;
  danger?: boolean;
  /** Where it belongs: its crumb, and where it leads when it is done. */
  back: { href: string; label: string };
  lead?: Child;
  /** What the address says, where nothing is entered. */
  given?: Record<string, string>;
  /** What is entered; null: nothing is, so that the first step is what will run. */
  fields: ((state: FormState) => Child) | null;
  plan(input: z.output<S>): Promise<Plan>;
  /** @returns id of a task, when one was started */
  apply(input: z.output<S>, seen: string): Promise<string | null | void>;
  done(input: z.output<S>): string;
}

/** The first step. */
export async function askPlanned<S extends z.ZodType>(c: Context<Env>, form: PlannedForm<S>): Promise<Response> {
  if (form.fields) return show(c, form, emptyForm);
  const read = checkForm(form.given ?? {}, form.schema, uiOf(c).t);
  if (!read.ok) throw new AppError('invalid', (t) => t.errors.badRequest);
  return show(c, form, read.state, await form.plan(read.input));
}

/** What was entered, or that it shall be done. `fields`: where the body is read otherwise. */
export async function sendPlanned<S extends z.ZodType>(c: Context<Env>, form: PlannedForm<S>, fields?: Record<string, string>): Promise<Response> {
  const { t } = uiOf(c);
  const read = checkForm(fields ?? (await readFields(c)), form.schema, t);
  if (!read.ok && form.fields) return show(c, form, read.state);
  if (!read.ok) throw new AppError('invalid', (m) => m.errors.badRequest);
  const { do: step, seen = '', ...values } = read.state.values;
  try {
    if (step !== 'apply') return await show(c, form, { values, errors: {} }, await form.plan(read.input));
    const task = await form.apply(read.input, seen);
    if (task) return go(c, `/tasks/${task}`);
    return formDone(c, { list: form.back.href, text: form.done(read.input) });
  } catch (error) {
    if (!form.fields) throw error;
    return show(c, form, formRefusal(error, { values, errors: {} }, t));
  }
}

async function show<S extends z.ZodType>(c: Context<Env>, form: PlannedForm<S>, state: FormState, plan?: Plan) {
  const wrong = Object.keys(state.errors).length > 0;
  const review = plan && !wrong ? { plan, seal: sealOf(plan) } : null;
  return page(c, <PlannedPage ui={uiOf(c)} form={{ ...form, action: c.req.path }} state={state} review={review} />, wrong ? 422 : 200);
}

/** A name in a path that nothing can be called is that of nothing. @throws AppError not_found */
export function pathPart<S extends z.ZodType>(c: Context<Env>, name: string, schema: S): z.output<S> {
  const found = schema.safeParse(c.req.param(name));
  if (!found.success) throw new AppError('not_found', (t) => t.errors.notFound);
  return found.data;
}
