import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { explain } from '../db/open.ts';
import { AppError, STATUS, type ErrorCode } from '../lib/errors.ts';
import { FaultPage } from '../views/fault.tsx';
import { messages } from '../i18n/languages.ts';
import type { Env } from './env.ts';
import { langOf } from './lang.ts';
import { isApiPath } from './api-path.ts';
import { isHtmx, page, toast } from './respond.tsx';
import { uiOf } from './ui.ts';

/** Errors as RFC 9457 `application/problem+json`: `title` is for programs, `detail` is in the language that is accepted. */
export function problem(c: Context<Env>, error: AppError, id?: string) {
  const t = messages(langOf(c));
  const body = {
    type: `urn:mantou:problem:${error.code}`,
    title: error.code.replace('_', ' '),
    status: error.status,
    detail: error.say(t),
    ...(error.detail ? { output: error.detail } : {}),
    ...(error.field ? { field: error.field } : {}),
    ...(error.issues ? { errors: error.issues.map(({ field, say }) => ({ field, detail: say(t) })) } : {}),
    ...(id ? { id } : {}),
  };
  if (error.retryAfter) c.header('retry-after', String(Math.ceil(error.retryAfter)));
  return c.body(JSON.stringify(body), error.status, { 'content-type': 'application/problem+json' });
}

/** The one place where something thrown becomes an answer: a page, a fragment or JSON. */
export function onError(thrown: Error, c: Context<Env>): Response {
  // Who asked has gone on to something else (another folder, another filter): nobody hears the answer, and it is no fault.
  if (c.req.raw.signal.aborted && thrown.name === 'AbortError') return c.body(null, 503);
  const app = c.get('app');
  const cause = explain(thrown, app?.config.dataDir ?? '');
  const { error, id } = asAppError(c, cause);
  if (isApiPath(c.req.path)) return problem(c, error, id);
  if (error.retryAfter) c.header('retry-after', String(Math.ceil(error.retryAfter)));
  const ui = uiOf(c);
  if (isHtmx(c)) {
    toast(c, 'danger', id ? `${error.say(ui.t)} (${id})` : error.say(ui.t));
    return c.body(null, error.status, { 'hx-reswap': 'none' });
  }
  return page(c, <FaultPage ui={ui} code={error.code} text={error.say(ui.t)} detail={error.detail} id={id} />, error.status);
}

/** The address of a share link is the right to what it leads to: it stays out of the log (S13). */
const loggedPath = (path: string) => path.replace(/^\/s\/[^/]*/, '/s/…');

function asAppError(c: Context<Env>, cause: unknown): { error: AppError; id?: string } {
  if (cause instanceof AppError && cause.code !== 'internal') return { error: cause };
  if (cause instanceof HTTPException && cause.status < 500) {
    const code = (Object.keys(STATUS) as ErrorCode[]).find((key) => STATUS[key] === cause.status) ?? 'invalid';
    return { error: new AppError(code, (t) => t.errors.badRequest) };
  }
  // A bug: the log has it whole under a short id, the person is shown that id.
  const app = c.get('app');
  const id = Buffer.from(app.random.bytes(4)).toString('hex');
  app.log.error('request failed', { id, method: c.req.method, path: loggedPath(c.req.path), error: cause as Error });
  return { error: cause instanceof AppError ? cause : new AppError('internal', (t) => t.errors.internal({ id }), { cause }), id };
}

export function notFound(c: Context<Env>): Response {
  return onError(new AppError('not_found', (t) => t.errors.notFound), c);
}
