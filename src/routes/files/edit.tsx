import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { openFile } from '../../core/files/entry.ts';
import { normalPath } from '../../core/files/paths.ts';
import { TEXT_MOST } from '../../core/files/text/open.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { encodePath } from '../../views/files/href.ts';
import { EditPage } from '../../views/files/editor/page.tsx';
import { listBranch } from '../../core/files/text/branch.ts';
import { PathField } from './text.ts';

const Query = z.object({ path: PathField.optional(), line: z.coerce.number().int().min(1).max(2 ** 31).optional() });
const BranchQuery = z.object({ path: PathField });

/** The text editor: a page that opens its files itself, through /files/text. */
export function edit(app: App) {
  const r = new Hono<Env>();

  r.get('/files/edit', allow('files.read'), async (c) => {
    const { path, line } = readQuery(c, Query);
    const ui = uiOf(c);
    const { kind } = app.host.files;
    if (path === undefined) return page(c, <EditPage ui={ui} kind={kind} path={null} />);
    const normal = normalPath(kind, path);
    const file = await openFile(app, actorOf(c), normal);
    await file.close();
    if (file.stats.size > TEXT_MOST) return c.redirect(`/files/view?path=${encodePath(normal)}`, 303);
    return page(c, <EditPage ui={ui} kind={kind} path={normal} {...(line ? { line } : {})} />);
  });

  /** Folders beside the text: one level of one folder. */
  r.get('/files/edit/branch', allow('files.read'), async (c) => c.json(await listBranch(app, actorOf(c), readQuery(c, BranchQuery).path)));

  return r;
}
