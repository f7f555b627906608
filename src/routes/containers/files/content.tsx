import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../../core/app.ts';
import { openContainerFile, packContainerFolder } from '../../../core/containers/files/read.ts';
import { openContainerText, saveContainerText, SaveContainerText } from '../../../core/containers/files/text.ts';
import { writeContainerFile } from '../../../core/containers/files/write.ts';
import { joinPath, normalName } from '../../../core/files/paths.ts';
import { actorOf } from '../../../http/actor.ts';
import { allow } from '../../../http/allow.ts';
import { bodyLength, containerFileResponse, containerTarResponse } from '../../../http/container-file.ts';
import type { Env } from '../../../http/env.ts';
import { readFields } from '../../../http/form.ts';
import { accept, readQuery } from '../../../http/list.ts';
import { page } from '../../../http/respond.tsx';
import { uiOf } from '../../../http/ui.ts';
import { AppError } from '../../../lib/errors.ts';
import { ContainerEditPage } from '../../../views/containers/files/edit.tsx';
import { fileHref } from '../../../views/containers/files/href.ts';
import { orAway } from '../away.tsx';
import { idOf } from '../one.tsx';

const Path = z.string().min(1).max(300_000);
const DownloadQuery = z.object({ path: Path, as: z.enum(['tar', 'tar.gz']).optional() });
const EditQuery = z.object({ path: Path, saved: z.literal('on').optional() });
const UploadQuery = z.object({ folder: Path, name: z.string().max(1000), replace: z.literal('on').optional() });

/** What browsers send has CRLF in it (HTML, "newline normalization"). */
const unixLines = (text: string) => text.replaceAll('\r\n', '\n');

/** Bytes of files in a container, on their way out and in, and texts that are changed. */
export function containerContent(app: App) {
  const r = new Hono<Env>();

  r.get('/containers/:id/files/download', allow('containers.admin'), async (c) => {
    const { path, as } = readQuery(c, DownloadQuery);
    const { signal } = c.req.raw;
    if (as) return containerTarResponse(c, await packContainerFolder(app, actorOf(c), idOf(c), path, signal), as);
    return containerFileResponse(c, await openContainerFile(app, actorOf(c), idOf(c), path, signal));
  });

  r.put('/containers/:id/files/content', allow('containers.admin'), async (c) => {
    try {
      const { folder, name, replace } = readQuery(c, UploadQuery);
      const path = joinPath('posix', folder, normalName('posix', name));
      return c.json(await writeContainerFile(app, actorOf(c), idOf(c), { path, replace: replace === 'on', size: bodyLength(c) }, c.req.raw.body));
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'internal') throw error;
      return c.json({ error: error.say(uiOf(c).t), code: error.code }, error.status);
    }
  });

  r.get('/containers/:id/files/edit', allow('containers.admin'), (c) =>
    orAway(app, c, async () => {
      const { path, saved } = readQuery(c, EditQuery);
      return page(c, <ContainerEditPage ui={uiOf(c)} found={await openContainerText(app, actorOf(c), idOf(c), path)} saved={saved === 'on'} />);
    }),
  );

  r.post('/containers/:id/files/edit', allow('containers.admin'), async (c) => save(app, c));

  return r;
}

async function save(app: App, c: Context<Env>) {
  const input = accept(SaveContainerText, await readFields(c), 'body');
  // A text area knows only one line end: where lines end in several ways, those that were there are lost with it.
  const text = unixLines(input.text);
  try {
    const { path } = await saveContainerText(app, actorOf(c), idOf(c), { ...input, text });
    return c.redirect(fileHref(idOf(c), 'edit', path, '&saved=on'), 303);
  } catch (error) {
    if (!(error instanceof AppError) || !['invalid', 'conflict', 'denied', 'unavailable'].includes(error.code)) throw error;
    const found = await openContainerText(app, actorOf(c), idOf(c), input.path);
    // Based on what it was based on: whoever saves again is told again, and loses nothing unseen.
    return page(c, <ContainerEditPage ui={uiOf(c)} found={{ ...found, state: input.state }} typed={text} error={error.say(uiOf(c).t)} />, error.code === 'conflict' ? 409 : 422);
  }
}
