import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { joinPath } from '../../core/files/paths.ts';
import { openText, textOf } from '../../core/files/text/open.ts';
import { readVersion } from '../../core/files/versions/versions.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readQuery } from '../../http/list.ts';
import { readSelection } from '../../http/selection.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { ComparePage, type Side } from '../../views/files/editor/compare.tsx';
import { PathField } from './text.ts';

/** Two paths, or a file and a version of it, or the two that are selected in a folder. */
const Query = z.object({ a: PathField.optional(), b: PathField.optional(), version: z.uuid().optional() });

export function compare(app: App) {
  const r = new Hono<Env>();
  r.get('/files/compare', allow('files.read'), async (c) => {
    const ui = uiOf(c);
    const query = readQuery(c, Query);
    const { kind } = app.host.files;
    const [a, b] = query.a || query.b ? [query.a, query.b] : await selected();
    if (!a || (!b && !query.version)) return page(c, <ComparePage ui={ui} kind={kind} a={a ?? ''} b={b ?? ''} sides={null} />);
    const actor = actorOf(c);
    const now: Side = await openText(app, actor, b ?? a);
    const then: Side = query.version ? await versionSide(a, query.version) : await openText(app, actor, a);
    return page(c, <ComparePage ui={ui} kind={kind} a={a} b={b ?? a} sides={[then, now]} />);

    async function selected(): Promise<string[]> {
      if (!c.req.query('folder') && !c.req.query('selection')) return [];
      const { folder, names } = await readSelection(c);
      return names.slice(0, 2).map((name) => joinPath(kind, folder, name));
    }

    async function versionSide(path: string, id: string): Promise<Side> {
      const { version, bytes } = await readVersion(app, actor, path, id);
      return { path, at: version.at, ...textOf(bytes) };
    }
  });
  return r;
}
