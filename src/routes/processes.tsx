import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { listProcesses, PROCESS_FIELDS } from '../core/processes/processes.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../http/list.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { ProcessesPage } from '../views/processes/page.tsx';

export const PAGE_ROWS = 100;

const Query = z.object({
  ...listFields(PROCESS_FIELDS, '-cpu'),
  q: z.string().max(200).default(''),
  live: z.literal('on').optional(),
});

/** What runs on the machine: to be looked at. */
export function processes(app: App) {
  const r = new Hono<Env>();
  r.get('/processes', allow('processes.read'), async (c) => {
    const query = { ...readQuery(c, Query), limit: PAGE_ROWS };
    const found = await listProcesses(app, { ...pageQuery(query), q: query.q });
    const list = { ...found, next: writeCursor(found.next, query.sort) };
    const memory = app.sampler.latest()?.memory?.total ?? null;
    return page(c, <ProcessesPage ui={uiOf(c)} list={list} query={{ ...query, live: query.live === 'on' }} memory={memory} />);
  });
  return r;
}
