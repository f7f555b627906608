import type { Context } from 'hono';
import { formDone } from './form-done.ts';
import type { Env } from './env.ts';

interface Done {
  /** Where it is shown, when no page of services lies open under the dialog. */
  page: string;
  text: string;
}

/** The answer to a form about services: the page of services that lies open under it asks for itself again. */
export function serviceDone(c: Context<Env>, { page, text }: Done) {
  const open = c.req.header('hx-current-url') ?? '';
  const path = URL.canParse(open) ? new URL(open).pathname : '';
  return formDone(c, { list: path.startsWith('/services') ? path : '/services', page, text });
}
