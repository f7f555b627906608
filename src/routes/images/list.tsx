import { Hono } from 'hono';
import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { readEngine } from '../../core/docker/engine.ts';
import { mirrorsOf } from '../../core/docker/mirrors.ts';
import { ExportInput, exportImage, exportImages, getImage, IMAGE_ORDER, IMAGE_SHOWS, IMAGE_SORTS, ImageFilter, isShown, listImages, NewTag, removeImage, tagImage } from '../../core/images/images.ts';
import { previewPrune, PRUNE_KINDS, PruneInput, startPrune } from '../../core/images/prune.ts';
import { PullInput, startPull } from '../../core/images/pull.ts';
import { ImageReference } from '../../core/images/reference.ts';
import { actorOf } from '../../http/actor.ts';
import { allow } from '../../http/allow.ts';
import { formDone, orList } from '../../http/form-done.ts';
import type { Env } from '../../http/env.ts';
import { emptyForm, formRefusal, readBody, readForm } from '../../http/form.ts';
import { accept, listFields, pageQuery, readQuery } from '../../http/list.ts';
import { patient } from '../../http/patient.ts';
import { page } from '../../http/respond.tsx';
import { tarResponse } from '../../http/tar-response.ts';
import { uiOf } from '../../http/ui.ts';
import { pageOfRows } from '../../lib/page.ts';
import { ExportImagesPage } from '../../views/images/export.tsx';
import { PullPage, RemoveImagePage, TagPage } from '../../views/images/forms.tsx';
import { ImagePage } from '../../views/images/image.tsx';
import { ImagesPage } from '../../views/images/list.tsx';
import { PruneImagesPage } from '../../views/images/prune.tsx';

const ListQuery = ImageFilter.extend({ sort: listFields(IMAGE_SORTS, 'reference').sort });
const OfName = z.object({ reference: ImageReference.optional() });
const PullForm = z.object(PullInput.shape);
const TagForm = z.object(NewTag.shape);
const RemoveForm = z.object({ reference: ImageReference.optional(), force: z.literal('on').optional() });
const PruneQuery = z.object({ kind: z.enum(PRUNE_KINDS).default('dangling') });
const ExportForm = z.object({ images: z.preprocess((value) => [value ?? []].flat(), ExportInput.shape.images) });
const PruneForm = z.object({ keys: z.preprocess((value) => [value ?? []].flat(), PruneInput.shape.keys) });

/** In an address an image is the digits of its id. */
const idOf = (hex: string) => `sha256:${hex}`;

