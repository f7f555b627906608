import type { Context } from 'hono';
import { z } from 'zod';
import { AppError } from '../lib/errors.ts';
import { issueText } from '../lib/issue.ts';
import type { Messages } from '../i18n/en.ts';
import type { Env } from './env.ts';

export { check, issueText, say } from '../lib/issue.ts';

/** What the person typed and what is wrong with it, for drawing the same form again. */
export interface FormState {
  values: Record<string, string>;
  errors: Record<string, string>;
}

export const emptyForm: FormState = { values: {}, errors: {} };

/** The body of a form. @throws AppError invalid when it is none, or broken: that is no fault of the panel. */
export async function readBody<O extends { all?: boolean }>(c: Context<Env>, options?: O) {
  try {
    return await c.req.parseBody(options);
  } catch (cause) {
    throw new AppError('invalid', (t) => t.errors.badRequest, { cause });
  }
}

/** The form, as text fields; files and repeated fields are the caller's business. Bounded by the server's body limit. */
export async function readFields(c: Context<Env>): Promise<Record<string, string>> {
  const body = await readBody(c);
  return Object.fromEntries(Object.entries(body).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Checks the fields by the schema; `state` is for drawing the form again with what was typed (never passwords). */
export async function readForm<S extends z.ZodType>(
  c: Context<Env>,
  schema: S,
  t: Messages,
): Promise<{ ok: true; input: z.output<S>; state: FormState } | { ok: false; state: FormState }> {
  return checkForm(await readFields(c), schema, t);
}

/** The same for fields that were read already. */
export function checkForm<S extends z.ZodType>(fields: Record<string, string>, schema: S, t: Messages): { ok: true; input: z.output<S>; state: FormState } | { ok: false; state: FormState } {
  const values = Object.fromEntries(Object.entries(fields).filter(([name]) => !/pass|^current$|code|secret|token/i.test(name)));
  const parsed = schema.safeParse(fields);
  if (parsed.success) return { ok: true, input: parsed.data, state: { values, errors: {} } };
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) errors[String(issue.path[0] ?? '')] ??= issueText(issue.message, t);
  return { ok: false, state: { values, errors } };
}

/** A refusal of core as an error of the form, when it names a field or is about the input; anything else is thrown on. */
export function formRefusal(error: unknown, state: FormState, t: Messages): FormState {
  if (!(error instanceof AppError) || !['invalid', 'conflict'].includes(error.code)) throw error;
  return { values: state.values, errors: { [error.field ?? '']: error.say(t) } };
}
