import type { Context } from 'hono';
import { z } from 'zod';
import { AppError, type FieldIssue } from '../lib/errors.ts';
import { issueText } from '../lib/issue.ts';
import type { PageQuery, Position } from '../lib/page.ts';
import type { Env } from './env.ts';

export const LIMIT_MAX = 200;
export const LIMIT_DEFAULT = 50;

/**
 * `limit`, `cursor` and `sort` of a list, for pages and the API alike. `sort` is one of `fields`, with `-` before it
 * to descend: what is not in the list is refused before anything reads it (S14).
 */
export function listFields<const Field extends string>(fields: readonly [Field, ...Field[]], first: Field | `-${Field}`) {
  const sorts = fields.flatMap((field) => [field, `-${field}` as const]) as [Field | `-${Field}`, ...(Field | `-${Field}`)[]];
  return {
    limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT).meta({ description: '#limit' }),
    cursor: z.string().max(600).optional().meta({ description: '#cursor' }),
    sort: z.enum(sorts as [string, ...string[]]).default(first).meta({ description: '#sort' }) as unknown as z.ZodDefault<z.ZodType<Field | `-${Field}`>>,
  };
}

export interface ListInput<Field extends string> {
  limit: number;
  cursor?: string | undefined;
  sort: Field | `-${Field}`;
}

/** @throws AppError invalid for a cursor that this list did not make. */
export function pageQuery<Field extends string>(input: ListInput<Field>): PageQuery<Field> {
  const descending = input.sort.startsWith('-');
  const by = (descending ? input.sort.slice(1) : input.sort) as Field;
  return { limit: input.limit, by, descending, after: input.cursor ? readCursor(input.cursor, input.sort) : undefined };
}

// A cursor holds where to go on and nothing else: whoever writes one by hand sees a list they may see anyway.
const Cursor = z.tuple([z.string(), z.union([z.string().max(300), z.number()]), z.union([z.string().max(100), z.number()])]);

export function writeCursor(next: Position | null, sort: string): string | null {
  return next && Buffer.from(JSON.stringify([sort, typeof next.value === 'string' ? next.value.slice(0, 300) : next.value, next.id])).toString('base64url');
}

function readCursor(text: string, sort: string): Position {
  try {
    const [madeFor, value, id] = Cursor.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    if (madeFor === sort) return { value, id };
  } catch {
    // Told below: any text that is no cursor is the same mistake.
  }
  throw new AppError('invalid', (t) => t.errors.badCursor, { field: 'cursor' });
}

/**
 * What stands after the `?`. A field that was left empty in a form counts as not given.
 * @throws AppError invalid, naming each field that does not fit.
 */
export function readQuery<S extends z.ZodType>(c: Context<Env>, schema: S): z.output<S> {
  const given = Object.entries(c.req.query()).filter(([, value]) => value !== '');
  return accept(schema, Object.fromEntries(given), 'query');
}

/** @throws AppError invalid with every issue as "query.limit: …". */
export function accept<S extends z.ZodType>(schema: S, value: unknown, where: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues: FieldIssue[] = parsed.error.issues.slice(0, 20).map((issue) => ({
    field: [where, ...issue.path.map(String)].join('.'),
    say: (t) => issueText(issue.message, t),
  }));
  throw new AppError('invalid', (t) => t.errors.badRequest, { issues });
}
