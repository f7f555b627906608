import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { makeFolders } from '../../core/files/uploads/folders.ts';
import { PlaceInput, placeUpload } from '../../core/files/uploads/again.ts';
import { lookThere } from '../../core/files/uploads/there.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { answerJson } from '../../http/json.ts';
import { answerTus } from '../../http/tus.ts';

const BASE = '/files/upload';

/** A page asks about this many at a time. */
const Ways = z.strictObject({ folder: z.string().max(300_000), paths: z.array(z.string().max(70_000)).min(1).max(200) });

/** Uploads by pages: tus itself (http/tus.ts), and what a page asks before and after it. */
export function upload(app: App) {
  const r = new Hono<Env>();
  const may = allow('files.write');
  r.options(BASE, may, (c) => answerTus(c, BASE));
  r.post(BASE, may, (c) => answerTus(c, BASE));
  // hono answers HEAD by the route of GET.
  r.get(`${BASE}/:id`, may, (c) => answerTus(c, BASE));
  r.patch(`${BASE}/:id`, may, (c) => answerTus(c, BASE));
  r.delete(`${BASE}/:id`, may, (c) => answerTus(c, BASE));
  r.post(`${BASE}/:id`, may, (c) => answerTus(c, BASE));
  r.options(`${BASE}/:id`, may, (c) => answerTus(c, BASE));

  r.post('/files/uploads/there', may, (c) =>
    answerJson(c, Ways, async ({ folder, paths }) => ({ items: await lookThere(app, actorOf(c), folder, paths) })),
  );
  r.post('/files/uploads/folders', may, (c) =>
    answerJson(c, Ways, async ({ folder, paths }) => {
      await makeFolders(app, actorOf(c), folder, paths);
      return {};
    }),
  );
  r.post('/files/uploads/:id/place', may, (c) =>
    answerJson(c, PlaceInput, async ({ conflict }) => ({ name: await placeUpload(app, actorOf(c), c.req.param('id'), conflict) })),
  );
  return r;
}
