import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { ARCHIVE_FORMATS, archiveOf, type ArchiveInput } from '../../core/files/downloads/archive.ts';
import { isFolder, openFile } from '../../core/files/entry.ts';
import { baseOf, normalPath, parentOf } from '../../core/files/paths.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { archiveResponse } from '../../http/archive-response.ts';
import type { Env } from '../../http/env.ts';
import { fileResponse } from '../../http/file-response.ts';
import { readQuery } from '../../http/list.ts';
import { readSelection } from '../../http/selection.ts';
import { uiOf } from '../../http/ui.ts';

const Query = z.object({ path: z.string().max(400_000).optional(), as: z.enum(ARCHIVE_FORMATS).optional() });

/** One file as it is, or a folder or a selection as an archive that is made on the way. */
export function download(app: App) {
  const r = new Hono<Env>();

  const archive = async (c: Context<Env>, input: ArchiveInput) =>
    archiveResponse(c, await archiveOf(app, actorOf(c), input, uiOf(c).t, c.req.raw.signal), input.format);

  r.get('/files/download', allow('files.read'), async (c) => {
    const { path, as } = readQuery(c, Query);
    const format = as ?? 'zip';
    if (path === undefined) return archive(c, { ...(await readSelection(c)), format });
    const actor = actorOf(c);
    if (await isFolder(app, actor, path)) return archive(c, { folder: path, names: [], format });
    const { kind } = app.host.files;
    const name = baseOf(kind, normalPath(kind, path));
    if (as) return archive(c, { folder: parentOf(kind, path), names: [name], format });
    return fileResponse(c, await openFile(app, actor, path), { name });
  });

  return r;
}
