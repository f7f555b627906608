import type { Context } from 'hono';
import type { Env } from '../../http/env.ts';
import { isHtmx, trigger } from '../../http/respond.tsx';
import { folderHref } from '../../views/files/href.ts';

interface Done {
  /** The folder that changed and is shown next. */
  folder: string;
  /** What was done, in the reader's language. */
  text: string;
  /** Id of a task that was started and is not over. */
  task?: string;
  /** Not all went well; the text says what did not. */
  tone?: 'ok' | 'warn';
  /** What was selected is not under its name any more: the page forgets the selection. */
  cleared?: boolean;
}

/** The answer to an action that is done or under way: the page says it and refreshes; without htmx the folder is shown. */
export function done(c: Context<Env>, { folder, text, task, tone = 'ok', cleared = false }: Done) {
  if (!isHtmx(c)) return c.redirect(folderHref(folder), 303);
  trigger(c, { toast: { tone, text }, 'files-changed': { folder, cleared }, ...(task ? { 'task-started': { id: task } } : {}) });
  return c.body(null, 204);
}
