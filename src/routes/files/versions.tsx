import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { clearVersions, listVersions, restoreVersion } from '../../core/files/versions/versions.ts';
import { normalPath } from '../../core/files/paths.ts';
import { getSetting } from '../../core/settings/settings.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readFields } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { go, page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { encodePath } from '../../views/files/href.ts';
import { VersionsPage } from '../../views/files/editor/versions.tsx';
import { PathField } from './text.ts';

const Query = z.object({ path: PathField });
const RestoreForm = z.object({ path: PathField, id: z.uuid() });
const ClearForm = z.object({ path: PathField });

/** What a file was before: seen, compared and put back by who may read or change the file now. */
export function versions(app: App) {
  const r = new Hono<Env>();

  r.get('/files/versions', allow('files.read'), async (c) => {
    const path = normalPath(app.host.files.kind, readQuery(c, Query).path);
    const list = await listVersions(app, actorOf(c), path);
    return page(c, <VersionsPage ui={uiOf(c)} kind={app.host.files.kind} list={list} most={getSetting(app, 'versionsKept')} />);
  });

  r.post('/files/versions/restore', allow('files.write'), async (c) => {
    const { path, id } = accept(RestoreForm, await readFields(c), 'body');
    await restoreVersion(app, actorOf(c), path, id);
    return go(c, `/files/versions?path=${encodePath(path)}`);
  });

  r.post('/files/versions/clear', allow('files.write'), async (c) => {
    const { path } = accept(ClearForm, await readFields(c), 'body');
    await clearVersions(app, actorOf(c), path);
    return go(c, `/files/versions?path=${encodePath(path)}`);
  });

  return r;
}
