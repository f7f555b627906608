import type { z } from 'zod';
import { AppError, type Say } from './errors.ts';

const issues = new Map<string, Say>();

/**
 * Puts a sentence of ours into a zod check: `z.string().min(1, say('user.name', (t) => t.users.nameEmpty))`.
 * Zod carries strings only; the key leads back to the sentence in the reader's language.
 */
export function say(key: string, text: Say): string {
  issues.set(key, text);
  return `#${key}`;
}

/** What a zod message says in the language of `t`; messages that are not ours pass unchanged. */
export const issueText = (message: string, t: Parameters<Say>[0]) =>
  message.startsWith('#') ? (issues.get(message.slice(1))?.(t) ?? message) : message;

/**
 * Input of a program (command line, API) by the same schema that the form has.
 * @throws AppError invalid with the first thing that does not fit.
 */
export function check<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const field = String(issue.path[0] ?? '');
  throw new AppError('invalid', (t) => issueText(issue.message, t), { field });
}
