import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { blocksStanding } from '../../core/blocks/apply.ts';
import { BLOCK_FIELDS, blockListsOf, exportBlockList, listBlocks, readBlock, readBlockList } from '../../core/blocks/blocks.ts';
import { blockAddress, blockCommands, BlockInput, unblock, unblockCommands } from '../../core/blocks/change.ts';
import { removeList } from '../../core/blocks/import.ts';
import { blocksInstallCommands, installBlocksTool } from '../../core/blocks/install.ts';
import { BLOCK_SOURCES } from '../../db/schema/blocks.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { formDone } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readForm, type FormState } from '../../http/form.ts';
import { listFields, pageQuery, readQuery, writeCursor } from '../../http/list.ts';
import { page } from '../../http/respond.tsx';
import { uiOf } from '../../http/ui.ts';
import { AppError } from '../../lib/errors.ts';
import { InstallBlocksPage, LiftPage, NewBlockPage, RemoveListPage } from '../../views/firewall/blocks/forms.tsx';
import { BlocksPage } from '../../views/firewall/blocks/page.tsx';

const HERE = '/firewall/blocks';
const PAGE_ROWS = 100;

const Query = z.object({
  ...listFields(BLOCK_FIELDS, '-createdAt'),
  q: z.string().max(200).default(''),
  source: z.enum(BLOCK_SOURCES).optional(),
  list: z.string().max(64).optional(),
  /** How many an import has just brought in. */
  added: z.coerce.number().int().min(0).max(1_000_000).optional(),
});

/** What is typed so far, for the commands that it comes to. */
const NewQuery = z.object({ address: z.string().max(100).default('') });

/** Seconds; an empty choice lasts until somebody lifts it. */
export const lasts = (app: App) => z.string().regex(/^\d{0,9}$/).default('').transform((seconds) => (seconds ? app.clock.now() + Number(seconds) * 1000 : null));

function idOf(c: Context<Env>): number {
  const id = Number(c.req.param('id'));
  if (!Number.isSafeInteger(id) || id < 1) throw new AppError('not_found', (t) => t.errors.notFound);
  return id;
}

/** What is not let in: one by one, and lists. */
export function blocks(app: App) {
  const r = new Hono<Env>();
  const Form = z.object({ address: BlockInput.shape.address, comment: BlockInput.shape.comment, lasts: lasts(app) });

  r.get(HERE, allow('blocks.read'), async (c) => {
    const query = { ...readQuery(c, Query), limit: PAGE_ROWS };
    const found = listBlocks(app, actorOf(c), { ...pageQuery(query), q: query.q, source: query.source, list: query.list });
    const list = { ...found, next: writeCursor(found.next, query.sort) };
    return page(c, <BlocksPage ui={uiOf(c)} list={list} lists={blockListsOf(app, actorOf(c))} standing={await blocksStanding(app)} installs={(await blocksInstallCommands(app)) !== null} query={query} />);
  });

  const showNew = (c: Context<Env>, address: string, state: FormState) =>
    page(c, <NewBlockPage ui={uiOf(c)} tool={app.host.blocks.tool} commands={blockCommands(app, address.trim(), null)} {...state} />, state === emptyForm ? 200 : 422);

  r.get('/firewall/blocks/new', allow('blocks.write'), (c) => {
    const { address } = readQuery(c, NewQuery);
    return page(c, <NewBlockPage ui={uiOf(c)} tool={app.host.blocks.tool} commands={blockCommands(app, address.trim(), null)} values={{ address }} errors={{}} />);
  });

  r.post('/firewall/blocks/new', allow('blocks.write'), async (c) => {
    const { t } = uiOf(c);
    const form = await readForm(c, Form, t);
    if (!form.ok) return showNew(c, form.state.values.address ?? '', form.state);
    const { address, comment, lasts: until } = form.input;
    try {
      await blockAddress(app, actorOf(c), { address, comment, until });
      return formDone(c, { list: HERE, text: t.blocks.blocked({ address }) });
    } catch (error) {
      return showNew(c, address, formRefusal(error, form.state, t));
    }
  });

  r.get('/firewall/blocks/:id/lift', allow('blocks.write'), (c) => {
    const block = readBlock(app, actorOf(c), idOf(c));
    return page(c, <LiftPage ui={uiOf(c)} block={block} commands={unblockCommands(app, [block.id])} errors={{}} />);
  });

  r.post('/firewall/blocks/:id/lift', allow('blocks.write'), async (c) => {
    const block = readBlock(app, actorOf(c), idOf(c));
    await unblock(app, actorOf(c), block.id);
    return formDone(c, { list: HERE, text: uiOf(c).t.blocks.lifted({ address: block.address }) });
  });

  r.get('/firewall/blocks/lists/:id/export', allow('blocks.read'), (c) => {
    const text = exportBlockList(app, actorOf(c), c.req.param('id'));
    return c.body(text, 200, { 'content-type': 'text/plain; charset=utf-8', 'content-disposition': 'attachment; filename="blocked.txt"' });
  });

  const showRemove = (c: Context<Env>, state: FormState) => page(c, <RemoveListPage ui={uiOf(c)} list={readBlockList(app, actorOf(c), c.req.param('id')!)} errors={state.errors} />, state === emptyForm ? 200 : 422);

  r.get('/firewall/blocks/lists/:id/remove', allow('blocks.write'), (c) => showRemove(c, emptyForm));

  r.post('/firewall/blocks/lists/:id/remove', allow('blocks.write'), async (c) => {
    const list = readBlockList(app, actorOf(c), c.req.param('id'));
    await removeList(app, actorOf(c), list.id);
    return formDone(c, { list: HERE, text: uiOf(c).t.blocks.listRemoved({ name: list.name }) });
  });

  const showInstall = async (c: Context<Env>, state: FormState) => page(c, <InstallBlocksPage ui={uiOf(c)} commands={(await blocksInstallCommands(app)) ?? []} errors={state.errors} />, state === emptyForm ? 200 : 422);

  r.get('/firewall/blocks/install', allow('blocks.write'), (c) => showInstall(c, emptyForm));

  r.post('/firewall/blocks/install', allow('blocks.write'), async (c) => {
    const { t } = uiOf(c);
    try {
      const task = await installBlocksTool(app, actorOf(c));
      return formDone(c, { list: HERE, page: `/tasks/${task}`, text: t.blocks.installTitle, task });
    } catch (error) {
      return showInstall(c, formRefusal(error, { values: {}, errors: {} }, t));
    }
  });

  return r;
}
