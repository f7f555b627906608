import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../../core/app.ts';
import { changeRefusal, removeContainerFiles, renameContainerFile } from '../../../core/containers/files/change.ts';
import { CONTAINER_FILE_SORTS, listContainerFolder, sorted } from '../../../core/containers/files/list.ts';
import { findPlace, pathIn } from '../../../core/containers/files/place.ts';
import { makeContainerFolder } from '../../../core/containers/files/write.ts';
import { joinPath, normalName, parentOf } from '../../../core/files/paths.ts';
import { actorOf } from '../../../http/actor.ts';
import { allow } from '../../../http/allow.ts';
import type { Env } from '../../../http/env.ts';
import { emptyForm, formRefusal, readBody, readFields, type FormState } from '../../../http/form.ts';
import { accept, readQuery } from '../../../http/list.ts';
import { go, page } from '../../../http/respond.tsx';
import { uiOf } from '../../../http/ui.ts';
import { AppError } from '../../../lib/errors.ts';
import { NamePage, RemovePage } from '../../../views/containers/files/forms.tsx';
import { filesHref } from '../../../views/containers/files/href.ts';
import { ContainerFilesPage, FILES_SHOWN } from '../../../views/containers/files/page.tsx';
import { orAway } from '../away.tsx';
import { idOf } from '../one.tsx';

const Path = z.string().min(1).max(300_000);
const Sort = z.enum(CONTAINER_FILE_SORTS.flatMap((sort) => [sort, `-${sort}`] as const) as [string, ...string[]]);
const ListQuery = z.object({ path: Path.default('/'), sort: Sort.default('name'), filter: z.string().max(255).default(''), from: z.coerce.number().int().min(0).max(2 ** 31).default(0) });
const PathQuery = z.object({ path: Path });
const Paths = z.preprocess((value) => [value ?? []].flat(), z.array(Path).min(1).max(1000));
const Name = z.object({ name: z.string().max(1000).default('') });

/** Folders of a container, and what changes them. */
export function containerFiles(app: App) {
  const r = new Hono<Env>();

  r.get('/containers/:id/files', allow('containers.admin'), (c) =>
    orAway(app, c, async () => {
      const { path, sort, filter, from } = readQuery(c, ListQuery);
      const folder = await listContainerFolder(app, actorOf(c), idOf(c), path);
      const words = filter.toLowerCase();
      const matching = sorted(words ? folder.entries.filter(({ name }) => name.toLowerCase().includes(words)) : folder.entries, sort);
      const first = Math.min(from, Math.max(0, matching.length - 1));
      return page(c, <ContainerFilesPage ui={uiOf(c)} model={{ folder, sort, filter, from: first, matching: matching.length, shown: matching.slice(first, first + FILES_SHOWN) }} />);
    }),
  );

  const named = async (c: Context<Env>, what: 'rename' | 'folder', state: FormState = emptyForm) => {
    const { path } = readQuery(c, PathQuery);
    return page(c, <NamePage ui={uiOf(c)} place={await findPlace(app, actorOf(c), idOf(c))} path={pathIn(path)} what={what} {...state} />, state === emptyForm ? 200 : 422);
  };
  const submit = async (c: Context<Env>, what: 'rename' | 'folder', act: (path: string, name: string) => Promise<string>) => {
    const path = pathIn(readQuery(c, PathQuery).path);
    const { name } = accept(Name, await readFields(c), 'body');
    try {
      return go(c, filesHref(idOf(c), await act(path, name)));
    } catch (error) {
      return named(c, what, formRefusal(error, { values: { name }, errors: {} }, uiOf(c).t));
    }
  };

  r.get('/containers/:id/files/folder', allow('containers.admin'), (c) => named(c, 'folder'));
  r.post('/containers/:id/files/folder', allow('containers.admin'), (c) =>
    submit(c, 'folder', async (path, name) => {
      await makeContainerFolder(app, actorOf(c), idOf(c), joinPath('posix', path, normalName('posix', name)));
      return path;
    }),
  );

  r.get('/containers/:id/files/rename', allow('containers.admin'), (c) => named(c, 'rename'));
  r.post('/containers/:id/files/rename', allow('containers.admin'), (c) =>
    submit(c, 'rename', async (path, name) => {
      await renameContainerFile(app, actorOf(c), idOf(c), path, name);
      return parentOf('posix', path);
    }),
  );

  const showRemove = async (c: Context<Env>, paths: readonly string[], why: AppError | null) => {
    const { t } = uiOf(c);
    const place = await findPlace(app, actorOf(c), idOf(c));
    const refusal = why ?? changeRefusal(place);
    return page(c, <RemovePage ui={uiOf(c)} place={place} paths={paths.map(pathIn)} refusal={refusal?.say(t) ?? null} />, why ? 422 : 200);
  };
  r.get('/containers/:id/files/delete', allow('containers.admin'), (c) => showRemove(c, accept(Paths, c.req.queries('path'), 'query'), null));
  r.post('/containers/:id/files/delete', allow('containers.admin'), async (c) => {
    const paths = accept(Paths, (await readBody(c, { all: true })).path, 'body');
    // A large folder takes longer to remove than Bun lets a quiet connection be.
    c.env.server.timeout(c.req.raw, 0);
    try {
      await removeContainerFiles(app, actorOf(c), idOf(c), paths);
    } catch (error) {
      if (!(error instanceof AppError) || !['invalid', 'conflict', 'denied', 'unavailable'].includes(error.code)) throw error;
      return showRemove(c, paths, error);
    }
    return go(c, filesHref(idOf(c), parentOf('posix', pathIn(paths[0]!))));
  });

  return r;
}