export function images(app: App) {
  const r = new Hono<Env>();

  r.get('/images', allow('images.read'), async (c) => {
    const query = readQuery(c, ListQuery);
    const engine = await readEngine(app);
    const all = engine.up ? await listImages(app, actorOf(c), { q: query.q }) : [];
    const count = (show?: (typeof IMAGE_SHOWS)[number]) => all.filter((image) => isShown(image, show)).length;
    const found = all.filter((image) => isShown(image, query.show));
    const { items } = pageOfRows(found, IMAGE_ORDER, ({ key }) => key, { ...pageQuery({ ...query, limit: 1 }), limit: Infinity });
    const counts = { all: count(), used: count('used'), unused: count('unused'), dangling: count('dangling') };
    return page(c, <ImagesPage ui={uiOf(c)} model={{ engine, query, shown: items, counts }} />);
  });

  r.get('/images/pull', allow('images.write'), async (c) => {
    // Whatever stands in the address is only what the form begins with.
    const { reference = '' } = c.req.query();
    return page(c, <PullPage ui={uiOf(c)} mirrors={await mirrorsOf(app)} values={{ reference: reference.slice(0, 500) }} errors={{}} />);
  });

  r.post('/images/pull', allow('images.write'), async (c) => {
    const ui = uiOf(c);
    const form = await readForm(c, PullForm, ui.t);
    if (!form.ok) return page(c, <PullPage ui={ui} mirrors={await mirrorsOf(app)} {...form.state} />, 422);
    try {
      const task = startPull(app, actorOf(c), form.input);
      return formDone(c, { list: '/images', page: `/tasks/${task}`, task, text: ui.t.images.pullStarted({ reference: form.input.reference }) });
    } catch (error) {
      return page(c, <PullPage ui={ui} mirrors={await mirrorsOf(app)} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  r.get('/images/prune', allow('images.admin'), async (c) => {
    const { kind } = readQuery(c, PruneQuery);
    patient(c);
    return page(c, <PruneImagesPage ui={uiOf(c)} kind={kind} preview={await previewPrune(app, actorOf(c), kind)} />);
  });

  r.post('/images/prune', allow('images.admin'), async (c) => {
    const { keys } = accept(PruneForm, await readBody(c, { all: true }), 'body');
    return c.redirect(`/tasks/${startPrune(app, actorOf(c), { keys })}`, 303);
  });

  r.get('/images/export', allow('images.write'), async (c) => page(c, <ExportImagesPage ui={uiOf(c)} images={await listImages(app, actorOf(c))} errors={{}} />));

  r.post('/images/export', allow('images.write'), async (c) => {
    const ui = uiOf(c);
    const form = ExportForm.safeParse(await readBody(c, { all: true }));
    if (!form.success) return page(c, <ExportImagesPage ui={ui} images={await listImages(app, actorOf(c))} errors={{ '': ui.t.images.exportNone }} />, 422);
    return tarResponse(c, await exportImages(app, actorOf(c), form.data, c.req.raw.signal));
  });

  r.get('/images/:id', allow('images.read'), (c) => orList(c, '/images', async () => page(c, <ImagePage ui={uiOf(c)} image={await getImage(app, actorOf(c), idOf(c.req.param('id')))} />)));

  r.get('/images/:id/tag', allow('images.write'), async (c) => page(c, <TagPage ui={uiOf(c)} image={await getImage(app, actorOf(c), idOf(c.req.param('id')))} {...emptyForm} />));

  r.post('/images/:id/tag', allow('images.write'), async (c) => {
    const ui = uiOf(c);
    const image = await getImage(app, actorOf(c), idOf(c.req.param('id')));
    const form = await readForm(c, TagForm, ui.t);
    if (!form.ok) return page(c, <TagPage ui={ui} image={image} {...form.state} />, 422);
    try {
      const reference = await tagImage(app, actorOf(c), image.id, form.input);
      return formDone(c, { list: '/images', page: `/images/${c.req.param('id')}`, text: ui.t.images.tagged({ reference }) });
    } catch (error) {
      return page(c, <TagPage ui={ui} image={image} {...formRefusal(error, form.state, ui.t)} />, 422);
    }
  });

  r.get('/images/:id/remove', allow('images.admin'), async (c) => {
    const { reference = null } = readQuery(c, OfName);
    return page(c, <RemoveImagePage ui={uiOf(c)} image={await getImage(app, actorOf(c), idOf(c.req.param('id')))} reference={reference} errors={{}} />);
  });

  r.post('/images/:id/remove', allow('images.admin'), async (c) => {
    const ui = uiOf(c);
    const { reference, force } = accept(RemoveForm, await readBody(c), 'body');
    patient(c);
    const image = await getImage(app, actorOf(c), idOf(c.req.param('id')));
    try {
      // A name may mean another image by now.
      if (reference && !image.references.includes(reference)) return page(c, <RemoveImagePage ui={ui} image={image} reference={null} errors={{ '': ui.t.images.moved({ name: reference }) }} />, 422);
      await removeImage(app, actorOf(c), reference ?? image.id, { force: force === 'on' });
      return formDone(c, { list: '/images', text: ui.t.images.removed({ name: reference ?? image.references[0] ?? image.id.slice(7, 19) }) });
    } catch (error) {
      return page(c, <RemoveImagePage ui={ui} image={image} reference={reference ?? null} errors={formRefusal(error, emptyForm, ui.t).errors} />, 422);
    }
  });

  r.get('/images/:id/export', allow('images.write'), async (c) => {
    const { reference } = readQuery(c, OfName);
    return tarResponse(c, await exportImage(app, actorOf(c), reference ?? idOf(c.req.param('id')), c.req.raw.signal));
  });

  return r;
}
