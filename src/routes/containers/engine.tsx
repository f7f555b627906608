import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { aboutEngine, diskOf } from '../../core/docker/about.ts';
import { readEngine } from '../../core/docker/engine.ts';
import { installDocker, installOffer } from '../../core/docker/install.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { EnginePage } from '../../views/docker/engine.tsx';
import { listedEndpoints } from '../docker/endpoints.tsx';

const Query = z.object({ disk: z.literal('on').optional() });

/** The engine itself. */
export function engine(app: App) {
  const r = new Hono<Env>();
  r.get('/docker', allow('containers.read'), async (c) => {
    const { disk } = readQuery(c, Query);
    const actor = actorOf(c);
    const engine = await readEngine(app);
    // A large disk takes longer to walk through than Bun lets a quiet connection be.
    if (disk) c.env.server.timeout(c.req.raw, 0);
    const [about, rows] = engine.up ? await Promise.all([aboutEngine(app, actor), disk ? diskOf(app, actor) : null]) : [null, null];
    return page(c, <EnginePage ui={uiOf(c)} model={{ engine, offer: engine.up ? null : await installOffer(app), about, disk: rows, endpoints: listedEndpoints(app, c, engine) }} />);
  });
  r.post('/docker/install', allow('containers.admin'), async (c) => go(c, `/tasks/${await installDocker(app, actorOf(c))}`));
  return r;
}
