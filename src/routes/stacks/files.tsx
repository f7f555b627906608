import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { addStackFile, dropStackFile, listStackFiles, MoveFile, moveStackFile, NamedFile, readStackFile } from '../../core/stacks/files.ts';
import { UPLOAD_MOST } from '../../core/stacks/sizes.ts';
import { getStack } from '../../core/stacks/stacks.ts';
import { AppError } from '../../lib/errors.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import type { Env } from '../../http/env.ts';
import { readBody, readFields } from '../../http/form.ts';
import { accept, readQuery } from '../../http/list.ts';
import { go, isHtmx, trigger } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { StackTree } from '../../views/stacks/tree.tsx';

/** Files of a stack's folder, beside its editor: each answers the tree as it is then; without JavaScript the editor opens. */
export function stackFolder(app: App) {
  const r = new Hono<Env>();

  r.get('/stacks/:name/files/text', allow('stacks.admin'), async (c) => {
    const { text, hash } = await readStackFile(app, actorOf(c), c.req.param('name'), readQuery(c, NamedFile).path);
    return c.json({ text, hash });
  });

  r.post('/stacks/:name/files/new', allow('stacks.admin'), async (c) => {
    const { path } = accept(NamedFile, await readFields(c), 'body');
    await addStackFile(app, actorOf(c), c.req.param('name'), path, new Uint8Array());
    return changedTree(app, c, path);
  });

  r.post('/stacks/:name/files/upload', allow('stacks.admin'), async (c) => {
    const fields = await readBody(c, { all: true });
    const folder = accept(z.string().max(1000), fields['folder'] ?? '', 'body').replace(/^\/+|\/+$/g, '');
    const files = [fields['file']].flat().filter((file): file is File => file instanceof File && file.name !== '');
    if (files.length === 0) throw new AppError('invalid', (t) => t.errors.badRequest, { field: 'file' });
    for (const file of files) {
      if (file.size > UPLOAD_MOST) throw new AppError('invalid', (t) => t.stacks.errors.large({ mib: UPLOAD_MOST >> 20 }), { field: 'file' });
      // A browser may send the way on the person's machine: only its last name counts.
      const name = file.name.split(/[\\/]/).at(-1)!;
      await addStackFile(app, actorOf(c), c.req.param('name'), folder ? `${folder}/${name}` : name, await file.bytes());
    }
    return changedTree(app, c);
  });

  r.post('/stacks/:name/files/move', allow('stacks.admin'), async (c) => {
    await moveStackFile(app, actorOf(c), c.req.param('name'), accept(MoveFile, await readFields(c), 'body'));
    return changedTree(app, c);
  });

  r.post('/stacks/:name/files/drop', allow('stacks.admin'), async (c) => {
    await dropStackFile(app, actorOf(c), c.req.param('name'), accept(NamedFile, await readFields(c), 'body'));
    return changedTree(app, c);
  });

  return r;
}

/** @param open a file that is to be edited next */
async function changedTree(app: App, c: Context<Env>, open?: string) {
  const name = c.req.param('name')!;
  if (!isHtmx(c)) return go(c, `/stacks/${name}/edit${open === undefined ? '' : `?file=${encodeURIComponent(open)}`}`);
  const stack = await getStack(app, actorOf(c), name);
  trigger(c, { 'stack-files': open === undefined ? {} : { open } });
  return c.html(String(<StackTree ui={uiOf(c)} stack={stack} folder={await listStackFiles(app, actorOf(c), name)} />));
}
