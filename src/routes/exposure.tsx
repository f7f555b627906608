import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../core/app.ts';
import { readExposure } from '../core/exposure/exposure.ts';
import { EXPOSURE_FIELDS, matching, pageOfPorts } from '../core/exposure/list.ts';
import { adviceFor } from '../core/exposure/local-only/advice.ts';
import { actorOf } from '../http/actor.ts';
import { allow } from '../http/allow.ts';
import type { Env } from '../http/env.ts';
import { listFields, pageQuery, readQuery } from '../http/list.ts';
import { page } from '../http/respond.tsx';
import { uiOf } from '../http/ui.ts';
import { LocalOnlyPage } from '../views/exposure/local-only.tsx';
import { ExposurePage } from '../views/exposure/page.tsx';

/** A page that nobody reads to its end. */
const SHOWN_MOST = 1000;

const Query = z.object({
  sort: listFields(EXPOSURE_FIELDS, 'level').sort,
  q: z.string().max(200).default(''),
  show: z.literal('outside').optional(),
  again: z.literal('on').optional(),
});

const OneQuery = z.object({ id: z.string().max(120) });

/** What listens here, and who reaches it. */
export function exposure(app: App) {
  const r = new Hono<Env>();

  r.get('/exposure', allow('exposure.read'), async (c) => {
    const query = readQuery(c, Query);
    const found = await readExposure(app, actorOf(c), { again: query.again === 'on' });
    const shown = pageOfPorts(matching(found.ports, { q: query.q, outside: query.show === 'outside' }), pageQuery({ sort: query.sort, limit: SHOWN_MOST })).items;
    return page(c, <ExposurePage ui={uiOf(c)} model={{ exposure: found, shown, query }} />);
  });

  r.get('/exposure/local-only', allow('exposure.read'), async (c) => page(c, <LocalOnlyPage ui={uiOf(c)} {...(await adviceFor(app, actorOf(c), readQuery(c, OneQuery).id))} />));

  return r;
}
