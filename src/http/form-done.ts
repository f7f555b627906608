import type { Context } from 'hono';
import { AppError } from '../lib/errors.ts';
import type { Env } from './env.ts';
import { go, isHtmx, trigger } from './respond.tsx';

interface Done {
  /** The list that shows what became of it. */
  list: string;
  /** Where else it is shown, when there is a better place without JavaScript. */
  page?: string;
  /** What was done, in the reader's language. */
  text: string;
  /** Id of a task that was started. */
  task?: string;
  tone?: 'ok' | 'warn';
}

/**
 * The answer to a form that a dialog showed: the list that lies open under it says it and asks for itself again; from anywhere
 * else the browser is led to the list.
 */
export function formDone(c: Context<Env>, { list, page, text, task, tone = 'ok' }: Done) {
  const open = c.req.header('hx-current-url') ?? '';
  if (!isHtmx(c) || !URL.canParse(open) || new URL(open).pathname !== list) return go(c, page ?? list);
  trigger(c, { 'form-done': {}, 'containers-changed': {}, toast: { tone, text }, ...(task ? { 'task-started': { id: task } } : {}) });
  return c.body(null, 204);
}

/** A page that asks for itself again and is about something that is gone by now leads to its list. */
export async function orList(c: Context<Env>, list: string, show: () => Promise<Response>): Promise<Response> {
  try {
    return await show();
  } catch (error) {
    if (isHtmx(c) && error instanceof AppError && error.code === 'not_found') return go(c, list);
    throw error;
  }
}
